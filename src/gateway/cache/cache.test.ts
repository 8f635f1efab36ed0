// Answers that are kept for others (RFC 9111), through the whole gateway: what is kept, for whom, how long, and what ends it.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../clock.ts';
import type { CachePolicy } from '../../domain/policies.ts';
import type { SnapshotProduct } from '../../snapshot/snapshot.ts';
import { openTestGateway, openUpstream, plan, product, rawExchange, snapshot, testKey, type TestGateway } from '../gateway.testkit.ts';

const live = testKey();
const other = testKey({ consumerId: 'con_2', subscriptions: [{ subscriptionId: 'sub_2', productId: 'prd_atlas', planRevisionId: 'rev_1', anchorAt: 0, active: true }] });
const sandbox = testKey({}, 'test');

interface Open { gateway: TestGateway; asked: IncomingMessage[]; advance(ms: number): void; call(path?: string, headers?: Record<string, string>, method?: string): Promise<Answer> }
interface Answer { status: number; text: string; age: string | null; cache: string; headers: Headers }

async function setUp(t: TestContext, listener: (request: IncomingMessage, response: ServerResponse, count: number) => void, policy: Partial<CachePolicy> = {}, more: Partial<SnapshotProduct> = {}): Promise<Open> {
  const asked: IncomingMessage[] = [];
  let now = Date.UTC(2026, 0, 1);
  const upstream = await openUpstream((request, response) => {
    asked.push(request);
    response.setHeader('Date', new Date(now).toUTCString());
    request.resume();
    listener(request, response, asked.length);
  });
  const policies = { cache: { bytesMax: 1_000_000, entryBytesMax: 100_000, ...policy } };
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { policies, ...more })]), keys: [live, other, sandbox], clock: { ...systemClock, now: () => now } });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call = async (path = '/echo', headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => {
    const answer = await fetch(`${gateway.url}/atlas/v1${path}`, { method, headers: { 'x-api-key': live.key, ...headers } });
    return { status: answer.status, text: await answer.text(), age: answer.headers.get('age'), cache: answer.headers.get('cache-status') ?? '', headers: answer.headers };
  };
  return { gateway, asked, advance: (ms) => void (now += ms), call };
}

const fresh = { 'Cache-Control': 'public, max-age=60' };

test('a public answer is kept while it is fresh, tells its age, and answers other consumers and HEAD', async (t) => {
  const { asked, advance, call } = await setUp(t, (_request, response, count) => response.writeHead(200, { ...fresh, 'Content-Type': 'text/plain' }).end(`answer ${count}`));
  const first = await call();
  assert.deepEqual([first.text, first.age, first.cache], ['answer 1', null, 'portico; fwd=uri-miss; fwd-status=200; stored']);
  advance(10_000);
  const second = await call('/echo', { 'x-api-key': other.key });
  assert.deepEqual([second.text, second.age, second.cache, second.headers.get('content-length'), second.headers.get('content-type')], ['answer 1', '10', 'portico; hit; ttl=50', '8', 'text/plain']);
  const head = await call('/echo', {}, 'HEAD');
  assert.deepEqual([head.status, head.text, head.cache, head.headers.get('content-length')], [200, '', 'portico; hit; ttl=50', '8']);
  assert.equal((await call('/echo?a=1')).text, 'answer 2');
  advance(50_000);
  assert.deepEqual(await call().then(({ text, cache }) => [text, cache]), ['answer 3', 'portico; fwd=stale; fwd-status=200; stored']);
  assert.equal(asked.length, 3);
});

test('a hit counts as the answer that it repeats: in the record, for quotas, with no time upstream', async (t) => {
  const { gateway, call } = await setUp(t, (_request, response) => response.writeHead(200, { ...fresh, 'X-Tokens': '3' }).end('x'), {}, { meters: [{ name: 'tokens', header: 'X-Tokens' }], plans: [plan([{ name: 'daily', requests: 10, per: 'day' }])] });
  await call();
  const hit = await call();
  assert.match(hit.headers.get('ratelimit')!, /"daily";r=8;/);
  assert.deepEqual(gateway.spool.requests.map(({ status, upstreamStatus, upstreamMs, responseBytes, units }) => [status, upstreamStatus, upstreamMs === null, responseBytes, units['tokens']]), [[200, 200, false, 1, '3'], [200, 200, true, 1, '3']]);
});

