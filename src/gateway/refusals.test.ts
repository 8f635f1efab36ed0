// Every refusal that the gateway makes: its status, its fields, and what its detail teaches.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { newKey } from '../domain/key.ts';
import { operation, openTestGateway, openUpstream, plan, product, rawExchange, snapshot, testKey, until, version, type TestGateway, type TestKey, type TestUpstream } from './gateway.testkit.ts';

interface Problem { type: string; title: string; status: number; detail: string; code: string; requestId: string; [member: string]: unknown }

const ofPlan = (revision: string) => ({ subscriptions: [{ subscriptionId: `sub_${revision}`, productId: 'prd_atlas', planRevisionId: revision, anchorAt: 0, active: true }] });

const keys = {
  plain: testKey(ofPlan('rev_1')),
  small: testKey(ofPlan('rev_small')),
  revoked: testKey({ ...ofPlan('rev_1'), state: 'revoked', revokedAt: Date.UTC(2026, 4, 1) }),
  expired: testKey({ ...ofPlan('rev_1'), expiresAt: Date.UTC(2026, 0, 1) }),
  deleted: testKey({ state: 'deleted' }),
  blocked: testKey({ ...ofPlan('rev_1'), state: 'consumer-blocked' }),
  elsewhere: testKey({ subscriptions: [] }),
  inactive: testKey({ subscriptions: [{ ...ofPlan('rev_1').subscriptions[0]!, active: false }] }),
  scoped: testKey({ ...ofPlan('rev_1'), scopes: ['GET /other'] }),
  located: testKey({ ...ofPlan('rev_1'), addresses: ['10.0.0.0/8'] }),
  test: testKey(ofPlan('rev_1'), 'test'),
  unknown: testKey(),
};

async function setUp(t: TestContext): Promise<{ gateway: TestGateway; upstream: TestUpstream; reached: () => number }> {
  let reached = 0;
  const upstream = await openUpstream((_request, response) => {
    reached++;
    response.end('ok');
  });
  const { unknown: _, ...known } = keys;
  const versions = [
    version('v1', [operation('GET', '/echo'), operation('POST', '/echo'), operation('GET', '/items/{id}')], { status: 'deprecated', deprecatedAt: Date.UTC(2026, 8, 1), sunsetAt: Date.UTC(2027, 2, 1), successor: 'v2' }),
    version('v2', [operation('GET', '/echo'), operation('GET', '/places/{id}')]),
    version('v0', [operation('GET', '/echo')], { status: 'retired', deprecatedAt: 0, sunsetAt: Date.UTC(2025, 0, 1), successor: 'v2' }),
  ];
  const plans = [plan([]), plan([], { revisionId: 'rev_small', name: 'Small', operations: ['GET /other'] })];
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { versions, plans })]), keys: Object.values(known) });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { gateway, upstream, reached: () => reached };
}

const bearer = (key: TestKey): Record<string, string> => ({ authorization: `Bearer ${key.key}` });
const good = keys.plain.key;
const changed = `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`;

