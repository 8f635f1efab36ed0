// What a product switches on beside keys, plans and limits: CORS rules, addresses, changed header fields.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { CorsPolicy, PoliciesConfig } from '../domain/policies.ts';
import type { SnapshotProduct } from '../snapshot/snapshot.ts';
import { openTestGateway, openUpstream, plan, product, snapshot, testKey, type TestGateway, type TestUpstream } from './gateway.testkit.ts';

const live = testKey();

async function setUp(t: TestContext, policies: Partial<PoliciesConfig>, listener: RequestListener, more: Partial<SnapshotProduct> = {}, trustedProxies: string[] = []): Promise<{ gateway: TestGateway; upstream: TestUpstream }> {
  const upstream = await openUpstream(listener);
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { policies, ...more })]), keys: [live], trustedProxies });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { gateway, upstream };
}

const withKey = (more: Record<string, string> = {}) => ({ headers: { 'x-api-key': live.key, ...more } });
const corsOf = (answer: Response): string[] => [...answer.headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary').map(([name, value]) => `${name}: ${value}`);
const cors: CorsPolicy = { origins: ['https://app.test', 'https://*.below.test'], methods: ['GET', 'PUT'], headers: ['X-Trace'], expose: ['X-Total'], credentials: true, maxAgeMs: 60_500 };
const ownExposed = 'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset, Link, WWW-Authenticate';

test('CORS rules: a preflight names what a listed origin may do, and nothing to others', async (t) => {
  const { gateway } = await setUp(t, { cors }, (_request, response) => response.end());
  const ask = (origin: string): Promise<Response> => fetch(`${gateway.url}/atlas/v1/items/1`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'x-trace,authorization' } });
  const allowed = ['access-control-allow-credentials: true', 'access-control-allow-headers: Authorization, X-API-Key, X-Trace', 'access-control-allow-methods: GET, PUT'];
  const rows: [string, string[]][] = [
    ['https://app.test', [...allowed, 'access-control-allow-origin: https://app.test', `access-control-expose-headers: ${ownExposed}, X-Total`, 'access-control-max-age: 60', 'vary: Origin']],
    ['https://a.b.below.test', [...allowed, 'access-control-allow-origin: https://a.b.below.test', `access-control-expose-headers: ${ownExposed}, X-Total`, 'access-control-max-age: 60', 'vary: Origin']],
    ['https://below.test', ['vary: Origin']],
    ['https://.below.test', ['vary: Origin']],
    ['http://app.test', ['vary: Origin']],
    ['https://app.test.evil.test', ['vary: Origin']],
    ['null', ['vary: Origin']],
    ['http://portal.test', ['access-control-allow-headers: x-trace,authorization', 'access-control-allow-methods: DELETE, GET, HEAD, POST, PUT', 'access-control-allow-origin: http://portal.test', `access-control-expose-headers: ${ownExposed}, X-Total`, 'access-control-max-age: 600', 'vary: Origin']],
  ];
  for (const [origin, expected] of rows) {
    const answer = await ask(origin);
    assert.equal(answer.status, 204, origin);
    assert.deepEqual(corsOf(answer).sort(), expected.sort(), origin);
  }
});

test('CORS rules hold for answers and refusals alike, and the upstream has no word beside them', async (t) => {
  const { gateway } = await setUp(t, { cors }, (_request, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'TRACE' }).end());
  const call = (origin: string | undefined, key = live.key): Promise<Response> => fetch(`${gateway.url}/atlas/v1/echo`, { headers: { 'x-api-key': key, ...(origin && { origin }) } });
  const listed = ['access-control-allow-credentials: true', 'access-control-allow-origin: https://app.test', `access-control-expose-headers: ${ownExposed}, X-Total`, 'vary: Origin'];
  assert.deepEqual(corsOf(await call('https://app.test')), listed);
  assert.deepEqual(corsOf(await call('https://else.test')), ['vary: Origin']);
  assert.deepEqual(corsOf(await call(undefined)), ['vary: Origin']);
  const refused = await call('https://app.test', 'atlas_live_wrong');
  assert.deepEqual([refused.status, ...corsOf(refused)], [401, ...listed]);
});

test('CORS rules for every origin need no Vary; a private product’s preflight tells nothing of them', async (t) => {
  const any: CorsPolicy = { ...cors, origins: ['*'], credentials: false, methods: null, headers: null, expose: [] };
  const { gateway, upstream } = await setUp(t, { cors: any }, (_request, response) => response.end());
  const answer = await fetch(`${gateway.url}/atlas/v1/echo`, withKey({ origin: 'https://else.test' }));
  assert.deepEqual(corsOf(answer), ['access-control-allow-origin: *', `access-control-expose-headers: ${ownExposed}`]);
  gateway.publish(snapshot([product(upstream.url, { private: true, policies: { cors } })], 2));
  const ask = async (path: string): Promise<string[]> => corsOf(await fetch(gateway.url + path, { method: 'OPTIONS', headers: { origin: 'https://else.test', 'access-control-request-method': 'GET' } }));
  assert.deepEqual(await ask('/atlas/v1/echo'), await ask('/nothing/v1/echo'));
});

