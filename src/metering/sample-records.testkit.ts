// Records with sensible defaults, for tests.
import { randomBytes } from 'node:crypto';
import { newId } from '../domain/id.ts';
import type { SpoolRecord } from '../domain/request-event.ts';

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
