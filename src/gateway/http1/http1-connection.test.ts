// Connections of clients as they come: several requests, in pieces, slow, half-closed, broken off, given up.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openTestGateway, openUpstream, product, rawExchange, snapshot, testKey, until, type TestGateway, type TestKey } from '../gateway.testkit.ts';
import type { ConnectionTimes } from './connections.ts';

async function setUp(t: TestContext, listener: RequestListener, times: Partial<ConnectionTimes> = {}): Promise<{ gateway: TestGateway; key: TestKey }> {
  const upstream = await openUpstream(listener);
  const key = testKey();
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url)]), keys: [key], times });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { gateway, key };
}

/** Answers with what it was sent. */
const echo: RequestListener = (incoming, response) => {
  let body = '';
  incoming.setEncoding('latin1').on('data', (chunk: string) => { body += chunk; }).on('end', () => response.end(`[${incoming.method} ${incoming.url} ${body}]`));
};

class Caller {
  heard = '';
  closed = false;
  readonly socket: Socket;

  constructor(t: TestContext, port: number, options: { allowHalfOpen?: boolean } = {}) {
    this.socket = connect({ port, host: '127.0.0.1', ...options });
    this.socket.setEncoding('latin1').on('data', (text: string) => { this.heard += text; }).on('error', () => undefined).on('close', () => { this.closed = true; });
    t.after(() => this.socket.destroy());
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  hears(what: string | RegExp): Promise<void> {
    return until(() => (typeof what === 'string' ? this.heard.includes(what) : what.test(this.heard)), `hearing ${what} in ${JSON.stringify(this.heard)}`);
  }
}

const head = (key: TestKey, line: string, ...fields: string[]): string => [`${line} HTTP/1.1`, 'Host: a', `X-API-Key: ${key.key}`, ...fields, '', ''].join('\r\n');
const bodiesOf = (heard: string): string[] => heard.match(/\[[^\]]*\]/g) ?? [];

test('requests behind one another are answered in their order, in one piece, octet by octet, and with anything between', async (t) => {
  const { gateway, key } = await setUp(t, echo);
  const requests = [
    head(key, 'POST /atlas/v1/items/1', 'Content-Length: 3') + 'abc',
    head(key, 'GET /atlas/v1/items/2'),
    '\r\n' + head(key, 'POST /atlas/v1/items/3', 'Transfer-Encoding: chunked') + '2\r\nde\r\n1;x=y\r\nf\r\n0\r\n\r\n',
    head(key, 'POST /atlas/v1/items/4', 'Content-Length: 0'),
    head(key, 'GET /atlas/v1/items/5', 'Connection: close'),
  ].join('');
  const expected = ['[POST /items/1 abc]', '[GET /items/2 ]', '[POST /items/3 def]', '[POST /items/4 ]', '[GET /items/5 ]'];
  assert.deepEqual(bodiesOf(await rawExchange(gateway.port, requests)), expected);
  for (const size of [1, 7, 100]) {
    const caller = new Caller(t, gateway.port);
    caller.socket.setNoDelay(true);
    for (let at = 0; at < requests.length; at += size) {
      caller.say(requests.slice(at, at + size));
      if (at % 50 < size) await new Promise(setImmediate);
    }
    await until(() => caller.closed, 'the last answer closes');
    assert.deepEqual(bodiesOf(caller.heard), expected, `pieces of ${size}`);
  }
});

test('requests that wait are bounded, and all are answered', async (t) => {
  const { gateway, key } = await setUp(t, echo);
  const caller = new Caller(t, gateway.port);
  const request = head(key, 'GET /atlas/v1/items/1', `X-Padding: ${'x'.repeat(4_000)}`);
  caller.say(request.repeat(300));
  await until(() => bodiesOf(caller.heard).length === 300, 'all are answered');
});

