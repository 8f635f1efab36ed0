// `policies.tokens` in portico.yaml: read, written back, and each mistake with its place.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import type { TokenPolicy } from '../../domain/token.ts';
import { isAppError, type AppError } from '../../errors.ts';
import { withKeyFiles } from './key-files.ts';
import { parseConfig } from './parse-config.ts';
import { writtenPolicies } from './policies.ts';
import { writeYaml } from './yaml.ts';

const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'a' };
const inline = `{ keys: [ ${JSON.stringify(jwk)} ] }`;
const issuer = (more: string): string => `{ issuer: https://id.example, audience: atlas, ${more} }`;
const yaml = (tokens: string): string => `products:\n  - slug: atlas\n    upstream: http://127.0.0.1:4010\n    policies:\n      tokens: ${tokens}\n    versions: [ { name: v1, openapi: a.yaml } ]\n`;

function read(tokens: string, files: { path: string; text: string; encoding?: 'base64' }[] = []): TokenPolicy {
  const parsed = parseConfig('conf/portico.yaml', yaml(tokens));
  return withKeyFiles(parsed, { file: 'conf/portico.yaml', text: '', files }).config.products[0]!.policies.tokens!;
}

function mistakesOf(work: () => unknown): AppError['errors'] {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error.errors;
    throw error;
  }
  return [];
}

test('defaults are filled in, and left out when written back', () => {
  const policy = read(`{ own: true, issuers: [ ${issuer('jwks: "https://id.example/jwks.json"')} ] }`);
  assert.deepEqual(policy, { own: true, issuers: [{ issuer: 'https://id.example', audiences: ['atlas'], jwks: { url: 'https://id.example/jwks.json' }, algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'], claim: 'client_id', leewayMs: 30_000 }] });
  assert.deepEqual(writtenPolicies({ cors: null, addresses: null, requestHeaders: null, responseHeaders: null, validate: null, cache: null, tokens: policy } as never), { tokens: { own: true, issuers: [{ issuer: 'https://id.example', audience: 'atlas', jwks: 'https://id.example/jwks.json' }] } });
});

test('everything that may be said survives being written and read again', () => {
  const policy = read(`{ issuers: [ { issuer: https://id.example, audience: [a, b], jwks: ${inline}, algorithms: [ES256], claim: azp, leeway: 2m } ] }`);
  assert.deepEqual(policy.issuers[0], { issuer: 'https://id.example', audiences: ['a', 'b'], jwks: { keys: [jwk] }, algorithms: ['ES256'], claim: 'azp', leewayMs: 120_000 });
  const written = writeYaml((writtenPolicies({ tokens: policy } as never) as { tokens: object }).tokens).replaceAll('\n', '\n        ');
  assert.deepEqual(read(`\n        ${written}`), policy);
});

test('a file of keys is read beside the configuration, as text or in base64', () => {
  const set = JSON.stringify({ keys: [jwk] });
  for (const file of [{ path: 'conf/keys.json', text: set }, { path: 'conf/keys.json', text: Buffer.from(set).toString('base64'), encoding: 'base64' as const }]) {
    assert.deepEqual(read(`{ issuers: [ ${issuer('jwks: ./keys.json')} ] }`, [file]).issuers[0]!.jwks, { keys: [jwk] });
  }
});

const at = '/products/0/policies/tokens';
const rows: [what: string, tokens: string, pointer: string, says: RegExp][] = [
  ['nothing on', '{ own: false }', at, /No tokens are taken/],
  ['nothing at all', '{}', at, /No tokens are taken/],
  ['no keys', `{ issuers: [ { issuer: a, audience: b } ] }`, `${at}/issuers/0`, /An issuer needs `jwks`/],
  ['an issuer twice', `{ issuers: [ ${issuer(`jwks: ${inline}`)}, ${issuer(`jwks: ${inline}`)} ] }`, `${at}/issuers/1/issuer`, /twice/],
  ['a space in the issuer', `{ issuers: [ { issuer: "a b", audience: c, jwks: ${inline} } ] }`, `${at}/issuers/0/issuer`, /`iss`/],
  ['plain HTTP', `{ issuers: [ ${issuer('jwks: "http://id.example/jwks.json"')} ] }`, `${at}/issuers/0/jwks`, /https:\/\//],
  ['another scheme', `{ issuers: [ ${issuer('jwks: "ftp://id.example/jwks.json"')} ] }`, `${at}/issuers/0/jwks`, /https:\/\//],
  ['a private key', `{ issuers: [ ${issuer(`jwks: { keys: [ ${JSON.stringify({ ...jwk, d: 'AAAA' })} ] }`)} ] }`, `${at}/issuers/0/jwks`, /private or secret key/],
  ['a secret', `{ issuers: [ ${issuer('jwks: { keys: [ { kty: oct, k: AAAA } ] }')} ] }`, `${at}/issuers/0/jwks`, /private or secret key/],
  ['no usable key', `{ issuers: [ ${issuer('jwks: { keys: [ { kty: RSA } ] }')} ] }`, `${at}/issuers/0/jwks`, /No public key/],
  ['HS256', `{ issuers: [ ${issuer(`algorithms: [HS256], jwks: ${inline}`)} ] }`, `${at}/issuers/0/algorithms/0`, /`RS256`/],
  ['none', `{ issuers: [ ${issuer(`algorithms: [none], jwks: ${inline}`)} ] }`, `${at}/issuers/0/algorithms/0`, /`RS256`/],
  ['another claim', `{ issuers: [ ${issuer(`claim: email, jwks: ${inline}`)} ] }`, `${at}/issuers/0/claim`, /`client_id`/],
  ['an hour of leeway', `{ issuers: [ ${issuer(`leeway: 1h, jwks: ${inline}`)} ] }`, `${at}/issuers/0/leeway`, /5m/],
  ['a file that is not there', `{ issuers: [ ${issuer('jwks: keys.json')} ] }`, `${at}/issuers/0/jwks`, /no file keys\.json/],
];
for (const [what, tokens, pointer, says] of rows) {
  test(`a mistake has its place: ${what}`, () => {
    const errors = mistakesOf(() => read(tokens));
    const found = errors.find((error) => error.pointer === pointer);
    assert.ok(found, JSON.stringify(errors));
    assert.match(found.detail, says);
    assert.ok(found.line! > 4);
  });
}

test('a file of private keys, or of none, is refused by its name', () => {
  for (const [text, says] of [[JSON.stringify({ keys: [{ ...jwk, d: 'AAAA' }] }), /keys\.json: A private/], ['no JSON', /keys\.json: No public key/]] as const) {
    assert.match(mistakesOf(() => read(`{ issuers: [ ${issuer('jwks: keys.json')} ] }`, [{ path: 'conf/keys.json', text }]))[0]!.detail, says);
  }
});
