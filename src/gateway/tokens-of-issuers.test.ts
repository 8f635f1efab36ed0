// Tokens of another issuer: verified by its keys, and a call of the key that its subject is bound to.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createPublicKey, sign, type JsonWebKey } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { identityHash, tokenAlgorithms, type TokenIssuer } from '../domain/token.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { openTestGateway, openUpstream, product, snapshot, testKey, type TestGateway, type TestKey, type TestUpstream } from './gateway.testkit.ts';
import { confusedToken, encoded, makeToken, testSigner } from './tokens/token.testkit.ts';

const iss = 'https://id.test';
const rsa = testSigner('RS256', 'rsa');
const ec = testSigner('ES256', 'ec');
const ed = testSigner('EdDSA', 'ed');
const address = 'https://id.test/jwks.json';
const issuer: TokenIssuer = { issuer: iss, audiences: ['atlas', 'https://api.test'], jwks: { keys: [rsa.jwk, ec.jwk, ed.jwk] }, algorithms: [...tokenAlgorithms], claim: 'client_id', leewayMs: 30_000 };
const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ iss, aud: 'atlas', exp: seconds() + 600, client_id: 'billing', ...more });
const bound = (more: { subject?: string; keyId?: string } = {}): TestKey => testKey({ identities: [identityHash(iss, more.subject ?? 'billing')], ...(more.keyId !== undefined && { keyId: more.keyId }) });

async function setUp(t: TestContext, keys: TestKey[], changed: Partial<TokenIssuer> = {}) {
  const upstream: TestUpstream = await openUpstream((request, response) => response.end(request.headers.authorization ?? 'no credential'));
  const of = (more: Partial<TokenIssuer>, rest: Partial<Snapshot> = {}): Snapshot => ({ ...snapshot([product(upstream.url, { policies: { tokens: { own: false, issuers: [{ ...issuer, ...more }] } } })]), ...rest });
  const gateway: TestGateway = await openTestGateway({ keys, snapshot: of(changed) });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call = async (token: string): Promise<string> => {
    const answer = await fetch(`${gateway.url}/atlas/v1/echo`, { headers: { authorization: `Bearer ${token}` } });
    const text = await answer.text();
    return answer.ok ? `${answer.status} ${text}` : `${answer.status} ${(JSON.parse(text) as { code: string }).code} ${(JSON.parse(text) as { detail: string }).detail}`;
  };
  return { gateway, call, of };
}

test('a token of each algorithm, with or without a type, is a call of the key', async (t) => {
  const key = bound();
  const { gateway, call } = await setUp(t, [key]);
  const rows: [string, string][] = [
    ['RS256', makeToken(rsa, claims())],
    ['PS256', makeToken({ ...rsa, algorithm: 'PS256' }, claims())],
    ['ES256', makeToken(ec, claims())],
    ['EdDSA', makeToken(ed, claims())],
    ['typ JWT', makeToken(ec, claims(), { typ: 'JWT' })],
    ['no typ', makeToken(ec, claims(), { typ: undefined })],
    ['no kid, where one key fits', makeToken(ec, claims(), { kid: undefined })],
    ['a list of audiences', makeToken(ec, claims({ aud: ['else', 'https://api.test'] }))],
    ['a clock 20 s ahead', makeToken(ec, claims({ nbf: seconds() + 20 }))],
    ['20 s over, within the leeway', makeToken(ec, claims({ exp: seconds() - 20 }))],
  ];
  for (const [what, token] of rows) assert.equal(await call(token), '200 no credential', what);
  assert.deepEqual(new Set(gateway.spool.requests.map(({ keyId }) => keyId)), new Set([key.entry.keyId]));
});

