// TLS towards clients, with HTTP/1.1 and HTTP/2 behind it, against Node's own clients.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { test, type TestContext } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { makeAuthority } from './certificates.testkit.ts';
import { openTestGateway, openUpstream, product, rawExchange, snapshot, testKey, until, type TestGateway, type TestKey } from './gateway.testkit.ts';
import type { ConnectionTimes } from './http1/connections.ts';
import type { SnapshotProduct } from '../snapshot/snapshot.ts';

const authority = makeAuthority('Test authority');
const identity = authority.issue(['localhost', '127.0.0.1']);

interface Setup { gateway: TestGateway; key: TestKey; http2(): ClientHttp2Session; http1(): Promise<TLSSocket> }

async function setUp(t: TestContext, listener: RequestListener, more: Partial<SnapshotProduct> = {}, times: Partial<ConnectionTimes> = {}): Promise<Setup> {
  const upstream = await openUpstream(listener);
  const key = testKey();
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, more)]), keys: [key], tls: identity, times });
  const opened: { destroy(): void }[] = [];
  t.after(async () => {
    for (const one of opened) one.destroy();
    await gateway.close();
    await upstream.close();
  });
  return {
    gateway, key,
    http2: () => {
      const session = connectHttp2(`https://localhost:${gateway.port}`, { ca: authority.cert });
      session.on('error', () => undefined);
      opened.push(session);
      return session;
    },
    http1: async () => {
      const socket = connect({ port: gateway.port, host: '127.0.0.1', servername: 'localhost', ca: authority.cert, ALPNProtocols: ['http/1.1'] });
      socket.setEncoding('latin1').on('error', () => undefined);
      opened.push(socket);
      await once(socket, 'secureConnect');
      return socket;
    },
  };
}

const echo: RequestListener = (incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    response.setHeader('X-Seen', JSON.stringify({ ...incoming.headers, trailers: incoming.trailers }));
    response.end(`[${incoming.method} ${incoming.url} ${Buffer.concat(chunks).toString('latin1')}]`);
  });
};

interface Heard { headers: IncomingHttpHeaders; trailers: IncomingHttpHeaders; body: string; information: number[]; code: number }

async function hear(stream: ClientHttp2Stream): Promise<Heard> {
  const heard: Heard = { headers: {}, trailers: {}, body: '', information: [], code: 0 };
  stream.on('response', (headers) => { heard.headers = headers; }).on('trailers', (trailers) => { heard.trailers = trailers; })
    .on('headers', (headers) => heard.information.push(Number(headers[':status']))).on('error', () => undefined)
    .setEncoding('latin1').on('data', (text: string) => { heard.body += text; });
  // A client that was told to keep the rest of its body may leave the stream open: the end of the answer is enough.
  await new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
  heard.code = stream.rstCode ?? 0;
  return heard;
}

