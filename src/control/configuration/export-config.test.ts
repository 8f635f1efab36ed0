import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { forEachEngine } from '../../store/testkit.ts';
import { createProducts } from '../products/products.ts';
import type { Actor, ConfigBundle } from '../services.ts';
import { openControl } from '../testkit.ts';
import { createConfiguration } from './configuration.ts';

const admin: Actor = { kind: 'admin-token' };

function document(title: string): string {
  return JSON.stringify({ openapi: '3.1.0', info: { title, version: '1' }, paths: { '/things': { get: { operationId: 'listThings', summary: title, responses: { 200: { description: 'Things' } } } } } });
}

const authority = `-----BEGIN CERTIFICATE-----
MIIBQjCB6aADAgECAgkB9nnISNSZHHEwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwR
RXhhbXBsZSBhdXRob3JpdHkwIhgPMjAyNjExMjMwODE3MDBaGA8yMDI2MTIyMzA4
MTcwMFowHDEaMBgGA1UEAwwRRXhhbXBsZSBhdXRob3JpdHkwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQ9CIQgV84z9IMcB1KYf/StP26zSfHZvqBdIg07CFXErXqo
E/4qrkgIwXSH7usMEeN+l2kkrP8Mf+qb0W3TgjL6oxAwDjAMBgNVHRMEBTADAQH/
MAoGCCqGSM49BAMCA0gAMEUCIQCRcKxNVeFBId9q2wVP6QYJ+l3YoqAnkx0n5lcS
cwlbuwIgB0fUYFDwYzHPz/lZYlz3EAWNupM5IQZxxxqpn8I10AY=
-----END CERTIFICATE-----
`;

const decimal = fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => (places === 0 ? String(digits) : `${digits}.${String(digits).padStart(places, '0').slice(0, places)}`));
const quantity = fc.integer({ min: 1, max: 1_000_000 }).map(String);
const text = fc.oneof(fc.constantFrom('yes', '007', '1.0', 'a: b', '- x', '#no', "it's", '{}', 'null', '2026-09-01', 'tab\there', 'é 漢字 🚪'), fc.string({ minLength: 1, maxLength: 30 }).filter((value) => /\S/.test(value) && !/[\p{Cc}\u2028\u2029\ufeff]/u.test(value)));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const limits = fc.uniqueArray(fc.record({ name: fc.constantFrom('burst', 'hourly', 'monthly'), requests: fc.integer({ min: 1, max: 10_000 }), per: fc.constantFrom('second', 'hour', 'month', 'period') }), { selector: ({ name }) => name, maxLength: 3 });
const prices = fc.uniqueArray(fc.oneof(
  fc.record({ meter: fc.constantFrom('requests', 'tokens'), model: fc.constant('unit'), unitPrice: decimal, included: optional(quantity) }),
  fc.record({ meter: fc.constantFrom('requests', 'bytes'), model: fc.constant('package'), packageSize: quantity, packagePrice: decimal, maximum: optional(decimal) }),
  fc.record({ meter: fc.constantFrom('requests', 'successes'), model: fc.constantFrom('graduated', 'volume'), tiers: fc.record({ unitPrice: decimal, flatFee: optional(decimal) }).map((last) => [{ upTo: '10', unitPrice: '1' }, { upTo: '20', unitPrice: '0.50' }, last]) }),
), { selector: ({ meter }) => meter, maxLength: 3 });
const plan = fc.record({
  slug: fc.constantFrom('free', 'growth', 'partner'), name: optional(text), description: optional(text), currency: fc.constantFrom('usd', 'EUR', 'jpy'), interval: fc.constantFrom('month', 'year'), fee: optional(decimal),
  trialDays: optional(fc.integer({ min: 0, max: 60 })), limits: optional(limits), operations: optional(fc.constant(['listThings'])), prices: optional(prices), access: optional(fc.constantFrom('public', 'approval', 'private')),
});
const version = (slug: string) => fc.record({ name: fc.constantFrom('v1', 'v2', '2026-09'), openapi: fc.constantFrom('./a.json', 'b.json'), status: optional(fc.constantFrom('draft', 'published', 'deprecated', 'retired')), deprecated: fc.constantFrom(undefined, '2026-09-01'), upstream: fc.constantFrom<string | string[] | undefined>(undefined, `http://${slug}.internal/base`, [`http://${slug}-1.internal/base`, `http://${slug}-2.internal/base`]) })
  .map((entry) => ({ ...entry, sunset: entry.deprecated && entry.status === 'deprecated' ? '2027-09-01' : undefined }));
