// CORS, test mode, reported units, recorded fields, versions by header, products on hosts of their own, WebSockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { RequestListener } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { SnapshotProduct } from '../snapshot/snapshot.ts';
import { operation, openTestGateway, openUpstream, plan, product, rawExchange, snapshot, testKey, until, version, type TestGateway, type TestUpstream } from './gateway.testkit.ts';

const live = testKey();
const sandbox = testKey({}, 'test');

async function setUp(t: TestContext, listener: RequestListener, more: Partial<SnapshotProduct> = {}): Promise<{ gateway: TestGateway; upstream: TestUpstream }> {
  const upstream = await openUpstream(listener);
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, more)]), keys: [live, sandbox] });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { gateway, upstream };
}

const withKey = (more: Record<string, string> = {}) => ({ headers: { 'x-api-key': live.key, ...more } });

test('a preflight needs no key; the portal may read the gateway’s own fields, others may call without credentials', async (t) => {
  const { gateway } = await setUp(t, (_request, response) => response.end('ok'));
  const preflight = await fetch(`${gateway.url}/atlas/v1/items/1`, { method: 'OPTIONS', headers: { origin: 'http://portal.test', 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), 'http://portal.test');
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization');
  assert.match(preflight.headers.get('access-control-allow-methods')!, /PUT.*GET/);
  const ofPortal = await fetch(`${gateway.url}/atlas/v1/echo`, withKey({ origin: 'http://portal.test' }));
  assert.deepEqual([ofPortal.headers.get('access-control-allow-origin'), ofPortal.headers.get('vary')], ['http://portal.test', 'Origin']);
  assert.match(ofPortal.headers.get('access-control-expose-headers')!, /X-Request-Id, RateLimit, RateLimit-Policy, Retry-After/);
  const ofOther = await fetch(`${gateway.url}/atlas/v1/echo`, withKey({ origin: 'http://else.test' }));
  assert.equal(ofOther.headers.get('access-control-allow-origin'), '*');
  assert.equal(ofOther.headers.get('access-control-allow-credentials'), null);
  const refused = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { origin: 'http://portal.test' } });
  assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [401, 'http://portal.test']);
  assert.equal(gateway.spool.requests.length, 2);
});

test('test keys go to the test upstream, or are answered from the contract', async (t) => {
  const tested = await openUpstream((_request, response) => response.end('sandbox'));
  t.after(() => tested.close());
  const { gateway, upstream } = await setUp(t, (_request, response) => response.end('live'), { testUpstream: tested.url });
  const call = async (key: string, method = 'GET', path = '/echo'): Promise<string> => {
    const answer = await fetch(`${gateway.url}/atlas/v1${path}`, { method, headers: { 'x-api-key': key }, ...(method === 'POST' && { body: 'x' }) });
    return `${answer.status} ${answer.headers.get('content-type')} ${await answer.text()}`;
  };
  assert.equal(await call(sandbox.key), '200 null sandbox');
  assert.equal(await call(live.key), '200 null live');
  const example = { status: 201, contentType: 'application/json', body: '{"id":1}' };
  const versions = [version('v1', [operation('GET', '/echo', { example: { ...example, status: 200 } }), operation('POST', '/echo', { example }), operation('DELETE', '/echo')])];
  gateway.publish(snapshot([product(upstream.url, { testUpstream: 'examples', versions })], 2));
  assert.equal(await call(sandbox.key), '200 application/json {"id":1}');
  assert.equal(await call(sandbox.key, 'POST'), '201 application/json {"id":1}');
  assert.equal(await call(sandbox.key, 'HEAD'), '200 application/json ');
  assert.equal(await call(sandbox.key, 'DELETE'), '204 null ');
  assert.deepEqual(gateway.spool.requests.map((event) => [event.mode, event.upstreamStatus, event.upstreamMs === null]), [['test', 200, false], ['live', 200, false], ['test', 200, true], ['test', 201, true], ['test', 200, true], ['test', 204, true]]);
});

test('units come from a header or from a place in the JSON body, also a compressed one', async (t) => {
  const meters: SnapshotProduct['meters'] = [{ name: 'tokens', header: 'X-Tokens' }, { name: 'rows', pointer: '/page/a~1b', bodyBytesMax: 1_000 }, { name: 'list', pointer: '/list', bodyBytesMax: 1_000 }];
  const { gateway } = await setUp(t, (request, response) => {
    const body = JSON.stringify({ page: { 'a/b': 12.5 }, list: [1, 2, 3] });
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    if (request.url === '/items/bad') {
      response.setHeader('X-Tokens', '-3e5');
      response.end('{"list":');
    } else if (request.url === '/items/gzip') {
      response.setHeader('Content-Encoding', 'gzip');
      response.end(gzipSync(body));
    } else {
      response.setHeader('X-Tokens', '123456789012345678901.1234567890129');
      response.end(body);
    }
  }, { meters });
  for (const path of ['plain', 'gzip', 'bad']) await (await fetch(`${gateway.url}/atlas/v1/items/${path}`, withKey())).text();
  assert.deepEqual(gateway.spool.requests.map((event) => event.units), [{ tokens: '123456789012345678901.123456789012', rows: '12.5', list: '3' }, { rows: '12.5', list: '3' }, {}]);
});