test('a client that asks and asks without taking its answers has to wait', async (t) => {
  const { gateway } = await setUp(t, echo);
  let served = 0;
  const count = 40_000;
  gateway.gateway.strangers.add = () => { served++; };
  const caller = connect({ port: gateway.port, host: '127.0.0.1' });
  t.after(() => caller.destroy());
  caller.pause();
  caller.write('GET /atlas/v1/echo HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count));
  let before = -1;
  await until(() => {
    const still = served > 0 && served === before;
    before = served;
    return still;
  }, 'the gateway waits');
  assert.ok(served < count / 2, `${served} calls were answered that nobody heard of`);
  let heard = 0;
  caller.setEncoding('latin1').on('data', (text: string) => { heard += text.split('HTTP/1.1 401').length - 1; }).resume();
  await until(() => heard > count - 100 && served === count, 'all are answered');
});

test('HTTP/1.0 keeps the connection only when it asks to and the answer has a length', async (t) => {
  const { gateway, key } = await setUp(t, (incoming, response) => {
    if (incoming.url === '/items/sized') response.setHeader('Content-Length', 2);
    response.write('o');
    response.end('k');
  });
  const ask = (path: string, ...fields: string[]): string => [`GET /atlas/v1/items/${path} HTTP/1.0`, `X-API-Key: ${key.key}`, ...fields, '', ''].join('\r\n');
  const kept = await rawExchange(gateway.port, ask('sized', 'Connection: keep-alive') + ask('sized'));
  assert.deepEqual(kept.match(/Connection: [\w-]+/g), ['Connection: keep-alive', 'Connection: close']);
  const ended = await rawExchange(gateway.port, ask('streamed', 'Connection: keep-alive') + ask('sized'));
  assert.deepEqual(ended.match(/Connection: [\w-]+/g), ['Connection: close']);
});

test('a client that has said all it will say gets its answers', async (t) => {
  const { gateway, key } = await setUp(t, (incoming, response) => setTimeout(() => response.end(`[${incoming.url}]`), 30));
  const caller = new Caller(t, gateway.port, { allowHalfOpen: true });
  caller.socket.end(head(key, 'GET /atlas/v1/items/1') + head(key, 'GET /atlas/v1/items/2'));
  await until(() => caller.closed, 'closed');
  assert.deepEqual(bodiesOf(caller.heard), ['[/items/1]', '[/items/2]']);
  const halfway = new Caller(t, gateway.port, { allowHalfOpen: true });
  halfway.socket.end(head(key, 'POST /atlas/v1/echo', 'Content-Length: 10') + 'abc');
  await until(() => halfway.closed, 'closed');
  assert.match(halfway.heard, /^HTTP\/1\.1 400 [\s\S]*The connection ended before the body did/);
});

test('an answer to a client that has said all goes on as long as it flows, and is given up once it does not', async (t) => {
  const { gateway, key } = await setUp(t, (incoming, response) => {
    let left = incoming.url === '/items/flows' ? 12 : 1;
    const more = (): void => {
      response.write('[x]');
      if (--left > 0) setTimeout(more, 50);
      else if (incoming.url === '/items/flows') response.end();
    };
    more();
  }, { halfClosedMs: 200 });
  const flowing = new Caller(t, gateway.port, { allowHalfOpen: true });
  flowing.socket.end(head(key, 'GET /atlas/v1/items/flows'));
  await until(() => flowing.closed, 'closed');
  assert.equal(bodiesOf(flowing.heard).length, 12);
  assert.ok(flowing.heard.endsWith('\r\n0\r\n\r\n'), flowing.heard);
  const silent = new Caller(t, gateway.port, { allowHalfOpen: true });
  silent.socket.end(head(key, 'GET /atlas/v1/items/stops'));
  await until(() => silent.closed, 'given up');
  assert.ok(!silent.heard.endsWith('0\r\n\r\n'));
});

test('a refused body that has arrived leaves the connection usable, one that has not ends it in peace', async (t) => {
  const { gateway, key } = await setUp(t, echo);
  const stranger = 'POST /atlas/v1/echo HTTP/1.1\r\nHost: a\r\n';
  const answers = await rawExchange(gateway.port, `${stranger}Content-Length: 5\r\n\r\nhello${stranger}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n${head(key, 'GET /atlas/v1/items/1', 'Connection: close')}`);
  assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 401', 'HTTP/1.1 401', 'HTTP/1.1 200']);
  const caller = new Caller(t, gateway.port);
  caller.say(`${stranger}Content-Length: 400000\r\n\r\n`);
  for (let i = 0; i < 40; i++) caller.say('x'.repeat(10_000));
  await until(() => caller.closed, 'closed');
  assert.match(caller.heard, /^HTTP\/1\.1 401 [\s\S]*Connection: close[\s\S]*\}\n$/);
});

