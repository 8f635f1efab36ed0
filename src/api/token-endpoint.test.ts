// The token endpoint as a program meets it: RFC 6749 to the letter.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CreatedKey } from '../control/services.ts';
import { atlas, serveApi, type ServedApi } from './testkit.ts';

const admin = { kind: 'admin-token' } as const;
let api: ServedApi;
let key: CreatedKey;

const apply = (text: string) => api.services.configuration.apply(admin, { bundle: { ...atlas, text }, dryRun: false, prune: false });
const withTokens = atlas.text.replace('    testUpstream: examples\n', '    testUpstream: examples\n    policies: { tokens: { own: true } }\n');

before(async () => {
  api = await serveApi();
  await apply(atlas.text);
  key = await api.services.keys.createFor(admin, { email: 'ada@example.com', productSlug: 'atlas', mode: 'live' });
});
after(() => api.close());

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

async function ask(form: string | Record<string, string> | [string, string][], headers: Record<string, string> = {}) {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const answer = await fetch(`${api.url}/oauth/token`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, string | number> };
}

test('while no product takes tokens nothing tells of them', async () => {
  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/jwks.json']) assert.equal((await fetch(api.url + path)).status, 404, path);
  assert.equal((await ask({ grant_type: 'client_credentials', client_id: key.id, client_secret: key.key })).body['error'], 'unauthorized_client');
});

test('a client finds the endpoint, and gets a token by the form or by HTTP Basic', async () => {
  await apply(withTokens);
  const described = (await (await fetch(`${api.url}/.well-known/oauth-authorization-server`)).json()) as Record<string, unknown>;
  assert.deepEqual([described['issuer'], described['token_endpoint'], described['jwks_uri'], described['grant_types_supported']], ['http://portal.example', 'http://portal.example/oauth/token', 'http://portal.example/.well-known/jwks.json', ['client_credentials']]);
  const { keys } = (await (await fetch(`${api.url}/.well-known/jwks.json`)).json()) as { keys: { kty: string; d?: string }[] };
  assert.deepEqual(keys.map(({ kty, d }) => [kty, d]), [['OKP', undefined], ['OKP', undefined], ['OKP', undefined]]);
  const grant = { grant_type: 'client_credentials' };
  for (const [form, headers] of [
    [{ ...grant, client_id: key.id, client_secret: key.key }, {}],
    [grant, { authorization: basic(key.id, key.key) }],
    [{ ...grant, client_id: key.id, scope: '', resource: 'http://gateway.example/atlas' }, { authorization: basic(key.id, key.key) }],
    [grant, { authorization: basic(key.id, key.key).replace('Basic', 'basic'), 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }],
  ] as [Record<string, string>, Record<string, string>][]) {
    const answer = await ask(form, headers);
    assert.deepEqual([answer.status, answer.body['token_type'], answer.body['expires_in'], answer.headers.get('cache-control'), answer.headers.get('pragma')], [200, 'Bearer', 3600, 'no-store', 'no-cache']);
    assert.match(String(answer.body['access_token']), /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  }
});

test('each mistake has the error that RFC 6749 gives it', async () => {
  const grant = { grant_type: 'client_credentials' };
  const client = { client_id: key.id, client_secret: key.key };
  const rows: [what: string, form: Parameters<typeof ask>[0], headers: Record<string, string>, status: number, error: string][] = [
    ['no grant', client, {}, 400, 'invalid_request'],
    ['another grant', { ...client, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    ['no client', grant, {}, 401, 'invalid_client'],
    ['no secret', { ...grant, client_id: key.id }, {}, 401, 'invalid_client'],
    ['a wrong key', { ...grant, ...client, client_secret: 'x' }, {}, 401, 'invalid_client'],
    ['a wrong key by Basic', grant, { authorization: basic(key.id, 'x') }, 401, 'invalid_client'],
    ['Basic that cannot be read', grant, { authorization: 'Basic %%' }, 401, 'invalid_client'],
    ['Basic with a broken escape', grant, { authorization: `Basic ${Buffer.from('a:%zz').toString('base64')}` }, 401, 'invalid_client'],
    ['Basic without a colon', grant, { authorization: `Basic ${Buffer.from('ab').toString('base64')}` }, 401, 'invalid_client'],
    ['Bearer', grant, { authorization: `Bearer ${key.key}` }, 401, 'invalid_client'],
    ['the client twice', { ...grant, ...client }, { authorization: basic(key.id, key.key) }, 400, 'invalid_request'],
    ['two clients', { ...grant, client_id: 'key_else' }, { authorization: basic(key.id, key.key) }, 400, 'invalid_request'],
    ['a parameter twice', [['grant_type', 'client_credentials'], ['grant_type', 'client_credentials'], ...Object.entries(client)], {}, 400, 'invalid_request'],
    ['two resources', [['resource', 'a'], ['resource', 'b'], ...Object.entries({ ...grant, ...client })], {}, 400, 'invalid_request'],
    ['a scope', { ...grant, ...client, scope: 'read' }, {}, 400, 'invalid_scope'],
    ['another place', { ...grant, ...client, resource: 'http://evil.example/"\\é' }, {}, 400, 'invalid_target'],
    ['JSON', JSON.stringify({ ...grant, ...client }), { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ['too long', { ...grant, ...client, pad: 'x'.repeat(20_000) }, {}, 400, 'invalid_request'],
  ];
  for (const [what, form, headers, status, error] of rows) {
    const answer = await ask(form, headers);
    assert.deepEqual([answer.status, answer.body['error'], answer.headers.get('cache-control')], [status, error, 'no-store'], what);
    assert.equal(answer.headers.get('www-authenticate'), status === 401 ? 'Basic realm="oauth", charset="UTF-8"' : null, what);
    assert.match(String(answer.body['error_description']), /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, what);
    assert.ok(!JSON.stringify(answer.body).includes(key.key), what);
  }
  const got = await fetch(`${api.url}/oauth/token?grant_type=client_credentials`);
  assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST']);
});

test('who guesses too often waits', async () => {
  for (let round = 0; round < 100; round++) await ask({ grant_type: 'client_credentials', client_id: key.id, client_secret: 'x' }, { 'x-forwarded-for': '192.0.2.9' });
  const answer = await ask({ grant_type: 'client_credentials', client_id: key.id, client_secret: key.key }, { 'x-forwarded-for': '192.0.2.9' });
  assert.deepEqual([answer.status, answer.body['error'], answer.headers.get('retry-after')], [429, 'invalid_client', '900']);
});