/** name, path, headers, status, code, what the detail must say */
const rows: [string, string, Record<string, string>, number, string, RegExp][] = [
  ['no key', '/atlas/v2/echo', {}, 401, 'key_missing', /neither an Authorization nor an X-API-Key header.*Authorization: Bearer <key>/],
  ['an empty key', '/atlas/v2/echo', { 'x-api-key': '' }, 401, 'key_missing', /X-API-Key header is empty/],
  ['Bearer without a key', '/atlas/v2/echo', { authorization: 'Bearer ' }, 401, 'key_missing', /no key follows/],
  ['a misspelt scheme', '/atlas/v2/echo', { authorization: `Bear ${good}` }, 401, 'key_malformed', /says "Bear", it must be "Bearer"/],
  ['another scheme', '/atlas/v2/echo', { authorization: 'Basic dXNlcjpwYXNz' }, 401, 'key_malformed', /says "Basic", it must be "Bearer"/],
  ['a key without its scheme', '/atlas/v2/echo', { authorization: good }, 401, 'key_malformed', /without the word "Bearer"/],
  ['a changed character', '/atlas/v2/echo', { 'x-api-key': changed }, 401, 'key_malformed', /"atlas_live_\.\.\.[0-9A-Za-z]{4}": its checksum does not match/],
  ['a lost character', '/atlas/v2/echo', { 'x-api-key': good.slice(0, -1) }, 401, 'key_malformed', /32 characters follow the mode, but a whole key has 33/],
  ['a quoted key', '/atlas/v2/echo', { authorization: `Bearer "${good}"` }, 401, 'key_malformed', /quotes or brackets/],
  ['a key in the query', `/atlas/v2/echo?api_key=${good}`, {}, 401, 'key_missing', /query parameter "api_key"/],
  ['a key in another header', '/atlas/v2/echo', { 'api-key': good }, 401, 'key_missing', /atlas_live_\.\.\.\w{4} was sent in the header api-key, which is not read/],
  ['an unknown key', '/atlas/v2/echo', bearer(keys.unknown), 401, 'key_unknown', /no such key was made here/],
  ['a deleted key', '/atlas/v2/echo', bearer(keys.deleted), 401, 'key_unknown', /no such key/],
  ['a revoked key', '/atlas/v2/echo', bearer(keys.revoked), 401, 'key_revoked', /atlas_live_\.\.\.\w{4} was revoked on Fri, 01 May 2026/],
  ['an expired key', '/atlas/v2/echo', bearer(keys.expired), 401, 'key_expired', /expired on Thu, 01 Jan 2026/],
  ['a blocked consumer', '/atlas/v2/echo', bearer(keys.blocked), 403, 'consumer_blocked', /Contact the producer/],
  ['a key of another product', '/atlas/v2/echo', bearer(keys.elsewhere), 403, 'key_wrong_product', /no subscription to Atlas API\. Subscribe at http:\/\/portal\.test\/atlas/],
  ['a paused subscription', '/atlas/v2/echo', bearer(keys.inactive), 403, 'subscription_inactive', /is not active/],
  ['an operation outside the plan', '/atlas/v2/echo', bearer(keys.small), 403, 'plan_forbids', /plan Small does not include GET \/echo.*upgrade at http/],
  ['an operation outside the key', '/atlas/v2/echo', bearer(keys.scoped), 403, 'scope_forbids', /limited to other operations .* change the operations of this one at .*\/dashboard\/keys\/\w+/],
  ['a foreign address', '/atlas/v2/echo', bearer(keys.located), 403, 'address_forbids', /from 127\.0\.0\.1.* at .*\/dashboard\/keys\/\w+/],
  ['a test key without test mode', '/atlas/v2/echo', bearer(keys.test), 403, 'mode_forbidden', /has no test mode/],
  ['an unknown product', '/atlsa/v2/echo', {}, 404, 'no_route', /No product is called "atlsa"\. Did you mean \/atlas\?/],
  ['no product', '/', {}, 404, 'no_route', /<product>\/<version>\/<path>/],
  ['no version', '/atlas', bearer(keys.plain), 404, 'no_route', /names no version\. Its versions are v1, v2, v0/],
  ['an unknown version', '/atlas/v3/echo', bearer(keys.plain), 404, 'no_route', /"v3" is not a version of Atlas API\. Its versions are/],
  ['a path that another version has', '/atlas/v1/places/1', bearer(keys.plain), 404, 'operation_unknown', /Version v2 has it/],
  ['a misspelt path', '/atlas/v2/ehco', bearer(keys.plain), 404, 'operation_unknown', /Did you mean \/echo\?/],
  ['a slash too many', '/atlas/v2/echo/', bearer(keys.plain), 404, 'operation_unknown', /Without .* it exists: \/echo/],
  ['a retired version', '/atlas/v0/echo', bearer(keys.plain), 410, 'version_retired', /retired since Wed, 01 Jan 2025.*Move to v2/],
];

