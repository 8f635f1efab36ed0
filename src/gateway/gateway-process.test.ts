import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashKey } from '../domain/key.ts';
import type { SpoolRecord } from '../domain/request-event.ts';
import { parseChunk } from '../metering/spool-reader.ts';
import { windowAt } from '../domain/window.ts';
import type { Snapshot, SpendCap, ToGateway } from '../snapshot/snapshot.ts';
import { makeAuthority } from './certificates.testkit.ts';
import { baseOf, snapshotLine, TestControl } from './control.testkit.ts';
import { call, open, startGateway } from './gateway-process.testkit.ts';
import { operation, openUpstream, plan, product, snapshot, testKey, until, version, type TestKey } from './gateway.testkit.ts';

function spooled(folder: string): SpoolRecord[] {
  return readdirSync(join(folder, 'spool')).flatMap((file) => parseChunk(readFileSync(join(folder, 'spool', file)), true, { offset: 0, recordsMax: Infinity, closed: true }).records);
}

test('of 40 simultaneous calls under a spend cap exactly those pass that it pays for, over all threads and after a restart', async (t) => {
  const upstream = await openUpstream((_, response) => void setTimeout(() => response.end('ok'), 20));
  t.after(() => upstream.close());
  const now = Date.now();
  const day = Math.floor(now / 86_400_000) * 86_400_000;
  const month = windowAt('period', now, day);
  // 2 of 10 are spent by fees, 1.50 by 300 tokens, and 3 of the 6 calls at a dollar before the restart.
  const price = { model: 'unit' as const, included: '0', packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null };
  const spendCap: SpendCap = {
    currency: 'usd', amount: '10.00', from: month.from, to: month.to, fees: '2.00', nextFees: '2.00', prices: [{ ...price, meter: 'requests', unitPrice: '1' }, { ...price, meter: 'tokens', unitPrice: '0.005' }], requestsBefore: 0, month: month.ordinal, used: [],
  };
  const key = testKey({ subscriptions: [{ subscriptionId: 'sub_c', productId: 'prd_atlas', planRevisionId: 'rev_1', anchorAt: day, active: true, spendCap }] });
  const run = await open(t, snapshot([product(upstream.url)]), [key], {
    days: [{ subscriptionId: 'sub_c', mode: 'live', day, requests: 3 }], recent: [], spending: [{ subscriptionId: 'sub_c', from: month.from, rows: [{ meter: 'requests', operation: 'a', quantity: '3' }, { meter: 'tokens', operation: 'a', quantity: '300' }] }],
  });
  const answers = await Promise.all(Array.from({ length: 40 }, () => call(`${run.url}/atlas/v1/echo`, key.key)));
  assert.deepEqual([...Map.groupBy(answers, ({ status }) => status)].map(([status, all]) => [status, all.length]).sort(), [[200, 3], [429, 37]]);
});

test('of 40 simultaneous calls on a limit of 5, exactly 5 pass on two threads, for rates and for quotas', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const periods = ['minute', 'hour', 'day', 'week', 'month', 'year', 'period'] as const;
  const keys = periods.map((per) => testKey({ subscriptions: [{ subscriptionId: `sub_${per}`, productId: 'prd_atlas', planRevisionId: `rev_${per}`, anchorAt: 0, active: true }] }));
  const plans = periods.map((per) => plan([{ name: 'five', requests: 5, per }], { revisionId: `rev_${per}` }));
  const { url } = await open(t, snapshot([product(upstream.url, { plans })]), keys);
  for (const [index, per] of periods.entries()) {
    const answers = await Promise.all(Array.from({ length: 40 }, () => call(`${url}/atlas/v1/echo`, keys[index]!.key)));
    const passed = answers.filter((answer) => answer.status === 200);
    assert.equal(passed.length, 5, per);
    assert.ok(answers.every((answer) => answer.status === 200 || answer.status === 429));
    const remaining = passed.map((answer) => /r=(\d+)/.exec(answer.headers['ratelimit'] as string)![1]);
    assert.deepEqual(remaining.sort(), ['0', '1', '2', '3', '4'], per);
  }
});