const changes = fc.record({ set: optional(fc.constant({ 'X-Env': 'prod {plan}', 'X-Empty': '' })), remove: fc.constant(['Server']) });
const policies = fc.record({
  cors: optional(fc.record({ origins: fc.constantFrom(['*'], ['HTTPS://App.example:443', 'https://*.example.com']), methods: optional(fc.constant(['GET'])), headers: optional(fc.constant(['X-A'])), expose: optional(fc.constant(['X-B'])), maxAge: fc.constantFrom(undefined, '10m', '1h') })),
  addresses: optional(fc.record({ allow: fc.constant(['10.0.0.0/8']), deny: optional(fc.constant(['10.1.0.0/16', '::1'])) })),
  requestHeaders: optional(changes), responseHeaders: optional(changes),
  validate: fc.constantFrom(undefined, {}, { body: false }, { bodyBytesMax: 5, except: ['listThings'] }),
  cache: fc.constantFrom(undefined, {}, { bytesMax: 70_000 }),
});
const product = (slug: string) => fc.record({
  slug: fc.constant(slug), name: optional(text), description: optional(text), layer: optional(fc.constantFrom('system', 'process', 'experience')), owner: optional(text), access: optional(fc.constantFrom('public', 'private')),
  hosts: optional(fc.constant([`${slug}.example.com`])), upstream: fc.constantFrom<string | string[]>('http://127.0.0.1:4010', 'https://up.example/base/', ['http://127.0.0.1:4010'], ['http://a.example/x', 'http://b.example', 'https://c.example']),
  concurrency: optional(fc.integer({ min: 1, max: 100_000 })), health: fc.constantFrom(undefined, { path: '/healthz' }, { path: '/well?deep=1', every: '30s' }), upstreamCa: optional(fc.constant(authority)), testUpstream: fc.constantFrom(undefined, 'examples', 'http://127.0.0.1:4011'),
  versioning: fc.constantFrom(undefined, { by: 'path' }, { by: 'header', header: 'X-Version' }), bodyBytesMax: optional(fc.integer({ min: 0, max: 1e9 })), connectTimeout: fc.constantFrom(undefined, '1500ms', '2m'), headTimeout: fc.constantFrom(undefined, '1h'),
  lifecycle: fc.constantFrom(undefined, {}, { minimumNotice: '180d' }), meters: fc.constantFrom([{ name: 'tokens', header: 'X-Tokens' }], [{ name: 'tokens', pointer: '/rows', bodyBytesMax: 4096 }]),
  policies: optional(policies),
  versions: fc.uniqueArray(version(slug), { selector: ({ name }) => name, minLength: 1, maxLength: 3 }), plans: fc.uniqueArray(plan, { selector: (entry) => entry.slug, maxLength: 3 }),
});
const config = fc.record({ portal: fc.record({ name: optional(text), keyPrefix: optional(fc.constantFrom('atlas', 'k7')) }), products: fc.tuple(product('atlas'), fc.boolean(), product('city-data')).map(([a, both, b]) => (both ? [b, a] : [a])) });

forEachEngine('export', (stores) => {
  test('apply makes any configuration run, and applying its export changes nothing', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    await fc.assert(fc.asyncProperty(config, async (written) => {
      const bundle: ConfigBundle = { file: 'conf/portico.yaml', text: stringify(JSON.parse(JSON.stringify(written))), files: [{ path: 'conf/a.json', text: document('A') }, { path: 'conf/b.json', text: document('B') }] };
      await configuration.apply(admin, { bundle, dryRun: false, prune: true });
      const again = await configuration.apply(admin, { bundle, dryRun: false, prune: true });
      assert.deepEqual(again.changes.filter(({ action }) => action !== 'keep'), []);
      assert.deepEqual(again.drift, []);
      const before = await configuration.current();
      const { changes } = await configuration.apply(admin, { bundle: await configuration.export(admin), dryRun: false, prune: true });
      assert.deepEqual(changes.filter(({ action }) => action !== 'keep'), []);
      assert.deepEqual(await configuration.current(), before);
    }), { numRuns: stores.engine === 'sqlite' ? 20 : 8 });
  });

  test('what was published from an upload is drift, stays, and is exported', async () => {
    const { deps, gateways, letters } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const products = createProducts(deps, gateways, letters);
    const bundle: ConfigBundle = { file: 'portico.yaml', text: 'products: [ { slug: atlas, upstream: "http://127.0.0.1:1", versions: [ { name: v1, openapi: a.json } ], plans: [ { slug: free, currency: usd } ] } ]\n', files: [{ path: 'a.json', text: document('A') }] };
    await configuration.apply(admin, { bundle, dryRun: false, prune: false });
    await products.publish(admin, { slug: 'atlas', version: 'v2', fileName: 'c.json', text: document('C') });
    await products.publish(admin, { slug: 'uploaded', upstream: 'http://127.0.0.1:2', version: 'v1', fileName: 'd.json', text: document('D') });

    const exported = await configuration.export(admin);
    assert.deepEqual(exported.files.map(({ path }) => path), ['openapi/atlas-v1.json', 'openapi/atlas-v2.json', 'openapi/uploaded-v1.json']);
    const same = await configuration.apply(admin, { bundle, dryRun: true, prune: false });
    assert.deepEqual(same.changes.filter(({ action }) => action !== 'keep'), []);
    assert.deepEqual(same.drift.map(({ action, noun, name }) => `${action} ${noun} ${name}`), ['add version atlas v2', 'add product uploaded', 'add version uploaded v1', 'add plan uploaded free']);

    const { changes } = await configuration.apply(admin, { bundle: exported, dryRun: false, prune: true });
    assert.deepEqual(changes.filter(({ action }) => action !== 'keep'), []);
    const pruned = await configuration.apply(admin, { bundle, dryRun: false, prune: true });
    assert.deepEqual(pruned.changes.filter(({ action }) => action === 'remove').map(({ noun, name }) => `${noun} ${name}`), ['version atlas v2', 'product uploaded']);
  });
});