test('each refusal says what was sent, what was expected and what to do', async (t) => {
  const { gateway, reached } = await setUp(t);
  for (const [name, path, headers, status, code, detail] of rows) {
    const answer = await fetch(`${gateway.url}${path}`, { headers });
    const problem = await answer.json() as Problem;
    assert.deepEqual([answer.status, problem.code, problem.status], [status, code, status], name);
    assert.match(problem.detail, detail, name);
    assert.equal(problem.type, `http://portal.test/errors/${code}`, name);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', name);
    assert.equal(problem.requestId, answer.headers.get('x-request-id'), name);
    assert.equal(answer.headers.has('www-authenticate'), status === 401, name);
    for (const key of Object.values(keys)) assert.ok(!JSON.stringify(problem).includes(key.key), `${name}: a key is shown`);
  }
  assert.equal(reached(), 0);
  const recorded = new Set(gateway.spool.requests.map((event) => event.code));
  for (const code of ['key_revoked', 'key_expired', 'consumer_blocked', 'key_wrong_product', 'plan_forbids', 'operation_unknown', 'version_retired']) assert.ok(recorded.has(code), `${code} reaches its owner's log`);
  assert.ok(!recorded.has('key_missing') && !recorded.has('key_unknown'));
});

test('a private product is to strangers as if it were not there, and helps its own', async (t) => {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const secret = product(upstream.url, { id: 'prd_secret', slug: 'secret', name: 'Secret Books', private: true, versions: [version('v1', [operation('GET', '/books')])] });
  const own = testKey({ subscriptions: [{ ...ofPlan('rev_1').subscriptions[0]!, productId: 'prd_secret' }] });
  const ended = testKey({ ...own.entry, keyId: 'key_ended', hash: testKey().entry.hash, state: 'revoked', revokedAt: 0 });
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url), secret]), keys: [keys.plain, keys.test, own] });
  t.after(() => gateway.close());
  const ask = async (path: string, key?: string, method = 'GET'): Promise<[number, string]> => {
    const response = await fetch(gateway.url + path, { method, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
    return [response.status, (await response.text()).replaceAll(/req_\w+/g, 'req')];
  };
  for (const [name, key] of [['no key', undefined], ['an unknown key', keys.unknown.key], ['the key of another', keys.plain.key], ['an ended key of nobody', ended.key], ['the test key of another', keys.test.key]] as const) {
    for (const path of ['/secret/v1/books', '/secret/v9/books', '/secret/v1/bookz', '/secret', '/secre/v1/books']) {
      const slug = path.split('/')[1]!;
      const [status, text] = await ask(path, key);
      const [nowhere, asNowhere] = await ask(path.replace(slug, 'qwxyz'), key);
      assert.deepEqual([status, text.replaceAll(slug, 'qwxyz')], [nowhere, asNowhere], `${path} with ${name}`);
    }
    assert.equal((await ask('/secret/v1/books', key, 'DELETE'))[0], 404, name);
  }
  const preflight = await fetch(`${gateway.url}/secret/v1/books`, { method: 'OPTIONS', headers: { origin: 'http://portal.test', 'access-control-request-method': 'PUT' } });
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'PUT');
  assert.deepEqual(await ask('/secret/v1/books', own.key), [200, 'ok']);
  assert.match((await ask('/secret/v1/bookz', own.key))[1], /Did you mean \/books\?/);
  assert.match((await ask('/secret/v9/books', own.key))[1], /Its versions are v1/);
});