test('a body whose framing breaks is refused in words, wherever it breaks', async (t) => {
  const { gateway, key } = await setUp(t, echo);
  const begin = head(key, 'POST /atlas/v1/echo', 'Transfer-Encoding: chunked');
  const atOnce = await rawExchange(gateway.port, `${begin}1\r\nab\r\n`);
  assert.match(atOnce, /^HTTP\/1\.1 400 [\s\S]*chunked body could not be read: \\"b\\" stands where a chunk must end/);
  const caller = new Caller(t, gateway.port);
  caller.say(`${begin}1\r\na\r\n`);
  await until(() => gateway.gateway.reservations.inFlight === 1, 'in flight');
  caller.say(`zz\r\n${head(key, 'GET /atlas/v1/echo')}`);
  await until(() => caller.closed, 'closed');
  assert.match(caller.heard, /^HTTP\/1\.1 400 [\s\S]*\\"z\\" stands where a chunk size must begin/);
  assert.equal(caller.heard.match(/HTTP\/1\.1/g)?.length, 1);
  // The rest comes while the connection to the upstream is still being made.
  for (const end of ['zz\r\n', null]) {
    const early = connect(gateway.port, '127.0.0.1');
    early.setNoDelay(true).on('error', () => undefined);
    early.write(`${begin}1\r\n`);
    await until(() => gateway.gateway.reservations.inFlight === 1, 'in flight');
    if (end === null) early.destroy();
    else early.write(end);
    await until(() => gateway.gateway.reservations.inFlight === 0, 'given up');
    early.destroy();
  }
});

for (const [name, said, times, expected] of [
  ['a head that does not end', 'GET /atlas/v1/echo HTTP/1.1\r\nHost:', { headMs: 40 }, /^HTTP\/1\.1 400 [\s\S]*The request head did not arrive within 0\.04 s/],
  ['a body that stops', 'BODY', { bodyStallMs: 40 }, /^HTTP\/1\.1 400 [\s\S]*The body stopped arriving for 0\.04 s/],
  ['a connection that says nothing', '', { keepAliveMs: 40 }, /^$/],
  ['a connection that says nothing more', 'GET', { keepAliveMs: 40 }, /^HTTP\/1\.1 200 [\s\S]*\[GET \/echo \]$/],
  ['a connection that sends empty lines', '\r\n', { headMs: 40 }, /^$/],
] as const) {
  test(`${name} is given up`, async (t) => {
    const { gateway, key } = await setUp(t, echo, times);
    const caller = new Caller(t, gateway.port);
    caller.say(said === 'GET' ? head(key, 'GET /atlas/v1/echo') : said === 'BODY' ? `${head(key, 'POST /atlas/v1/echo', 'Content-Length: 9')}abc` : said);
    await until(() => caller.closed, 'closed');
    assert.match(caller.heard, expected);
  });
}

