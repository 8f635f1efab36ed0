// Whom other issuers name, and the keys that their calls are made with.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { identityHash } from '../../domain/token.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import { lastChange, listChanges } from '../gateways/credential-log.ts';
import { createKeys } from '../keys/keys.ts';
import type { Actor } from '../services.ts';
import { addConsumer, admin, atlasDocument, openControl, refusalOf } from '../testkit.ts';
import { bindingsMax } from './token-bindings.ts';
import { createTokens } from './tokens.ts';

const iss = 'https://id.example';
const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'a' };
const text = `products:
  - slug: atlas
    upstream: http://127.0.0.1:4010
    policies: { tokens: { issuers: [ { issuer: ${iss}, audience: atlas, jwks: { keys: [ ${JSON.stringify(jwk)} ] } } ] } }
    versions: [ { name: v1, openapi: atlas.yaml } ]
    plans: [ { slug: free, default: true, currency: usd } ]
`;

forEachEngine('token bindings', (stores) => {
  async function open() {
    const { deps, gateways, advance } = await openControl(await stores.open());
    await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: false });
    const keys = createKeys(deps, gateways);
    const ada = await addConsumer(deps, 'ada');
    const key = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    const tokens = createTokens(deps, gateways);
    after(() => tokens.close());
    const query = deps.database.kysely;
    const identities = async (id: string) => (await loadCredentialEntries(query, [id]))[0]!.identities ?? [];
    const changed = async (work: () => Promise<unknown>): Promise<string[]> => {
      const before = await lastChange(query);
      await work();
      return (await listChanges(query, before, 100))!.keyIds;
    };
    const bind = (subject: string, keyId = key.id, actor: Actor = admin, issuer = iss) => tokens.bind(actor, { issuer, subject, keyId });
    return { deps, advance, query, keys, ada, key, tokens, identities, changed, bind };
  }

  test('a binding is a part of its key’s credential, is entered in the trail, and ends with unbinding', async () => {
    const { query, key, tokens, identities, changed, bind, advance } = await open();
    assert.deepEqual(await changed(() => bind('billing')), [key.id]);
    assert.deepEqual(await identities(key.id), [identityHash(iss, 'billing')]);
    const { bindings: [binding] } = await tokens.listBindings(admin, {});
    assert.deepEqual([binding!.issuer, binding!.subject, binding!.keyId, binding!.consumerId, binding!.createdBy], [iss, 'billing', key.id, 'con_ada', 'admin-token']);
    advance(1);
    assert.deepEqual(await changed(() => tokens.unbind(admin, binding!.id)), [key.id]);
    assert.deepEqual(await identities(key.id), []);
    assert.equal((await refusalOf(tokens.unbind(admin, binding!.id))).code, 'not_found');
    const entries = await query.selectFrom('audit_entry').select(['noun', 'action', 'name']).where('noun', '=', 'token').orderBy('id').execute();
    assert.deepEqual(entries.map(({ action, name }) => `${action} ${name}`), ['bound billing', 'unbound billing']);
  });

  test('with a roll bindings go to the new key', async () => {
    const { keys, ada, key, identities, changed, bind } = await open();
    await bind('billing');
    let fresh = '';
    const noted = await changed(async () => { fresh = (await keys.roll(ada, { id: key.id, overlapMs: 3_600_000 })).id; });
    assert.deepEqual(noted.toSorted(), [key.id, fresh].toSorted());
    assert.deepEqual([await identities(key.id), await identities(fresh)], [[], [identityHash(iss, 'billing')]]);
  });

  test('who may not bind, and what cannot be bound, is refused', async () => {
    const { keys, ada, key, tokens, bind } = await open();
    const revoked = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    await keys.revoke(ada, { id: revoked.id });
    const tryIt = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    await bind('taken');
    const viewer: Actor = { kind: 'member', memberId: 'mem_1', email: 'v@example.com', role: 'viewer' };
    const rows: [string, () => Promise<unknown>, string][] = [
      ['a developer, also to a key of their own', () => bind('x', key.id, ada), 'role_forbids'],
      ['a viewer', () => bind('x', key.id, viewer), 'role_forbids'],
      ['an issuer of whom no tokens are taken', () => bind('x', key.id, admin, 'https://else.example'), 'input_invalid'],
      ['nobody', () => bind(''), 'input_invalid'],
      ['a name without end', () => bind('x'.repeat(256)), 'input_invalid'],
      ['a key that is none', () => bind('x', 'key_none'), 'not_found'],
      ['a revoked key', () => bind('x', revoked.id), 'conflict'],
      ['somebody who is bound', () => bind('taken', tryIt.id), 'conflict'],
    ];
    for (const [what, work, code] of rows) assert.equal((await refusalOf(work())).code, code, what);
    for (const work of [() => tokens.listBindings(ada, {}), () => tokens.unbind(ada, 'tkb_x')]) assert.equal((await refusalOf(work())).code, 'role_forbids');
    assert.equal((await tokens.listBindings(viewer, {})).bindings.length, 1);
  });

  test('lists page, and a key has no more bindings than it may', async () => {
    const { deps, query, key, tokens, bind } = await open();
    await query.insertInto('token_binding').values(Array.from({ length: bindingsMax }, (_, index) => ({ id: `tkb_${String(index).padStart(3, '0')}`, issuer: iss, subject: `s${index}`, key_id: key.id, created_at: deps.clock.now(), created_by: 'x' }))).execute();
    assert.equal((await refusalOf(bind('one more'))).code, 'conflict');
    const first = await tokens.listBindings(admin, { keyId: key.id, limit: 60 });
    const second = await tokens.listBindings(admin, { keyId: key.id, limit: 60, cursor: first.nextCursor! });
    assert.deepEqual([first.bindings.length, second.bindings.length, second.nextCursor, second.bindings.at(-1)!.subject], [60, 40, null, 's0']);
    assert.deepEqual((await tokens.listBindings(admin, { keyId: 'key_else' })).bindings, []);
  });
});
