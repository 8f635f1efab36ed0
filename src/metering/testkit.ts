// What metering's tests share: a spool folder, writing and reading whole segments, a log that keeps quiet.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { SpoolRecord } from '../domain/request-event.ts';
import { sumMonths, type MonthSums } from '../domain/usage-month.ts';
import type { Query } from '../store/database.ts';
import type { MeteringLog } from './metering-log.ts';
import { readSpool } from './spool-reader.ts';
import type { SpoolChunk } from './spool-reader.ts';
import { openSpoolWriter } from './spool-writer.ts';
import type { SpoolWriter, SpoolWriterOptions } from './spool-writer.ts';

/** A temporary folder that is removed at the end of the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-metering-'));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const quietLog: MeteringLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function openTestWriter(folder: string, given: Partial<SpoolWriterOptions> = {}): SpoolWriter {
  return openSpoolWriter({ folder, epoch: 1, thread: 0, syncMs: 1_000, segmentBytes: 1_000_000, reserveBytes: 16_384, ...given });
}

/** Resolves once all are written; rejects with the first error. */
export async function writeAll(writer: SpoolWriter, records: SpoolRecord[]): Promise<void> {
  await Promise.all(records.map((record) => new Promise<void>((resolve, reject) => writer.write(record, (error) => (error ? reject(error) : resolve())))));
}

/** All of a segment, as a reader sees it after its writer is gone. */
export async function readSegment(folder: string, segment: string): Promise<Omit<SpoolChunk, 'suspect'>> {
  const file = await open(join(folder, segment), 'r');
  const whole: Omit<SpoolChunk, 'suspect'> = { records: [], lines: [], runs: [], offset: 0, corrupt: 0, finished: false };
  try {
    while (!whole.finished) {
      const { records, offset, corrupt, finished } = readSpool(file.fd, { offset: whole.offset, recordsMax: 7, closed: true });
      whole.records.push(...records);
      Object.assign(whole, { offset, finished, corrupt: whole.corrupt + corrupt });
    }
    return whole;
  } finally {
    await file.close();
  }
}

/** What the months hold, and what the ledger's live rows come to by the same months: always the same. */
export async function monthsAndLedger(query: Query): Promise<{ months: string[]; ledger: string[] }> {
  const text = (id: string, from: number, sums: MonthSums): string => `${id} ${new Date(from).toISOString().slice(0, 10)} ${JSON.stringify(Object.entries(sums).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
  const anchors = new Map((await query.selectFrom('subscription').select(['id', 'anchor_at']).execute()).map(({ id, anchor_at: anchor }) => [id, anchor]));
  const rows = await query.selectFrom('usage').select(['subscription_id', 'meter', 'hour', 'quantity']).where('mode', '=', 'live').execute();
  const ledger = [...Map.groupBy(rows, (row) => row.subscription_id)].flatMap(([id, own]) => [...sumMonths(own, anchors.get(id) ?? 0)].map(([from, sums]) => text(id, from, sums)));
  const months = (await query.selectFrom('usage_month').selectAll().execute()).map((row) => text(row.subscription_id, row.from_at, JSON.parse(row.sums) as MonthSums));
  return { months: months.toSorted(), ledger: ledger.toSorted() };
}