test('names of fields are recorded, values only of enum parameters', async (t) => {
  const versions = [version('v1', [operation('POST', '/echo', { enumParameters: ['sort'] })])];
  const { gateway } = await setUp(t, (request, response) => { request.resume().on('end', () => response.end()); }, { versions });
  await fetch(`${gateway.url}/atlas/v1/echo?sort=name&email=a@b.c&email=x`, { method: 'POST', ...withKey({ 'content-type': 'application/json; charset=utf-8' }), body: JSON.stringify({ password: 'secret', nested: { inner: 1 } }) });
  await fetch(`${gateway.url}/atlas/v1/echo`, { method: 'POST', ...withKey({ 'content-type': 'text/plain' }), body: '{"a":1}' });
  assert.deepEqual(gateway.spool.requests.map((event) => event.fields), [['sort=name', 'email', 'password', 'nested'], []]);
  assert.ok(!JSON.stringify(gateway.spool.records).includes('secret'));
});

test('versions by header, with the newest as default; a product on a host of its own', async (t) => {
  const versions = [version('2025-01', [operation('GET', '/echo')]), version('2026-01', [operation('GET', '/echo')])];
  const { gateway } = await setUp(t, (request, response) => response.end(request.headers['atlas-version'] ?? 'default'), { versioning: { by: 'header', header: 'Atlas-Version' }, defaultVersion: '2026-01', versions, hosts: ['api.atlas.test'] });
  assert.equal(await (await fetch(`${gateway.url}/atlas/echo`, withKey())).text(), 'default');
  assert.equal(await (await fetch(`${gateway.url}/atlas/echo`, withKey({ 'atlas-version': '2025-01' }))).text(), '2025-01');
  assert.equal((await fetch(`${gateway.url}/atlas/echo`, withKey({ 'atlas-version': '1999' }))).status, 404);
  assert.deepEqual(gateway.spool.requests.map((event) => event.version), ['2026-01', '2025-01', null]);
  const ofHost = await rawExchange(gateway.port, `GET /echo HTTP/1.1\r\nHost: API.atlas.test:8080\r\nX-API-Key: ${live.key}\r\nConnection: close\r\n\r\n`);
  assert.match(ofHost, /^HTTP\/1\.1 200 /);
  const absolute = await rawExchange(gateway.port, `GET http://api.atlas.test/echo HTTP/1.1\r\nHost: ignored\r\nX-API-Key: ${live.key}\r\nConnection: close\r\n\r\n`);
  assert.match(absolute, /^HTTP\/1\.1 200 /);
});

test('another Authorization than a key reaches the upstream when X-API-Key has the key', async (t) => {
  const { gateway } = await setUp(t, (request, response) => response.end(JSON.stringify([request.headers.authorization ?? null, request.headers['x-api-key'] ?? null])));
  assert.deepEqual(await (await fetch(`${gateway.url}/atlas/v1/echo`, withKey({ authorization: 'Basic dXNlcg==' }))).json(), ['Basic dXNlcg==', null]);
});

test('a WebSocket is authenticated, limited, metered at its head and completed at its end', async (t) => {
  const { gateway, upstream } = await setUp(t, (_request, response) => response.end(), { plans: [plan([{ name: 'daily', requests: 1, per: 'day' }])] });
  const sockets = new WebSocketServer({ server: upstream.server });
  sockets.on('connection', (socket, request) => {
    assert.equal(request.headers['x-api-key'], undefined);
    socket.send('welcome');
    socket.on('message', (data) => socket.send(`echo ${data}`));
  });
  const open = (key: string): WebSocket => new WebSocket(`${gateway.url.replace('http', 'ws')}/atlas/v1/echo`, { headers: { 'x-api-key': key } });
  const socket = open(live.key);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  await once(socket, 'open');
  assert.equal(gateway.spool.requests.length, 1);
  assert.deepEqual([gateway.spool.requests[0]!.status, gateway.spool.requests[0]!.open], [101, true]);
  socket.send('hello');
  await until(() => heard.length === 2, 'the echo');
  assert.deepEqual(heard, ['welcome', 'echo hello']);
  const statusOf = async (candidate: WebSocket): Promise<number> => {
    const [, response] = await once(candidate, 'unexpected-response') as [unknown, { statusCode: number; resume(): void }];
    response.resume();
    candidate.on('error', () => undefined);
    candidate.terminate();
    return response.statusCode;
  };
  assert.equal(await statusOf(open(live.key)), 429);
  assert.equal(await statusOf(open('nonsense')), 401);
  socket.close();
  await once(socket, 'close');
  await until(() => gateway.spool.records.some((record) => record.kind === 'completion'), 'completed');
  const completion = gateway.spool.records.find((record) => record.kind === 'completion')!;
  assert.ok(completion.requestBytes > 0 && completion.responseBytes > completion.requestBytes && completion.metered);
});

test('an upgrade that the upstream declines is an ordinary answer, and other upgrades are ignored', async (t) => {
  const { gateway } = await setUp(t, (_request, response) => {
    response.statusCode = 404;
    response.end('no sockets here');
  });
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/atlas/v1/echo`, { headers: { 'x-api-key': live.key } });
  socket.on('error', () => undefined);
  const [, response] = await once(socket, 'unexpected-response') as [unknown, { statusCode: number; resume(): void }];
  assert.equal(response.statusCode, 404);
  response.resume();
  socket.terminate();
  const h2c = await rawExchange(gateway.port, `GET /atlas/v1/echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nX-API-Key: ${live.key}\r\n\r\n`);
  assert.match(h2c, /^HTTP\/1\.1 404 /);
});