test('a body that keeps flowing may take its time', async (t) => {
  const { gateway, key } = await setUp(t, echo, { bodyStallMs: 400 });
  const caller = new Caller(t, gateway.port);
  caller.say(head(key, 'POST /atlas/v1/echo', 'Content-Length: 16'));
  for (let i = 0; i < 16; i++) {
    caller.say('x');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await caller.hears('[POST /echo xxxxxxxxxxxxxxxx]');
});

test('a client that takes nothing of its answer is given up, one that takes it slowly is not', async (t) => {
  const bytes = 64 * 1024 * 1024;
  const { gateway, key } = await setUp(t, (_incoming, response) => response.end(Buffer.alloc(bytes)), { writeStallMs: 300, lingerMs: 50 });
  const idle = connect(gateway.port, '127.0.0.1');
  let cut = false;
  idle.on('error', () => undefined).on('close', () => { cut = true; });
  idle.write(head(key, 'GET /atlas/v1/echo'));
  const slow = connect(gateway.port, '127.0.0.1');
  let taken = 0;
  slow.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    slow.pause();
    setTimeout(() => slow.resume(), 1);
  });
  slow.write(head(key, 'GET /atlas/v1/echo', 'Connection: close'));
  await until(() => gateway.spool.requests.length > 0 || taken > bytes, 'the idle one is recorded');
  idle.resume();
  await until(() => cut, 'the idle one is cut');
  slow.removeAllListeners('data').on('data', (chunk: Buffer) => { taken += chunk.length; }).resume();
  await once(slow, 'close');
  assert.ok(taken > bytes, `${taken} bytes came`);
});

test('what a client sends behind an upgrade reaches the other side, a refused upgrade ends the connection', async (t) => {
  const { gateway, key } = await setUp(t, (_incoming, response) => response.end('no'));
  const answer = await rawExchange(gateway.port, `${head(key, 'GET /atlas/v1/echo', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13')}GET / HTTP/1.1\r\n\r\n`);
  assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*Connection: close/);
  const withBody = await rawExchange(gateway.port, `${head(key, 'GET /atlas/v1/echo', 'Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 3')}abc`);
  assert.match(withBody, /^HTTP\/1\.1 400 [\s\S]*A WebSocket handshake has no body/);
});

test('TLS and HTTP/2 are told where they are', async (t) => {
  const { gateway } = await setUp(t, echo);
  assert.match(await rawExchange(gateway.port, Buffer.from([0x16, 3, 1, 2, 0, 1, 0])), /^HTTP\/1\.1 400 [\s\S]*Write http:\/\/ in place of https/);
  assert.match(await rawExchange(gateway.port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*speaks HTTP\/1\.1/);
});

test('a drain answers what is under way, tells that nothing follows, and lets idle connections go', async (t) => {
  let release = (): void => undefined;
  const { gateway, key } = await setUp(t, (incoming, response) => {
    if (incoming.url === '/items/slow') release = () => response.end('[late]');
    else response.end('[soon]');
  });
  const [idle, slow, halfway] = [new Caller(t, gateway.port), new Caller(t, gateway.port), new Caller(t, gateway.port)];
  idle.say(head(key, 'GET /atlas/v1/echo'));
  await idle.hears('[soon]');
  slow.say(head(key, 'GET /atlas/v1/items/slow'));
  const request = head(key, 'GET /atlas/v1/echo');
  halfway.say(request.slice(0, 20));
  await until(() => release.length === 0 && gateway.gateway.reservations.inFlight === 1, 'upstream reached');
  const crossing = new Caller(t, gateway.port);
  await once(crossing.socket, 'connect');
  crossing.say(request);
  const closed = gateway.server.close(4_000);
  halfway.say(request.slice(20));
  await halfway.hears('[soon]');
  await until(() => idle.closed, 'the idle one is closed');
  release();
  await closed;
  assert.match(slow.heard, /Connection: close\r\n[\s\S]*\[late\]/);
  assert.match(halfway.heard, /Connection: close\r\n[\s\S]*\[soon\]/);
  assert.match(crossing.heard, /Connection: close\r\n[\s\S]*\[soon\]/);
});