test('a thread that dies is replaced, its reservations are given back, and the others serve on', async (t) => {
  const held: (() => void)[] = [];
  const upstream = await openUpstream((_request, response) => { held.push(() => response.end('late')); });
  t.after(() => upstream.close());
  const key = testKey();
  const { url, workers, control } = await open(t, snapshot([product(upstream.url, { plans: [plan([{ name: 'daily', requests: 6, per: 'day' }])] })]), [key]);
  const calls = Array.from({ length: 6 }, () => call(`${url}/atlas/v1/echo`, key.key).then((answer) => answer.status, () => 'broken'));
  await until(() => held.length === 6, 'six calls in flight');
  assert.equal((await call(`${url}/atlas/v1/echo`, key.key)).status, 429);
  await workers[0]!.terminate();
  await until(() => workers.length === 3 && control.state?.threads === 2, 'the thread is replaced');
  for (const answer of held.splice(0)) answer();
  const first = await Promise.all(calls);
  const broken = first.filter((status) => status === 'broken').length;
  assert.equal(first.filter((status) => status === 200).length, 6 - broken);
  const again = Array.from({ length: 6 }, () => call(`${url}/atlas/v1/echo`, key.key));
  await until(() => held.length === broken, 'as many pass as were given back');
  for (const answer of held) answer();
  assert.equal((await Promise.all(again)).filter((answer) => answer.status === 200).length, broken);
});

test('a revocation is confirmed once every thread refuses the key, and outlives a restart without control', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const [key, other] = [testKey(), testKey()];
  const run = await open(t, snapshot([product(upstream.url)]), [key, other]);
  assert.equal((await call(`${run.url}/atlas/v1/echo`, key.key)).status, 200);
  run.control.send({ type: 'credentials', reset: false, last: true, seq: 2, entries: [{ ...key.entry, state: 'revoked', revokedAt: Date.UTC(2026, 0, 1) }] });
  await until(() => run.control.state?.credentialSeq === 2, 'confirmed');
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(`${run.url}/atlas/v1/echo`, key.key)));
  assert.ok(answers.every((answer) => answer.status === 401 && answer.body.includes('"key_revoked"') && answer.body.includes('01 Jan 2026')));

  await run.gateway.stop();
  await run.control.close();
  const second = await startGateway(run.folder, undefined, '1', 2);
  t.after(() => second.gateway.stop());
  assert.equal((await call(`${second.url}/atlas/v1/echo`, key.key)).status, 401);
  assert.equal((await call(`${second.url}/atlas/v1/echo`, other.key)).status, 200);
  await run.control.open((hello) => {
    assert.deepEqual([hello.credentialSeq, hello.snapshotVersion, hello.token], [2, 1, 'secret']);
    return [];
  });
  await until(() => run.control.heard.filter((message) => message.type === 'hello').length === 2, 'reconnected');
});

test('a new base forgets what is not in it, also when it comes in parts', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const [gone, kept, added] = [testKey(), testKey(), testKey()];
  const run = await open(t, snapshot([product(upstream.url)]), [gone, kept]);
  const parts: ToGateway[] = [{ type: 'credentials', reset: true, last: false, seq: 9, entries: [kept.entry] }, { type: 'credentials', reset: false, last: true, seq: 9, entries: [added.entry] }];
  run.control.send(...parts);
  await until(() => run.control.state?.credentialSeq === 9, 'confirmed');
  const statuses = await Promise.all([gone, kept, added].map(async (key) => (await call(`${run.url}/atlas/v1/echo`, key.key)).status));
  assert.deepEqual(statuses, [401, 200, 200]);
});

test('a snapshot is swapped under load: every call sees the old or the new one', async (t) => {
  const upstream = await openUpstream((request, response) => response.end(request.url));
  t.after(() => upstream.close());
  const key = testKey();
  const withPath = (number: number): Snapshot => snapshot([product(`${upstream.url}/n${number}`, { versions: [version('v1', [operation('GET', '/echo')])] })], number);
  const run = await open(t, withPath(1), [key]);
  let done = false;
  const seen = new Set<string>();
  const loops = Array.from({ length: 4 }, async () => {
    while (!done) {
      const answer = await call(`${run.url}/atlas/v1/echo`, key.key);
      assert.equal(answer.status, 200);
      seen.add(answer.body);
    }
  });
  for (let number = 2; number <= 5; number++) {
    run.control.send(snapshotLine(withPath(number)));
    await until(() => run.control.state?.snapshotVersion === number, `snapshot ${number} confirmed`);
    assert.equal((await call(`${run.url}/atlas/v1/echo`, key.key)).body, `/n${number}/echo`);
  }
  done = true;
  await Promise.all(loops);
  for (const body of seen) assert.match(body, /^\/n[1-5]\/echo$/);
});

