// Batches of the spool enter the store: usage, last use of keys, first successes and positions, in one transaction.
import { Buffer } from 'node:buffer';
import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { newId } from '../domain/id.ts';
import type { RequestEvent } from '../domain/request-event.ts';
import type { Database, Query } from '../store/database.ts';
import { addQuantities } from './decimal.ts';
import type { SegmentAdvance, SpoolBatch, SpoolSink } from './follow-spool.ts';
import type { MeteringLog } from './metering-log.ts';
import { readRequestLine } from './request-line.ts';
import { addUsageMonths } from './usage-months.ts';
import { summarize, usageId } from './summarize.ts';
import type { BatchSummary, UsageAddition } from './summarize.ts';

export interface LedgerDeps {
  database: Database;
  clock: Clock;
  random(bytes: number): Buffer;
  log: MeteringLog;
  /** After the commit. */
  onCalls?(calls: CommittedCalls): void;
}

/** Calls that the ledger has just committed. */
export interface CommittedCalls {
  consumerIds: ReadonlySet<string>;
  /** Those of one consumer. */
  of(consumerId: string): RequestEvent[];
}

export function ledgerSink({ database, clock, random, log, onCalls }: LedgerDeps): SpoolSink {
  return {
    name: 'ledger',
    positions: async () => {
      const rows = await database.kysely.selectFrom('spool_position').select(['segment', 'offset', 'finished']).execute();
      return rows.map(({ segment, offset, finished }) => ({ segment, offset: Number(offset), finished: finished === 1 }));
    },
    apply: async ({ records, lines, advances }) => {
      const summary = summarize(records, lines);
      await database.transaction(async (query) => {
        await advancePositions(query, advances, clock.now());
        await addUsage(query, summary.usage);
        await addUsageMonths(query, summary.usage);
        await noteKeysUsed(query, summary.keysUsed);
        await noteFirstSuccesses(query, summary.firstSuccesses, { clock, random });
      });
      if (summary.invalidUnits > 0) log.warn({ units: summary.invalidUnits }, 'units that are no quantity were left out');
      if (summary.consumerIds.size > 0) onCalls?.({ consumerIds: summary.consumerIds, of: (consumerId) => requestsOf(consumerId, { records, lines }) });
    },
  };
}

function requestsOf(consumerId: string, { records, lines }: Pick<SpoolBatch, 'records' | 'lines'>): RequestEvent[] {
  const there = `\t${consumerId}\t`;
  return [
    ...records.filter((record) => record.kind === 'request' && record.consumerId === consumerId) as RequestEvent[],
    ...lines.filter((line) => line.includes(there)).map(readRequestLine).filter((event) => event.consumerId === consumerId),
  ].sort((a, b) => a.at - b.at);
}

/** @throws when the store stands elsewhere than this reader believes: a second reader would count twice. */
async function advancePositions(query: Query, advances: SegmentAdvance[], now: number): Promise<void> {
  for (const part of parts(advances, 500)) {
    const rows = await query.selectFrom('spool_position').select(['segment', 'offset', 'corrupt_records']).where('segment', 'in', part.map(({ segment }) => segment)).execute();
    const present = new Map(rows.map((row) => [row.segment, row]));
    for (const { segment, from } of part) {
      const offset = Number(present.get(segment)?.offset ?? 0);
      if (offset !== from) throw new Error(`the ledger has read ${segment} to ${offset}, not to ${from}: another process reads this spool`);
    }
    await query.insertInto('spool_position')
      .values(part.map(({ segment, to, finished, corrupt }) => ({
        segment, offset: to, finished: finished ? 1 as const : 0 as const, corrupt_records: Number(present.get(segment)?.corrupt_records ?? 0) + corrupt, updated_at: now,
      })))
      .onConflict((conflict) => conflict.column('segment').doUpdateSet((row) => ({
        offset: row.ref('excluded.offset'), finished: row.ref('excluded.finished'), corrupt_records: row.ref('excluded.corrupt_records'), updated_at: row.ref('excluded.updated_at'),
      })))
      .execute();
  }
}

/** Sums are made here and not in SQL: neither engine adds decimal text exactly. */
async function addUsage(query: Query, additions: UsageAddition[]): Promise<void> {
  for (const part of parts(additions, 100)) {
    const present = await query.selectFrom('usage').selectAll()
      .where((row) => row.or(part.map(({ subscription_id, meter, operation, version, mode, hour }) => row.and({ subscription_id, meter, operation, version, mode, hour }))))
      .execute();
    const quantities = new Map(present.map((row) => [usageId(row), row.quantity]));
    await query.insertInto('usage')
      .values(part.map((row) => ({ ...row, quantity: addQuantities(quantities.get(usageId(row)) ?? '0', row.quantity) })))
      .onConflict((conflict) => conflict.columns(['subscription_id', 'meter', 'operation', 'version', 'mode', 'hour']).doUpdateSet((row) => ({ quantity: row.ref('excluded.quantity') })))
      .execute();
  }
}

async function noteKeysUsed(query: Query, used: Map<string, number>): Promise<void> {
  for (const part of parts([...used], 500)) {
    const rows = await query.selectFrom('key').select(['id', 'last_used_at']).where('id', 'in', part.map(([id]) => id)).execute();
    const later = rows.filter(({ id, last_used_at }) => Number(last_used_at ?? 0) < used.get(id)!);
    if (later.length === 0) continue;
    const branches = later.map(({ id }) => sql`when ${id} then cast(${used.get(id)!} as bigint)`);
    await query.updateTable('key')
      .set({ last_used_at: sql<number>`case id ${sql.join(branches, sql` `)} end` })
      .where('id', 'in', later.map(({ id }) => id))
      .execute();
  }
}

async function noteFirstSuccesses(query: Query, firsts: BatchSummary['firstSuccesses'], { clock, random }: Pick<LedgerDeps, 'clock' | 'random'>): Promise<void> {
  for (const part of parts([...firsts.keys()], 500)) {
    const consumers = await query.selectFrom('consumer').select(['id', 'first_success_at', 'first_live_success_at']).where('id', 'in', part).execute();
    for (const consumer of consumers) {
      const { any, live } = firsts.get(consumer.id)!;
      const earlierAny = isEarlier(any, consumer.first_success_at);
      const earlierLive = live !== undefined && isEarlier(live, consumer.first_live_success_at);
      if (!earlierAny && !earlierLive) continue;
      await query.updateTable('consumer')
        .set({ ...(earlierAny && { first_success_at: Math.floor(any.at) }), ...(earlierLive && { first_live_success_at: Math.floor(live.at) }) })
        .where('id', '=', consumer.id)
        .execute();
      if (consumer.first_success_at !== null) continue;
      await query.insertInto('activity').values({
        id: newId('activity', clock.now(), random), consumer_id: consumer.id, at: Math.floor(any.at), actor: 'system', kind: 'first-success', subject: any.id,
        detail: JSON.stringify({ requestId: any.id, productId: any.productId, version: any.version, operation: any.operation, mode: any.mode, keyId: any.keyId }),
      }).execute();
    }
  }
}

function isEarlier(event: RequestEvent, present: number | null): boolean {
  return present === null || Math.floor(event.at) < Number(present);
}

function* parts<T>(items: T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
