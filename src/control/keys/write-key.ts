import { newId } from '../../domain/id.ts';
import { hashKey, maskKey, newKey, type Mode } from '../../domain/key.ts';
import type { CallOrigin } from '../../domain/request-event.ts';
import type { Query } from '../../store/database.ts';
import { loadPortal } from '../configuration/config-state.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges } from '../gateways/credential-log.ts';

export interface WriteKey {
  consumerId: string;
  developerId: string;
  name: string;
  mode: Mode;
  origin: CallOrigin;
  expiresAt: number | null;
  scopes: string[] | null;
  addresses: string[] | null;
  subscriptionIds: string[];
}

/** Makes a key inside the caller's transaction. The key itself leaves here and is never stored: only its hash is. */
export async function writeKey({ clock, random }: Pick<ControlDeps, 'clock' | 'random'>, query: Query, input: WriteKey): Promise<{ id: string; key: string }> {
  const now = clock.now();
  const { keyPrefix } = await loadPortal(query);
  const key = newKey(keyPrefix, input.mode, random);
  const id = newId('key', now, random);
  await query
    .insertInto('key')
    .values({
      id, consumer_id: input.consumerId, developer_id: input.developerId, name: input.name, mode: input.mode, origin: input.origin, hash: hashKey(key), masked: maskKey(key),
      scopes: input.scopes === null ? null : JSON.stringify(input.scopes), addresses: input.addresses === null ? null : JSON.stringify(input.addresses),
      created_at: now, expires_at: input.expiresAt, revoked_at: null, revoked_by: null, replaced_by: null, last_used_at: null,
    })
    .execute();
  await query.insertInto('key_subscription').values(input.subscriptionIds.map((subscriptionId) => ({ key_id: id, subscription_id: subscriptionId }))).execute();
  if (input.origin === 'own') await query.updateTable('consumer').set({ first_key_at: now }).where('id', '=', input.consumerId).where('first_key_at', 'is', null).execute();
  await recordCredentialChanges(query, [id], now);
  return { id, key };
}