test('the version that is named is the newest that stays and has the path', async (t) => {
  const going = { status: 'deprecated', deprecatedAt: 0 } as const;
  const versions = [version('v0', [operation('GET', '/old'), operation('GET', '/gone')], { status: 'retired' }), version('v1', [operation('GET', '/echo'), operation('GET', '/old')], going), version('v2', [operation('GET', '/echo')]), version('v3', [operation('GET', '/new')])];
  const other = product('http://127.0.0.1:9', { id: 'prd_maps', slug: 'maps', versions: [version('v2', [operation('GET', '/tiles')]), version('v7', [])] });
  const hidden = product('http://127.0.0.1:9', { id: 'prd_secret', slug: 'secret', private: true, versions: [version('v2', [operation('GET', '/echo'), operation('GET', '/books')]), version('v8', [operation('GET', '/books')])] });
  const gateway = await openTestGateway({ snapshot: snapshot([product('http://127.0.0.1:9', { versions }), other, hidden]), keys: [keys.plain] });
  t.after(() => gateway.close());
  for (const [name, path, detail] of [
    ['a wrong version', '/atlas/v11/echo', /: \/atlas\/v2\/\.\.\.$/],
    ['a wrong version, a path of the newest', '/atlas/v11/new', /: \/atlas\/v3\/\.\.\.$/],
    ['a wrong version, a path that none has', '/atlas/v11/nothing', /: \/atlas\/v3\/\.\.\.$/],
    ['a path that two other versions have', '/atlas/v3/echo', /Version v2 has it/],
    ['a path that only a deprecated version has', '/atlas/v3/old', /Version v1 has it/],
    ['a path that only a retired version has', '/atlas/v3/gone', /has no path \/gone\. (?!Version)/],
    ['no product, one has version and path', '/v2/tiles', /Did you mean \/maps\/v2\/tiles\?$/],
    ['no product, one has the path to a stranger', '/v2/echo', /Did you mean \/atlas\/v2\/echo\?$/],
    ['no product, one has the version', '/v7/tiles', /Did you mean \/maps\/v7\?$/],
    ['no product, a path that only a private one has', '/v2/books', /No product is called "v2"\. Addresses have/],
    ['no product, a version that only a private one has', '/v8/books', /No product is called "v8"\. Addresses have/],
  ] as const) {
    const problem = await (await fetch(gateway.url + path, { headers: bearer(keys.plain) })).json() as Problem;
    assert.match(problem.detail, detail, name);
  }
});

test('other methods are named, HEAD follows GET', async (t) => {
  const { gateway } = await setUp(t);
  const answer = await fetch(`${gateway.url}/atlas/v1/echo`, { method: 'DELETE', headers: bearer(keys.plain) });
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD, POST']);
  const refused = await fetch(`${gateway.url}/atlas/v1/echo`, { method: 'HEAD' });
  assert.equal(refused.status, 401);
  assert.equal((await fetch(`${gateway.url}/atlas/v1/echo`, { method: 'HEAD', headers: bearer(keys.plain) })).status, 200);
});

test('a deprecated version says so on every answer', async (t) => {
  const { gateway } = await setUp(t);
  const answer = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: bearer(keys.plain) });
  assert.equal(answer.headers.get('deprecation'), '@1788220800');
  assert.equal(answer.headers.get('sunset'), 'Mon, 01 Mar 2027 00:00:00 GMT');
  assert.equal(answer.headers.get('link'), '<http://portal.test/atlas/v1>; rel="deprecation", <http://portal.test/atlas/v1>; rel="sunset", <http://gateway.test/atlas/v2>; rel="successor-version"');
  assert.equal((await fetch(`${gateway.url}/atlas/v2/echo`, { headers: bearer(keys.plain) })).headers.get('deprecation'), null);
  const retired = await fetch(`${gateway.url}/atlas/v0/echo`, { headers: bearer(keys.plain) });
  assert.match(retired.headers.get('link')!, /atlas\/v2>; rel="successor-version"/);
});

