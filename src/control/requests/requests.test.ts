import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestEvent } from '../../domain/request-event.ts';
import { openDuckdbEventStore } from '../../events/duckdb/event-store.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { connect } from 'node:net';
import { createAdoption } from '../adoption/adoption.ts';
import { createKeys } from '../keys/keys.ts';
import type { CallDimension, WatchedCall } from '../services.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf, startOfTests } from '../testkit.ts';
import { createRequests } from './requests.ts';

forEachEngine('requests', (stores) => {
  async function open() {
    const events = await openDuckdbEventStore({ file: join(await stores.folder(), 'events.duckdb'), threads: 1, memoryMb: 64 });
    const control = await openControl(await stores.open(), events);
    await applyAtlas(control);
    const { deps, gateways } = control;
    const ada = await addConsumer(deps, 'ada');
    const key = await createKeys(deps, gateways).create(ada, { mode: 'live', productSlug: 'atlas' });
    const { id: productId } = await deps.database.kysely.selectFrom('product').select('id').where('slug', '=', 'atlas').executeTakeFirstOrThrow();
    let count = 0;
    const call = (more: Partial<RequestEvent> = {}): RequestEvent => ({
      id: `req_${String(++count).padStart(4, '0')}`, at: startOfTests + count, productId, version: 'v2', operation: 'listCities', method: 'GET', status: 200, code: null, upstreamStatus: 200, keyId: key.id, consumerId: 'con_ada',
      developerId: 'dev_ada', subscriptionId: key.subscription, planRevisionId: 'rev', mode: 'live', origin: 'own', requestBytes: 0, responseBytes: 10, durationMs: 5, upstreamMs: 4, userAgent: 'curl/8', fields: [], units: {}, open: false, ...more,
    });
    const load = (requests: RequestEvent[]) => events.load({ requests, completions: [], refusals: [], positions: [] });
    const closing = async () => events.close();
    return { ...control, ada, key, call, load, closing, requests: createRequests(deps, gateways) };
  }

  test('the log pages newest first, with the names that people know', async () => {
    const { requests, ada, call, load, key, closing } = await open();
    const sent = Array.from({ length: 5 }, () => call());
    await load(sent);
    const first = await requests.list(ada, { limit: 3 });
    const second = await requests.list(ada, { limit: 3, cursor: first.nextCursor! });
    assert.deepEqual([...first.requests, ...second.requests].map(({ id }) => id), sent.map(({ id }) => id).reverse());
    assert.equal(second.nextCursor, null);
    assert.deepEqual([first.requests[0]!.productSlug, first.requests[0]!.keyMasked, first.requests[0]!.consumerName], ['atlas', key.summary.masked, 'ada']);
    await closing();
  });

  test('filters choose, wrong ones are refused, and other accounts stay closed', async () => {
    const { requests, deps, ada, call, load, closing } = await open();
    const bob = await addConsumer(deps, 'bob');
    const [good, refused, theirs] = [call(), call({ status: 429, code: 'rate_limited', upstreamStatus: null }), call({ consumerId: 'con_bob' })];
    await load([good!, refused!, theirs!]);
    const ids = async (list: ReturnType<typeof requests.list>) => (await list).requests.map(({ id }) => id);
    assert.deepEqual(await ids(requests.list(ada, { status: '4xx' })), [refused!.id]);
    assert.deepEqual(await ids(requests.list(admin, { email: 'bob@example.com' })), [theirs!.id]);
    assert.deepEqual(await ids(requests.list(bob, {})), [theirs!.id]);
    assert.deepEqual(await ids(requests.list(admin, { productSlug: 'relief' })), []);
    assert.equal((await requests.get(ada, refused!.id)).code, 'rate_limited');
    for (const closed of [() => requests.get(bob, good!.id), () => requests.get(ada, 'req_none'), () => requests.list(bob, { consumerId: 'con_ada' })]) assert.equal((await refusalOf(closed())).code, 'not_found');
    for (const wrong of [() => requests.list(ada, { status: 'bad' }), () => requests.list(ada, { cursor: 'x' }), () => requests.callVolume(ada, { from: 0, to: 1e12, bucketMs: 1_000 })]) assert.equal((await refusalOf(wrong())).code, 'input_invalid');
    assert.deepEqual(await requests.callVolume(admin, { from: startOfTests, to: startOfTests + 60_000, bucketMs: 60_000 }), [{ bucket: startOfTests, statusClass: '2xx', count: 2 }, { bucket: startOfTests, statusClass: '4xx', count: 1 }]);
    assert.equal((await requests.latency(ada, { from: startOfTests, to: startOfTests + 60_000 })).p50, 5);
    await closing();
  });

  test('a page that waits hears of its own calls, the first success, and strangers from its address', async () => {
    const { requests, deps, bridge, ada, call, committed, closing } = await open();
    const heard: WatchedCall[] = [];
    const page = new AbortController();
    requests.watchCalls(ada, { consumerId: 'con_ada', address: '::ffff:127.0.0.1', signal: page.signal }, (seen) => heard.push(seen));
    const until = async (length: number) => {
      for (const deadline = Date.now() + 5_000; heard.length < length; await delay(5)) assert.ok(Date.now() < deadline, JSON.stringify(heard));
    };
    const success = call({ at: startOfTests + 90_000 });
    committed([call({ status: 404, upstreamStatus: 404 }), call({ consumerId: 'con_other' })]);
    await until(1);
    await deps.database.kysely.updateTable('consumer').set({ first_success_at: success.at }).where('id', '=', 'con_ada').execute();
    committed([success, call({ at: success.at + 5 })]);
    await until(3);
    assert.deepEqual(heard.map((seen) => seen.kind === 'call' && [seen.success, seen.firstSuccess, seen.ttfcMs]), [[false, false, null], [true, true, 90_000], [true, false, null]]);

    const gateway = connect(bridge.path);
    gateway.write(`${JSON.stringify({ type: 'hello', gatewayId: 'gw', pid: process.pid, token: bridge.token, snapshotVersion: 0, credentialSeq: 0 })}\n`);
    const stranger = (address: string) => gateway.write(`${JSON.stringify({ type: 'stranger', at: 1, address, method: 'GET', productSlug: 'atlas', operation: 'listCities', status: 401, code: 'key_missing', requestId: `req_${address}` })}\n`);
    stranger('203.0.113.1');
    stranger('::1');
    await until(4);
    assert.deepEqual(heard[3], { kind: 'stranger', at: 1, method: 'GET', operation: 'listCities', productSlug: 'atlas', status: 401, code: 'key_missing', requestId: 'req_::1', hint: null });
    page.abort();
    committed([call()]);
    stranger('127.0.0.1');
    gateway.end();
    await delay(20);
    assert.equal(heard.length, 4);
    assert.throws(() => requests.watchCalls(ada, { consumerId: 'con_bob', address: null, signal: page.signal }, () => undefined), { code: 'not_found' });
    await closing();
  });

  test('the adoption report counts newcomers only, and drops nobody who has no success', async () => {
    const { deps, call, load, closing, key } = await open();
    const query = deps.database.kysely;
    const at = startOfTests;
    const minutes = [1, 2, 4, 8, 100];
    for (const [index, minute] of minutes.entries()) {
      await addConsumer(deps, `quick${index}`);
      await query.updateTable('consumer').set({ first_key_at: at, first_success_at: at + minute * 60_000 }).where('id', '=', `con_quick${index}`).execute();
    }
    await addConsumer(deps, 'made', { origin: 'command' });
    await query.updateTable('consumer').set({ first_success_at: at + 1 }).where('id', '=', 'con_made').execute();
    await query.insertInto('user').values({ id: 'usr_1', name: 'M', email: 'm@example.com', emailVerified: (deps.database.engine === 'postgres' ? true : 1) as 1, image: null, createdAt: new Date(at).toISOString(), updatedAt: new Date(at).toISOString() }).execute();
    await query.insertInto('member').values({ id: 'mem_1', user_id: 'usr_1', role: 'owner', created_at: at }).execute();
    await addConsumer(deps, 'ours');
    await query.updateTable('developer').set({ user_id: 'usr_1' }).where('id', '=', 'dev_ours').execute();
    await query.updateTable('consumer').set({ first_success_at: at + 1 }).where('id', '=', 'con_ours').execute();
    await query.updateTable('key').set({ last_used_at: at }).where('id', '=', key.id).execute();
    await query.insertInto('usage').values({ subscription_id: key.subscription, meter: 'successes', operation: 'listCities', version: 'v2', mode: 'test', hour: at, quantity: '1' }).execute();
    await load([call(), call({ status: 500, upstreamStatus: 500 }), call({ status: 429, code: 'rate_limited', upstreamStatus: null }), call()]);

    const adoption = createAdoption(deps);
    const range = { from: at - 60_000, to: at + 3_600_000 };
    const report = await adoption.report(admin, range);
    // Ada has a key that was used and no success: 6 newcomers, 5 of them with a success after 1, 2, 4, 8 and 100 minutes.
    assert.deepEqual(report.funnel.map(({ step, consumers }) => [step, consumers]), [['signed-up', 6], ['key-made', 6], ['first-call', 6], ['first-success', 5], ['week-two', 0]]);
    assert.deepEqual(report.ttfc, { medianMs: 4 * 60_000, p90Ms: 100 * 60_000, reached: 5, without: 1, share: 5 / 6 });
    assert.deepEqual(report.errors, { total: 4, failed: 2, share: 0.5 });
    assert.deepEqual(report.refusals, [{ code: 'rate_limited', count: 1, stranger: 0 }]);
    await query.updateTable('usage').set({ mode: 'live' }).execute();
    const ofAtlas = await adoption.report(admin, { ...range, productSlug: 'atlas' });
    assert.deepEqual(ofAtlas.funnel.map(({ consumers }) => consumers), [1, 1, 1, 0, 0]);
    assert.deepEqual(ofAtlas.ttfc, { medianMs: null, p90Ms: null, reached: 0, without: 1, share: 0 });
    assert.deepEqual((await adoption.report(admin, { from: 0, to: 1_000 })).ttfc.share, null);
    assert.equal((await refusalOf(adoption.report({ kind: 'developer', developerId: 'd', consumerId: 'c', email: 'e', verified: true }, range))).code, 'role_forbids');
    await closing();
  });

  test('calls are broken down by names that people know, for the account alone', async () => {
    const { requests, deps, ada, key, call, load, closing } = await open();
    const bob = await addConsumer(deps, 'bob');
    await load([call(), call({ operation: 'getCity', status: 404, upstreamStatus: 404 }), call({ status: 403, code: 'scope_forbids', upstreamStatus: null, upstreamMs: null }), call({ productId: '', version: null, operation: null, status: 404, code: 'no_route', upstreamStatus: null }), call({ consumerId: 'con_bob', keyId: 'key_bob' })]);
    const range = { from: startOfTests, to: startOfTests + 60_000, bucketMs: 60_000 };
    const rows = async (actor: Parameters<typeof requests.breakdown>[0], by: CallDimension, more: object = {}) => (await requests.breakdown(actor, { ...range, ...more, by })).map(({ value, name, count }) => [value, name, count]);
    assert.deepEqual(await rows(ada, 'product'), [['atlas', 'Atlas API', 3], [null, null, 1]]);
    assert.deepEqual(await rows(ada, 'key'), [[key.id, `Live key ${key.summary.masked}`, 4]]);
    assert.deepEqual(await rows(ada, 'operation', { version: 'v2', status: '4xx' }), [['getCity', 'getCity', 1], ['listCities', 'listCities', 1]]);
    assert.deepEqual(await rows(ada, 'code', { code: 'no_route' }), [['no_route', 'no_route', 1]]);
    assert.deepEqual(await rows(bob, 'operation'), [['listCities', 'listCities', 1]]);
    assert.deepEqual((await requests.list(ada, { code: 'scope_forbids' })).requests.length, 1);
    assert.deepEqual(await requests.latencyByBucket(ada, range), [{ bucket: startOfTests, answered: 2, whole: { p50: 5, p95: 5, p99: 5 }, upstream: { p50: 4, p95: 4, p99: 4 }, gateway: { p50: 1, p95: 1, p99: 1 } }]);
    for (const closed of [() => rows(bob, 'status', { consumerId: 'con_ada' }), () => rows(ada, 'status', { email: 'bob@example.com' }), () => requests.latencyByBucket(bob, { ...range, consumerId: 'con_ada' }), () => requests.callVolume(bob, { ...range, consumerId: 'con_ada' }), () => requests.latency(bob, { ...range, consumerId: 'con_ada' })]) assert.equal((await refusalOf(closed())).code, 'not_found');
    assert.deepEqual(await rows(bob, 'operation', { keyId: key.id }), [], "another's key chooses nothing");
    for (const wrong of [() => rows(ada, 'colour' as never), () => rows(ada, 'status', { status: '9' }), () => rows(ada, 'status', { bucketMs: 1 })]) assert.equal((await refusalOf(wrong())).code, 'input_invalid');
    await closing();
  });

  test('a page that follows an account is told of its new calls in what it reads, those of one second together, until it leaves', async (t) => {
    const { requests, deps, ada, call, committed, readable, closing } = await open();
    const bob = await addConsumer(deps, 'bob');
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const leaving = new AbortController();
    let [told, logged, anybodys] = [0, 0, 0];
    requests.watch(ada, { consumerId: 'con_ada', reads: ['request-log'], signal: leaving.signal }, () => void logged++);
    requests.watch(admin, { reads: ['ledger', 'request-log'], signal: leaving.signal }, () => void anybodys++);
    requests.watch(ada, { consumerId: 'con_ada', reads: ['ledger'], signal: leaving.signal }, () => void told++);
    committed([call({ consumerId: 'con_bob' })]);
    assert.equal(told, 0, "another account's calls");
    committed([call()]);
    assert.equal(told, 1, 'at once');
    for (let count = 0; count < 5; count++) committed([call()]);
    assert.equal(told, 1);
    t.mock.timers.tick(1_000);
    assert.equal(told, 2, 'the five together');
    for (let second = 0; second < 10; second++) t.mock.timers.tick(1_000);
    assert.deepEqual([told, logged], [2, 0], 'nothing without a call, and the request log has none yet');
    const before = anybodys;
    readable(['con_bob']);
    assert.deepEqual([logged, anybodys], [0, before + 1]);
    readable(['con_bob', 'con_ada']);
    assert.deepEqual([told, logged], [2, 1], 'once its rows can be read');

    leaving.abort();
    committed([call()]);
    t.mock.timers.tick(1_000);
    readable(['con_ada']);
    assert.deepEqual([told, logged], [2, 1]);
    assert.throws(() => requests.watch(bob, { reads: ['ledger'], signal: leaving.signal }, () => undefined), { code: 'role_forbids' });
    assert.throws(() => requests.watch(bob, { consumerId: 'con_ada', reads: ['ledger'], signal: leaving.signal }, () => undefined), { code: 'not_found' });
    await closing();
  });
});
