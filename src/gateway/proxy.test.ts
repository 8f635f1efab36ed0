// The gateway as an HTTP proxy (RFC 9110, RFC 9112), against real servers on real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { addressOf, openTestGateway, openUpstream, product, rawExchange, snapshot, testKey, until, version, operation, type TestGateway, type TestKey } from './gateway.testkit.ts';
import type { SnapshotProduct } from '../snapshot/snapshot.ts';

interface Setup { gateway: TestGateway; key: TestKey; seen: IncomingMessage[] }

async function setUp(t: TestContext, listener: RequestListener, more: Partial<SnapshotProduct> = {}, options: { trustedProxies?: string[] } = {}): Promise<Setup> {
  const seen: IncomingMessage[] = [];
  const upstream = await openUpstream((incoming, response) => {
    seen.push(incoming);
    listener(incoming, response);
  });
  upstream.server.on('checkContinue', (incoming, response) => {
    seen.push(incoming);
    listener(incoming, response);
  });
  const key = testKey();
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, more)]), keys: [key], ...options });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { gateway, key, seen };
}

/** An upstream that speaks octets. */
async function setUpRaw(t: TestContext, onRequest: (socket: Socket, head: string) => void, more: Partial<SnapshotProduct> = {}): Promise<Omit<Setup, 'seen'>> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => onRequest(socket, chunk.toString('latin1')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const key = testKey();
  const gateway = await openTestGateway({ snapshot: snapshot([product(addressOf(server), more)]), keys: [key] });
  t.after(async () => {
    await gateway.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { gateway, key };
}

const head = (key: TestKey, line: string, ...fields: string[]): string => [`${line} HTTP/1.1`, 'Host: gateway.test', `Authorization: Bearer ${key.key}`, ...fields, '', ''].join('\r\n');

test('fields of the connection stay on their side, in both directions', async (t) => {
  const { gateway, key, seen } = await setUp(t, (_incoming, response) => {
    response.writeHead(200, ['Connection', 'close, X-Internal', 'X-Internal', 'secret', 'Keep-Alive', 'timeout=9', 'Proxy-Authenticate', 'Basic', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Request-Id', 'theirs', 'Content-Length', '2']);
    response.end('ok');
  });
  const answer = await rawExchange(gateway.port, head(key, 'GET /atlas/v1/echo', 'Connection: close, X-Drop', 'X-Drop: 1', 'Keep-Alive: timeout=5', 'TE: trailers, gzip', 'Proxy-Authorization: Basic x', 'X-Keep: yes', 'x-twice: 1', 'x-twice: 2', 'X-API-Key: not-for-you', 'Via: 1.0 cache'));
  const fields = seen[0]!.headers;
  for (const name of ['x-drop', 'proxy-authorization', 'authorization', 'x-api-key', 'expect']) assert.equal(fields[name], undefined, name);
  assert.equal(fields['x-keep'], 'yes');
  assert.equal(fields['x-twice'], '1, 2');
  assert.equal(fields['te'], 'trailers');
  assert.equal(fields['via'], '1.0 cache, 1.1 portico');
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  for (const name of ['X-Internal', 'secret', 'Proxy-Authenticate', 'timeout=9', 'theirs']) assert.ok(!answer.includes(name), name);
  assert.ok(answer.includes('Set-Cookie: a=1\r\nSet-Cookie: b=2'));
  assert.match(answer, /Via: 1\.1 portico\r\n/);
  assert.match(answer, /X-Request-Id: req_/);
  assert.ok(answer.endsWith('\r\n\r\nok'));
});

test('Host is the upstream’s, and X-Forwarded-* tell what the gateway itself saw', async (t) => {
  const { gateway, key, seen } = await setUp(t, (_incoming, response) => response.end());
  await rawExchange(gateway.port, head(key, 'GET /atlas/v1/echo', 'Connection: close', 'X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Proto: https', 'X-Real-IP: 6.6.6.6', 'Forwarded: for=6.6.6.6'));
  const fields = seen[0]!.headers;
  assert.match(fields['host']!, /^127\.0\.0\.1:\d+$/);
  assert.deepEqual([fields['x-forwarded-for'], fields['x-forwarded-proto'], fields['x-forwarded-host'], fields['x-real-ip'], fields['forwarded']], ['127.0.0.1', 'http', 'gateway.test', undefined, undefined]);
  assert.match(fields['x-request-id'] as string, /^req_/);
});

test('a trusted proxy is believed', async (t) => {
  const { gateway, key, seen } = await setUp(t, (_incoming, response) => response.end(), {}, { trustedProxies: ['127.0.0.0/8'] });
  await rawExchange(gateway.port, head(key, 'GET /atlas/v1/echo', 'Connection: close', 'X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: api.example.com'));
  const fields = seen[0]!.headers;
  assert.deepEqual([fields['x-forwarded-for'], fields['x-forwarded-proto'], fields['x-forwarded-host']], ['203.0.113.7, 127.0.0.1', 'https', 'api.example.com']);
});

test('path and query travel byte for byte', async (t) => {
  const { gateway, key, seen } = await setUp(t, (_incoming, response) => response.end());
  for (const rest of ['/items/a%2Fb', '/items/%E4%BD%A0', '/items/a+b;c=1,d@e:f', '/items/x?q=%20+a&&b=[1]&c=%2F..%2F', '/items/%ff', '/items/...', '/echo?']) {
    await rawExchange(gateway.port, head(key, `GET /atlas/v1${rest}`, 'Connection: close'));
    assert.equal(seen.at(-1)!.url, rest);
  }
});

test('HEAD, 204 and 304 have no body and keep their fields', async (t) => {
  const { gateway, key } = await setUp(t, (incoming, response) => {
    if (incoming.method === 'HEAD') response.writeHead(200, { 'Content-Length': 123 });
    else if (incoming.url!.endsWith('204')) response.writeHead(204);
    else response.writeHead(304, { ETag: '"x"' });
    response.end();
  });
  const answers = await rawExchange(gateway.port, head(key, 'HEAD /atlas/v1/items/1') + head(key, 'GET /atlas/v1/items/204') + head(key, 'GET /atlas/v1/items/304', 'Connection: close'));
  assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304']);
  assert.match(answers, /Content-Length: 123\r\n/);
  assert.match(answers, /ETag: "x"/);
  assert.deepEqual(gateway.spool.requests.map((event) => [event.method, event.status, event.responseBytes]), [['HEAD', 200, 0], ['GET', 204, 0], ['GET', 304, 0]]);
});

test('an expectation is answered by the upstream: 100 lets the body flow, a final answer does without it', async (t) => {
  const { gateway, key, seen } = await setUp(t, (incoming, response) => {
    if (incoming.url!.endsWith('no')) {
      response.writeHead(417, { 'Content-Length': 0 });
      response.end();
      return;
    }
    response.writeContinue();
    let body = '';
    incoming.on('data', (chunk) => { body += chunk; }).on('end', () => response.end(`got ${body}`));
  });
  const socket = connect(gateway.port, '127.0.0.1');
  socket.setEncoding('latin1');
  let heard = '';
  socket.on('data', (text: string) => { heard += text; });
  socket.write(head(key, 'POST /atlas/v1/items/yes', 'Content-Length: 5', 'Expect: 100-continue'));
  await until(() => heard.startsWith('HTTP/1.1 100 Continue\r\n\r\n'), '100 Continue');
  assert.equal(seen.length, 1);
  socket.write('hello');
  await until(() => heard.includes('got hello'), 'the answer');
  socket.destroy();
  const refused = await rawExchange(gateway.port, head(key, 'POST /atlas/v1/items/no', 'Content-Length: 5', 'Expect: 100-continue'));
  assert.match(refused, /^HTTP\/1\.1 417 /);
  assert.equal(gateway.spool.requests.at(-1)!.requestBytes, 0);
  const unauthorized = await rawExchange(gateway.port, 'POST /atlas/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
  assert.match(unauthorized, /^HTTP\/1\.1 401 /);
});

test('trailers pass both ways', async (t) => {
  const { gateway, key, seen } = await setUp(t, (incoming, response) => {
    incoming.resume().on('end', () => {
      response.writeHead(200, { Trailer: 'X-Checksum' });
      response.write('part');
      response.addTrailers({ 'X-Checksum': 'abc' });
      response.end();
    });
  });
  const answer = await rawExchange(gateway.port, `${head(key, 'POST /atlas/v1/echo', 'Connection: close', 'Transfer-Encoding: chunked', 'Trailer: X-Sum')}3\r\nabc\r\n0\r\nX-Sum: 42\r\nAuthorization: evil\r\n\r\n`);
  assert.deepEqual(seen[0]!.trailers, { 'x-sum': '42' });
  assert.match(answer, /\r\n4\r\npart\r\n0\r\nX-Checksum: abc\r\n\r\n$/i);
});

test('events stream through at once, the record of a long stream is written at its head and completed at its end', async (t) => {
  let finish = (): void => undefined;
  const { gateway, key } = await setUp(t, (_incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: 1\n\n');
    finish = () => response.end('data: 2\n\n');
  });
  const outgoing = request(`${gateway.url}/atlas/v1/echo`, { headers: { 'X-API-Key': key.key } });
  outgoing.end();
  const [response] = await once(outgoing, 'response') as [IncomingMessage];
  const [first] = await once(response, 'data') as [Buffer];
  assert.equal(first.toString(), 'data: 1\n\n');
  assert.equal(gateway.spool.records.length, 0);
  await until(() => gateway.spool.records.length === 1, 'the record at the head');
  const [open] = gateway.spool.requests;
  assert.deepEqual([open!.open, open!.responseBytes, open!.status], [true, 0, 200]);
  finish();
  response.resume();
  await once(response, 'end');
  const completion = gateway.spool.records[1]!;
  assert.ok(completion.kind === 'completion' && completion.id === open!.id && completion.responseBytes === 18 && completion.metered);
});

for (const [name, path, method, partial] of [
  ['the last octets of a body of known length wait', '/items/sized', 'GET', /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n1234$/],
  ['the terminator of a stream waits', '/items/chunked', 'GET', /\r\n5\r\n12345\r\n$/],
  ['the head of an answer without a body waits', '/items/none', 'GET', /^$/],
  ['the head of an answer to HEAD waits', '/items/sized', 'HEAD', /^$/],
] as const) {
  test(`${name} until the record is written`, async (t) => {
    const { gateway, key } = await setUp(t, (incoming, response) => {
      if (incoming.url === '/items/none') response.writeHead(204);
      if (incoming.url === '/items/sized') response.writeHead(200, { 'Content-Length': 5 });
      if (incoming.method === 'HEAD' || incoming.url === '/items/none') {
        response.end();
        return;
      }
      response.write(incoming.url === '/items/sized' ? '1234' : '12345');
      setTimeout(() => response.end(incoming.url === '/items/sized' ? '5' : undefined), 20);
    });
    gateway.spool.waiting = [];
    let received = '';
    const socket = connect(gateway.port, '127.0.0.1');
    socket.setEncoding('latin1').on('data', (text: string) => { received += text; });
    socket.write(head(key, `${method} /atlas/v1${path}`, 'Connection: close'));
    await until(() => gateway.spool.waiting!.length === 1, 'the record is on its way');
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.match(received, partial);
    gateway.spool.waiting[0]!();
    await once(socket, 'close');
    assert.match(received, method === 'HEAD' ? /^HTTP\/1\.1 200 / : path === '/items/sized' ? /12345$/ : path === '/items/chunked' ? /0\r\n\r\n$/ : /^HTTP\/1\.1 204 /);
  });
}

test('a large upload streams with back-pressure and flat memory', async (t) => {
  const bytes = 200 * 1024 * 1024;
  let received = 0;
  const { gateway, key } = await setUp(t, (incoming, response) => {
    incoming.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received < 1024 * 1024) {
        incoming.pause();
        setTimeout(() => incoming.resume(), 5);
      }
    });
    incoming.on('end', () => response.end('done'));
  }, { bodyBytesMax: bytes });
  const before = process.memoryUsage().rss;
  let peak = 0;
  const outgoing = request(`${gateway.url}/atlas/v1/echo`, { method: 'PUT', headers: { authorization: `Bearer ${key.key}`, 'content-length': bytes } });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (!outgoing.write(chunk)) await once(outgoing, 'drain');
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  outgoing.end();
  const [response] = await answered;
  response.resume();
  await once(response, 'end');
  assert.equal(received, bytes);
  assert.equal(gateway.spool.requests[0]!.requestBytes, bytes);
  assert.ok(peak - before < 120 * 1024 * 1024, `memory grew by ${Math.round((peak - before) / 1048576)} MiB`);
});

test('a slow reader slows the upstream down', async (t) => {
  let written = 0;
  const { gateway, key } = await setUp(t, (_incoming, response) => {
    const chunk = Buffer.alloc(256 * 1024);
    const more = (): void => {
      while (written < 200 * 1024 * 1024) {
        written += chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write(head(key, 'GET /atlas/v1/echo'));
  await once(socket, 'readable');
  let last = -1;
  await until(() => {
    const still = last === written;
    last = written;
    return still;
  }, 'the upstream waits');
  assert.ok(written < 64 * 1024 * 1024, `the upstream wrote ${written} bytes for a client that reads none`);
  socket.destroy();
});

test('a client that leaves takes its upstream call along', async (t) => {
  let closed = 0;
  const { gateway, key } = await setUp(t, (incoming, response) => {
    response.on('close', () => { closed++; });
    if (incoming.url === '/items/begun') response.write('begun');
  });
  for (const path of ['/items/silent', '/items/begun']) {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(head(key, `GET /atlas/v1${path}`));
    if (path === '/items/begun') await once(socket, 'data');
    else await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    const before = closed;
    await until(() => closed > before, 'the upstream sees it');
  }
  await until(() => gateway.spool.requests.length === 2, 'both are recorded');
  assert.deepEqual(gateway.spool.requests.map((event) => [event.status, event.upstreamStatus]), [[499, null], [200, 200]]);
  assert.equal(gateway.gateway.reservations.inFlight, 0);
});

for (const [name, answer, code] of [
  ['closes without a word', null, 'upstream_unreachable'],
  ['speaks no HTTP', 'hello there\r\n\r\n', 'upstream_invalid'],
  ['has two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'upstream_invalid'],
] as const) {
  test(`an upstream that ${name} gives 502`, async (t) => {
    const { gateway, key } = await setUpRaw(t, (socket) => (answer === null ? socket.destroy() : socket.end(answer)));
    const response = await fetch(`${gateway.url}/atlas/v1/echo`, { method: 'POST', body: 'x', headers: { 'x-api-key': key.key } });
    assert.deepEqual([response.status, (await response.json() as { code: string }).code], [502, code]);
    assert.deepEqual(gateway.spool.requests.map((event) => [event.status, event.code, event.upstreamStatus]), [[502, code, null]]);
  });
}

test('an upstream that closes halfway breaks the answer, so that it cannot look complete, and is not counted', async (t) => {
  for (const framing of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
    const { gateway, key } = await setUpRaw(t, (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${framing.startsWith('T') ? '4\r\nhalf\r\n' : 'half'}`);
      setTimeout(() => socket.destroy(), 30);
    });
    const response = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { 'x-api-key': key.key } });
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
    await until(() => gateway.spool.requests.length === 1, 'recorded');
    assert.equal(gateway.gateway.reservations.inFlight, 0);
    assert.deepEqual(gateway.spool.requests.map((event) => [event.status, event.code, event.upstreamStatus]), [[502, gateway.spool.requests[0]!.code, null]]);
  }
});

test('nobody at the upstream’s port gives 502, a silent one 504', async (t) => {
  const { gateway, key } = await setUpRaw(t, () => undefined, { headTimeoutMs: 100 });
  const silent = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { 'x-api-key': key.key } });
  assert.deepEqual([silent.status, (await silent.json() as { code: string }).code], [504, 'upstream_timeout']);
  gateway.publish(snapshot([product('http://127.0.0.1:1')]));
  const nobody = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { 'x-api-key': key.key } });
  assert.deepEqual([nobody.status, (await nobody.json() as { code: string }).code], [502, 'upstream_unreachable']);
});

test('a kept connection that the upstream closed is replaced without the client noticing, for what may be repeated', async (t) => {
  let calls = 0;
  const { gateway, key } = await setUpRaw(t, (socket) => {
    calls++;
    // The second request on a connection finds it closed.
    if (calls === 2) socket.destroy();
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  for (let i = 0; i < 2; i++) assert.equal(await (await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { 'x-api-key': key.key } })).text(), 'ok');
  assert.equal(calls, 3);
});

test('upstream errors pass untouched, early answers and interim ones arrive', async (t) => {
  const { gateway, key } = await setUp(t, (incoming, response) => {
    if (incoming.url === '/items/early') {
      response.writeHead(403, { 'Content-Length': 4 });
      response.end('no!\n');
      return;
    }
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.writeHead(503, 'Closed For Lunch', { 'Content-Type': 'text/plain', 'Retry-After': '9' });
    response.end('later');
  });
  const hinted = await rawExchange(gateway.port, head(key, 'GET /atlas/v1/echo', 'Connection: close'));
  assert.match(hinted, /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 503 Closed For Lunch\r\n/);
  assert.match(hinted, /Retry-After: 9\r\n/);
  const early = await rawExchange(gateway.port, `${head(key, 'POST /atlas/v1/items/early', 'Content-Length: 1000000', 'Connection: close')}partial`);
  assert.match(early, /^HTTP\/1\.1 403 [\s\S]*no!\n$/);
});

test('a body beyond the product’s maximum is refused by its length, and cut off when it has none', async (t) => {
  const { gateway, key } = await setUp(t, (incoming, response) => { incoming.resume().on('end', () => response.end()); }, { bodyBytesMax: 10 });
  const announced = await rawExchange(gateway.port, `${head(key, 'POST /atlas/v1/echo', 'Content-Length: 11', 'Connection: close')}12345678901`);
  assert.match(announced, /^HTTP\/1\.1 413 [\s\S]*"code": "body_too_large"/);
  const chunked = await rawExchange(gateway.port, `${head(key, 'POST /atlas/v1/echo', 'Transfer-Encoding: chunked', 'Connection: close')}b\r\n12345678901\r\n0\r\n\r\n`);
  assert.match(chunked, /^HTTP\/1\.1 413 [\s\S]*"code": "body_too_large"/);
  const fitting = await rawExchange(gateway.port, `${head(key, 'POST /atlas/v1/echo', 'Content-Length: 10', 'Connection: close')}1234567890`);
  assert.match(fitting, /^HTTP\/1\.1 200 /);
});

test('an HTTP/1.0 client gets a body that ends with the connection', async (t) => {
  const { gateway, key } = await setUp(t, (_incoming, response) => {
    response.write('a');
    response.end('b');
  });
  const answer = await rawExchange(gateway.port, `GET /atlas/v1/echo HTTP/1.0\r\nX-API-Key: ${key.key}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assert.ok(!/transfer-encoding/i.test(answer) && answer.endsWith('\r\n\r\nab'));
});

test('an address with a prefix and a version with an upstream of its own', async (t) => {
  const { gateway, key, seen } = await setUp(t, (_incoming, response) => response.end());
  const own = await openUpstream((incoming, response) => response.end(incoming.url));
  t.after(() => own.close());
  const versions = [version('v1', [operation('GET', '/')]), version('v2', [operation('GET', '/echo')], { upstream: `${own.url}/two/` })];
  gateway.publish(snapshot([product(gateway.gateway.routes.snapshot.products[0]!.upstream, { versions })]));
  const echoed = async (): Promise<string> => (await fetch(`${gateway.url}/atlas/v2/echo`, { headers: { 'x-api-key': key.key } })).text();
  assert.equal(await echoed(), '/two/echo');
  versions[1]!.upstream = ['http://127.0.0.1:1/none', `${own.url}/three`];
  gateway.publish(snapshot([product(gateway.gateway.routes.snapshot.products[0]!.upstream, { versions })]));
  assert.deepEqual([await echoed(), await echoed()], ['/three/echo', '/three/echo']);
  assert.equal((await fetch(`${gateway.url}/atlas/v1/`, { headers: { 'x-api-key': key.key } })).status, 200);
  assert.equal(seen[0]!.url, '/');
});