test('addresses: what is denied, or not allowed, is refused and recorded under its key', async (t) => {
  const { gateway } = await setUp(t, { addresses: { allow: ['10.0.0.0/8', '2001:db8::/32'], deny: ['10.9.0.0/16'] } }, (_request, response) => response.end('in'), {}, ['127.0.0.1']);
  const call = async (address: string): Promise<string> => {
    const answer = await fetch(`${gateway.url}/atlas/v1/echo`, withKey({ 'x-forwarded-for': address }));
    const text = await answer.text();
    return answer.ok ? text : `${answer.status} ${(JSON.parse(text) as { code: string; detail: string }).code} ${(JSON.parse(text) as { detail: string }).detail.split('.from')[0]}`;
  };
  assert.equal(await call('10.1.2.3'), 'in');
  assert.equal(await call('2001:db8::1'), 'in');
  for (const address of ['10.9.1.1', '192.0.2.1', '::1']) assert.match(await call(address), /^403 address_forbids Atlas API may not be called from /, address);
  assert.deepEqual(gateway.spool.requests.map(({ status, code, keyId }) => [status, code, keyId === live.entry.keyId]), [[200, null, true], [200, null, true], [403, 'address_forbids', true], [403, 'address_forbids', true], [403, 'address_forbids', true]]);
});

test('addresses: a list of denied ones alone lets all others in', async (t) => {
  const { gateway, upstream } = await setUp(t, { addresses: { allow: [], deny: ['192.0.2.0/24'] } }, (_request, response) => response.end('in'));
  assert.equal((await fetch(`${gateway.url}/atlas/v1/echo`, withKey())).status, 200);
  gateway.publish(snapshot([product(upstream.url, { policies: { addresses: { allow: [], deny: ['127.0.0.1'] } } })], 2));
  assert.equal((await fetch(`${gateway.url}/atlas/v1/echo`, withKey())).status, 403);
});

test('request headers: set fields replace what was sent, facts of the call stand in them, removed ones are gone', async (t) => {
  let seen: IncomingMessage | undefined;
  const set = { 'X-Env': 'prod', 'X-Who': '{consumer}/{developer}/{key}/{mode}', 'X-What': '{product} {version} {operation} {plan} {subscription} {{x}}', Authorization: 'Bearer upstream-secret', 'X-Call': '{request}' };
  const { gateway } = await setUp(t, { requestHeaders: { set, remove: ['Cookie', 'x-internal'] } }, (request, response) => {
    seen = request;
    response.end();
  }, { plans: [plan([], { slug: 'free' })] });
  const answer = await fetch(`${gateway.url}/atlas/v1/items/7`, { headers: { authorization: `Bearer ${live.key}`, 'x-env': 'forged', 'X-WHO': 'forged', cookie: 'a=1', 'X-Internal': '1', 'x-kept': 'yes' } });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    ['x-env', 'x-who', 'x-what', 'authorization', 'x-call', 'cookie', 'x-internal', 'x-kept'].map((name) => seen!.headers[name]),
    ['prod', `con_1/dev_1/${live.entry.keyId}/live`, 'atlas v1 GET /items/{id} free sub_1 {x}', 'Bearer upstream-secret', answer.headers.get('x-request-id'), undefined, undefined, 'yes'],
  );
  assert.equal(seen!.rawHeaders.filter((name) => name.toLowerCase() === 'x-env').length, 1);
});

test('response headers: changed in the upstream’s answers, and the gateway’s own fields stay', async (t) => {
  const { gateway } = await setUp(t, { responseHeaders: { set: { 'X-Env': 'prod', 'Cache-Control': 'private' }, remove: ['Server', 'X-Powered-By'] } }, (_request, response) => {
    response.writeHead(200, { Server: 'old/1.0', 'X-Powered-By': 'magic', 'Cache-Control': 'public', 'X-Kept': 'yes' }).end('ok');
  });
  const answer = await fetch(`${gateway.url}/atlas/v1/echo`, withKey());
  assert.deepEqual(['server', 'x-powered-by', 'cache-control', 'x-kept', 'x-env'].map((name) => answer.headers.get(name)), [null, null, 'private', 'yes', 'prod']);
  assert.match(answer.headers.get('x-request-id')!, /^req_/);
  assert.equal(await answer.text(), 'ok');
});
