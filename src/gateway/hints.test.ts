// What a page that waits for a first call is told of each mistake: enough to mend it, and never the credential.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { mistakes } from '../domain/call-hint.ts';
import { newKey } from '../domain/key.ts';
import { operation, openTestGateway, product, rawExchange, snapshot, testKey, until, version } from './gateway.testkit.ts';

const known = testKey();
const key = known.key;
const secret = key.slice('atlas_live_'.length);
const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` });
const good = bearer(key);
const changed = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;

/** name, path, headers, mistake, sent, expected */
const rows: [string, string, Record<string, string>, string, string | null, string | null][] = [
  ['no header', '/atlas/v2/echo', {}, 'key-absent', null, null],
  ['an empty header', '/atlas/v2/echo', { 'x-api-key': '' }, 'key-empty', 'X-API-Key', null],
  ['Bearer alone', '/atlas/v2/echo', { authorization: 'Bearer' }, 'scheme-alone', null, null],
  ['no Bearer', '/atlas/v2/echo', { authorization: key }, 'scheme-absent', null, null],
  ['a misspelt scheme', '/atlas/v2/echo', { authorization: `Bear ${key}` }, 'scheme-wrong', 'Bear', null],
  ['another scheme', '/atlas/v2/echo', { authorization: 'Basic dXNlcjpwYXNz' }, 'scheme-wrong', 'Basic', null],
  ['a key in the query', `/atlas/v2/echo?api_key=${key}`, {}, 'key-in-query', 'api_key', null],
  ['a key in the query under a name that is a key', `/atlas/v2/echo?${key}=${key}`, {}, 'key-in-query', null, null],
  ['a key in another header', '/atlas/v2/echo', { 'Api-Key': key }, 'key-in-header', 'Api-Key', null],
  ['a key in the path', `/atlas/v2/echo/${key}`, {}, 'path-unknown', null, null],
  ['the placeholder', '/atlas/v2/echo', bearer('YOUR_KEY'), 'placeholder', null, null],
  ['the placeholder with the prefix', '/atlas/v2/echo', bearer('atlas_test_YOUR_KEY'), 'placeholder', null, null],
  ['a variable that was not filled in', '/atlas/v2/echo', bearer('$API_KEY'), 'placeholder', null, null],
  ['quotes', '/atlas/v2/echo', bearer(`"${key}"`), 'key-quoted', null, null],
  ['a space inside', '/atlas/v2/echo', bearer(`${key.slice(0, 20)} ${key.slice(20)}`), 'key-spaced', null, null],
  ['Bearer twice', '/atlas/v2/echo', bearer(`Bearer ${key}`), 'scheme-twice', null, null],
  ['something else', '/atlas/v2/echo', bearer('hunter2'), 'not-a-key', null, null],
  ['a truncated key', '/atlas/v2/echo', bearer(key.slice(0, -4)), 'key-shortened', '29', null],
  ['a key with too much', '/atlas/v2/echo', bearer(`${key}x`), 'key-lengthened', '34', null],
  ['a wrong character', '/atlas/v2/echo', bearer(`${key.slice(0, -1)}!`), 'key-characters', null, null],
  ['live written over test', '/atlas/v2/echo', bearer(newKey('atlas', 'test', randomBytes).replace('_test_', '_live_')), 'key-mode-changed', 'live', null],
  ['a typo', '/atlas/v2/echo', bearer(changed), 'key-changed', null, null],
  ['a key of another portal', '/atlas/v2/echo', bearer(newKey('other', 'live', randomBytes)), 'key-of-others', 'other', null],
  ['no product', '/', good, 'product-absent', '', null],
  ['a wrong product', '/atlsa/v2/echo', good, 'product-unknown', 'atlsa', 'atlas'],
  ['a version without its product', '/v2/echo', good, 'product-unknown', 'v2', 'atlas/v2/echo'],
  ['a version without its product, with a key in the path', `/v2/places/${key}`, good, 'product-unknown', 'v2', 'atlas/v2'],
  ['a wrong product and no key', '/atlsa/v2/echo', {}, 'key-absent', null, null],
  ['a private product and no key', '/secret/v2/echo', {}, 'key-absent', null, null],
  ['a private product and the key of another', '/secret/v2/echo', good, 'product-unknown', 'secret', null],
  ['a private product with a wrong version', '/secret/v9/echo', good, 'product-unknown', 'secret', null],
  ['no version', '/atlas', good, 'version-absent', '', 'v2'],
  ['a wrong version', '/atlas/v3/echo', good, 'version-unknown', 'v3', 'v2'],
  ['a path of another version', '/atlas/v1/places/1', good, 'path-elsewhere', null, 'v2'],
  ['a key before a slash at the end', `/atlas/v2/places/${key}/`, good, 'path-slash', null, null],
  ['a slash at the end', '/atlas/v2/echo/', good, 'path-slash', null, '/echo'],
  ['a misspelt path', '/atlas/v2/ehco', good, 'path-unknown', '/ehco', 'GET /echo'],
  ['a misspelt path with a parameter', '/atlas/v2/plaecs/7', good, 'path-unknown', '/plaecs/7', 'GET /places/{id}'],
  ['a path far from all', '/atlas/v2/nothing/like/it', good, 'path-unknown', '/nothing/like/it', null],
  ['another method', '/atlas/v2/places/1', good, 'method-other', 'DELETE', 'GET, HEAD'],
];

test('each mistake is told to the page that waits at this address, without the credential', async (t) => {
  const versions = [version('v1', [operation('GET', '/echo')]), version('v2', [operation('GET', '/echo'), operation('GET', '/places/{id}')])];
  const gateway = await openTestGateway({ snapshot: snapshot([product('http://127.0.0.1:9', { versions }), product('http://127.0.0.1:9', { id: 'prd_secret', slug: 'secret', private: true, versions })]), keys: [known] });
  t.after(() => gateway.close());
  gateway.gateway.strangers.watch('127.0.0.1', Date.now() + 60_000);
  const told = (): typeof gateway.hints | typeof gateway.strangers => (gateway.hints.length > 0 ? gateway.hints : gateway.strangers);
  for (const [name, path, headers, mistake, sent, expected] of rows) {
    gateway.hints.length = gateway.strangers.length = 0;
    await (await fetch(gateway.url + path, { headers, method: mistake === 'method-other' ? 'DELETE' : 'GET' })).text();
    await until(() => told().length > 0, name);
    assert.deepEqual(told()[0]!.hint, { mistake, sent, expected }, name);
    assert.ok(!JSON.stringify(told()).includes(secret.slice(0, 12)), `${name}: no credential is told`);
  }
  gateway.strangers.length = 0;
  await rawExchange(gateway.port, Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5]));
  await until(() => gateway.strangers.length > 0, 'TLS');
  assert.equal(gateway.strangers[0]!.hint?.mistake, 'tls');
  const shown = new Set([...rows.map(([, , , mistake]) => mistake), 'tls', 'key-in-path', 'version-header-unknown', 'portal-address']);
  assert.deepEqual([...shown].sort(), [...mistakes].sort(), 'every mistake is shown here');
});

test('nobody is told of calls from an address that no page waits at', async (t) => {
  const gateway = await openTestGateway({ snapshot: snapshot([product('http://127.0.0.1:9')]), keys: [known] });
  t.after(() => gateway.close());
  gateway.gateway.strangers.watch('203.0.113.9', Date.now() + 60_000);
  gateway.gateway.strangers.watch('127.0.0.1', Date.now() - 1);
  await (await fetch(`${gateway.url}/atlas/v1/nothing`, { headers: good })).text();
  await (await fetch(`${gateway.url}/atlas/v1/echo`)).text();
  assert.deepEqual([gateway.hints, gateway.strangers], [[], []]);
});
