// Several addresses of one upstream: which is asked, which is left alone for a while, and how much may be on its way.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { until } from '../gateway.testkit.ts';
import { ticksOf } from './ticks.ts';
import { awayMs, awayMsMax, failuresMax } from './upstream-group.ts';
import { UpstreamPools } from './upstream-pools.ts';
import { ask, begin, openRawUpstream, routed } from './upstream.testkit.ts';

const empty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:1';

function pass(pools: UpstreamPools, ms: number): void {
  for (let left = ticksOf(ms); left > 0; left--) pools.ticks.advance();
}

test('the address with the least in flight is asked; those that are equal take turns', async (t) => {
  const held: Socket[] = [];
  const slow = await openRawUpstream(t, (socket) => { held.push(socket); });
  const quick = await openRawUpstream(t, (socket) => socket.write(empty));
  const { pools } = slow;
  const upstream = routed([slow.origin, quick.origin]);
  const first = [begin(slow, { upstream }), begin(slow, { upstream })];
  await until(() => held.length === 1, 'one of two is asked for the first time');
  for (let i = 0; i < 6; i++) assert.equal((await ask(slow, { upstream })).status, 200);
  assert.equal(held.length, 1, 'nothing more goes where something is on its way');
  held[0]!.write(empty);
  await Promise.all(first.map((answer) => answer.over));
  assert.deepEqual(pools.group(upstream).members.map(({ inFlight }) => inFlight), [0, 0]);
  assert.equal(pools.group(upstream).inFlight, 0);
});

test('an address that takes no connection is passed over, for every method: nothing was written to it', async (t) => {
  const upstream = await openRawUpstream(t, (socket, _connection, heard) => { if (!heard.endsWith('Content-Length: 4\r\n\r\n')) socket.write(empty); });
  const both = routed([nowhere, upstream.origin]);
  for (let i = 0; i < 4; i++) {
    const answer = await ask(upstream, { upstream: both, method: 'POST', contentLength: 4, body: ['body'] });
    assert.deepEqual([answer.status, answer.failure], [200, null]);
  }
  const none = await ask(upstream, { upstream: routed([nowhere, 'http://127.0.0.1:2', 'http://127.0.0.1:3']) });
  assert.equal(none.failure?.code, 'upstream_unreachable');
});

test('after failures in a row an address is left alone, each time for longer, and asked again afterwards', async (t) => {
  const good = await openRawUpstream(t, (socket) => socket.write(empty));
  const bad = await openRawUpstream(t, (socket) => socket.write('nonsense\r\n\r\n'));
  const { pools } = good;
  const upstream = routed([bad.origin, good.origin]);
  const group = pools.group(upstream);
  const [member] = group.members;
  let away = awayMs;
  for (let round = 0; round < 3; round++) {
    let failed = 0;
    while (group.answers(member!)) if ((await ask(good, { upstream })).failure !== null) failed++;
    assert.equal(failed, failuresMax);
    for (let i = 0; i < 5; i++) assert.equal((await ask(good, { upstream })).failure, null);
    pass(pools, away - 1_000);
    assert.equal(group.answers(member!), false);
    pass(pools, 1_200);
    assert.equal(group.answers(member!), true);
    away *= 2;
  }
  pass(pools, 2 * awayMsMax);
  while (group.answers(member!)) await ask(good, { upstream });
  assert.equal(member!.ejections, 1, 'a long time without trouble is a new beginning');
});

test('a success in between begins the count anew', async (t) => {
  let calls = 0;
  const upstream = await openRawUpstream(t, (socket) => socket.write(++calls % failuresMax === 0 ? empty : 'nonsense\r\n\r\n'));
  const target = routed([upstream.origin, nowhere]);
  const group = upstream.pools.group(target);
  group.members[1]!.sick = true;
  for (let i = 0; i < 3 * failuresMax; i++) await ask(upstream, { upstream: target });
  assert.equal(group.answers(group.members[0]!), true);
});

test('the last address that answers is never left alone, and when none does, all are asked', async (t) => {
  const bad = await openRawUpstream(t, (socket) => socket.write('nonsense\r\n\r\n'));
  const single = routed([bad.origin]);
  for (let i = 0; i < 3 * failuresMax; i++) assert.equal((await ask(bad, { upstream: single })).failure?.code, 'upstream_invalid');
  const upstream = routed([bad.origin, nowhere]);
  const group = bad.pools.group(upstream);
  for (let i = 0; i < 6 * failuresMax; i++) assert.ok((await ask(bad, { upstream })).failure);
  assert.equal(group.members.filter((member) => group.answers(member)).length, 1);
  for (const member of group.members) member.sick = true;
  assert.notEqual(group.choose(), null);
});