const keeping: [string, Record<string, string>, number, boolean][] = [
  ['without a word', {}, 200, false], ['max-age alone', { 'Cache-Control': 'max-age=60' }, 200, false], ['s-maxage', { 'Cache-Control': 's-maxage=60' }, 200, true],
  ['s-maxage before max-age', { 'Cache-Control': 'max-age=60, s-maxage=0' }, 200, false], ['no-store', { 'Cache-Control': 'public, max-age=60, no-store' }, 200, false],
  ['private', { 'Cache-Control': 'private, s-maxage=60' }, 200, false], ['a private field', { 'Cache-Control': 'private="X-A", s-maxage=60' }, 200, false], ['no-cache without validator', { 'Cache-Control': 'public, max-age=60, no-cache' }, 200, false],
  ['Expires', { 'Cache-Control': 'public', Expires: 'Thu, 01 Jan 2026 00:01:00 GMT' }, 200, true], ['Expires that is over', { 'Cache-Control': 'public', Expires: '0' }, 200, false],
  ['old by its Age', { ...fresh, Age: '60' }, 200, false], ['younger than its Age', { ...fresh, Age: '10' }, 200, true], ['broken seconds', { 'Cache-Control': 'public, max-age=soon' }, 200, false],
  ['two max-ages', { 'Cache-Control': 'public, max-age=60, max-age=0' }, 200, false], ['Set-Cookie', { ...fresh, 'Set-Cookie': 'a=1' }, 200, false], ['Vary on all', { ...fresh, Vary: '*' }, 200, false],
  ['not found', fresh, 404, true], ['created', fresh, 201, false], ['a fault', fresh, 500, false], ['a part', { ...fresh, 'Content-Range': 'bytes 0-0/9' }, 206, false],
];

test('only what says that it may answer others is kept, for as long as it says', async (t) => {
  for (const [name, headers, status, kept] of keeping) {
    const { call } = await setUp(t, (_request, response, count) => response.writeHead(status, headers).end(String(count)));
    await call();
    assert.deepEqual(await call().then(({ text, cache }) => [text, cache.startsWith('portico; hit')]), [kept ? '1' : '2', kept], name);
  }
});

test('Vary: each variant answers its own requests, by what the upstream is sent', async (t) => {
  const { call } = await setUp(t, (request, response) => response.writeHead(200, { ...fresh, Vary: 'Accept-Language, X-Who' }).end(`${request.headers['accept-language']} ${request.headers['x-who']}`), {}, {
    policies: { cache: { bytesMax: 1_000_000, entryBytesMax: 1_000 }, requestHeaders: { set: { 'X-Who': '{consumer}' }, remove: [] } },
  });
  const rows: [string, string, string, string][] = [
    ['en', live.key, 'en con_1', 'fwd=uri-miss'], ['de', live.key, 'de con_1', 'fwd=vary-miss'], ['en', live.key, 'en con_1', 'hit'], ['EN', live.key, 'EN con_1', 'fwd=vary-miss'], ['en', other.key, 'en con_2', 'fwd=vary-miss'], ['de', live.key, 'de con_1', 'hit'],
  ];
  for (const [language, key, text, status] of rows) assert.deepEqual(await call('/echo', { 'accept-language': language, 'x-api-key': key }).then((answer) => [answer.text, answer.cache.split('; ')[1]]), [text, status]);
});

test('what is stale is asked about by its validators, and a 304 renews it', async (t) => {
  const { asked, advance, call } = await setUp(t, (request, response, count) => {
    if (request.headers['if-none-match'] === '"v1"' && count < 4) response.writeHead(304, { ...fresh, ETag: '"v1"', 'X-New': 'yes' }).end();
    else response.writeHead(200, { ...fresh, ETag: count < 4 ? '"v1"' : '"v2"', 'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT', 'X-Old': 'kept' }).end(`body ${count}`);
  });
  await call();
  advance(61_000);
  const renewed = await call('/echo', { 'if-none-match': '"other"' });
  assert.deepEqual([renewed.status, renewed.text, renewed.cache, renewed.headers.get('x-new'), renewed.headers.get('x-old')], [200, 'body 1', 'portico; fwd=stale; fwd-status=304; ttl=60', 'yes', 'kept']);
  assert.deepEqual([asked[1]!.headers['if-none-match'], asked[1]!.headers['if-modified-since']], ['"v1"', 'Wed, 31 Dec 2025 00:00:00 GMT']);
  assert.equal((await call()).cache, 'portico; hit; ttl=60');
  assert.equal((await call('/echo', { 'cache-control': 'no-cache' })).cache, 'portico; fwd=request; fwd-status=304; ttl=60');
  advance(61_000);
  assert.deepEqual(await call().then(({ text, cache }) => [text, cache]), ['body 4', 'portico; fwd=stale; fwd-status=200; stored']);
});

