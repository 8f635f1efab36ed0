import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { isAppError, type ErrorPlace } from '../../errors.ts';
import { parseConfig } from './parse-config.ts';
import { porticoSchema } from './schema-problems.ts';

const schema = new Ajv2020({ strict: false, allErrors: true }).compile(porticoSchema);

const product = (more: string): string => `products:\n  - slug: atlas\n    upstream: http://127.0.0.1:4010\n${more}`;
const plan = (more: string): string => product(`    plans:\n      - slug: free\n        currency: usd\n${more}`);
const price = (more: string): string => plan(`        prices:\n          - meter: requests\n${more}`);

function problems(text: string): ErrorPlace[] {
  try {
    parseConfig('portico.yaml', text);
    return [];
  } catch (error) {
    assert.ok(isAppError(error), String(error));
    assert.equal(error.code, 'config_invalid');
    return error.errors;
  }
}

interface Row { name: string; text: string; line: number; column: number; pointer?: string; says: RegExp; /** The published schema finds it too. */ bySchema: boolean }

const refusals: Row[] = [
  { name: 'an unknown key with a neighbour', text: product('    upstrem: http://x\n'), line: 4, column: 5, pointer: '/products/0/upstrem', says: /no key `upstrem`. Did you mean `upstream`\?/, bySchema: true },
  { name: 'an unknown key without one', text: 'products: []\ncolour: red\n', line: 2, column: 1, pointer: '/colour', says: /Known keys: `portal`, `products`/, bySchema: true },
  { name: 'a missing key', text: 'products:\n  - slug: atlas\n', line: 2, column: 5, pointer: '/products/0', says: /A product needs `upstream`/, bySchema: true },
  { name: 'a bad slug', text: product('').replace('atlas', 'Atlas_API'), line: 2, column: 11, pointer: '/products/0/slug', says: /"Atlas_API".*lower-case/, bySchema: true },
  { name: 'a name that is a number', text: product('    versions: [ { name: 1, openapi: a.yaml } ]\n'), line: 4, column: 25, pointer: '/products/0/versions/0/name', says: /needs quotes/, bySchema: true },
  { name: 'an empty value', text: product('    owner:\n'), line: 4, column: 11, pointer: '/products/0/owner', says: /empty/, bySchema: true },
  { name: 'a colour without quotes', text: `portal:\n  accent: #c2410c\n${product('')}`, line: 2, column: 11, pointer: '/portal/accent', says: /^This is empty, because `#` begins a comment\. Put the value in quotes: `"#c2410c"`\.$/, bySchema: true },
  { name: 'a comment in place of a value', text: `portal:\n  accent: # later\n${product('')}`, line: 2, column: 11, pointer: '/portal/accent', says: /^This is empty\. Write/, bySchema: true },
  { name: 'a list where a map belongs', text: product('    lifecycle: []\n'), line: 4, column: 16, pointer: '/products/0/lifecycle', says: /A list stands here, but a map/, bySchema: true },
  { name: 'an address that is not http', text: product('').replace('http://127.0.0.1:4010', 'ftp://files'), line: 3, column: 15, pointer: '/products/0/upstream', says: /http:\/\/ or https/, bySchema: true },
  { name: 'an address without a host', text: product('').replace('http://127.0.0.1:4010', 'http://a:99999'), line: 3, column: 15, says: /is not an address/, bySchema: false },
  { name: 'an address with a password', text: product('').replace('//', '//me:secret@'), line: 3, column: 15, says: /no user name or password/, bySchema: false },
  { name: 'a word that is not allowed', text: plan('        limits: [ { name: burst, requests: 5, per: secnd } ]\n'), line: 7, column: 52, says: /Did you mean `second`\?/, bySchema: true },
  { name: 'a limit of nothing', text: plan('        limits: [ { name: burst, requests: 0, per: day } ]\n'), line: 7, column: 44, says: /from 1/, bySchema: true },
  { name: 'a limit with a fraction', text: plan('        limits: [ { name: burst, requests: 1.5, per: day } ]\n'), line: 7, column: 44, says: /whole number/, bySchema: true },
  { name: 'a duration without unit', text: product('    lifecycle: { minimumNotice: 180 }\n'), line: 4, column: 33, says: /180d/, bySchema: true },
  { name: 'a duration of the wrong unit', text: product('    headTimeout: 3 weeks\n'), line: 4, column: 18, says: /`30s`/, bySchema: true },
  { name: 'a date that is none', text: product('    versions: [ { name: v1, openapi: a, deprecated: 2026-9-1 } ]\n'), line: 4, column: 53, says: /2026-09-01/, bySchema: true },
  { name: 'a day that the calendar lacks', text: product('    versions: [ { name: v1, openapi: a, deprecated: 2026-02-30 } ]\n'), line: 4, column: 53, says: /no 2026-02-30/, bySchema: false },
  { name: 'a plan without currency', text: product('    plans: [ { slug: free } ]\n'), line: 4, column: 14, pointer: '/products/0/plans/0', says: /A plan needs `currency`/, bySchema: true },
  { name: 'a currency that is none', text: plan('').replace('usd', 'xyz'), line: 6, column: 19, says: /ISO 4217/, bySchema: false },
  { name: 'a decimal with 13 places', text: plan('        fee: "0.0000000000001"\n'), line: 7, column: 14, says: /12 decimal places/, bySchema: true },
  { name: 'a negative decimal', text: plan('        fee: -1\n'), line: 7, column: 14, says: /without sign/, bySchema: true },
  { name: 'a decimal with an exponent', text: plan('        interval: month\n        fee: 1e3\n'), line: 8, column: 14, says: /exponent/, bySchema: false },
  { name: 'a meter with header and pointer', text: product('    meters: [ { name: rows, header: X-Rows, pointer: /rows } ]\n'), line: 4, column: 15, says: /not both/, bySchema: true },
  { name: 'a meter with neither', text: product('    meters: [ { name: rows } ]\n'), line: 4, column: 15, says: /`header` or a `pointer`/, bySchema: true },
  { name: 'a meter named like a built-in one', text: product('    meters: [ { name: bytes, header: X-Bytes } ]\n'), line: 4, column: 23, says: /already/, bySchema: false },
  { name: 'a header for versions by path', text: product('    versioning: { by: path, header: X-Version }\n'), line: 4, column: 17, says: /`by: header` only/, bySchema: true },
  { name: 'versions by header without its name', text: product('    versioning: { by: header }\n'), line: 4, column: 17, says: /needs `header`/, bySchema: true },
  { name: 'a price of an unknown meter', text: price('            model: unit\n            unitPrice: 1\n').replace('meter: requests', 'meter: request'), line: 8, column: 20, says: /Did you mean "requests"\?/, bySchema: false },
  { name: 'a unit price without price', text: price('            model: unit\n'), line: 8, column: 13, says: /needs `unitPrice` with `model: unit`/, bySchema: true },
  { name: 'tiers of a unit price', text: price('            model: unit\n            unitPrice: 1\n            tiers: [ { unitPrice: 1 } ]\n'), line: 11, column: 20, says: /`model: graduated` or `volume`/, bySchema: false },
  { name: 'tiers out of order', text: price('            model: volume\n            tiers: [ { upTo: 100, unitPrice: 1 }, { upTo: 20, unitPrice: 1 }, { unitPrice: 1 } ]\n'), line: 10, column: 59, says: /20 is not above 100/, bySchema: false },
  { name: 'a last tier with an end', text: price('            model: volume\n            tiers: [ { upTo: 100, unitPrice: 1 } ]\n'), line: 10, column: 30, says: /last tier has no `upTo`/, bySchema: false },
  { name: 'an empty package', text: price('            model: package\n            packageSize: 0\n            packagePrice: 5\n'), line: 10, column: 26, says: /at least one unit/, bySchema: false },
  { name: 'a minimum above the maximum', text: price('            model: unit\n            unitPrice: 1\n            minimum: 10\n            maximum: 9.99\n'), line: 11, column: 22, says: /10 is above the maximum 9.99/, bySchema: false },
  { name: 'a fee without interval', text: plan('        fee: 49.00\n'), line: 7, column: 14, says: /`interval`/, bySchema: false },
  { name: 'two products with one slug', text: `${product('')}  - { slug: atlas, upstream: http://x }\n`, line: 4, column: 13, pointer: '/products/1/slug', says: /Two products have the slug "atlas"/, bySchema: false },
  { name: 'a host that is claimed twice', text: `${product('    hosts: [API.example.com]\n')}  - { slug: b, upstream: http://x, hosts: [api.example.com] }\n`, line: 5, column: 44, says: /claimed twice/, bySchema: false },
  { name: 'an address in a list that is not http', text: product('').replace('http://127.0.0.1:4010', '[ http://a, ftp://b ]'), line: 3, column: 27, pointer: '/products/0/upstream/1', says: /http:\/\/ or https/, bySchema: true },
  { name: 'an address twice, of a version', text: product('    versions: [ { name: v1, openapi: a.json, upstream: [ http://a, http://a ] } ]\n'), line: 4, column: 68, pointer: '/products/0/versions/0/upstream/1', says: /twice/, bySchema: false },
  { name: 'an empty list of addresses', text: product('').replace('http://127.0.0.1:4010', '[]'), line: 3, column: 15, pointer: '/products/0/upstream', says: /at least one/, bySchema: true },
  { name: 'an address twice', text: product('').replace('http://127.0.0.1:4010', '[ http://a, http://a ]'), line: 3, column: 27, pointer: '/products/0/upstream/1', says: /twice/, bySchema: false },
  { name: 'an authority without a certificate', text: product('    upstreamCa: ./ca.pem\n'), line: 4, column: 17, pointer: '/products/0/upstreamCa', says: /No certificate stands here/, bySchema: false },
  { name: 'a certificate cut short', text: product('    upstreamCa: "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----"\n'), line: 4, column: 17, pointer: '/products/0/upstreamCa', says: /cannot be read/, bySchema: false },
  { name: 'a health check without a path', text: product('    health: { every: 5s }\n'), line: 4, column: 13, pointer: '/products/0/health', says: /`health` needs `path`/, bySchema: true },
  { name: 'a health check all the time', text: product('    health: { path: /healthz, every: 10ms }\n'), line: 4, column: 38, pointer: '/products/0/health/every', says: /from `1s` to `1h`/, bySchema: false },
  { name: 'a concurrency of nothing', text: product('    concurrency: 0\n'), line: 4, column: 18, pointer: '/products/0/concurrency', says: /from 1 to 100000/, bySchema: true },
  { name: 'two versions with one name', text: product('    versions: [ { name: v1, openapi: a }, { name: v1, openapi: b } ]\n'), line: 4, column: 51, says: /Two versions/, bySchema: false },
  { name: 'two limits with one name', text: plan('        limits: [ { name: a, requests: 1, per: day }, { name: a, requests: 2, per: week } ]\n'), line: 7, column: 63, says: /Two limits/, bySchema: false },
  { name: 'a plan with nine rates', text: plan(`        limits:\n          - { name: daily, requests: 9, per: day }\n${Array.from({ length: 9 }, (_, i) => `          - { name: r${i}, requests: ${i + 1}, per: minute }\n`).join('')}`), line: 17, column: 13, pointer: '/products/0/plans/0/limits/9', says: /more than 8 rates/, bySchema: false },
  { name: 'a slug that the portal uses itself', text: product('').replace('atlas', 'sign-up'), line: 2, column: 11, pointer: '/products/0/slug', says: /portal itself uses the address \/sign-up/, bySchema: false },
  { name: 'two plans with one slug', text: product('    plans: [ { slug: a, currency: usd }, { slug: a, currency: usd } ]\n'), line: 4, column: 50, says: /Two plans/, bySchema: false },
  { name: 'two default plans', text: product('    plans: [ { slug: a, currency: usd, default: true }, { slug: b, currency: usd, default: true } ]\n'), line: 4, column: 92, says: /has a default plan already: "a"/, bySchema: false },
  { name: 'a default plan that needs approval', text: product('    plans: [ { slug: a, currency: usd, default: true, access: approval } ]\n'), line: 4, column: 49, says: /`access: public`/, bySchema: false },
  { name: 'an unknown successor', text: product('    versions: [ { name: v1, openapi: a, successor: v3 }, { name: v2, openapi: a } ]\n'), line: 4, column: 52, says: /no version "v3". Did you mean "v2"\?/, bySchema: false },
  { name: 'a sunset before the deprecation', text: product('    versions: [ { name: v1, openapi: a, deprecated: 2026-09-01, sunset: 2026-08-01 } ]\n'), line: 4, column: 73, says: /not after/, bySchema: false },
  { name: 'a sunset too soon', text: product('    lifecycle: { minimumNotice: 180d }\n    versions: [ { name: v1, openapi: a, deprecated: 2026-09-01, sunset: 2026-10-01 } ]\n'), line: 5, column: 73, says: /30 days, fewer than the minimum notice of 180/, bySchema: false },
  { name: 'an unknown policy', text: product('    policies: { corse: { origins: ["*"] } }\n'), line: 4, column: 17, pointer: '/products/0/policies/corse', says: /`policies` has no key `corse`. Did you mean `cors`\?/, bySchema: true },
  { name: 'an origin with a path', text: product('    policies: { cors: { origins: ["https://app.example/"] } }\n'), line: 4, column: 35, says: /scheme, host and port without a path/, bySchema: true },
  { name: 'no origin at all', text: product('    policies: { cors: { origins: [] } }\n'), line: 4, column: 34, says: /Write at least one entry/, bySchema: true },
  { name: 'an origin that stands twice', text: product('    policies: { cors: { origins: ["https://a.test", "HTTPS://A.test:443"] } }\n'), line: 4, column: 53, says: /stands twice/, bySchema: false },
  { name: 'an origin beside all', text: product('    policies: { cors: { origins: ["*", "https://a.test"] } }\n'), line: 4, column: 35, says: /stands for all origins/, bySchema: false },
  { name: 'credentials for all origins', text: product('    policies: { cors: { origins: ["*"], credentials: true } }\n'), line: 4, column: 54, says: /Name the origins/, bySchema: false },
  { name: 'credentials of a private product', text: product('    access: private\n    policies: { cors: { origins: ["https://a.test"], credentials: true } }\n'), line: 5, column: 67, says: /preflight carries no key/, bySchema: false },
  { name: 'a method in lower case', text: product('    policies: { cors: { origins: ["*"], methods: [get] } }\n'), line: 4, column: 51, says: /capitals/, bySchema: true },
  { name: 'addresses without a list', text: product('    policies: { addresses: {} }\n'), line: 4, column: 28, says: /`allow`, `deny` or both/, bySchema: true },
  { name: 'an address that is none', text: product('    policies: { addresses: { allow: [10.0.0.0/33] } }\n'), line: 4, column: 38, says: /"10.0.0.0\/33" is neither/, bySchema: false },
  { name: 'a changed field of the connection', text: product('    policies: { requestHeaders: { set: { Transfer-Encoding: chunked } } }\n'), line: 4, column: 42, pointer: '/products/0/policies/requestHeaders/set/Transfer-Encoding', says: /frames the body, so no policy changes it/, bySchema: false },
  { name: 'a changed Host', text: product('    policies: { requestHeaders: { set: { host: x } } }\n'), line: 4, column: 42, says: /follows from `upstream`/, bySchema: false },
  { name: 'the gateway’s own field, taken out', text: product('    policies: { responseHeaders: { remove: [Server, X-Request-Id] } }\n'), line: 4, column: 53, says: /gateway's own word/, bySchema: false },
  { name: 'CORS by a changed field', text: product('    policies: { responseHeaders: { set: { Access-Control-Allow-Origin: "*" } } }\n'), line: 4, column: 43, says: /business of `cors`/, bySchema: false },
  { name: 'a field that is set and removed', text: product('    policies: { responseHeaders: { set: { X-A: b }, remove: [x-a] } }\n'), line: 4, column: 62, says: /x-a stands twice/, bySchema: false },
  { name: 'a field name that is none', text: product('    policies: { requestHeaders: { set: { "X A": b } } }\n'), line: 4, column: 42, says: /no name of an HTTP header field/, bySchema: false },
  { name: 'a value with a line break', text: product('    policies: { requestHeaders: { set: { X-A: "b\\r\\nX-B: c" } } }\n'), line: 4, column: 47, says: /one line of ASCII/, bySchema: true },
  { name: 'a value that is a number', text: product('    policies: { requestHeaders: { set: { X-A: 1 } } }\n'), line: 4, column: 47, says: /in quotes/, bySchema: true },
  { name: 'a fact that a call lacks', text: product('    policies: { requestHeaders: { set: { X-A: "{consumr}" } } }\n'), line: 4, column: 47, says: /Did you mean `{consumer}`\?/, bySchema: false },
  { name: 'an own policy without its file', text: product('    policies: { own: { timeLimit: 1s } }\n'), line: 4, column: 22, says: /`own` needs `file`/, bySchema: true },
  { name: 'a subject that is no name', text: product('    policies: { clientCertificate: { subjects: [partner] } }\n'), line: 4, column: 49, says: /`CN=partner,O=Acme`/, bySchema: true },
  { name: 'a fingerprint of another kind', text: product('    policies: { clientCertificate: { fingerprints: ["ab:cd"] } }\n'), line: 4, column: 53, says: /SHA-256 fingerprint/, bySchema: true },
  { name: 'a check of nothing', text: product('    policies: { validate: { parameters: false, body: false } }\n'), line: 4, column: 27, says: /Neither parameters nor bodies/, bySchema: false },
  { name: 'a meter that counts nothing', text: product('    meters: [ { name: writes } ]\n'), line: 4, column: 15, says: /`operations` or `only: successes`/, bySchema: true },
  { name: 'a meter by operation with a pointer', text: product('    meters: [ { name: writes, pointer: /rows, operations: [a] } ]\n'), line: 4, column: 15, says: /not both/, bySchema: true },
  { name: 'a meter of an operation twice', text: product('    meters: [ { name: writes, operations: [a, a] } ]\n'), line: 4, column: 47, says: /stands twice/, bySchema: false },
  { name: 'a meter that counts failures', text: product('    meters: [ { name: writes, only: failures } ]\n'), line: 4, column: 37, says: /successes/, bySchema: true },
  { name: 'a brace that stands alone', text: product('    policies: { requestHeaders: { set: { X-A: "a}" } } }\n'), line: 4, column: 47, says: /`{{` or `}}`/, bySchema: false },
];

for (const { name, text, line, column, pointer, says, bySchema } of refusals) {
  test(`refuses ${name}`, () => {
    const found = problems(text);
    const place = found.find((problem) => problem.line === line && problem.column === column);
    assert.ok(place, `nothing at ${line}:${column}: ${JSON.stringify(found)}`);
    assert.equal(place.file, 'portico.yaml');
    assert.match(place.detail, says);
    if (pointer !== undefined) assert.equal(place.pointer, pointer);
    assert.equal(schema(parse(text)), !bySchema, 'the published schema');
  });
}

const accepted: [string, string][] = [
  ['nothing but products', 'products: []\n'],
  ['JSON', '{"portal": {"name": "P"}, "products": [{"slug": "a", "upstream": "https://x/base/"}]}'],
  ['several addresses and how they are looked after', product('    concurrency: 50\n    health: { path: /healthz, every: 30s }\n').replace('http://127.0.0.1:4010', '[ http://a.example/x, https://b.example ]')],
  ['versions by header', product('    versioning: { by: header, header: Atlas-Version }\n')],
  ['every price model', plan(`        interval: year
        fee: 490
        prices:
          - { meter: requests, model: graduated, included: 5, tiers: [ { upTo: 10, unitPrice: 0 }, { unitPrice: "0.5", flatFee: 1 } ], maximum: "500" }
          - { meter: bytes, model: package, packageSize: 100, packagePrice: "5" }
          - { meter: successes, model: unit, unitPrice: 0.000002, minimum: 0.01 }
`)],
];
for (const [name, text] of accepted) {
  test(`accepts ${name}`, () => {
    assert.deepEqual(problems(text), []);
    assert.equal(schema(parse(text)), true, JSON.stringify(schema.errors));
  });
}

test('one place gets one error, and all places are told at once', () => {
  const found = problems(product('    slugg: x\n    layer: top\n    owner: 7\n'));
  assert.deepEqual(found.map(({ line }) => line), [4, 5, 6]);
});

test('numbers that are money or quantity keep the text they were written with', () => {
  const { config } = parseConfig('portico.yaml', plan('        interval: month\n        fee: 49.00\n        prices:\n          - { meter: requests, model: unit, unitPrice: 0.000000000001, included: 100000000000000001 }\n'));
  const [written] = config.products[0]!.plans;
  assert.equal(written!.fee, '49.00');
  assert.equal(written!.prices[0]!.unitPrice, '0.000000000001');
  assert.equal(written!.prices[0]!.included, '100000000000000001');
});

test('what is left out has its default', () => {
  const { config } = parseConfig('portico.yaml', product('    versions: [ { name: v1, openapi: a, deprecated: 2026-09-01 }, { name: v2, openapi: a } ]\n').replace('atlas', 'city-data'));
  assert.deepEqual(config.portal, { name: 'Developer portal', keyPrefix: 'citydata', headline: null, accent: null, footer: [] });
  const [only] = config.products;
  assert.deepEqual({ access: only!.access, versioning: only!.versioning, testUpstream: only!.testUpstream, headTimeoutMs: only!.headTimeoutMs, statuses: only!.versions.map(({ status }) => status) }, { access: 'public', versioning: { by: 'path' }, testUpstream: null, headTimeoutMs: 60_000, statuses: ['deprecated', 'published'] });
});

const broken: [string, string, number, RegExp][] = [
  ['a quote that stays open', 'products:\n  - slug: "a\n    upstream: b\n', 2, /^The quote \(`"`\) that opens here is never closed\.$/],
  ['a line that is too deep', 'products:\n  - slug: a\n    upstream: b\n      name: c\n    owner: d\n    access: public\n', 4, /^This line is indented deeper than the line above/],
  ['an entry that is too shallow', 'products:\n  - slug: a\n   name: b\n    upstream: c\n    owner: d\n', 3, /^This line is indented differently/],
  ['a map that is too shallow', 'portal:\n    name: a\n  headline: b\n  accent: c\n  keyPrefix: d\n', 3, /^This line is indented differently/],
  ['two colons', 'portal:\n  name: a: b\n', 2, /second `: `/],
  ['brackets that stay open', 'products: [\nportal: {}\n', 2, /`]` is missing/],
  ['a tab as indent', 'products:\n  - slug: a\n\tupstream: b\n', 3, /tab/i],
  ['a key that stands twice', 'products: []\nproducts: []\n', 2, /twice/],
  ['an open bracket', 'products: [\n', 2, /./],
  ['two documents', 'products: []\n---\nproducts: []\n', 2, /more than one document/],
  ['a tag', 'products: !secret x\n', 1, /Tags/],
  ['nothing', '', 1, /empty/],
  ['an alias without anchor', 'products: *nowhere\n', 1, /./],
  ['an alias in itself', 'products: &a [ *a ]\n', 1, /./],
];
for (const [name, text, line, says] of broken) {
  test(`refuses ${name} as broken YAML, with its line`, () => {
    const [first, ...more] = problems(text);
    assert.deepEqual(more, []);
    assert.equal(first!.line, line);
    assert.match(first!.detail, says);
  });
}

test('aliases and merges work, and a bomb of them is refused quickly', () => {
  const { config } = parseConfig('portico.yaml', 'products:\n  - &base { slug: a, upstream: http://x, owner: me }\n  - { <<: *base, slug: b }\n');
  assert.deepEqual(config.products.map(({ slug, owner }) => [slug, owner]), [['a', 'me'], ['b', 'me']]);
  let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
  for (let level = 1; level < 12; level++) bomb += `a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(', ')}]\n`;
  const started = process.hrtime.bigint();
  assert.match(problems(bomb)[0]!.detail, /more than 200000 values/);
  assert.ok(process.hrtime.bigint() - started < 3_000_000_000n);
  assert.match(problems(`products: ${'['.repeat(100)}${']'.repeat(100)}\n`)[0]!.detail, /deeper/);
  assert.deepEqual(problems('__proto__: { x: 1 }\nproducts: []\n').map(({ pointer }) => pointer), ['/__proto__']);
});
