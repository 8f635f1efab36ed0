// Writes what people changed: who, what, before and after. The producer's record; a consumer's own timeline is activity/.
import type { Buffer } from 'node:buffer';
import type { Clock } from '../../clock.ts';
import { earliestId, newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import { auditJson } from './audit-json.ts';

/** Whom an entry names: an `Actor`, or somebody who is becoming one, by address. */
export type AuditActor = { kind: 'admin-token' | 'system' } | { kind: 'member' | 'developer'; email: string };

export interface AuditChange {
  /** What was done, in one word or two: `created`, `changed`, `removed`, `blocked`, `rolled`. */
  action: string;
  /** What it was done to, as the word is in tables and pages: `key`, `plan`, `member`. */
  noun: string;
  /** Id of what it was done to; null for what has none, such as settings. */
  subject: string | null;
  /** What people call it, as it was called at that moment. */
  name: string;
  /** Its fields before; null for what did not exist. Never a key, a token, a password or the hash of one. */
  before: Record<string, unknown> | null;
  /** Its fields after; null for what no longer exists. */
  after: Record<string, unknown> | null;
}

/** Entries are kept this long. */
export const auditRetentionMs = 730 * 86_400_000;
const forgottenAtOnce = 100;

/**
 * Writes one entry inside the caller's transaction, so that there is no change without it. Entries are never changed;
 * those past their retention go as new ones come.
 */
export async function recordAudit(query: Query, { clock, random }: { clock: Clock; random(bytes: number): Buffer }, actor: AuditActor, change: AuditChange): Promise<void> {
  const at = clock.now();
  await query.insertInto('audit_entry').values({
    id: newId('audit', at, random), at, actor: auditActorName(actor), actor_kind: actor.kind, action: change.action, noun: change.noun, subject: change.subject, name: change.name,
    before: auditJson(change.before), after: auditJson(change.after),
  }).execute();
  const over = query.selectFrom('audit_entry').select('id').where('id', '<', earliestId('audit', at - auditRetentionMs)).orderBy('id').limit(forgottenAtOnce);
  await query.deleteFrom('audit_entry').where('id', 'in', over).execute();
}

export function auditActorName(actor: AuditActor): string {
  return 'email' in actor ? actor.email : actor.kind;
}
