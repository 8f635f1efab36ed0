// When a request is sent a second time (RFC 9110 section 9.2.2), and when its time is over.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { until } from '../gateway.testkit.ts';
import { ticksOf } from './ticks.ts';
import { bodyIdleMs, keepAliveMs } from './upstream-connection.ts';
import { ask, begin, openRawUpstream, poolOf, type AskOptions, type RawUpstream } from './upstream.testkit.ts';

const empty = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

interface Row {
  name: string;
  asks: () => AskOptions;
  /** Asked once before, so that a kept connection is used. */
  kept: boolean;
  /** What the upstream says before it closes the connection that it was asked on. */
  says?: string;
  repeated: boolean;
}

const unread = (method: string) => (): AskOptions => ({ method, contentLength: 4, body: new PassThrough() });
const read = (method: string) => (): AskOptions => ({ method, contentLength: 8, body: new PassThrough().on('newListener', function (this: PassThrough, event) { if (event === 'data') this.write('body'); }) });
const rows: Row[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'].map((method): Row => ({ name: `${method} over a kept connection`, asks: () => ({ method }), kept: true, repeated: true })),
  ...['POST', 'PATCH', 'QUERY', 'LOCK'].map((method): Row => ({ name: `${method} over a kept connection`, asks: () => ({ method }), kept: true, repeated: false })),
  { name: 'PUT whose body was not read yet', asks: unread('PUT'), kept: true, repeated: true },
  { name: 'PUT whose body was read', asks: read('PUT'), kept: true, repeated: false },
  { name: 'POST whose body was not read yet', asks: unread('POST'), kept: true, repeated: false },
  { name: 'GET over a new connection', asks: () => ({}), kept: false, repeated: false },
  { name: 'GET whose answer had begun', asks: () => ({}), kept: true, says: 'HTTP/1.1 2', repeated: false },
  { name: 'GET that had an interim answer', asks: () => ({}), kept: true, says: 'HTTP/1.1 102 Processing\r\n\r\n', repeated: false },
  { name: 'GET whose body had begun', asks: () => ({}), kept: true, says: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', repeated: false },
];

for (const { name, asks, kept, says = '', repeated } of rows) {
  test(`${name} is ${repeated ? 'sent again' : 'not sent again'} when the upstream closes`, async (t) => {
    const upstream = await openRawUpstream(t, (socket, connection, heard) => {
      const isFirst = heard.lastIndexOf(' HTTP/1.1\r\n') === heard.indexOf(' HTTP/1.1\r\n');
      if (connection > 0 || (kept && isFirst)) socket.write(empty);
      else if (heard.endsWith('\r\n\r\n') || heard.endsWith('body')) socket.end(says, 'latin1');
    });
    if (kept) await ask(upstream);
    const answer = await ask(upstream, asks());
    assert.equal(answer.failure === null, repeated, JSON.stringify(answer.failure));
    assert.equal(upstream.sockets.length, repeated ? 2 : 1);
  });
}

test('what an upstream says before a request has left answers neither it nor the next', async (t) => {
  const upstream = await openRawUpstream(t, (socket, connection, heard) => {
    const answered = answers[connection] ??= [];
    for (const [, path] of [...heard.matchAll(/GET (\S+) HTTP\/1\.1\r\n/g)].slice(answered.length)) {
      answered.push(path!);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path!.length}\r\n\r\n${path}`);
    }
  });
  const answers: string[][] = [];
  await ask(upstream, { path: '/first' });
  // From here the next turn reads before it writes.
  await new Promise((resolve) => setImmediate(resolve));
  upstream.sockets[0]!.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nunwanted');
  const second = begin(upstream, { path: '/second' });
  const third = second.over.then(() => ask(upstream, { path: '/third' }));
  assert.deepEqual([(await third).body, second.body], ['/third', '/second']);
});

test('a request is sent again once, not for ever', async (t) => {
  const upstream = await openRawUpstream(t, (socket, connection, heard) => {
    if (connection === 0 && heard.indexOf('GET') === heard.lastIndexOf('GET')) socket.write(empty);
    else socket.end();
  });
  await ask(upstream);
  const answer = await ask(upstream);
  assert.equal(answer.failure?.code, 'upstream_unreachable');
  assert.equal(upstream.sockets.length, 2);
});

for (const [name, disturb] of [
  ['closed', (socket) => socket.end()],
  ['reset', (socket) => socket.resetAndDestroy()],
  ['written to', (socket) => socket.write(empty)],
] as const satisfies [string, (socket: Socket) => void][]) {
  test(`a kept connection that was ${name} meanwhile is not used: nothing is written to it, whatever the method`, async (t) => {
    const upstream = await openRawUpstream(t, (socket) => socket.write(empty));
    await ask(upstream);
    const pool = poolOf(upstream);
    assert.equal(pool.idle, 1);
    disturb(upstream.sockets[0]!);
    await until(() => pool.size === 0, 'it is given up');
    const answer = await ask(upstream, { method: 'POST', contentLength: 1, body: ['x'] });
    assert.deepEqual([answer.status, upstream.sockets.length, upstream.heard[0]!.includes('POST')], [200, 2, false]);
  });
}

test('the connection used last is used next, and those not needed are closed when their time is over', async (t) => {
  const waiting: Socket[] = [];
  const upstream = await openRawUpstream(t, (socket) => { waiting.push(socket); });
  const answers = [begin(upstream), begin(upstream), begin(upstream)];
  await until(() => waiting.length === 3, 'three requests');
  for (const [i, socket] of waiting.splice(0).entries()) {
    socket.write(empty);
    await answers[i]!.over;
  }
  const pool = poolOf(upstream);
  assert.equal(pool.idle, 3);
  const heard = [...upstream.heard];
  const next = begin(upstream);
  await until(() => waiting.length === 1, 'the next request');
  assert.equal(upstream.heard.findIndex((text, i) => text !== heard[i]), upstream.sockets.indexOf(waiting[0]!));
  waiting[0]!.write(empty);
  await next.over;
  assert.equal(pool.idle, 3);
  pass(upstream, keepAliveMs);
  assert.deepEqual([pool.idle, pool.size], [0, 0]);
});

function pass(upstream: RawUpstream, ms: number): void {
  for (let left = ticksOf(ms); left > 0; left--) upstream.pools.ticks.advance();
}

test('the upstream’s own limit shortens how long a connection is kept', async (t) => {
  const upstream = await openRawUpstream(t, (socket) => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3, max=9\r\nContent-Length: 0\r\n\r\n'));
  await ask(upstream);
  const pool = poolOf(upstream);
  pass(upstream, 1_700);
  assert.equal(pool.idle, 1);
  pass(upstream, 500);
  assert.equal(pool.idle, 0);
});

for (const row of [
  { name: 'no head comes', asks: () => ({ headTimeoutMs: 2_000 }), says: '', ms: 2_000, code: 'upstream_timeout', detail: /did not begin its answer/ },
  { name: 'half a head comes', asks: () => ({ headTimeoutMs: 2_000 }), says: 'HTTP/1.1 20', ms: 2_000, code: 'upstream_timeout', detail: /did not begin its answer/ },
  { name: 'the body pauses', asks: () => ({ headTimeoutMs: 2_000 }), says: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', ms: bodyIdleMs, code: 'upstream_timeout', detail: /paused/ },
  { name: 'the request is not finished', asks: unread('POST'), says: '', ms: bodyIdleMs, code: 'upstream_timeout', detail: /did not take the request/ },
]) {
  test(`${row.name}: the exchange ends when the time is over, and not before`, async (t) => {
    const upstream = await openRawUpstream(t, (socket) => { if (row.says !== '') socket.write(row.says); });
    const answer = begin(upstream, row.asks());
    await until(() => upstream.heard[0]?.endsWith('\r\n\r\n') === true, 'the request');
    // What the upstream says has to be read first.
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    pass(upstream, row.ms - 1_000);
    assert.equal(answer.failure, null);
    pass(upstream, 1_200);
    assert.equal(answer.failure!.code, row.code);
    assert.match(answer.failure!.detail, row.detail);
    assert.equal(poolOf(upstream).size, 0);
  });
}

test('a client that takes nothing for long does not end the exchange: that is not the upstream’s doing', async (t) => {
  const upstream = await openRawUpstream(t, (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf'));
  const answer = begin(upstream);
  answer.takes = false;
  await answer.begun;
  pass(upstream, 2 * bodyIdleMs);
  assert.equal(answer.failure, null);
  answer.takes = true;
  answer.exchange!.resume();
  upstream.sockets[0]!.write('done');
  await answer.over;
  assert.equal(answer.body, 'halfdone');
});

test('a connection that is not accepted in time is given up, and one that nobody accepts at once', async (t) => {
  const deaf = createServer(() => undefined);
  deaf.listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  const sockets: Socket[] = [];
  deaf.on('connection', (socket) => sockets.push(socket));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    deaf.close();
  });
  const upstream = await openRawUpstream(t, () => undefined);
  // The handshake of TLS is part of connecting, and this one never answers it.
  const origin = `https://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
  const answer = begin({ origin, pools: upstream.pools }, { connectTimeoutMs: 1_000 });
  await until(() => sockets.length === 1, 'the connection');
  pass(upstream, 1_000);
  assert.deepEqual([answer.failure?.code, poolOf({ origin, pools: upstream.pools }).size], ['upstream_unreachable', 0]);
  assert.match(answer.failure!.detail, /did not accept a connection in time/);
  const nobody = await ask({ origin: 'http://127.0.0.1:1', pools: upstream.pools });
  assert.match(nobody.failure!.detail, /could not connect .*ECONNREFUSED/);
});
