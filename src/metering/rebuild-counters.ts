// What a starting gateway must know to go on counting where the last one stopped: quotas from ledger and unread spool, rates from the spool.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Mode } from '../domain/key.ts';
import { isMetered } from '../domain/request-event.ts';
import type { RequestEvent, SpoolRecord } from '../domain/request-event.ts';
import type { Database, Query } from '../store/database.ts';
import { readSpool } from './spool-reader.ts';
import { listSegments } from './spool-segment.ts';
import { readSpending, SpendingSums } from './rebuild-spending.ts';

export interface RebuiltCounters {
  /** Metered requests per UTC day; `day` is its start, ms UTC. */
  days: { subscriptionId: string; mode: Mode; day: number; requests: number }[];
  /** Requests that passed the limits, oldest first. */
  recent: { subscriptionId: string; mode: Mode; at: number }[];
  /** What live calls have used in the present period of each subscription with a spend cap, by meter and operation; `from` is its beginning. */
  spending: { subscriptionId: string; from: number; rows: { meter: string; operation: string; quantity: string }[] }[];
}

interface RebuildDeps { database: Database; spoolFolder: string; clock: Clock }

const dayMs = 86_400_000;
const recordsMax = 2_000;

/**
 * Counts what is metered since the UTC day of `since`, and lists the admissions since `recentSince` (both ms UTC).
 * No writer may be at work on the segments that exist: a torn record at their end is taken as lost, as ingest takes it.
 */
export async function rebuildCounters({ database, spoolFolder }: RebuildDeps, { since, recentSince }: { since: number; recentSince: number }): Promise<RebuiltCounters> {
  const from = Math.floor(since / dayMs) * dayMs;
  const days = new Map<string, RebuiltCounters['days'][number]>();
  const count = (subscriptionId: string, mode: Mode, day: number, requests: number): void => {
    const id = `${subscriptionId}\n${mode}\n${day}`;
    const present = days.get(id);
    if (present) present.requests += requests;
    else days.set(id, { subscriptionId, mode, day, requests });
  };
  const recent: RebuiltCounters['recent'] = [];

  const note = (event: RequestEvent): void => {
    if (event.subscriptionId !== null && event.at >= recentSince && passedLimits(event)) recent.push({ subscriptionId: event.subscriptionId, mode: event.mode, at: event.at });
  };

  const ledger = await readLedger(database, from);
  const spending = new SpendingSums(ledger.spending);
  for (const { subscription_id, mode, day, requests } of ledger.sums) count(subscription_id, mode, Number(day), Number(requests));
  for (const segment of await listSegments(spoolFolder)) {
    const file = await open(join(spoolFolder, segment), 'r').catch(ignoreMissing);
    if (!file) continue;
    try {
      const position = ledger.positions.get(segment) ?? { offset: 0, finished: false };
      // Last written before the time asked for: it holds nothing recent.
      const recentFrom = (await file.stat()).mtimeMs < recentSince ? position.offset : 0;
      for (const event of readRecords(file, recentFrom, position.offset)) if (event.kind === 'request') note(event);
      if (position.finished) continue;
      for (const event of readRecords(file, position.offset)) {
        spending.add(event);
        if (event.kind !== 'request') continue;
        note(event);
        if (isMetered(event) && event.at >= from) count(event.subscriptionId!, event.mode, Math.floor(event.at / dayMs) * dayMs, 1);
      }
    } finally {
      await file.close();
    }
  }
  return { days: [...days.values()], recent: recent.sort((a, b) => a.at - b.at), spending: spending.list() };
}

/** Sums and positions as of one moment, so that each record is either in the sums or behind its segment's position. */
async function readLedger(database: Database, from: number) {
  const read = async (query: Query) => {
    const positions = await query.selectFrom('spool_position').select(['segment', 'offset', 'finished']).execute();
    const day = sql<number>`hour - hour % ${sql.lit(dayMs)}`;
    const sums = await query.selectFrom('usage')
      .select(['subscription_id', 'mode', day.as('day'), sql<number>`sum(cast(quantity as bigint))`.as('requests')])
      .where('meter', '=', 'requests').where('hour', '>=', from)
      .groupBy(['subscription_id', 'mode', day])
      .execute();
    return { sums, spending: await readSpending(query), positions: new Map(positions.map(({ segment, offset, finished }) => [segment, { offset: Number(offset), finished: finished === 1 }])) };
  };
  return database.transaction(read);
}

function* readRecords(file: FileHandle, from: number, until = Infinity): Generator<SpoolRecord> {
  for (let offset = from; offset < until;) {
    const chunk = readSpool(file.fd, { offset, until, recordsMax, closed: true });
    yield* chunk.records;
    if (chunk.finished || chunk.offset === offset) return;
    offset = chunk.offset;
  }
}

/** Codes of refusals and failures behind the limit stage: such a call has used its place in the rates. */
const codesBehindLimits = ['request_invalid', 'body_too_large', 'upstream_unreachable', 'upstream_invalid', 'upstream_timeout'];

function passedLimits({ code, upstreamStatus }: RequestEvent): boolean {
  return upstreamStatus !== null || code === null || codesBehindLimits.includes(code);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
