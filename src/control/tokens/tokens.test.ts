// A key against a token: who gets one, and what gateways need to believe it.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { after, test } from 'node:test';
import { hashKey } from '../../domain/key.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { buildSnapshot } from '../gateways/publish-snapshot.ts';
import { createKeys } from '../keys/keys.ts';
import { addConsumer, admin, atlasDocument, openControl, refusalOf, startOfTests } from '../testkit.ts';
import { signingPeriodMs } from './signing-key.ts';
import { createTokens } from './tokens.ts';

const on = 'policies: { tokens: { own: true } }, ';
const text = (atlas: string): string => `portal: { name: Atlas }
products:
  - { slug: atlas, upstream: "http://127.0.0.1:4010", testUpstream: examples, ${atlas}versions: [ { name: v1, openapi: atlas.yaml } ], plans: [ { slug: free, default: true, currency: usd } ] }
  - { slug: relief, upstream: "http://127.0.0.1:4011", versions: [ { name: v1, openapi: atlas.yaml } ], plans: [ { slug: basic, default: true, currency: usd } ] }
`;
const partOf = (token: string, part: number): Record<string, unknown> => JSON.parse(Buffer.from(token.split('.')[part]!, 'base64url').toString()) as Record<string, unknown>;

forEachEngine('tokens', (stores) => {
  async function open(policies = on) {
    const control = await openControl(await stores.open());
    const { deps, gateways } = control;
    const apply = (written: string) => createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text: text(written), files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: false });
    await apply(policies);
    const keys = createKeys(deps, gateways);
    const ada = await addConsumer(deps, 'ada');
    const key = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    const tokens = createTokens(deps, gateways);
    after(() => tokens.close());
    const issue = (more: Partial<Parameters<typeof tokens.issue>[0]> = {}) => tokens.issue({ clientId: key.id, clientSecret: key.key, resource: null, address: '192.0.2.1', ...more });
    const issued = async (more: Parameters<typeof issue>[0] = {}) => {
      const answer = await issue(more);
      assert.ok('token' in answer, JSON.stringify(answer));
      return answer;
    };
    const refused = async (more: Parameters<typeof issue>[0] = {}): Promise<string> => {
      const answer = await issue(more);
      return 'refused' in answer ? answer.refused : 'issued';
    };
    return { ...control, apply, keys, key, ada, tokens, issue, issued, refused };
  }

  test('a token says who calls, for what and until when, signed with a key that is published', async () => {
    const { deps, key, tokens, issued } = await open();
    const { token, lifeMs } = await issued();
    assert.equal(lifeMs, 3_600_000);
    const { jti, ...claims } = partOf(token, 1);
    assert.equal(typeof jti, 'string');
    assert.deepEqual(claims, {
      iss: 'http://portal.example', sub: key.id, client_id: key.id, aud: 'http://gateway.example', iat: startOfTests / 1000, exp: startOfTests / 1000 + 3600, key_hash: Buffer.from(hashKey(key.key), 'hex').toString('base64url'),
    });
    const { kid, ...header } = partOf(token, 0);
    assert.deepEqual(header, { alg: 'EdDSA', typ: 'at+jwt' });
    const jwk = (await tokens.findKeys())!.find((known) => known.kid === kid);
    const [head, body, signature] = token.split('.') as [string, string, string];
    assert.ok(verify(null, Buffer.from(`${head}.${body}`), createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }), Buffer.from(signature, 'base64url')));
    assert.deepEqual((await buildSnapshot(deps)).tokenKeys, await tokens.findKeys());
    assert.equal(JSON.stringify(await tokens.findKeys()).includes('"d"'), false, 'nothing private');
    assert.notEqual((await issued()).token, token);
    assert.equal(partOf((await issued({ resource: 'http://gateway.example/atlas/' })).token, 1)['aud'], 'http://gateway.example/atlas');
  });

  test('who has no right to a token is told which thing is wrong', async () => {
    const { keys, key, ada, refused } = await open();
    const other = await keys.create(ada, { mode: 'live', productSlug: 'relief' });
    const tryIt = await keys.mintTryIt(ada, { productSlug: 'atlas' });
    const rows: [string, Parameters<typeof refused>[0], string][] = [
      ['the key of another id', { clientSecret: other.key }, 'invalid_client'],
      ['the id of another key', { clientId: other.id }, 'invalid_client'],
      ['no key', { clientSecret: 'secret' }, 'invalid_client'],
      ['the hash of the key', { clientSecret: hashKey(key.key) }, 'invalid_client'],
      ['a key of the pages', { clientSecret: tryIt.key }, 'invalid_client'],
      ['a key of a product without tokens', { clientId: other.id, clientSecret: other.key }, 'unauthorized_client'],
      ['a product without tokens', { resource: 'http://gateway.example/relief' }, 'invalid_target'],
      ['another place', { resource: 'http://evil.example' }, 'invalid_target'],
    ];
    for (const [what, input, error] of rows) assert.equal(await refused(input), error, what);
  });

  test('a key that has ended, and one of a blocked account, get none; a token ends with its key', async () => {
    const { deps, keys, key, ada, advance, issued, refused } = await open();
    const ending = await keys.create(ada, { mode: 'live', productSlug: 'atlas', expiresAt: startOfTests + 60_000 });
    const client = { clientId: ending.id, clientSecret: ending.key };
    assert.equal((await issued(client)).lifeMs, 60_000);
    advance(60_000);
    assert.equal(await refused(client), 'invalid_client');
    await deps.database.kysely.updateTable('consumer').set({ blocked_at: 1 }).where('id', '=', ada.consumerId).execute();
    assert.equal(await refused(), 'invalid_client');
    await deps.database.kysely.updateTable('consumer').set({ blocked_at: null }).where('id', '=', ada.consumerId).execute();
    await issued();
    await keys.revoke(ada, { id: key.id });
    assert.equal(await refused(), 'invalid_client');
  });

  test('guesses are counted by address, right keys are not', async () => {
    const { issue, issued, refused } = await open();
    for (let round = 0; round < 100; round++) assert.equal(await refused({ clientSecret: `guess ${round}` }), 'invalid_client');
    assert.equal((await refusalOf(issue())).code, 'too_many_attempts');
    for (let round = 0; round < 105; round++) await issued({ address: '192.0.2.2' });
  });

  test('the signing key changes with its period, and gateways know each before it signs and after', async () => {
    const { deps, gateways, advance, issued } = await open();
    const before = gateways.snapshotVersion();
    const first = partOf((await issued()).token, 0)['kid'];
    assert.equal(gateways.snapshotVersion(), before);
    const known = (await buildSnapshot(deps)).tokenKeys!.map(({ kid }) => kid);
    advance(signingPeriodMs);
    const published = gateways.snapshotVersion();
    const second = partOf((await issued()).token, 0)['kid'];
    assert.ok(gateways.snapshotVersion() > published, 'told of the one after');
    assert.notEqual(first, second);
    assert.ok(known.includes(second as string));
    assert.ok((await buildSnapshot(deps)).tokenKeys!.some(({ kid }) => kid === first));
    const again = gateways.snapshotVersion();
    await issued();
    assert.equal(gateways.snapshotVersion(), again);
    const elsewhere = createTokens({ ...deps, secret: 'another secret that is long enough' }, gateways);
    after(() => elsewhere.close());
    assert.deepEqual((await elsewhere.findKeys())!.filter(({ kid }) => kid === second), [], 'another secret, other keys');
  });

  test('while no product takes tokens there are no keys to see, and a token policy without anything on is refused', async () => {
    const { tokens, apply, refused } = await open('');
    assert.equal(await tokens.findKeys(), undefined);
    assert.equal(await refused(), 'unauthorized_client');
    const { errors } = await refusalOf(apply('policies: { tokens: { own: false } }, '));
    assert.deepEqual(errors.map(({ pointer }) => pointer), ['/products/0/policies/tokens']);
  });
});
