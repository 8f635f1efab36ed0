import type { EventStore, VolumeRow } from '../events/event-store.ts';

export interface CallVolume {
  bucketMs: number;
  rows: VolumeRow[];
  /** Calls answered with a 4xx or 5xx, whoever answered; `share` is null without any call. */
  errors: { total: number; failed: number; share: number | null };
}

/** Calls of known keys over time by class of status, and the share that failed. */
export async function callVolume(events: EventStore, filter: { productId?: string; from: number; to: number; bucketMs: number }): Promise<CallVolume> {
  const rows = await events.callVolume(filter);
  const sum = (of: VolumeRow[]): number => of.reduce((count, row) => count + row.count, 0);
  const total = sum(rows);
  const failed = sum(rows.filter((row) => row.statusClass === '4xx' || row.statusClass === '5xx'));
  return { bucketMs: filter.bucketMs, rows, errors: { total, failed, share: total === 0 ? null : failed / total } };
}
