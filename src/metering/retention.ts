// What both stores have read and nobody needs any more is deleted: segments, their positions, and old events.
import { open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import type { SpoolFollower } from './follow-spool.ts';
import type { MeteringLog } from './metering-log.ts';
import { findClosedSegments, listSegments, parseSegmentName } from './spool-segment.ts';

export interface RetentionDeps {
  database: Database;
  events: EventStore;
  followers: SpoolFollower[];
  spoolFolder: string;
  clock: Clock;
  log: MeteringLog;
  eventRetentionDays: number;
  spoolRetentionHours: number;
}

const hourMs = 3_600_000;
/** Rates are rebuilt from the spool of the last hour. */
const spoolHoursLeast = 2;

export async function applyRetention(deps: RetentionDeps): Promise<void> {
  await forgetPositions(deps);
  await deleteSegments(deps);
  const deleted = await deps.events.deleteBefore(deps.clock.now() - deps.eventRetentionDays * 24 * hourMs);
  if (deleted > 0) deps.log.info({ deleted }, 'old request events were deleted');
}

/** A closed segment has a later one beside it, so neither its name nor its thread's numbers can begin anew. */
async function deleteSegments({ spoolFolder, followers, clock, log, spoolRetentionHours }: RetentionDeps): Promise<void> {
  const cutoff = clock.now() - Math.max(spoolHoursLeast, spoolRetentionHours) * hourMs;
  const deleted: string[] = [];
  for (const segment of findClosedSegments(await listSegments(spoolFolder))) {
    const read = followers.every((follower) => follower.isFinished(segment));
    if (!read || (await stat(join(spoolFolder, segment))).mtimeMs >= cutoff) continue;
    await unlink(join(spoolFolder, segment));
    deleted.push(segment);
  }
  if (deleted.length > 0) log.info({ segments: deleted.length }, 'spool segments that both stores have read were deleted');
}

/**
 * A position outlives its segment until a later epoch has begun, since epochs never come back,
 * and until the deletion itself has reached the disk: a segment that reappeared would be counted twice.
 */
async function forgetPositions({ spoolFolder, database, events }: RetentionDeps): Promise<void> {
  const segments = await listSegments(spoolFolder);
  const newestEpoch = Math.max(0, ...segments.map((segment) => parseSegmentName(segment)!.epoch));
  const present = new Set(segments);
  const gone = (segment: string): boolean => !present.has(segment) && (parseSegmentName(segment)?.epoch ?? 0) < newestEpoch;
  const ledger = (await database.kysely.selectFrom('spool_position').select('segment').execute()).map(({ segment }) => segment).filter(gone);
  const store = (await events.positions()).map(({ segment }) => segment).filter(gone);
  if (ledger.length + store.length === 0) return;
  const folder = await open(spoolFolder, 'r');
  await folder.sync().finally(() => folder.close());
  await events.forgetPositions(store);
  for (let from = 0; from < ledger.length; from += 500) {
    await database.kysely.deleteFrom('spool_position').where('segment', 'in', ledger.slice(from, from + 500)).execute();
  }
}
