import type { Query } from '../../store/database.ts';
import type { KeySummary } from '../services.ts';

export function keyRows(query: Query) {
  return query
    .selectFrom('key')
    .innerJoin('developer', 'developer.id', 'key.developer_id')
    .select([
      'key.id', 'key.name', 'key.mode', 'key.origin', 'key.masked', 'key.developer_id', 'developer.email', 'key.consumer_id', 'key.scopes', 'key.addresses', 'key.created_at', 'key.expires_at',
      'key.revoked_at', 'key.replaced_by', 'key.last_used_at',
    ]);
}

export type KeyRow = Awaited<ReturnType<ReturnType<typeof keyRows>['execute']>>[number];

export async function findKeyRow(query: Query, id: string): Promise<KeyRow | undefined> {
  return keyRows(query).where('key.id', '=', id).executeTakeFirst();
}

/** In the rows' order. */
export async function summariseKeys(query: Query, rows: KeyRow[], now: number): Promise<KeySummary[]> {
  if (rows.length === 0) return [];
  const links = await query
    .selectFrom('key_subscription')
    .innerJoin('subscription', 'subscription.id', 'key_subscription.subscription_id')
    .innerJoin('product', 'product.id', 'subscription.product_id')
    .select(['key_subscription.key_id', 'product.slug'])
    .where('key_subscription.key_id', 'in', rows.map((row) => row.id))
    .where('subscription.state', '!=', 'ended')
    .orderBy('product.position')
    .execute();
  const previous = await query.selectFrom('key').select(['id', 'masked', 'last_used_at', 'expires_at', 'revoked_at', 'replaced_by']).where('consumer_id', 'in', [...new Set(rows.map((row) => row.consumer_id))]).where('replaced_by', 'in', rows.map((row) => row.id)).execute();
  const replacedWith = new Map(previous.map((row) => [row.replaced_by!, { id: row.id, masked: row.masked, lastUsedAt: row.last_used_at, expiresAt: row.expires_at, revokedAt: row.revoked_at, state: keyState(row, now) }]));
  const productsOf = Map.groupBy(links, (link) => link.key_id);
  return rows.map((row) => ({
    id: row.id, name: row.name, mode: row.mode, origin: row.origin, masked: row.masked, developerId: row.developer_id, developerEmail: row.email, consumerId: row.consumer_id,
    createdAt: row.created_at, expiresAt: row.expires_at, revokedAt: row.revoked_at, replacedBy: row.replaced_by, lastUsedAt: row.last_used_at,
    state: keyState(row, now),
    products: [...new Set((productsOf.get(row.id) ?? []).map((link) => link.slug))],
    scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as string[]),
    addresses: row.addresses === null ? null : (JSON.parse(row.addresses) as string[]),
    replaces: replacedWith.get(row.id) ?? null,
  }));
}

/** What the audit trail keeps of a key: what its owner sees of it. */
export function auditedKey({ name, mode, masked, consumerId, developerEmail, expiresAt, products }: KeySummary): Record<string, unknown> {
  return { name, mode, masked, consumer: consumerId, developer: developerEmail, expiresAt, products };
}

export function keyState(row: Pick<KeyRow, 'revoked_at' | 'expires_at'>, now: number): KeySummary['state'] {
  if (row.revoked_at !== null) return 'revoked';
  return row.expires_at !== null && row.expires_at <= now ? 'expired' : 'active';
}
