import type { Buffer } from 'node:buffer';
import type { Clock } from '../../clock.ts';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import { noticeOfActivity } from '../notices/notice-of-activity.ts';
import { writeNotices } from '../notices/write-notice.ts';
import type { ActivityRow } from '../services.ts';

export interface ActivityEntry {
  /** Null for what happens to the producer's side: members, products, plans. */
  consumerId: string | null;
  /** As `actorName` gives it, or an e-mail address. */
  actor: string;
  /** Noun and what happened to it, e.g. `key.created`, `developer.invited`. */
  kind: string;
  /** Id of what it happened to. */
  subject?: string | null;
  detail?: Record<string, unknown>;
}

/** Writes one row inside the caller's transaction. */
export async function recordActivity(query: Query, { clock, random }: { clock: Clock; random(bytes: number): Buffer }, entry: ActivityEntry): Promise<void> {
  const at = clock.now();
  const id = newId('activity', at, random);
  await query.insertInto('activity').values({
    id, consumer_id: entry.consumerId, at, actor: entry.actor, kind: entry.kind,
    subject: entry.subject ?? null, detail: JSON.stringify(entry.detail ?? {}),
  }).execute();
  const notice = await noticeOfActivity(query, { id, ...entry });
  if (notice) await writeNotices(query, { clock, random }, [notice]);
}

/** Newest first. `before` is the id of the last row already seen; rows of the kinds in `without` are left out. */
export async function listActivity(query: Query, { consumerId, before, without = [], limit = 50 }: { consumerId: string | null; before?: string | undefined; without?: string[]; limit?: number | undefined }): Promise<ActivityRow[]> {
  let select = query.selectFrom('activity').select(['id', 'at', 'actor', 'kind', 'subject', 'detail']);
  select = consumerId === null ? select.where('consumer_id', 'is', null) : select.where('consumer_id', '=', consumerId);
  if (before !== undefined) select = select.where('id', '<', before);
  if (without.length > 0) select = select.where('kind', 'not in', without);
  const rows = await select.orderBy('id', 'desc').limit(Math.min(Math.max(limit, 1), 200)).execute();
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
}
