import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges } from '../gateways/credential-log.ts';
import { actorName } from '../rights.ts';
import type { Actor, Keys } from '../services.ts';
import { keyState, type KeyRow } from './key-rows.ts';
import { requireKnownOperations, restrictionProblems } from './key-restrictions.ts';

/** Inside the caller's transaction; the caller pushes credential changes after its commit. @throws AppError `input_invalid`, `conflict` for a key that no longer works. */
export async function updateKey(deps: ControlDeps, query: Query, actor: Actor, row: KeyRow, input: Parameters<Keys['update']>[1]): Promise<void> {
  const now = deps.clock.now();
  if (row.revoked_at !== null) throw new AppError('conflict', 'This key was revoked, for good. Create a new one.');
  const errors = restrictionProblems(input, now);
  if (input.expiresAt === null && row.replaced_by !== null) errors.push({ pointer: '/expiresAt', detail: 'must be set: another key took the place of this one' });
  if (errors.length > 0) throw new AppError('input_invalid', `The key was not changed: ${errors[0]!.detail}.`, { errors });
  const links = await query.selectFrom('key_subscription').select('subscription_id').where('key_id', '=', row.id).execute();
  await requireKnownOperations(query, links.map((link) => link.subscription_id), input.scopes);

  const change = {
    ...(input.name !== undefined && { name: input.name.trim() }),
    ...(input.expiresAt !== undefined && { expires_at: input.expiresAt }),
    ...(input.scopes !== undefined && { scopes: input.scopes && JSON.stringify(input.scopes) }),
    ...(input.addresses !== undefined && { addresses: input.addresses && JSON.stringify(input.addresses) }),
  };
  const changed = (Object.keys(change) as (keyof typeof change)[]).filter((field) => change[field] !== row[field]);
  if (changed.length === 0) return;
  await query.updateTable('key').set(change).where('id', '=', row.id).execute();
  await recordCredentialChanges(query, [row.id], now);
  const [from, to] = [row, change].map((values) => Object.fromEntries(changed.map((field) => [field, values[field] ?? null])));
  await recordAudit(query, deps, actor, { action: 'changed', noun: 'key', subject: row.id, name: row.name, before: from!, after: to! });
  await recordActivity(query, deps, { consumerId: row.consumer_id, actor: actorName(actor), kind: 'key.changed', subject: row.id, detail: { name: row.name, state: keyState(row, now), from, to } });
}