for (const [name, octets, status, code] of [
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'request_malformed'],
  ['two lengths', 'POST /atlas/v2/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400, 'request_malformed'],
  ['length and chunks', 'POST /atlas/v2/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, 'request_malformed'],
  ['an unknown transfer coding', 'POST /atlas/v2/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 400, 'request_malformed'],
  ['no Host', 'GET /atlas/v2/echo HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['two Hosts', 'GET /atlas/v2/echo HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['a space before the colon', 'GET /atlas/v2/echo HTTP/1.1\r\nHost : a\r\n\r\n', 400, 'request_malformed'],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', 400, 'request_malformed'],
  ['a dot segment', 'GET /atlas/v2/../secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['a dot segment with a parameter', 'GET /atlas/v1/items/..;x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request_malformed'],
  ['an encoded dot segment', 'GET /atlas/v1/items/%2e%2E HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['a dot segment behind an encoded slash', 'GET /atlas/v1/items/a%2f..%2fb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['a lone percent sign', 'GET /atlas/v1/items/100% HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'request_malformed'],
  ['a head that is too large', `GET /atlas/v2/echo HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'head_too_large'],
] as const) {
  test(`${name} is refused with a problem document`, async (t) => {
    const { gateway } = await setUp(t);
    const answer = await rawExchange(gateway.port, octets);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    const [head, body] = answer.split('\r\n\r\n');
    const problem = JSON.parse(body!) as Problem;
    assert.equal(problem.code, code);
    assert.match(head!, /Content-Type: application\/problem\+json/);
    assert.match(head!, new RegExp(`X-Request-Id: ${problem.requestId}`));
  });
}

test('a body that breaks its framing ends the call, and nothing follows on that connection', async (t) => {
  const { gateway } = await setUp(t);
  const answer = await rawExchange(gateway.port, `POST /atlas/v1/echo HTTP/1.1\r\nHost: a\r\nX-API-Key: ${good}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nGET /atlas/v1/echo HTTP/1.1\r\nHost: a\r\nX-API-Key: ${good}\r\n\r\n`);
  assert.ok((answer.match(/HTTP\/1\.1/g) ?? []).length <= 1, answer);
  assert.ok(!answer.includes(' 200 '));
});

test('calls in flight are bounded', async (t) => {
  let release = (): void => undefined;
  const upstream = await openUpstream((_request, response) => { release = () => response.end('ok'); });
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url)]), keys: [keys.plain], inFlightMax: 1 });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const first = fetch(`${gateway.url}/atlas/v1/echo`, { headers: bearer(keys.plain) });
  await until(() => gateway.gateway.reservations.inFlight === 1, 'one in flight');
  const second = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: bearer(keys.plain) });
  assert.deepEqual([second.status, second.headers.get('retry-after'), (await second.json() as Problem).code], [503, '1', 'overloaded']);
  await until(() => release.length === 0, 'upstream reached');
  release();
  assert.equal((await first).status, 200);
});

test('what cannot be metered is refused before it is forwarded, and never looks like a success', async (t) => {
  const { gateway, reached } = await setUp(t);
  gateway.spool.unmeterable = true;
  const refused = await fetch(`${gateway.url}/atlas/v2/echo`, { headers: bearer(keys.plain) });
  assert.deepEqual([refused.status, (await refused.json() as Problem).code], [503, 'metering_unavailable']);
  assert.equal(reached(), 0);
  gateway.spool.unmeterable = false;
  gateway.spool.failing = true;
  await assert.rejects(fetch(`${gateway.url}/atlas/v2/echo`, { headers: bearer(keys.plain) }).then((answer) => answer.text()));
  const bodiless = await fetch(`${gateway.url}/atlas/v2/echo`, { method: 'HEAD', headers: bearer(keys.plain) });
  assert.equal(bodiless.status, 503);
  gateway.gateway.whenUnmeterable = 'serve';
  assert.equal(await (await fetch(`${gateway.url}/atlas/v2/echo`, { headers: bearer(keys.plain) })).text(), 'ok');
});

test('a stranger is counted, not recorded, and many strangers stay few counts', async (t) => {
  const { gateway } = await setUp(t);
  for (let i = 0; i < 5; i++) await (await fetch(`${gateway.url}/atlas/v2/echo`)).text();
  await (await fetch(`${gateway.url}/atlas/v2/echo`, { headers: { 'x-api-key': newKey('atlas', 'live', randomBytes) } })).text();
  assert.equal(gateway.spool.records.length, 0);
  const counts = gateway.gateway.strangers.take().flatMap((record) => (record.kind === 'refusals' ? [[record.code, record.operation, record.count]] : []));
  assert.deepEqual(counts, [['key_missing', 'GET /echo', 5], ['key_unknown', 'GET /echo', 1]]);
  assert.deepEqual(gateway.gateway.strangers.take(), []);
});

test('a connection that says nothing costs nothing', async (t) => {
  const { gateway } = await setUp(t);
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write('GET /atlas');
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  assert.equal((await fetch(`${gateway.url}/atlas/v2/echo`, { headers: bearer(keys.plain) })).status, 200);
});
