// What metering's tests share: records with sensible defaults, a spool folder, a log that keeps quiet.
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { newId } from '../domain/id.ts';
import type { SpoolRecord } from '../domain/request-event.ts';
import type { MeteringLog } from './metering-log.ts';
import { readSpool } from './spool-reader.ts';
import type { SpoolChunk } from './spool-reader.ts';
import { openSpoolWriter } from './spool-writer.ts';
import type { SpoolWriter, SpoolWriterOptions } from './spool-writer.ts';

export type RequestRecord = Extract<SpoolRecord, { kind: 'request' }>;
export type CompletionRecord = Extract<SpoolRecord, { kind: 'completion' }>;

/** 2026-03-04 05:06:07 UTC */
export const sampleAt = Date.UTC(2026, 2, 4, 5, 6, 7);

export function requestRecord(given: Partial<RequestRecord> = {}): RequestRecord {
  return {
    kind: 'request', id: newId('request', given.at ?? sampleAt, randomBytes), at: sampleAt, productId: 'prd_1', version: 'v1', operation: 'listCities', method: 'GET',
    status: 200, code: null, upstreamStatus: 200, keyId: 'key_1', consumerId: 'con_1', developerId: 'dev_1', subscriptionId: 'sub_1', planRevisionId: 'rev_1',
    mode: 'live', origin: 'own', requestBytes: 100, responseBytes: 900, durationMs: 12.5, upstreamMs: 10.25, userAgent: 'curl/8.5.0', fields: ['limit', 'name'], units: {}, open: false,
    ...given,
  };
}

export function completionRecord(request: RequestRecord, given: Partial<CompletionRecord> = {}): CompletionRecord {
  const { id, at, productId, version, operation, consumerId, subscriptionId, mode } = request;
  return { kind: 'completion', id, at, productId, version, operation, consumerId, subscriptionId, mode, metered: true, requestBytes: 10, responseBytes: 5_000, durationMs: 61_000, units: {}, ...given };
}

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
  const whole: Omit<SpoolChunk, 'suspect'> = { records: [], offset: 0, corrupt: 0, finished: false };
  try {
    while (!whole.finished) {
      const { records, offset, corrupt, finished } = await readSpool(file, { offset: whole.offset, recordsMax: 7, closed: true });
      whole.records.push(...records);
      Object.assign(whole, { offset, finished, corrupt: whole.corrupt + corrupt });
    }
    return whole;
  } finally {
    await file.close();
  }
}
