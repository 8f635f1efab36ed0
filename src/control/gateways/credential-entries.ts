import { identityHash } from '../../domain/token.ts';
import type { CredentialEntry } from '../../snapshot/snapshot.ts';
import type { Query } from '../../store/database.ts';

/** The present state of these keys, in their order. A key that is no more answers as `deleted`. */
export async function loadCredentialEntries(query: Query, keyIds: readonly string[]): Promise<CredentialEntry[]> {
  if (keyIds.length === 0) return [];
  const rows = await keyRows(query).where('key.id', 'in', keyIds).execute();
  const entries = new Map((await withSubscriptions(query, rows)).map((entry) => [entry.keyId, entry]));
  return keyIds.map((keyId) => entries.get(keyId) ?? deletedEntry(keyId));
}

/** One page of the base: keys that a gateway must know, by id after `afterId`. Keys long revoked stay in it, since callers are told so. */
export async function listCredentialEntries(query: Query, afterId: string, limit: number): Promise<CredentialEntry[]> {
  return withSubscriptions(query, await keyRows(query).where('key.id', '>', afterId).orderBy('key.id').limit(limit).execute());
}

function keyRows(query: Query) {
  return query
    .selectFrom('key')
    .innerJoin('consumer', 'consumer.id', 'key.consumer_id')
    .select([
      'key.id', 'key.hash', 'key.masked', 'key.mode', 'key.origin', 'key.revoked_at', 'key.expires_at', 'key.consumer_id', 'key.developer_id', 'key.scopes', 'key.addresses',
      'consumer.blocked_at', 'consumer.verified_at',
    ]);
}

type KeyRow = Awaited<ReturnType<ReturnType<typeof keyRows>['execute']>>[number];

async function withSubscriptions(query: Query, rows: KeyRow[]): Promise<CredentialEntry[]> {
  if (rows.length === 0) return [];
  const links = await query
    .selectFrom('key_subscription')
    .innerJoin('subscription', 'subscription.id', 'key_subscription.subscription_id')
    .select(['key_subscription.key_id', 'subscription.id', 'subscription.product_id', 'subscription.plan_revision_id', 'subscription.anchor_at', 'subscription.state'])
    .where('key_subscription.key_id', 'in', rows.map((row) => row.id))
    .orderBy('subscription.id')
    .execute();
  const byKey = Map.groupBy(links, (link) => link.key_id);
  const bindings = await query.selectFrom('token_binding').select(['key_id', 'issuer', 'subject']).where('key_id', 'in', rows.map((row) => row.id)).orderBy('id').execute();
  const identities = Map.groupBy(bindings, (binding) => binding.key_id);
  return rows.map((row) => ({
    keyId: row.id,
    hash: row.hash,
    ...(identities.has(row.id) && { identities: identities.get(row.id)!.map(({ issuer, subject }) => identityHash(issuer, subject)) }),
    masked: row.masked,
    mode: row.mode,
    origin: row.origin,
    state: row.revoked_at !== null ? 'revoked' : row.blocked_at !== null ? 'consumer-blocked' : 'active',
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    consumerId: row.consumer_id,
    developerId: row.developer_id,
    unverified: row.verified_at === null,
    scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as string[]),
    addresses: row.addresses === null ? null : (JSON.parse(row.addresses) as string[]),
    subscriptions: (byKey.get(row.id) ?? []).map((link) => ({
      subscriptionId: link.id, productId: link.product_id, planRevisionId: link.plan_revision_id, anchorAt: link.anchor_at, active: link.state === 'active',
    })),
  }));
}

function deletedEntry(keyId: string): CredentialEntry {
  return {
    keyId, hash: '', masked: '', mode: 'live', origin: 'own', state: 'deleted', revokedAt: null, expiresAt: null, consumerId: '', developerId: '',
    unverified: false, scopes: null, addresses: null, subscriptions: [],
  };
}