test('counts from before a restart go on: quotas from their days, rates from recent admissions', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const now = Date.now();
  const day = Math.floor(now / 86_400_000) * 86_400_000;
  const subscription = (id: string, revision: string) => ({ subscriptions: [{ subscriptionId: id, productId: 'prd_atlas', planRevisionId: revision, anchorAt: day, active: true }] });
  const [ofQuota, ofRate] = [testKey(subscription('sub_q', 'rev_q')), testKey(subscription('sub_r', 'rev_r'))];
  const plans = [plan([{ name: 'p', requests: 10, per: 'period' }], { revisionId: 'rev_q' }), plan([{ name: 'h', requests: 3, per: 'hour' }], { revisionId: 'rev_r' })];
  const run = await open(t, snapshot([product(upstream.url, { plans })]), [ofQuota, ofRate], {
    days: [{ subscriptionId: 'sub_q', mode: 'live', day, requests: 8 }],
    recent: [{ subscriptionId: 'sub_r', mode: 'live', at: now - 2_000 }, { subscriptionId: 'sub_r', mode: 'live', at: now - 1_000 }], spending: [],
  });
  const statuses = async (key: TestKey): Promise<number[]> => (await Promise.all(Array.from({ length: 5 }, () => call(`${run.url}/atlas/v1/echo`, key.key)))).map((answer) => answer.status).sort();
  assert.deepEqual(await statuses(ofQuota), [200, 200, 429, 429, 429]);
  assert.deepEqual(await statuses(ofRate), [200, 429, 429, 429, 429]);
});

test('a stop finishes what is in flight and leaves its record in the spool', async (t) => {
  const upstream = await openUpstream((_request, response) => { setTimeout(() => response.end('done'), 300); });
  t.after(() => upstream.close());
  const key = testKey();
  const run = await open(t, snapshot([product(upstream.url)]), [key]);
  // fetch keeps its connection: a stop must not wait for a next request on it.
  const answer = fetch(`${run.url}/atlas/v1/echo`, { headers: { 'x-api-key': key.key } }).then((response) => response.text());
  await until(() => run.control.state?.accepting === true, 'accepting');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begun = performance.now();
  await run.gateway.stop();
  assert.ok(performance.now() - begun < 5_000);
  assert.equal(await answer, 'done');
  const records = spooled(run.folder).filter((record) => record.kind === 'request');
  assert.deepEqual(records.map((record) => [record.status, record.keyId, hashKey(key.key) === key.entry.hash]), [[200, key.entry.keyId, true]]);
});

/** Calls one after the other on one kept connection, until an answer says that it is the last. Answers how many there were. @throws Error for a call without its whole answer */
function callOnAndOn(port: number, key: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answers = 0;
    let heard = '';
    const send = (): void => { socket.write(`POST /atlas/v1/echo HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Length: 4\r\n\r\nbody`); };
    socket.setEncoding('latin1').on('connect', send).on('error', reject).on('close', () => reject(new Error(`cut after ${answers} answers and "${heard}"`)));
    socket.on('data', (text: string) => {
      heard += text;
      if (!heard.endsWith('\r\n\r\nechoed body')) return;
      answers++;
      const isLast = /\r\nConnection: close\r\n/i.test(heard);
      assert.match(heard, /^HTTP\/1\.1 200 /);
      heard = '';
      if (!isLast) send();
      else resolve(answers);
    });
  });
}

