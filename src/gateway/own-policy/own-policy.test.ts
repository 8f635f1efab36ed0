// Policies of a producer's own, through the whole gateway.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { test, type TestContext } from 'node:test';
import type { PoliciesConfig } from '../../domain/policies.ts';
import { compileOwnPolicy } from '../../snapshot/compile-own-policy.ts';
import type { SnapshotProduct } from '../../snapshot/snapshot.ts';
import { makeAuthority } from '../certificates.testkit.ts';
import { openTestGateway, openUpstream, operation, plan, product, snapshot, testKey, until, version, type TestGateway } from '../gateway.testkit.ts';

const live = testKey();
const sandbox = testKey({}, 'test');

interface Open { gateway: TestGateway; asked: IncomingMessage[]; call(path?: string, init?: RequestInit): Promise<Answer> }
interface Answer { status: number; text: string; headers: Headers; code: string | undefined }

const echo: RequestListener = (request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'X-Upstream': 'yes', 'Server': 'old' }).end(`${request.method} ${request.url}`));
};

async function setUp(t: TestContext, text: string, { listener = echo, policies = {}, product: more = {}, timeLimitMs = 1_000, tls }: { listener?: RequestListener; policies?: Partial<PoliciesConfig>; product?: Partial<SnapshotProduct>; timeLimitMs?: number; tls?: { cert: string; key: string } } = {}): Promise<Open> {
  const asked: IncomingMessage[] = [];
  const upstream = await openUpstream((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  const { code } = await compileOwnPolicy({ file: './policies/own.ts', text });
  const own = { file: './policies/own.ts', source: '', code, timeLimitMs };
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { plans: [plan([{ name: 'daily', requests: 100, per: 'day' }])], policies: { ...policies, own }, ...more })]), keys: [live, sandbox], ...(tls && { tls }) });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call = async (path = '/echo', init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(`${gateway.url}/atlas/v1${path}`, { ...init, headers: { 'x-api-key': live.key, ...(init.headers as Record<string, string>) } });
    const body = await answer.text();
    return { status: answer.status, text: body, headers: answer.headers, code: body.startsWith('{') ? (JSON.parse(body) as { code?: string }).code : undefined };
  };
  return { gateway, asked, call };
}

const onRequest = (body: string): string => `export default { onRequest(call) { ${body} } };`;
const onResponse = (body: string): string => `export default { onResponse(answer, call) { ${body} } };`;

