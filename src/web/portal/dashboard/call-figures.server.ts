// The figures of a range beside those of the range before, up to the same moment.
import type { CallFilter, Services } from '../../../control/services.ts';
import type { DeveloperActor } from '../../page.server.ts';
import type { CallRange } from '../../calls/call-range.ts';

export interface Compared { now: number; before: number }
export interface CallFigures {
  calls: Compared;
  failed: Compared;
  p50: ComparedMs;
  p95: ComparedMs;
  p99: ComparedMs;
}
/** Null without a call that the upstream answered. */
export interface ComparedMs { now: number | null; before: number | null }

export async function readFigures(services: Services, actor: DeveloperActor, filter: CallFilter, range: CallRange): Promise<CallFigures> {
  const of = { ...filter, consumerId: actor.consumerId };
  const [[now, nowMs], [before, beforeMs]] = await Promise.all([{ from: range.from, to: range.to }, range.comparable].map(({ from, to }) => Promise.all([
    services.requests.callVolume(actor, { ...of, from, to, bucketMs: Math.max(to - from, 1_000) }), services.requests.latency(actor, { ...of, from, to }),
  ])) as [Promise<Counted>, Promise<Counted>]);
  const sum = (rows: Counted[0], classes?: string[]): number => rows.filter(({ statusClass }) => !classes || classes.includes(statusClass)).reduce((total, { count }) => total + count, 0);
  const failing = ['4xx', '5xx'];
  return {
    calls: { now: sum(now), before: sum(before) }, failed: { now: sum(now, failing), before: sum(before, failing) },
    p50: { now: nowMs.p50, before: beforeMs.p50 }, p95: { now: nowMs.p95, before: beforeMs.p95 }, p99: { now: nowMs.p99, before: beforeMs.p99 },
  };
}

type Counted = [Awaited<ReturnType<Services['requests']['callVolume']>>, Awaited<ReturnType<Services['requests']['latency']>>];

/** Calls of the range before, bucket by bucket beside those of the range. */
export async function readPrevious(services: Services, actor: DeveloperActor, filter: CallFilter, range: CallRange): Promise<number[]> {
  const rows = await services.requests.callVolume(actor, { ...filter, consumerId: actor.consumerId, ...range.previous, bucketMs: range.bucketMs });
  const counts = new Map<number, number>();
  for (const { bucket, count } of rows) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  const length = range.to - range.from;
  return Array.from({ length: Math.ceil(length / range.bucketMs) }, (_, index) => counts.get(range.previous.from + index * range.bucketMs) ?? 0);
}
