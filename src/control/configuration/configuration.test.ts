import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError, type AppError } from '../../errors.ts';
import { forEachEngine } from '../../store/testkit.ts';
import type { Actor, ConfigBundle } from '../services.ts';
import { openControl } from '../testkit.ts';
import { createConfiguration } from './configuration.ts';

const admin: Actor = { kind: 'admin-token' };

const contract = (summary = 'List cities') => `openapi: 3.1.0
info: { title: Atlas, version: '1' }
paths:
  /cities:
    get:
      operationId: listCities
      summary: ${summary}
      responses: { '200': { description: Cities, content: { application/json: { example: [ { name: Paris } ] } } } }
  /cities/{id}:
    get:
      operationId: getCity
      parameters: [ { name: id, in: path, required: true, schema: { type: integer }, example: 7 } ]
      responses: { '200': { $ref: './parts.yaml#/City' } }
`;
const parts = { path: 'openapi/parts.yaml', text: 'City: { description: One city, content: { application/json: { schema: { type: object } } } }\n' };

const file = `portal: { name: Atlas Developers }
products:
  - slug: atlas
    name: Atlas API
    upstream: http://127.0.0.1:4010
    testUpstream: examples
    versions:
      - { name: v1, openapi: ./openapi/v1.yaml, deprecated: 2026-09-01, sunset: 2027-03-01, successor: v2 }
      - { name: v2, openapi: ./openapi/v2.yaml }
    lifecycle: { minimumNotice: 180d }
    meters: [ { name: tokens, header: X-Tokens } ]
    plans:
      - slug: free
        default: true
        currency: usd
        limits: [ { name: burst, requests: 5, per: second } ]
      - slug: growth
        currency: usd
        interval: month
        fee: 49.00
        prices: [ { meter: tokens, model: unit, unitPrice: 0.00000200 } ]
`;

function bundle(text = file, more: { v1?: string } = {}): ConfigBundle {
  return { file: 'portico.yaml', text, files: [{ path: 'openapi/v1.yaml', text: more.v1 ?? contract() }, { path: 'openapi/v2.yaml', text: contract('List all cities') }, parts] };
}

const apply = { dryRun: false, prune: false };

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  assert.ok(isAppError(error), `expected a refusal, got ${String(error)}`);
  return error;
}