const tellingOne: [string, Record<string, string>][] = [
  ['private', { 'Cache-Control': 'private, max-age=60' }], ['no-store', { 'Cache-Control': 'public, max-age=60, no-store' }], ['no word for others', { 'Cache-Control': 'max-age=60' }],
  ['Set-Cookie', { ...fresh, 'Set-Cookie': 'session=one' }], ['Vary on all', { ...fresh, Vary: '*' }],
];

test('a 304 that speaks to one caller alone answers nobody else', async (t) => {
  for (const [name, headers] of tellingOne) {
    const { advance, call } = await setUp(t, (_request, response, count) => {
      if (count === 2) response.writeHead(304, { ETag: '"v1"', ...headers }).end();
      else response.writeHead(200, { ...fresh, ETag: '"v1"' }).end(`body ${count}`);
    });
    await call();
    advance(61_000);
    assert.equal((await call()).text, 'body 1', name);
    const next = await call('/echo', { 'x-api-key': other.key });
    assert.deepEqual([next.text, next.headers.get('set-cookie')], ['body 3', null], name);
  }
});

test('an answer that repeats the host a caller named answers no caller of another host, and a change ends both', async (t) => {
  const { gateway, asked, call } = await setUp(t, (request, response) => response.writeHead(200, fresh).end(String(request.headers['x-forwarded-host'])));
  const evil = async (): Promise<string | undefined> => /evil\.example/.exec(await rawExchange(Number(new URL(gateway.url).port), `GET /atlas/v1/echo HTTP/1.1\r\nHost: evil.example\r\nX-API-Key: ${live.key}\r\nConnection: close\r\n\r\n`))?.[0];
  assert.equal(await evil(), 'evil.example');
  assert.equal((await call()).text, new URL(gateway.url).host);
  await evil();
  assert.equal(asked.length, 2);
  await call('/echo', {}, 'POST');
  await evil();
  assert.equal(asked.length, 4);
});