function ask(session: ClientHttp2Session, key: TestKey, path: string, headers: OutgoingHttpHeaders = {}, body?: string | Buffer): Promise<Heard> {
  const stream = session.request({ ':path': `/atlas/v1${path}`, 'x-api-key': key.key, ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return hear(stream);
}

test('HTTP/1.1 by TLS is the same as without, and the upstream is told of it', async (t) => {
  const { gateway, key, http1 } = await setUp(t, echo);
  const socket = await http1();
  assert.equal(socket.alpnProtocol, 'http/1.1');
  let heard = '';
  socket.on('data', (text: string) => { heard += text; });
  const fields = `Host: localhost\r\nX-API-Key: ${key.key}\r\n`;
  socket.write(`POST /atlas/v1/echo HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /atlas/v1/echo HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`);
  await once(socket, 'close');
  assert.deepEqual(heard.match(/\[[A-Z][^\]]*\]/g), ['[POST /echo abc]', '[GET /echo ]']);
  assert.match(heard, /"x-forwarded-proto":"https"/);
  assert.equal(gateway.spool.requests.length, 2);
});

test('who speaks plainly to TLS, or an old TLS, is cut off', async (t) => {
  const { gateway } = await setUp(t, echo);
  assert.ok(!(await rawExchange(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).includes('HTTP/1.1 200'));
  const old = connect({ port: gateway.port, host: '127.0.0.1', ca: authority.cert, servername: 'localhost', maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
  await assert.rejects(once(old, 'secureConnect'));
});

test('a renewed certificate is shown to new connections, and those that stand go on', async (t) => {
  const { gateway, key, http1, http2 } = await setUp(t, echo);
  const session = http2();
  assert.equal((await ask(session, key, '/echo')).headers[':status'], 200);
  const before = (await http1()).getPeerCertificate().fingerprint256;
  gateway.server.renew(authority.issue(['localhost', '127.0.0.1']));
  assert.notEqual((await http1()).getPeerCertificate().fingerprint256, before);
  assert.equal((await ask(session, key, '/echo')).headers[':status'], 200);
  assert.equal((await ask(http2(), key, '/echo')).headers[':status'], 200);
});

test('calls by HTTP/2 are forwarded, metered and answered, many at once', async (t) => {
  const { gateway, key, http2 } = await setUp(t, echo);
  const session = http2();
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(session, key, `/items/${i}`, i % 2 === 0 ? {} : { ':method': 'POST' }, i % 2 === 0 ? undefined : `body ${i}`)));
  for (const [i, { headers, body }] of answers.entries()) {
    assert.equal(headers[':status'], 200);
    assert.equal(body, i % 2 === 0 ? `[GET /items/${i} ]` : `[POST /items/${i} body ${i}]`);
    assert.match(String(headers['x-request-id']), /^req_/);
    assert.equal(headers['connection'], undefined);
  }
  assert.equal(gateway.spool.requests.length, 60);
  const { headers } = await ask(session, key, '/echo', { cookie: ['a=1', 'b=2'], te: 'trailers', 'x-twice': ['1', '2'] });
  const seen = JSON.parse(String(headers['x-seen'])) as Record<string, string>;
  assert.deepEqual([seen['cookie'], seen['te'], seen['x-twice'], seen['x-forwarded-proto'], seen['x-forwarded-host'], seen['via'], seen['x-api-key']], ['a=1; b=2', 'trailers', '1, 2', 'https', `localhost:${gateway.port}`, '2.0 portico', undefined]);
});

test('HEAD, no content, interim answers and trailers pass', async (t) => {
  const { key, http2 } = await setUp(t, (incoming, response) => {
    if (incoming.url === '/items/none') {
      response.writeHead(204);
      response.end();
      return;
    }
    incoming.resume().on('end', () => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      if (incoming.method === 'HEAD') {
        response.setHeader('Content-Length', 7);
        response.end();
        return;
      }
      response.writeHead(200, { 'Trailer': 'X-Sum', 'X-Got': JSON.stringify(incoming.trailers) });
      response.write('part');
      response.addTrailers({ 'X-Sum': '42' });
      response.end();
    });
  });
  const session = http2();
  assert.deepEqual([(await ask(session, key, '/items/none')).headers[':status'], (await ask(session, key, '/echo', { ':method': 'HEAD' })).headers['content-length']], [204, '7']);
  const stream = session.request({ ':method': 'POST', ':path': '/atlas/v1/echo', 'x-api-key': key.key, 'trailer': 'x-mine' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-mine': 'yes' }));
  stream.end('body');
  const { headers, trailers, body, information } = await hear(stream);
  assert.deepEqual([body, trailers['x-sum'], information, headers['x-got']], ['part', '42', [103], '{"x-mine":"yes"}']);
});

test('refusals by HTTP/2 say what is wrong, and the connection stays', async (t) => {
  const { gateway, key, http2 } = await setUp(t, echo, { bodyBytesMax: 10 }, { bodyStallMs: 100 });
  const session = http2();
  const stranger = { key: '', entry: key.entry };
  for (const [name, path, headers, body, status, said] of [
    ['no key', '/echo', {}, undefined, 401, /header is empty/],
    ['no key, with a body', '/echo', { ':method': 'POST' }, 'x'.repeat(200_000), 401, /header is empty/],
    ['a body that is too large', '/echo', { ':method': 'POST', 'x-api-key': key.key }, 'x'.repeat(11), 413, /most that this product accepts|went past 10 bytes/],
    ['another host', '/echo', { 'host': 'other.test', ':authority': 'localhost', 'x-api-key': key.key }, undefined, 400, /different hosts/],
    ['an octet beyond ASCII in the path', '/ech\xf6', { 'x-api-key': key.key }, undefined, 400, /which must be percent-encoded/],
    ['another expectation', '/echo', { 'expect': 'tea', 'x-api-key': key.key }, undefined, 400, /other than 100-continue/],
  ] as [string, string, OutgoingHttpHeaders, string | undefined, number, RegExp][]) {
    const answer = await ask(session, stranger, path, headers, body);
    assert.equal(answer.headers[':status'], status, `${name}: ${answer.body}`);
    assert.match(answer.body, said, name);
  }
  const stalled = session.request({ ':method': 'POST', ':path': '/atlas/v1/echo', 'x-api-key': key.key });
  stalled.write('x');
  const answer = await hear(stalled);
  assert.equal(answer.headers[':status'], 400);
  assert.match(answer.body, /stopped arriving for 0\.1 s/);
  assert.equal((await ask(session, key, '/echo')).headers[':status'], 200);
  assert.equal(gateway.gateway.reservations.inFlight, 0);
});

test('an expectation is answered, a client that leaves takes its call along, half an answer is no answer', async (t) => {
  let closed = 0;
  const { gateway, key, http2 } = await setUp(t, (incoming, response) => {
    response.on('close', () => { closed++; });
    if (incoming.url === '/items/half') {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half');
      setImmediate(() => incoming.socket.destroy());
    } else if (incoming.method === 'POST') echo(incoming, response);
  });
  const session = http2();
  const waiting = session.request({ ':method': 'POST', ':path': '/atlas/v1/echo', 'x-api-key': key.key, 'expect': '100-continue' });
  waiting.once('continue', () => waiting.end('hello'));
  assert.equal((await hear(waiting)).body, '[POST /echo hello]');
  const left = session.request({ ':path': '/atlas/v1/items/silent', 'x-api-key': key.key });
  left.on('error', () => undefined);
  await until(() => gateway.gateway.reservations.inFlight === 1, 'in flight');
  const before = closed;
  left.close(constants.NGHTTP2_CANCEL);
  await until(() => closed > before, 'the upstream sees it');
  await until(() => gateway.spool.requests.at(-1)!.status === 499, 'recorded');
  const half = await ask(session, key, '/items/half');
  assert.deepEqual([half.body.length < 100, half.code], [true, constants.NGHTTP2_INTERNAL_ERROR]);
});

test('large bodies flow both ways with back-pressure', async (t) => {
  const bytes = 20 * 1024 * 1024;
  const { key, http2 } = await setUp(t, (incoming, response) => void incoming.pipe(response), { bodyBytesMax: bytes });
  const stream = http2().request({ ':method': 'POST', ':path': '/atlas/v1/echo', 'x-api-key': key.key });
  let heard = 0;
  stream.on('data', (chunk: Buffer) => { heard += chunk.length; });
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < bytes; sent += chunk.length) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
  assert.equal(heard, bytes);
});

test('who takes nothing of an answer by HTTP/2 is given up, also at its very end, and others on the connection are not', async (t) => {
  const { gateway, key, http2 } = await setUp(t, (incoming, response) => {
    if (incoming.url!.endsWith('/whole')) response.end(Buffer.alloc(100_000));
    else response.end(incoming.url!.endsWith('/quick') ? 'quick' : Buffer.alloc(4_000_000));
  }, {}, { writeStallMs: 300 });
  const session = http2();
  const stalled = ['/items/endless', '/items/whole'].map((path) => session.request({ ':path': `/atlas/v1${path}`, 'x-api-key': key.key }).on('error', () => undefined));
  for (const stream of stalled) await once(stream, 'response');
  const begun = performance.now();
  const given = Promise.all(stalled.map((stream) => once(stream, 'close')));
  while (performance.now() - begun < 200) assert.equal((await ask(http2(), key, '/items/quick')).body, 'quick');
  await given;
  assert.ok(performance.now() - begun >= 250, 'not before its time');
  assert.deepEqual(stalled.map(({ rstCode }) => rstCode), [constants.NGHTTP2_CANCEL, constants.NGHTTP2_CANCEL]);
  assert.equal((await ask(session, key, '/items/quick')).body, 'quick');
  await until(() => gateway.spool.requests.filter(({ operation }) => operation === 'GET /items/{id}').length >= 3, 'the calls are recorded');
});

test('a drain finishes the calls of HTTP/2, an idle connection is let go', async (t) => {
  let release = (): void => undefined;
  const { gateway, key, http2 } = await setUp(t, (incoming, response) => {
    if (incoming.url === '/items/slow') release = () => response.end('late');
    else response.end('soon');
  }, {}, { keepAliveMs: 150 });
  const idle = http2();
  await ask(idle, key, '/echo');
  await once(idle, 'close');
  const slow = ask(http2(), key, '/items/slow');
  await until(() => gateway.gateway.reservations.inFlight === 1, 'in flight');
  await until(() => release.length === 0 && gateway.spool.requests.length === 1, 'upstream reached');
  const closed = gateway.server.close(4_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  release();
  assert.equal((await slow).body, 'late');
  await closed;
});

test('a request without TLS hears why it gets no answer', async (t) => {
  const { gateway } = await setUp(t, echo);
  const answer = await rawExchange(gateway.port, 'GET /atlas/v1/items HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n[^]*"code": "request_malformed"/);
  assert.match(answer, /https:\/\/ in place of http:\/\//);
  const nothing = await rawExchange(gateway.port, '\x00\x01 neither the one nor the other\r\n\r\n');
  assert.equal(nothing.includes('HTTP/1.1'), false);
});
