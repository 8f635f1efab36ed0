import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { holdsPrivateKey, identityHash, issuerKeysMax, publicKeysOf } from './token.ts';

const jwkOf = (made: { publicKey: { export(options: { format: 'jwk' }): object } }): Record<string, unknown> => made.publicKey.export({ format: 'jwk' }) as Record<string, unknown>;
const ed = generateKeyPairSync('ed25519');
const rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const ec = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));

const rows: [string, unknown, number][] = [
  ['one of each kind', { keys: [rsa, ec, jwkOf(ed)] }, 3],
  ['a short RSA key', { keys: [jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))] }, 0],
  ['another curve', { keys: [jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }))] }, 0],
  ['a key for encryption', { keys: [{ ...rsa, use: 'enc' }] }, 0],
  ['a key for another algorithm', { keys: [{ ...rsa, alg: 'RS512' }] }, 0],
  ['a secret', { keys: [{ kty: 'oct', k: 'AAAA' }] }, 0],
  ['a point off the curve', { keys: [{ ...ec, x: ec['y'] }] }, 0],
  ['members of another type', { keys: [{ kty: 'RSA', n: 1, e: [] }, null, 'x'] }, 0],
  ['no set', [rsa], 0],
  ['nothing', null, 0],
  ['more than are kept', { keys: Array.from({ length: issuerKeysMax + 5 }, () => ec) }, issuerKeysMax],
];
for (const [what, jwks, usable] of rows) test(`keys that verify tokens: ${what}`, () => assert.equal(publicKeysOf(jwks).length, usable));

test('of a private key only its public members are taken, and it is told from a public one', () => {
  const jwks = { keys: [{ ...ed.privateKey.export({ format: 'jwk' }), kid: 'a', x5c: ['...'] }] };
  assert.deepEqual(Object.keys(publicKeysOf(jwks)[0]!).sort(), ['crv', 'kid', 'kty', 'x']);
  assert.equal(holdsPrivateKey(jwks), true);
  assert.equal(holdsPrivateKey({ keys: [rsa] }), false);
});

test('an identity is another with another issuer or subject', () => {
  assert.match(identityHash('a', 'b'), /^[0-9a-f]{64}$/);
  assert.notEqual(identityHash('a', 'b'), identityHash('a', 'c'));
  assert.notEqual(identityHash('a', 'b'), identityHash('b', 'a'));
});
