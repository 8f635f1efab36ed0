// Access tokens in place of keys: what opens a product, and everything that does not.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { CredentialEntry } from '../snapshot/snapshot.ts';
import { openTestGateway, openUpstream, product, rawExchange, snapshot, testKey, type TestGateway, type TestKey, type TestUpstream } from './gateway.testkit.ts';
import { failuresPerAddressMax } from './tokens/failed-signatures.ts';
import { confusedToken, encoded, makeToken, testSigner } from './tokens/token.testkit.ts';

const signer = testSigner('EdDSA', 'present');
const next = testSigner('EdDSA', 'next');
const stranger = testSigner('EdDSA', 'present');
const now = Date.UTC(2026, 8, 1, 12);

interface Scene { gateway: TestGateway; upstream: TestUpstream; key: TestKey; seen: string[]; clock: { ms: number }; call(token: string, more?: Record<string, string>): Promise<{ status: number; code: string | null; detail: string; challenge: string | null }> }

async function setUp(t: TestContext, more: Partial<CredentialEntry> = {}): Promise<Scene> {
  const seen: string[] = [];
  const upstream = await openUpstream((request, response) => {
    seen.push(request.headers.authorization ?? 'no credential');
    response.end('ok');
  });
  const clock = { ms: now };
  const still: Clock = { now: () => clock.ms, monotonicNs: systemClock.monotonicNs };
  const key = testKey(more);
  const other = { id: 'prd_plain', slug: 'plain', name: 'Plain' };
  const gateway = await openTestGateway({ clock: still, keys: [key], snapshot: { ...snapshot([product(upstream.url, { policies: { tokens: { own: true, issuers: [] } } }), product(upstream.url, other)]), tokenKeys: [signer.jwk, next.jwk] } });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call: Scene['call'] = async (token, headers = {}) => {
    const answer = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { authorization: `Bearer ${token}`, ...headers } });
    const problem = answer.ok ? null : ((await answer.json()) as { code: string; detail: string });
    return { status: answer.status, code: problem?.code ?? null, detail: problem?.detail ?? '', challenge: answer.headers.get('www-authenticate') };
  };
  return { gateway, upstream, key, seen, clock, call };
}

const claimsFor = ({ entry }: TestKey, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  iss: 'http://portal.test', aud: 'http://gateway.test', sub: entry.keyId, client_id: entry.keyId, iat: now / 1000, exp: now / 1000 + 3600, jti: 'x', key_hash: Buffer.from(entry.hash, 'hex').toString('base64url'), ...more,
});

test('a token opens what its key opens, is metered as its key, and does not reach the upstream', async (t) => {
  const { gateway, key, seen, call } = await setUp(t);
  const token = makeToken(signer, claimsFor(key));
  for (let round = 0; round < 3; round++) assert.equal((await call(token)).status, 200);
  assert.equal((await call(makeToken(next, claimsFor(key, { aud: ['http://else.test', 'http://gateway.test/atlas'] })))).status, 200, 'the next signing key, and an audience of one product');
  assert.equal((await call(makeToken(signer, claimsFor(key), { typ: 'application/AT+JWT', kid: 'present' }))).status, 200);
  assert.equal((await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { authorization: `bearer   ${token}` } })).status, 200);
  assert.equal((await call(key.key)).status, 200, 'keys go on');
  assert.deepEqual(new Set(seen), new Set(['no credential']));
  assert.deepEqual(new Set(gateway.spool.requests.map(({ keyId, subscriptionId, consumerId }) => `${keyId} ${subscriptionId} ${consumerId}`)), new Set([`${key.entry.keyId} sub_1 con_1`]));
});