forEachEngine('configuration', (stores) => {
  async function open() {
    const database = await stores.open();
    const { deps, gateways } = await openControl(database);
    return { database, deps, gateways, configuration: createConfiguration(deps, gateways) };
  }

  test('an applied file runs, and applying it again changes nothing', async () => {
    const { configuration, gateways } = await open();
    const first = await configuration.apply(admin, { bundle: bundle(), ...apply });
    assert.deepEqual(first.changes.filter(({ action }) => action === 'add').map(({ noun, name }) => `${noun} ${name}`), ['product atlas', 'version atlas v1', 'version atlas v2', 'plan atlas free', 'plan atlas growth']);
    assert.equal(first.snapshotVersion, gateways.snapshotVersion());
    const [product] = (await configuration.current()).products;
    assert.equal(product!.plans[1]!.fee, '49.00');
    assert.equal(product!.plans[1]!.prices[0]!.unitPrice, '0.00000200');
    assert.deepEqual(product!.versions.map(({ status, deprecated, sunset }) => ({ status, deprecated, sunset })), [{ status: 'deprecated', deprecated: '2026-09-01', sunset: '2027-03-01' }, { status: 'published', deprecated: null, sunset: null }]);

    const second = await configuration.apply(admin, { bundle: bundle(), ...apply });
    assert.ok(second.changes.every(({ action }) => action === 'keep'), JSON.stringify(second.changes));
    assert.deepEqual(second.drift, []);
    assert.equal(second.snapshotVersion, first.snapshotVersion);
  });

  test('export, then apply, changes nothing', async () => {
    const { configuration } = await open();
    await configuration.apply(admin, { bundle: bundle(), ...apply });
    const before = await configuration.current();
    const exported = await configuration.export(admin);
    const { changes } = await configuration.apply(admin, { bundle: exported, ...apply });
    assert.ok(changes.every(({ action }) => action === 'keep'), JSON.stringify(changes));
    assert.deepEqual(await configuration.current(), before);
  });

  test('a dry run says what would change, and changes nothing', async () => {
    const { configuration, gateways } = await open();
    const version = gateways.snapshotVersion();
    const answer = await configuration.apply(admin, { bundle: bundle(), dryRun: true, prune: false });
    assert.equal(answer.applied, false);
    assert.ok(answer.changes.some(({ action, name }) => action === 'add' && name === 'atlas'));
    assert.deepEqual((await configuration.current()).products, []);
    assert.equal(gateways.snapshotVersion(), version);
  });

  test('what changed is named with its old and new value', async () => {
    const { configuration } = await open();
    await configuration.apply(admin, { bundle: bundle(), ...apply });
    const { changes } = await configuration.apply(admin, { bundle: bundle(file.replace('requests: 5,', 'requests: 6,').replace(':4010', ':4011'), { v1: contract('Other words') }), ...apply });
    assert.deepEqual(changes.filter(({ action }) => action !== 'keep').map(({ noun, name, detail }) => [noun, name, detail[0]]), [
      ['product', 'atlas', 'upstream: http://127.0.0.1:4010 -> http://127.0.0.1:4011'],
      ['version', 'atlas v1', 'document: changed'],
      ['plan', 'atlas free', 'limit burst: 5 requests per second -> 6 requests per second'],
    ]);
  });

  test('a mistake in the file or in a document changes nothing', async () => {
    const { configuration } = await open();
    await configuration.apply(admin, { bundle: bundle(), ...apply });
    const before = await configuration.current();
    const unknown = await refusal(configuration.apply(admin, { bundle: bundle(file.replace('upstream:', 'upstrem:')), ...apply }));
    assert.equal(unknown.code, 'config_invalid');
    assert.deepEqual(unknown.errors.map(({ file, line, column }) => ({ file, line, column })), [{ file: 'portico.yaml', line: 3, column: 5 }, { file: 'portico.yaml', line: 5, column: 5 }]);
    const missing = await refusal(configuration.apply(admin, { bundle: bundle(file.replace('openapi/v2.yaml', 'openapi/v3.yaml')), ...apply }));
    assert.deepEqual(missing.errors, [{ file: 'portico.yaml', line: 9, column: 30, pointer: '/products/0/versions/1/openapi', detail: 'There is no file ./openapi/v3.yaml. Write a path relative to portico.yaml.' }]);
    const document = await refusal(configuration.apply(admin, { bundle: bundle(file, { v1: contract().replace('description: Cities', 'descripton: Cities') }), ...apply }));
    assert.equal(document.code, 'contract_invalid');
    assert.equal(document.errors[0]!.file, 'openapi/v1.yaml');
    const shared = await refusal(configuration.apply(admin, { bundle: bundle(file.replace('openapi/v2.yaml', 'openapi/v1.yaml'), { v1: contract().replace('description: Cities', 'descripton: Cities') }), ...apply }));
    assert.deepEqual(shared.errors, document.errors);
    assert.equal(shared.message, `${document.message} It is the document of atlas v1 and atlas v2.`);
    const operation = await refusal(configuration.apply(admin, { bundle: bundle(file.replace('        default: true\n', '        default: true\n        operations: [listCities, getTown]\n'), { v1: contract('x') }), ...apply }));
    assert.match(operation.errors[0]!.detail, /no.*operation "getTown"/i);
    assert.deepEqual(await configuration.current(), before);
  });

  test('only members who may change products apply', async () => {
    const { configuration } = await open();
    const member = (role: 'viewer' | 'support'): Actor => ({ kind: 'member', memberId: 'mem_1', email: 'v@example.com', role });
    assert.equal((await refusal(configuration.apply(member('viewer'), { bundle: bundle(), ...apply }))).code, 'role_forbids');
    assert.equal((await refusal(configuration.apply({ kind: 'developer', developerId: 'd', consumerId: 'c', email: 'd@example.com', verified: true }, { bundle: bundle(), ...apply }))).code, 'role_forbids');
  });

  test('a plan that is gone from the file goes, but not with subscriptions unless pruned', async () => {
    const { configuration, database } = await open();
    await configuration.apply(admin, { bundle: bundle(), ...apply });
    const plan = await database.kysely.selectFrom('plan').select(['id', 'product_id', 'current_revision_id']).where('slug', '=', 'growth').executeTakeFirstOrThrow();
    await database.kysely.insertInto('consumer').values({ id: 'con_1', name: 'C', origin: 'command', created_at: 1, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
    await database.kysely.insertInto('subscription').values({ id: 'sub_1', consumer_id: 'con_1', product_id: plan.product_id, plan_id: plan.id, plan_revision_id: plan.current_revision_id, state: 'active', anchor_at: 0, created_at: 1, ended_at: null }).execute();
    const shorter = file.slice(0, file.indexOf('      - slug: growth'));

    const refused = await refusal(configuration.apply(admin, { bundle: bundle(shorter), ...apply }));
    assert.equal(refused.code, 'has_subscriptions');
    assert.equal((await configuration.current()).products[0]!.plans.length, 2);
    const dry = await configuration.apply(admin, { bundle: bundle(shorter), dryRun: true, prune: false });
    assert.match(dry.changes.find(({ action }) => action === 'remove')!.detail.at(-1)!, /1 subscription: refused without --prune/);

    await configuration.apply(admin, { bundle: bundle(shorter), dryRun: false, prune: true });
    assert.equal((await configuration.current()).products[0]!.plans.length, 1);
    assert.equal((await database.kysely.selectFrom('subscription').select('state').executeTakeFirstOrThrow()).state, 'ended');

    await configuration.apply(admin, { bundle: bundle('products: []\n'), dryRun: false, prune: true });
    assert.deepEqual((await configuration.current()).products, []);
    await configuration.apply(admin, { bundle: bundle(), ...apply });
    assert.equal((await configuration.current()).products[0]!.plans.length, 2);
    assert.equal((await database.kysely.selectFrom('product').select('id').executeTakeFirstOrThrow()).id, plan.product_id);
  });

  test('a subscription follows its plan at once, except to another price', async () => {
    const { configuration, database } = await open();
    await configuration.apply(admin, { bundle: bundle(), ...apply });
    const plan = await database.kysely.selectFrom('plan').select(['id', 'product_id', 'current_revision_id']).where('slug', '=', 'growth').executeTakeFirstOrThrow();
    await database.kysely.insertInto('consumer').values({ id: 'con_1', name: 'C', origin: 'command', created_at: 1, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
    await database.kysely.insertInto('subscription').values({ id: 'sub_1', consumer_id: 'con_1', product_id: plan.product_id, plan_id: plan.id, plan_revision_id: plan.current_revision_id, state: 'active', anchor_at: 0, created_at: 1, ended_at: null }).execute();
    const limited = file.replace('        fee: 49.00\n', '        fee: 49.00\n        limits: [ { name: burst, requests: 50, per: second } ]\n');
    const standsOnNewest = async () => {
      const row = await database.kysely.selectFrom('subscription').innerJoin('plan', 'plan.id', 'subscription.plan_id').select(['plan_revision_id', 'current_revision_id']).executeTakeFirstOrThrow();
      return row.plan_revision_id === row.current_revision_id;
    };
    await configuration.apply(admin, { bundle: bundle(limited), ...apply });
    assert.equal(await standsOnNewest(), true);
    await configuration.apply(admin, { bundle: bundle(limited.replace('49.00', '59.00')), ...apply });
    assert.equal(await standsOnNewest(), false);
  });
});