test('a client that has the answer gets a 304 from the cache', async (t) => {
  const { asked, call } = await setUp(t, (_request, response) => response.writeHead(200, { ...fresh, ETag: 'W/"Ab,c"', 'Last-Modified': 'Wed, 31 Dec 2025 00:00:00 GMT', 'X-More': '1' }).end('body'));
  await call();
  const rows: [Record<string, string>, number][] = [
    [{ 'if-none-match': '"x", "Ab,c"' }, 304], [{ 'if-none-match': '*' }, 304], [{ 'if-none-match': '"ab,c"' }, 200], [{ 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Tue, 30 Dec 2025 00:00:00 GMT' }, 200], [{ 'if-none-match': '"x"', 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 200],
  ];
  for (const [headers, status] of rows) {
    // Without a word of its own, fetch would say `no-cache` beside a condition.
    const answer = await call('/echo', { 'cache-control': 'max-age=60', ...headers });
    assert.deepEqual([answer.status, answer.text, answer.headers.get('x-more'), answer.headers.get('etag')], [status, status === 200 ? 'body' : '', status === 200 ? '1' : null, 'W/"Ab,c"'], JSON.stringify(headers));
  }
  assert.equal(asked.length, 1);
});

test('what a client asks of the cache is done: no-store, max-age, min-fresh, parts', async (t) => {
  const { asked, advance, call } = await setUp(t, (_request, response, count) => response.writeHead(200, fresh).end(String(count)));
  await call();
  advance(30_000);
  const rows: [Record<string, string>, string, string][] = [
    [{ 'cache-control': 'max-age=30' }, '1', 'hit'], [{ 'cache-control': 'max-age=29' }, '2', 'fwd=request'], [{ 'cache-control': 'min-fresh=60' }, '2', 'hit'], [{ 'cache-control': 'no-store' }, '3', 'fwd=request'],
    [{}, '2', 'hit'], [{ range: 'bytes=0-0' }, '4', 'fwd=bypass'], [{ pragma: 'no-cache' }, '5', 'fwd=request'],
  ];
  for (const [headers, text, status] of rows) assert.deepEqual(await call('/echo', headers).then((answer) => [answer.text, answer.cache.split('; ')[1]]), [text, status], JSON.stringify(headers));
  assert.equal(asked.length, 5);
});

test('a client that wants a stored answer only is never answered by the upstream', async (t) => {
  const { gateway, asked, advance, call } = await setUp(t, (_request, response, count) => response.writeHead(200, fresh).end(String(count)));
  const only = { 'cache-control': 'only-if-cached' };
  const missed = await call('/echo', only);
  assert.deepEqual([missed.status, (JSON.parse(missed.text) as { code: string }).code, asked.length], [504, 'not_cached', 0]);
  await call();
  assert.deepEqual(await call('/echo', only).then(({ status, text }) => [status, text]), [200, '1']);
  const unmet: Record<string, string>[] = [{ 'cache-control': 'only-if-cached, max-age=0', 'if-none-match': '"x"' }, { 'cache-control': 'only-if-cached, no-store' }, { ...only, range: 'bytes=0-0' }];
  for (const headers of unmet) {
    advance(1_000);
    assert.equal((await call('/echo', headers)).status, 504, JSON.stringify(headers));
  }
  advance(60_000);
  assert.equal((await call('/echo', only)).status, 504);
  assert.equal(asked.length, 1);
  assert.deepEqual(gateway.spool.requests.map(({ status, upstreamStatus }) => [status, upstreamStatus]), [[504, null], [200, 200], [200, 200], ...Array.from({ length: 4 }, () => [504, null])]);
});

test('a change that worked ends what is kept of its address, also what was asked for before it', async (t) => {
  let release: (() => void) | undefined;
  const { call } = await setUp(t, (request, response, count) => {
    if (request.method === 'POST') response.writeHead(request.url === '/echo?fail' ? 422 : 201).end();
    else if (request.url === '/items/slow') release = () => response.writeHead(200, fresh).end(String(count));
    else response.writeHead(200, fresh).end(String(count));
  });
  await call();
  await call('/echo?fail');
  await call('/echo', {}, 'POST');
  await call('/echo?fail', {}, 'POST');
  assert.deepEqual([(await call()).text, (await call('/echo?fail')).cache.split('; ')[1]], ['5', 'hit']);
  const slow = call('/items/slow');
  while (release === undefined) await new Promise((resolve) => setImmediate(resolve));
  await call('/items/slow', {}, 'POST');
  release();
  assert.equal((await slow).text, '6');
  release = undefined;
  const again = call('/items/slow');
  while (release === undefined) await new Promise((resolve) => setImmediate(resolve));
  (release as () => void)();
  assert.equal((await again).text, '8');
});

test('what is kept is bounded: large bodies stream through, the least recently used answer leaves', async (t) => {
  const { gateway, call } = await setUp(t, (request, response, count) => response.writeHead(200, fresh).end(request.url === '/items/large' ? 'x'.repeat(6_000) : `${count} ${'x'.repeat(4_000)}`), { bytesMax: 20_000, entryBytesMax: 5_000 });
  const status = async (path: string): Promise<string> => (await call(path)).cache.split('; ')[1]!;
  assert.deepEqual([await status('/items/large'), await status('/items/large')], ['fwd=uri-miss', 'fwd=uri-miss']);
  for (const id of [1, 2, 3, 4]) await call(`/items/${id}`);
  assert.deepEqual([await status('/items/1')], ['hit']);
  await call('/items/5');
  assert.deepEqual([await status('/items/1'), await status('/items/2')], ['hit', 'fwd=uri-miss']);
  const { store } = gateway.gateway.routes.bySlug.get('atlas')!.policies.cache!;
  assert.ok(store.bytes <= 20_000, String(store.bytes));
});

test('an answer that broke off, and test mode, are not kept', async (t) => {
  const { asked, call } = await setUp(t, (_request, response, count) => {
    response.writeHead(200, { ...fresh, 'Content-Length': '10' });
    if (count === 1) response.write('half', () => response.destroy());
    else response.end('0123456789');
  }, {}, { testUpstream: 'examples' });
  await assert.rejects(call());
  assert.equal((await call()).text, '0123456789');
  assert.equal((await call('/echo', { 'x-api-key': sandbox.key })).cache, '');
  assert.equal(asked.length, 2);
});