test('each token with something wrong is refused with a challenge and with what is wrong', async (t) => {
  const { key, call, gateway } = await setUp(t);
  const claims = claimsFor(key);
  const good = makeToken(signer, claims);
  const [head, body, signature] = good.split('.') as [string, string, string];
  const rsa = testSigner('RS256', 'present');
  const publicPem = createPublicKey({ key: signer.jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  const signed = (more: Record<string, unknown>, header?: Record<string, unknown>): string => makeToken(signer, claimsFor(key, more), header);
  const rows: [what: string, token: string, says: RegExp][] = [
    ['signed with another key of that kid', makeToken(stranger, claims), /signature/],
    ['claims changed after signing', `${head}.${encoded({ ...claims, exp: 9e9 })}.${signature}`, /signature/],
    ['signature cut off', `${head}.${body}.${signature.slice(0, 40)}`, /signature/],
    ['alg none without a signature', `${encoded({ alg: 'none', typ: 'at+jwt' })}.${body}.`, /no signed JWT/],
    ['alg none with a signature', `${encoded({ alg: 'none', typ: 'at+jwt', kid: 'present' })}.${body}.${signature}`, /"none"/],
    ['alg NonE', makeToken(signer, claims, { alg: 'NonE' }), /"NonE"/],
    ['the public key as a secret', confusedToken({ publicPem, claims, kid: 'present' }), /"HS256"/],
    ['the octets of the public key as a secret', confusedToken({ publicPem: Buffer.from(signer.jwk.x!, 'base64url').toString('latin1'), claims, kid: 'present' }), /"HS256"/],
    ['another algorithm than the issuer signs by', makeToken(rsa, claims), /"RS256"/],
    ['alg that is no text', makeToken(signer, claims, { alg: ['EdDSA'] }), /no text/],
    ['an extension that must be understood', signed({}, { crit: ['b64'], b64: false }), /crit/],
    ['an empty list of extensions', signed({}, { crit: [] }), /crit/],
    ['an ID token', signed({}, { typ: 'JWT' }), /"JWT"/],
    ['no type', signed({}, { typ: undefined }), /type none/],
    ['an unknown key', signed({}, { kid: 'gone' }), /"gone"/],
    ['no key named, of two', signed({}, { kid: undefined }), /kid/],
    ['a key brought along', makeToken(stranger, claims, { kid: undefined, jwk: stranger.jwk }), /kid/],
    ['another issuer', signed({ iss: 'http://evil.test' }), /"http:\/\/evil.test"/],
    ['the issuer with a slash', signed({ iss: 'http://portal.test/' }), /issuer/],
    ['no issuer', signed({ iss: undefined }), /issuer none/],
    ['for another product', signed({ aud: 'http://gateway.test/plain' }), /not for this product/],
    ['for something else', signed({ aud: ['http://else.test'] }), /not for this product/],
    ['for nobody', signed({ aud: undefined }), /not for this product/],
    ['expired', signed({ exp: now / 1000 }), /expired on Tue, 01 Sep 2026 12:00:00 GMT/],
    ['without an end', signed({ exp: undefined }), /exp/],
    ['an end that is no number', signed({ exp: '9e9' }), /exp/],
    ['not yet', signed({ nbf: now / 1000 + 1 }), /counts from Tue, 01 Sep 2026 12:00:01/],
    ['not in ten thousand years', signed({ nbf: 8e12 }), /counts from/],
    ['never', signed({ nbf: 1e300 }), /nbf/],
    ['always', signed({ exp: 1e306 }), /exp/],
    ['a beginning that is no number', signed({ nbf: 'soon' }), /nbf/],
    ['without its key', signed({ key_hash: undefined }), /key_hash/],
    ['of a key that is no more', signed({ key_hash: Buffer.alloc(32).toString('base64url') }), /no more/],
    ['of a key that has another id', signed({ client_id: 'key_else' }), /no more/],
    ['a hash of another length', signed({ key_hash: 'AAAA' }), /no more/],
    ['too long', signed({ pad: 'x'.repeat(8192) }), /at most 8192/],
    ['five parts', `${good}.a.b`, /no signed JWT/],
    ['two parts', `${head}.${body}`, /no signed JWT/],
    ['padding', `${head}.${body}=.${signature}`, /no signed JWT/],
    ['a plus for a minus', `${head}+.${body}.${signature}`, /no signed JWT/],
    ['no JSON', `eyJx.${body}.${signature}`, /header of the token/],
    ['JSON that is no object', `${head}.${encoded([claims])}.${signature}`, /claims of the token/],
    ['null', `${head}.${encoded(null)}.${signature}`, /claims of the token/],
    ['dots alone', '..', /no signed JWT/],
  ];
  for (const [what, token, says] of rows) {
    const { status, code, detail, challenge } = await call(token);
    assert.deepEqual([status, code, challenge], [401, 'token_invalid', 'Bearer realm="atlas", error="invalid_token"'], what);
    assert.match(detail, says, what);
    assert.ok(!detail.includes(signature), `${what}: tells nothing of use to a thief`);
  }
  assert.equal(gateway.gateway.routes.bySlug.get('atlas')!.tokens!.verified.size, 0, 'nothing of all this is remembered');
  const known = gateway.spool.requests.filter(({ keyId }) => keyId === key.entry.keyId);
  assert.deepEqual(new Set(known.map(({ code }) => code)), new Set(['token_invalid']), 'the owner sees what failed with a good signature');
  assert.equal(known.length, 3, 'expired, and twice too early');
});

test('what its key may not, a token may not, from one call to the next', async (t) => {
  const { gateway, key, clock, call } = await setUp(t);
  const token = makeToken(signer, claimsFor(key));
  const put = (more: Partial<CredentialEntry>): void => gateway.put({ key: key.key, entry: { ...key.entry, ...more } });
  const rows: [string, Partial<CredentialEntry>, number, string | null][] = [
    ['as it is', {}, 200, null],
    ['revoked', { state: 'revoked', revokedAt: now }, 401, 'key_revoked'],
    ['expired', { expiresAt: now }, 401, 'key_expired'],
    ['blocked', { state: 'consumer-blocked' }, 403, 'consumer_blocked'],
    ['from elsewhere', { addresses: ['192.0.2.0/24'] }, 403, 'address_forbids'],
    ['for another operation', { scopes: ['GET /items/{id}'] }, 403, 'scope_forbids'],
    ['a test key', { mode: 'test' }, 403, 'mode_forbidden'],
    ['without the product', { subscriptions: [] }, 403, 'key_wrong_product'],
    ['as it was', {}, 200, null],
  ];
  for (const [what, more, status, code] of rows) {
    put(more);
    const answer = await call(token);
    assert.deepEqual([answer.status, answer.code], [status, code], what);
  }
  clock.ms += 3_600_000 - 1;
  assert.equal((await call(token)).status, 200, 'its last millisecond');
  clock.ms += 1;
  assert.equal((await call(token)).code, 'token_invalid');
  assert.equal(gateway.gateway.routes.bySlug.get('atlas')!.tokens!.verified.size, 0, 'what has expired is forgotten');
});

test('an ended signing key ends what it signed', async (t) => {
  const { gateway, upstream, key, call } = await setUp(t);
  const token = makeToken(signer, claimsFor(key));
  assert.equal((await call(token)).status, 200);
  gateway.publish({ ...snapshot([product(upstream.url, { policies: { tokens: { own: true, issuers: [] } } })], 2), tokenKeys: [next.jwk] });
  assert.match((await call(token)).detail, /"present", which is not known/);
});

test('where tokens are off, and beside X-API-Key, a bearer value means what it meant', async (t) => {
  const { gateway, key, seen, call } = await setUp(t);
  const token = makeToken(signer, claimsFor(key));
  const off = await fetch(`${gateway.url}/plain/v1/echo`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(((await off.json()) as { code: string }).code, 'key_malformed');
  assert.equal((await call(token, { 'x-api-key': key.key })).status, 200);
  assert.deepEqual(seen, [`Bearer ${token}`], 'the upstream’s own business');
  assert.equal((await call('atlas_live_...')).code, 'key_malformed');
  assert.equal((await call('opaque')).code, 'key_malformed');
});

test('a token in one of two Authorization headers is refused', async (t) => {
  const { gateway, key } = await setUp(t);
  const token = makeToken(signer, claimsFor(key));
  const answer = await rawExchange(gateway.port, `GET /atlas/v1/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1.1 401 [^]*two Authorization headers/);
});

test('who sends one wrong signature after the other is not looked at for the rest of the second, and tokens that are known pass', async (t) => {
  const { key, clock, call } = await setUp(t);
  const good = makeToken(signer, claimsFor(key));
  const wrong = (): string => makeToken(stranger, claimsFor(key));
  assert.equal((await call(good)).status, 200);
  for (let round = 0; round < failuresPerAddressMax; round++) assert.equal((await call(wrong())).code, 'token_invalid');
  const fresh = makeToken(signer, claimsFor(key, { jti: 'y' }));
  assert.deepEqual([(await call(wrong())).code, (await call(fresh)).code, (await call(good)).status, (await call(key.key)).status], ['overloaded', 'overloaded', 200, 200]);
  clock.ms += 1_000;
  assert.equal((await call(fresh)).status, 200);
});

test('to strangers with a token a private product is like one that does not exist', async (t) => {
  const { gateway, upstream, key } = await setUp(t);
  const mine = product(upstream.url, { private: true, policies: { tokens: { own: true, issuers: [] } } });
  gateway.publish({ ...snapshot([mine], 2), tokenKeys: [signer.jwk] });
  gateway.gateway.strangers.watch('127.0.0.1', now + 60_000);
  const call = (slug: string, token: string): Promise<Response> => fetch(`${gateway.url}/${slug}/v1/echo`, { headers: { authorization: `Bearer ${token}` } });
  const other = testKey({ subscriptions: [] });
  gateway.put(other);
  for (const token of [makeToken(stranger, claimsFor(key)), 'eyJ.a.b']) for (const slug of ['atlas', 'nothing']) assert.equal((await call(slug, token)).status, 404, slug);
  assert.equal(gateway.strangers.length, 4);
  const [hidden, absent] = [gateway.strangers[0]!, gateway.strangers[1]!].map(({ hint, code, productSlug }) => ({ hint, code, productSlug }));
  assert.deepEqual(hidden, absent);
  assert.equal((await call('atlas', makeToken(signer, claimsFor(key)))).status, 200);
  assert.equal((await call('atlas', makeToken(signer, claimsFor(key, { exp: 1 })))).status, 401, 'its own people are told more');
  assert.equal((await call('atlas', makeToken(signer, claimsFor(other)))).status, 404, 'others are not');
});