test('more than a product may have in flight is refused at once, and passes again afterwards', async (t) => {
  const held: Socket[] = [];
  const upstream = await openRawUpstream(t, (socket) => { held.push(socket); });
  const target = { upstream: routed([upstream.origin], { concurrency: 2 }) };
  const running = [begin(upstream, target), begin(upstream, { ...target, method: 'POST', contentLength: 9, body: new PassThrough() })];
  await until(() => held.length === 2, 'two requests');
  const refused = await ask(upstream, target);
  assert.deepEqual([refused.failure?.code, refused.failure?.fields], ['overloaded', ['Retry-After', '1']]);
  running[0]!.exchange!.abort();
  const next = begin(upstream, target);
  await until(() => held.length === 3, 'a place is free');
  held[2]!.write(empty);
  await next.over;
  assert.equal(next.status, 200);
  running[1]!.exchange!.abort();
  assert.equal(upstream.pools.group(target.upstream).inFlight, 0);
});

test('an upgraded connection is in flight until it is closed', async (t) => {
  const upstream = await openRawUpstream(t, (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'));
  const target = routed([upstream.origin], { concurrency: 1 });
  const answer = await ask(upstream, { upstream: target, upgrade: true });
  assert.equal((await ask(upstream, { upstream: target })).failure?.code, 'overloaded');
  answer.upgraded!.socket.destroy();
  await until(() => upstream.pools.group(target).inFlight === 0, 'its place is free');
});

test('connections to addresses that nobody names any more are closed, those of others stay', async (t) => {
  const held: Socket[] = [];
  const one = await openRawUpstream(t, (socket, _connection, heard) => {
    if (heard.includes('/wait')) held.push(socket);
    else socket.write(empty);
  });
  const other = await openRawUpstream(t, (socket) => socket.write(empty));
  const { pools } = one;
  const [first, second] = [routed([one.origin]), routed([other.origin])];
  await ask(one, { upstream: first });
  await ask(one, { upstream: second });
  const running = begin(one, { upstream: first, path: '/wait' });
  await until(() => held.length === 1, 'it is on its way');
  const [retired, kept] = [pools.group(first).members[0]!.pool, pools.group(second).members[0]!.pool];
  pools.keepOnly([second]);
  held[0]!.write(empty);
  await running.over;
  assert.equal(running.status, 200, 'what is on its way is finished');
  assert.deepEqual([retired.size, kept.idle, pools.group(second).members[0]!.pool], [0, 1, kept]);
});

test('an address whose health checks fail gets no calls until one is well', async (t) => {
  let status = '200 OK';
  const checks: string[] = [];
  const checked = await openRawUpstream(t, (socket, connection, heard) => {
    if (heard.includes('/well')) checks.push(heard);
    socket.write(`HTTP/1.1 ${heard.includes('/well') ? status : '200 OK'}\r\nX-Connection: ${connection}\r\nContent-Length: 0\r\n\r\n`);
  });
  const other = await openRawUpstream(t, (socket, _connection, heard) => socket.write(heard.includes('/well') ? empty : `HTTP/1.1 200 OK\r\nX-Other: 1\r\nContent-Length: 0\r\n\r\n`));
  const { pools } = checked;
  const upstream = routed([checked.origin, other.origin], { health: { path: '/well?deep=1', everyMs: 10_000 } });
  pools.keepOnly([upstream]);
  const group = pools.group(upstream);
  const [member] = group.members;
  const nextCheck = async (): Promise<void> => {
    pass(pools, 10_000);
    await until(() => group.members.every(({ checking }) => !checking), 'the checks');
  };
  await nextCheck();
  assert.match(checks[0]!, /^GET \/well\?deep=1 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nUser-Agent: Portico health check\r\nConnection: close\r\n\r\n$/);
  assert.equal(member!.sick, false);
  status = '503 Service Unavailable';
  await nextCheck();
  assert.equal(member!.sick, false, 'once is not enough');
  await nextCheck();
  assert.equal(member!.sick, true);
  for (let i = 0; i < 4; i++) assert.ok((await ask(checked, { upstream })).fields.includes('X-Other'));
  status = '302 Found';
  await nextCheck();
  assert.equal(member!.sick, false);
});

test('a health check that gets no answer fails in time', async (t) => {
  const deaf = await openRawUpstream(t, () => undefined);
  const upstream = routed([deaf.origin, nowhere], { health: { path: '/', everyMs: 60_000 } });
  const group = deaf.pools.group(upstream);
  group.tick();
  await until(() => deaf.heard[0]?.endsWith('\r\n\r\n') === true, 'the check');
  pass(deaf.pools, 6_000);
  await until(() => group.members.every(({ checksFailed, checking }) => checksFailed === 1 && !checking), 'both failed');
  assert.equal(group.members[0]!.pool.size, 0);
});