test('the example of the guide signs calls, refuses far pages of the free plan, and marks answers', async (t) => {
  const text = await readFile(new URL('../../../docs/examples/sign-calls.ts', import.meta.url), 'utf8');
  const { gateway, asked, call } = await setUp(t, text, { listener: (request, response) => response.writeHead(request.url!.startsWith('/items/') ? 404 : 200).end('x') });
  const answer = await call('/echo?page=100');
  assert.deepEqual([answer.status, answer.headers.get('x-plan')], [200, 'free']);
  const [, at, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(asked[0]!.headers['x-gateway-signature'] as string)!;
  assert.equal(signature, createHmac('sha256', 'only for trying out').update(`${at} GET /echo?page=100 con_1`).digest('hex'));
  assert.equal((await call('/items/4')).headers.get('cache-control'), 'public, max-age=60');
  const refused = await call('/echo?page=101');
  const problem = JSON.parse(refused.text) as Record<string, unknown>;
  assert.deepEqual([refused.status, problem['status'], problem['code'], problem['reason'], problem['type']], [403, 403, 'policy_refused', 'page_too_far', 'http://portal.test/errors/policy_refused']);
  assert.match(String(problem['detail']), /asks for page 101/);
  assert.equal(asked.length, 2);
  assert.deepEqual(gateway.spool.requests.map(({ status, code, upstreamStatus }) => [status, code, upstreamStatus]), [[200, null, 200], [404, null, 404], [403, 'policy_refused', null]]);
});

test('onRequest reads the facts of a call and changes its path, query and fields, after `requestHeaders`', async (t) => {
  const text = onRequest(`
    const { id, method, clientAddress, mode, product, version, plan, operation, consumer, developer, key, subscription, path, query } = call;
    call.headers.set('X-Facts', JSON.stringify({ method, clientAddress, mode, product, version, plan, operation, consumer, developer, subscription, path, query, ofKey: key.startsWith('key_'), id: id.startsWith('req_') }));
    call.headers.set('x-seen', String([call.headers.get('X-Set'), call.headers.has('x-api-key'), call.headers.get('absent'), call.headers.get('x-twice'), [...call.headers].some(([name]) => name === 'Via')]));
    call.headers.append('X-Twice', 'c'); call.headers.delete('X-GONE');
    call.path = '/moved/%20' + call.path.slice(1); call.query = '?b=2';`);
  const { asked, call } = await setUp(t, text, { policies: { requestHeaders: { set: { 'X-Set': '{plan}' }, remove: [] } } });
  const answer = await call('/items/7?a=1', { headers: { 'x-gone': '1', 'x-twice': 'a, b' } });
  assert.equal(answer.text, 'GET /moved/%20items/7?b=2');
  const { headers } = asked[0]!;
  assert.deepEqual(JSON.parse(headers['x-facts'] as string), { method: 'GET', clientAddress: '127.0.0.1', mode: 'live', product: 'atlas', version: 'v1', plan: 'free', operation: 'GET /items/{id}', consumer: 'con_1', developer: 'dev_1', subscription: 'sub_1', path: '/items/7', query: '?a=1', ofKey: true, id: true });
  assert.deepEqual([headers['x-seen'], headers['x-twice'], headers['x-gone']], ['free,false,,a, b,true', 'a, b, c', undefined]);
});

test('onResponse changes the fields of the answer before `responseHeaders`, and shares the call with onRequest', async (t) => {
  const text = `const seen = new WeakMap();
    export default {
      async onRequest(call) { await null; seen.set(call, 'from the request'); },
      async onResponse(answer, call) { await null; answer.headers.set('X-Own', [answer.status, answer.headers.get('x-upstream'), seen.get(call)].join(' ')); answer.headers.delete('Server'); },
    };`;
  const { call } = await setUp(t, text, { policies: { responseHeaders: { set: { 'X-Last': 'yes' }, remove: ['X-Upstream'] } } });
  const answer = await call('/echo', { method: 'POST', body: 'x'.repeat(100_000) });
  assert.deepEqual([answer.status, answer.text, ...['x-own', 'server', 'x-upstream', 'x-last'].map((name) => answer.headers.get(name))], [200, 'POST /echo', '200 yes from the request', null, null, 'yes']);
});

test('an answer of its own: with a body or none, to HEAD, after the body of the request, and counted', async (t) => {
  const { gateway, asked, call } = await setUp(t, onRequest(`
    if (call.path === '/items/empty') return { answer: { status: 204 } };
    if (call.path === '/items/octets') return { answer: { status: 201, body: new Uint8Array([104, 105]), headers: { 'X-A': 'b' } } };
    return { answer: { status: 200, body: '{"from":"policy"}', headers: { 'Content-Type': 'application/json' } } };`));
  const plain = await call('/echo', { method: 'POST', body: 'x'.repeat(200_000) });
  assert.deepEqual([plain.status, plain.text, plain.headers.get('content-type')], [200, '{"from":"policy"}', 'application/json']);
  assert.match(plain.headers.get('ratelimit')!, /"daily";r=99;/);
  const head = await call('/echo', { method: 'HEAD' });
  assert.deepEqual([head.status, head.text, head.headers.get('content-length')], [200, '', '17']);
  assert.equal((await call('/items/empty')).status, 204);
  const octets = await call('/items/octets');
  assert.deepEqual([octets.status, octets.text, octets.headers.get('content-type'), octets.headers.get('x-a')], [201, 'hi', 'application/octet-stream', 'b']);
  assert.deepEqual([asked.length, gateway.spool.requests.map(({ upstreamStatus, upstreamMs, requestBytes }) => [upstreamStatus, upstreamMs, requestBytes])], [0, [[200, null, 200_000], [200, null, 0], [204, null, 0], [201, null, 0]]]);
});

test('a refusal may have a status, and header fields of its own', async (t) => {
  const { call } = await setUp(t, onRequest("return { refuse: { status: 429, detail: 'Slowly.', headers: { 'Retry-After': '7', 'Content-Type': 'text/html' } } };"));
  const answer = await call('/echo', { method: 'POST', body: 'x' });
  assert.deepEqual([answer.status, answer.code, answer.headers.get('retry-after'), answer.headers.get('content-type'), 'reason' in JSON.parse(answer.text)], [429, 'policy_refused', '7', 'application/problem+json', false]);
});

const failures: [string, string, RegExp, number?][] = [
  ['onRequest throws', onRequest('\n  throw new RangeError("no such thing");'), /^RangeError: no such thing\n {4}at .*\.\/policies\/own\.ts:2:9/],
  ['onRequest rejects', onRequest('return Promise.reject(new Error("later"));'), /^Error: later\n {4}at .*\.\/policies\/own\.ts:1:/],
  ['onRequest throws no error', onRequest('throw "words";'), /^thrown: words$/],
  ['a promise that is never settled', onRequest('return new Promise(() => {});'), /was not settled within 50 ms/, 50],
  ['no verdict', onRequest('return { status: 403 };'), /neither nothing, nor `\{ refuse \}`/],
  ['a refusal without words', onRequest('return { refuse: { status: 403 } };'), /`detail` of a refusal/],
  ['a refusal that is none', onRequest('return Promise.resolve({ refuse: { status: 200, detail: "x" } });'), /whole number from 400 to 599/],
  ['an answer that is none', onRequest('return { answer: { status: 101 } };'), /whole number from 200 to 599/],
  ['a body where none may be', onRequest('return { answer: { status: 304, body: "x" } };'), /has no body/],
  ['a field of the framing', onRequest("call.headers.set('Content-Length', '4');"), /frames the body, so no policy changes it/],
  ['the gateway’s own word', onRequest("call.headers.delete('X-Forwarded-For');"), /is the gateway's own word/],
  ['a value of two lines', onRequest("call.headers.set('X-A', 'b\\r\\nX-C: d');"), /no text of one line/],
  ['a name that is none', onRequest("call.headers.append('X A', 'b');"), /no name of a header field/],
  ['a path that ends the line', onRequest("call.path = '/a HTTP/1.1\\r\\nX: y';"), /a path begins with a slash/],
  ['a path with a query', onRequest("call.path = '/a?b';"), /a path begins with a slash/],
  ['a query without its mark', onRequest("call.query = 'a=b';"), /a query is empty or begins with/],
  ['onResponse throws', onResponse("answer.headers.set('X-Request-Id', 'mine');"), /X-Request-Id is the gateway's own word/],
  ['onResponse rejects', onResponse('return Promise.reject(new Error("after"));'), /^Error: after/],
  ['onResponse is never settled', onResponse('return new Promise(() => {});'), /was not settled within 50 ms/, 50],
];

for (const [name, text, error, timeLimitMs] of failures) {
  test(`one clear error, recorded and logged with its place: ${name}`, async (t) => {
    const { gateway, call } = await setUp(t, text, { ...(timeLimitMs && { timeLimitMs }) });
    const answer = await call();
    assert.deepEqual([answer.status, answer.code], [500, 'policy_failed']);
    assert.doesNotMatch(answer.text, /own\.ts|Error/);
    assert.deepEqual(gateway.spool.requests.map(({ status, code, upstreamStatus }) => [status, code, upstreamStatus]), [[500, 'policy_failed', null]]);
    const [fault] = gateway.policyFaults;
    assert.deepEqual([gateway.policyFaults.length, fault!.product, fault!.file, fault!.function, fault!.requestId], [1, 'atlas', './policies/own.ts', name.startsWith('onResponse') ? 'onResponse' : 'onRequest', answer.headers.get('x-request-id')]);
    assert.match(fault!.error, error);
    await until(() => gateway.gateway.reservations.inFlight === 0, 'given back');
    assert.match((await call('/items/1')).headers.get('ratelimit')!, /"daily";r=100;/);
  });
}

test('faults are told at most ten times a second; calls are all recorded', async (t) => {
  const { gateway, call } = await setUp(t, onRequest('throw 1;'));
  gateway.gateway.clock = { ...gateway.gateway.clock, now: () => 1_000_000 };
  await Promise.all(Array.from({ length: 25 }, () => call()));
  assert.deepEqual([gateway.policyFaults.length, gateway.spool.requests.length], [10, 25]);
});

test('what the policy changes of a request comes before the cache; onResponse sees what was kept', async (t) => {
  let count = 0;
  const text = `let heard = 0;
    export default {
      onRequest(call) { call.path = '/echo'; call.query = ''; call.headers.set('X-Lane', call.headers.get('X-Lane') ?? 'a'); },
      onResponse(answer) { answer.headers.set('X-Heard', String(++heard)); },
    };`;
  const { asked, call } = await setUp(t, text, { policies: { cache: { bytesMax: 100_000, entryBytesMax: 10_000 } }, listener: (_request, response) => response.writeHead(200, { 'Cache-Control': 'public, max-age=60', 'Vary': 'X-Lane' }).end(`answer ${++count}`) });
  const answers = [await call('/items/1'), await call('/items/2?x=1'), await call('/items/3', { headers: { 'x-lane': 'b' } })];
  assert.deepEqual(answers.map((answer) => [answer.text, answer.headers.get('x-heard')]), [['answer 1', '1'], ['answer 1', '2'], ['answer 2', '3']]);
  assert.equal(asked.length, 2);
});

test('examples of test mode, CORS and refusals by others stay as they are', async (t) => {
  const example = { status: 200, contentType: 'text/plain', body: 'example' };
  const { gateway, asked, call } = await setUp(t, "export default { onRequest(call) { if (call.query === '?no') return { refuse: { detail: 'No.' } }; }, onResponse(answer, call) { answer.headers.set('X-Mode', call.mode); } };", { product: { testUpstream: 'examples', versions: [version('v1', [operation('GET', '/echo', { example })])] } });
  const test = await call('/echo', { headers: { 'x-api-key': sandbox.key } });
  assert.deepEqual([test.text, test.headers.get('x-mode'), asked.length], ['example', 'test', 0]);
  const refused = await call('/echo?no', { headers: { origin: 'https://a.test' } });
  assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [403, '*']);
  assert.equal((await fetch(`${gateway.url}/atlas/v1/echo`, { method: 'OPTIONS', headers: { origin: 'https://a.test', 'access-control-request-method': 'GET' } })).status, 204);
  assert.equal((await call('/echo', { headers: { 'x-api-key': 'wrong' } })).code, 'key_malformed');
});

test('large answers wait for an open promise, and flow on', async (t) => {
  const body = Array.from({ length: 500_000 }, (_, i) => String(i).padStart(10)).join('');
  const { call } = await setUp(t, onResponse("return new Promise((resolve) => setTimeout(resolve, 30)).then(() => answer.headers.set('X-Late', 'yes'));"), { listener: (_request, response) => response.end(body) });
  const answers = await Promise.all(Array.from({ length: 4 }, () => call()));
  for (const answer of answers) assert.ok(answer.text === body && answer.headers.get('x-late') === 'yes');
});

test('a client that leaves while the policy thinks is recorded, and the upstream is not asked', async (t) => {
  const text = 'let release; export default { onRequest(call) { if (call.query) { release(); return; } return new Promise((resolve) => { release = resolve; }); } };';
  // A client that left looks half-closed at first, and that is given a second.
  const { gateway, asked, call } = await setUp(t, text, { timeLimitMs: 10_000 });
  const leaving = new AbortController();
  const left = call('/echo', { signal: leaving.signal }).catch(() => 'gone');
  await until(() => gateway.gateway.reservations.inFlight === 1, 'the policy thinks');
  leaving.abort();
  assert.equal(await left, 'gone');
  await until(() => gateway.spool.requests[0]?.status === 499, 'recorded');
  assert.equal((await call('/items/1?release')).status, 200);
  assert.deepEqual(asked.map(({ url }) => url), ['/items/1?release']);
});

test('clients of HTTP/2 are served alike', async (t) => {
  const authority = makeAuthority('Test authority');
  const { gateway } = await setUp(t, "export default { onRequest(call) { call.headers.set('X-A', 'b'); }, onResponse(answer) { answer.headers.set('X-Own', 'yes'); } };", { tls: authority.issue(['localhost']) });
  const session = connectHttp2(`https://localhost:${gateway.port}`, { ca: authority.cert });
  t.after(() => session.destroy());
  const stream = session.request({ ':path': '/atlas/v1/echo', 'x-api-key': live.key });
  const [status, own] = await new Promise<unknown[]>((resolve) => stream.on('response', (headers) => resolve([headers[':status'], headers['x-own']])));
  assert.deepEqual([status, own], [200, 'yes']);
});

test('a policy that cannot be run in the gateway refuses every call', async (t) => {
  const { gateway, call } = await setUp(t, 'export default { onResponse() {} };', { product: { policies: { own: { file: './policies/own.ts', source: '', code: 'throw new Error("only here");', timeLimitMs: 100 } } } });
  assert.deepEqual([(await call()).code, /only here/.test(gateway.policyFaults[0]!.error)], ['policy_failed', true]);
});
