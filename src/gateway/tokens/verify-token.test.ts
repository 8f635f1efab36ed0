// What no list of examples covers: anything may be sent as a token, and nothing of it may throw or pass.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { tokenAlgorithms, tokenLengthMax } from '../../domain/token.ts';
import { product, snapshot } from '../gateway.testkit.ts';
import { compileTokens } from './compile-tokens.ts';
import { FailedSignatures } from './failed-signatures.ts';
import { makeToken, testSigner, type TestSigner } from './token.testkit.ts';
import { verifyToken } from './verify-token.ts';

const signers: TestSigner[] = [testSigner('RS256', 'a'), testSigner('ES256', 'b'), testSigner('EdDSA', 'c')];
const own = testSigner('EdDSA', 'own');
const issuers = [{ issuer: 'https://id.test', audiences: ['atlas'], jwks: { keys: signers.map(({ jwk }) => jwk) }, algorithms: [...tokenAlgorithms], claim: 'sub' as const, leewayMs: 0 }];
const rules = compileTokens({ ...snapshot([]), tokenKeys: [own.jwk] }, product('http://127.0.0.1:1', { policies: { tokens: { own: true, issuers } } }), new FailedSignatures())!;
const claims = { iss: 'https://id.test', aud: 'atlas', sub: 'me', exp: 9e9 };
const passes = (text: string): boolean => !('problem' in verifyToken(rules, text));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= ';
const octets = (text: string): string => text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex')).join('.');

for (const signer of signers) {
  test(`a token of ${signer.algorithm} with one character changed, left out or added does not pass`, () => {
    const good = makeToken(signer, claims);
    assert.ok(passes(good));
    for (let at = 0; at < good.length; at += 1 + (at % 3)) {
      const other = alphabet[(at * 7) % alphabet.length]!;
      for (const changed of [good.slice(0, at) + other + good.slice(at + 1), good.slice(0, at) + good.slice(at + 1), good.slice(0, at) + other + good.slice(at)]) {
        // The last character of a part has bits that belong to no octet.
        if (octets(changed) === octets(good) && changed.split('.').slice(0, 2).join() === good.split('.').slice(0, 2).join()) continue;
        assert.ok(!passes(changed), `at ${at}: ${changed}`);
      }
    }
  });
}

test('no text makes it throw', () => {
  const good = makeToken(signers[2]!, claims).split('.');
  const part = fc.oneof(fc.constantFrom(...good, '', 'A', 'eyJ', '=='), fc.base64String(), fc.string(), fc.json().map((json) => Buffer.from(json).toString('base64url')));
  fc.assert(fc.property(fc.array(part, { minLength: 0, maxLength: 6 }), (parts) => assert.ok(!passes(parts.join('.')) || parts.join('.') === good.join('.'))), { numRuns: 3_000 });
});

test('no header or claims make it throw, also signed by the issuer; what passes says all that it must', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('https://id.test', 'http://portal.test', 'atlas', ['atlas'], 'toString', '__proto__', 9e9, -1, 1e308, 'at+jwt', 'none', 'HS256', 'EdDSA', 'RS256'));
  const names = fc.constantFrom('iss', 'aud', 'sub', 'exp', 'nbf', 'client_id', 'key_hash', '__proto__');
  const headers = fc.constantFrom('alg', 'typ', 'kid', 'crit', 'jwk', 'jku', 'x5u', 'b64');
  fc.assert(fc.property(fc.constantFrom(...signers, own), fc.dictionary(names, odd), fc.dictionary(headers, odd), fc.boolean(), (signer, more, header, plain) => {
    const said = { ...claims, ...(signer === own && { iss: 'http://portal.test', aud: 'http://gateway.test', client_id: 'key_1', key_hash: 'AAAA' }), ...more };
    const text = makeToken(signer, said, plain ? {} : header);
    const verdict = verifyToken(rules, text);
    if ('problem' in verdict) return;
    assert.ok(Number.isFinite(verdict.expiresAt) && verdict.hash !== '' && text.length <= tokenLengthMax);
    assert.deepEqual([said.iss, signer.jwk.kid === 'own'], [signer === own ? 'http://portal.test' : 'https://id.test', verdict.keyId !== null]);
  }), { numRuns: 1_000 });
});