test('what the issuer did not sign, or not for this product, is refused', async (t) => {
  const { call } = await setUp(t, [bound()], { algorithms: ['RS256', 'ES256'] });
  const publicPem = createPublicKey({ key: rsa.jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  const other = testSigner('ES256', 'ec');
  const text = `${encoded({ alg: 'ES256', kid: 'ec' })}.${encoded(claims())}`;
  const rows: [string, string, RegExp][] = [
    ['the public RSA key as a secret of HS256', confusedToken({ publicPem, claims: claims(), kid: 'rsa' }), /"HS256"/],
    ['HS256 that says RS256', confusedToken({ publicPem, claims: claims(), kid: 'rsa' }).replace(/^[^.]+/, encoded({ alg: 'RS256', kid: 'rsa' })), /signature/],
    ['alg none', `${encoded({ alg: 'none' })}.${encoded(claims())}.`, /no signed JWT/],
    ['an algorithm that is not taken', makeToken({ ...rsa, algorithm: 'PS256' }, claims()), /"PS256"/],
    ['the kid of a key for another algorithm', makeToken(rsa, claims(), { kid: 'ec' }), /"ec", which is not known/],
    ['another key of that kid', makeToken(other, claims()), /signature/],
    ['an ES256 signature in DER', `${text}.${sign('sha256', Buffer.from(text), ec.privateKey).toString('base64url')}`, /signature/],
    ['an ES256 signature of zeros', `${text}.${Buffer.alloc(64).toString('base64url')}`, /signature/],
    ['an empty signature of zeros in RS256', `${encoded({ alg: 'RS256', kid: 'rsa' })}.${encoded(claims())}.AA`, /signature/],
    ['of Portico, which is off', makeToken(ec, claims({ iss: 'http://portal.test' })), /no tokens are taken/],
    ['for another audience', makeToken(ec, claims({ aud: 'relief' })), /"relief", not for this product/],
    ['over, beyond the leeway', makeToken(ec, claims({ exp: seconds() - 31 })), /expired/],
    ['not yet, beyond the leeway', makeToken(ec, claims({ nbf: seconds() + 35 })), /counts from/],
    ['without the claim', makeToken(ec, claims({ client_id: undefined, sub: 'billing' })), /`client_id`/],
    ['with an empty claim', makeToken(ec, claims({ client_id: '' })), /`client_id`/],
    ['with a list in the claim', makeToken(ec, claims({ client_id: ['billing'] })), /`client_id`/],
    ['a logout token', makeToken(ec, claims(), { typ: 'logout+jwt' }), /"logout\+jwt"/],
    ['somebody who is bound to no key', makeToken(ec, claims({ client_id: 'stranger' })), /"stranger" \(`client_id`\) of the issuer https:\/\/id\.test is bound to no key here\. Ask the producer .*`portico tokens bind`/],
    ['a name that is cut', makeToken(ec, claims({ client_id: 'billing\nx' })), /bound to no key/],
  ];
  for (const [what, token, says] of rows) {
    const answer = await call(token);
    assert.match(answer, /^401 token_invalid /, what);
    assert.match(answer, says, what);
  }
});

test('bindings come and go with the credentials, also to another key', async (t) => {
  const first = bound({ keyId: 'key_a' });
  const { gateway, call } = await setUp(t, [first]);
  const token = makeToken(ec, claims());
  const last = (): string => gateway.spool.requests.at(-1)!.keyId;
  assert.equal(await call(token), '200 no credential');
  gateway.put({ ...first, entry: { ...first.entry, identities: [] } });
  assert.match(await call(token), /bound to no key/);
  gateway.put(first);
  assert.equal(await call(token), '200 no credential');
  const second = bound({ keyId: 'key_b' });
  gateway.put(second, { ...first, entry: { ...first.entry, identities: [] } });
  assert.equal(await call(token), '200 no credential', 'the old key’s change comes last and takes nothing from the new one');
  assert.equal(last(), 'key_b');
  gateway.put({ ...second, entry: { ...second.entry, state: 'revoked', revokedAt: 1 } });
  assert.match(await call(token), /^401 key_revoked/);
  gateway.keeper.apply({ first: true, reset: true, last: true, entries: [first.entry] });
  assert.equal(await call(token), '200 no credential', 'a new base brings bindings along');
  assert.equal(last(), 'key_a');
  gateway.keeper.apply({ first: true, reset: true, last: true, entries: [testKey().entry] });
  assert.match(await call(token), /bound to no key/, 'and one without them ends them');
});

test('an identity is no key: what it is a hash of opens nothing', async (t) => {
  const { gateway } = await setUp(t, [bound()]);
  for (const text of [`${iss}\nbilling`, identityHash(iss, 'billing'), 'billing']) {
    const headers = new Headers({ 'x-api-key': text.replace('\n', ' ') });
    assert.equal((await fetch(`${gateway.url}/atlas/v1/echo`, { headers })).status, 401);
  }
});

test('keys that come from an address are those of the snapshot, and exchanged with it', async (t) => {
  const { gateway, call, of } = await setUp(t, [bound()], { jwks: { url: address } });
  const token = makeToken(ec, claims());
  assert.match(await call(token), /"ec", which is not known/);
  gateway.publish(of({ jwks: { url: address } }, { issuerKeys: { [address]: [ec.jwk] } }));
  assert.equal(await call(token), '200 no credential');
  gateway.publish(of({ jwks: { url: address } }, { issuerKeys: { [address]: [rsa.jwk] } }));
  assert.match(await call(token), /"ec", which is not known/);
});

test('by `sub` or `azp`, where the product says so', async (t) => {
  const { call } = await setUp(t, [bound()], { claim: 'sub' });
  assert.equal(await call(makeToken(ec, claims({ client_id: 'else', sub: 'billing' }))), '200 no credential');
  assert.match(await call(makeToken(ec, claims({ sub: 'else' }))), /"else" \(`sub`\)/);
});