test('a stop under load cuts no call, and leaves a record of each', async (t) => {
  const upstream = await openUpstream((incoming, response) => {
    incoming.resume().on('end', () => setTimeout(() => response.end('echoed body'), 10));
  });
  t.after(() => upstream.close());
  const key = testKey();
  const run = await open(t, snapshot([product(upstream.url)]), [key]);
  let stopped = false;
  const clients = Array.from({ length: 40 }, () => callOnAndOn(run.gateway.port, key.key));
  const answered = Promise.all(clients);
  answered.catch(() => undefined);
  await until(() => run.control.state?.upstreams.some(({ inFlight }) => inFlight > 10) === true, 'the load');
  const stopping = run.gateway.stop().then(() => { stopped = true; });
  const answers = await answered;
  await stopping;
  assert.ok(stopped && answers.every((count) => count > 0));
  assert.equal(spooled(run.folder).filter((record) => record.kind === 'request').length, answers.reduce((sum, count) => sum + count, 0));
});

test('how upstreams do reaches control: what is on its way, what failed, what was too much', async (t) => {
  const held: (() => void)[] = [];
  const upstream = await openUpstream((_request, response) => { held.push(() => response.end('late')); });
  t.after(() => upstream.close());
  const key = testKey();
  const run = await open(t, snapshot([product(upstream.url, { concurrency: 2 }), product('http://127.0.0.1:1', { id: 'prd_gone', slug: 'gone' })]), [key, testKey()]);
  const reported = (slug: string) => run.control.state?.upstreams.find(({ product: of }) => of === slug);
  const calls: Promise<number>[] = [];
  // One at a time on each of two threads; the kernel chooses the thread.
  while (!calls.some(() => held.length === 2)) {
    calls.push(call(`${run.url}/atlas/v1/echo`, key.key).then(({ status }) => status));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  calls.push(...Array.from({ length: 4 }, () => call(`${run.url}/atlas/v1/echo`, key.key).then(({ status }) => status)));
  await until(() => (reported('atlas')?.refused ?? 0) >= 4 && reported('atlas')?.inFlight === 2, 'the report of what is too much');
  assert.deepEqual(reported('atlas')!.address, upstream.url);
  for (const answer of held) answer();
  const statuses = await Promise.all(calls);
  assert.equal(statuses.filter((status) => status === 200).length, 2);
  assert.ok(statuses.every((status) => status === 200 || status === 503));
});

test('refusals of strangers reach control at once for watched addresses, and the spool as counts', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const run = await open(t, snapshot([product(upstream.url)]), []);
  await call(`${run.url}/atlas/v1/echo`, 'nonsense');
  run.control.send({ type: 'watch', address: '127.0.0.1', until: Date.now() + 60_000 });
  await until(() => run.control.heard.some((message) => message.type === 'state'), 'state');
  const told = () => run.control.heard.filter((message) => message.type === 'stranger');
  while (told().length === 0) await call(`${run.url}/atlas/v1/echo`, 'nonsense');
  assert.deepEqual([told()[0]!.code, told()[0]!.status, told()[0]!.productSlug, told()[0]!.operation], ['key_malformed', 401, 'atlas', 'GET /echo']);
  await run.gateway.stop();
  const counts = spooled(run.folder).filter((record) => record.kind === 'refusals');
  assert.ok(counts.length > 0 && counts.every((record) => record.code === 'key_malformed' && record.count >= 1 && record.operation === 'GET /echo'));
});

test('with a certificate every thread speaks TLS', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  const folder = mkdtempSync(join(tmpdir(), 'portico-gateway-'));
  const key = testKey();
  const authority = makeAuthority('Test authority');
  const identity = authority.issue(['127.0.0.1']);
  const [PORTICO_TLS_CERT, PORTICO_TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(PORTICO_TLS_CERT, identity.cert);
  writeFileSync(PORTICO_TLS_KEY, identity.key);
  const control = new TestControl(join(folder, 'bridge.sock'));
  await control.open(() => [snapshotLine(snapshot([product(upstream.url)])), baseOf(1, [key.entry])]);
  const { gateway } = await startGateway(folder, undefined, '2', 1, { PORTICO_TLS_CERT, PORTICO_TLS_KEY });
  t.after(async () => {
    await gateway.stop();
    await control.close();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });
  for (let i = 0; i < 8; i++) {
    const outgoing = requestTls(`https://127.0.0.1:${gateway.port}/atlas/v1/echo`, { agent: false, ca: authority.cert, headers: { 'x-api-key': key.key } });
    outgoing.end();
    const [response] = await once(outgoing, 'response') as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 200);
  }
});
