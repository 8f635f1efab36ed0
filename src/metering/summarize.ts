// A batch of spool records enters; what leaves is all that it changes in the store, at most one row per thing.
import type { Mode } from '../domain/key.ts';
import { isMetered, isSuccess } from '../domain/request-event.ts';
import type { RequestEvent, SpoolRecord } from '../domain/request-event.ts';
import { addQuantities, isQuantity } from './decimal.ts';
import { groupLines, type LineGroup } from './group-lines.ts';
import { decoded, readRequestLine } from './request-line.ts';

export interface UsageAddition {
  subscription_id: string;
  meter: string;
  operation: string;
  version: string;
  mode: Mode;
  /** ms UTC */
  hour: number;
  /** Exact decimal text, to be added. */
  quantity: string;
}

export interface BatchSummary {
  usage: UsageAddition[];
  /** Latest admission per key. */
  keysUsed: Map<string, number>;
  /** Earliest success from the consumer's own code, of any mode and of mode live. */
  firstSuccesses: Map<string, { any: RequestEvent; live: RequestEvent | undefined }>;
  /** Units that were no quantity and are left out. */
  invalidUnits: number;
  /** Whose calls these are. */
  consumerIds: Set<string>;
}

/** What a ledger row is made for. */
type Subject = Pick<RequestEvent, 'subscriptionId' | 'operation' | 'version' | 'mode' | 'at'>;

export const builtInMeters: readonly string[] = ['requests', 'successes', 'bytes'];
const hourMs = 3_600_000;

/** @param lines requests as lines of columns */
export function summarize(records: readonly SpoolRecord[], lines: readonly string[] = []): BatchSummary {
  const summary: BatchSummary = { usage: [], keysUsed: new Map(), firstSuccesses: new Map(), invalidUnits: 0, consumerIds: new Set() };
  const rows = new Map<string, UsageAddition>();
  for (const record of records) {
    if (record.kind === 'request') {
      summary.consumerIds.add(record.consumerId);
      noteKey(summary, record.keyId, record.at);
      noteSuccess(summary, record);
      if (!isMetered(record)) continue;
      add(rows, record, 'requests', '1');
      if (isSuccess(record)) add(rows, record, 'successes', '1');
      addBytes(rows, record, BigInt(record.requestBytes) + BigInt(record.responseBytes));
      summary.invalidUnits += addUnits(rows, record, record.units);
    } else if (record.kind === 'completion' && record.metered && record.subscriptionId !== null) {
      addBytes(rows, record, BigInt(record.requestBytes) + BigInt(record.responseBytes));
      summary.invalidUnits += addUnits(rows, record, record.units);
    }
  }
  for (const group of groupLines(lines)) addGroup(summary, rows, group);
  summary.usage = [...rows.values()];
  return summary;
}

function addGroup(summary: BatchSummary, rows: Map<string, UsageAddition>, { hour, subject, count, bytes, units, first, firstAt, lastAt }: LineGroup): void {
  const [consumerId, keyId, subscriptionId, operation, version, mode, origin, status] = decoded(subject).split('\t') as [string, string, string, string, string, Mode, string, string];
  const event = { consumerId, subscriptionId: subscriptionId || null, operation: operation || null, version: version || null, mode, at: hour, upstreamStatus: status === '' ? null : Number(status) };
  summary.consumerIds.add(consumerId);
  noteKey(summary, keyId, lastAt);
  if (origin === 'own' && isSuccess(event) && !isLaterSuccess(summary, consumerId, mode, firstAt)) noteSuccess(summary, readRequestLine(first));
  if (!isMetered(event)) return;
  add(rows, event, 'requests', String(count));
  if (isSuccess(event)) add(rows, event, 'successes', String(count));
  addBytes(rows, event, bytes);
  for (const text of units) summary.invalidUnits += addUnits(rows, event, JSON.parse(decoded(text)) as Record<string, string>);
}

function noteKey({ keysUsed }: BatchSummary, keyId: string, at: number): void {
  keysUsed.set(keyId, Math.max(Math.floor(at), keysUsed.get(keyId) ?? 0));
}

function isLaterSuccess({ firstSuccesses }: BatchSummary, consumerId: string, mode: Mode, at: number): boolean {
  const known = firstSuccesses.get(consumerId);
  return known !== undefined && known.any.at <= at && (mode !== 'live' || (known.live !== undefined && known.live.at <= at));
}

function noteSuccess(summary: BatchSummary, event: RequestEvent): void {
  if (event.origin !== 'own' || !isSuccess(event)) return;
  const first = summary.firstSuccesses.get(event.consumerId) ?? { any: event, live: undefined };
  if (event.at < first.any.at) first.any = event;
  if (event.mode === 'live' && (!first.live || event.at < first.live.at)) first.live = event;
  summary.firstSuccesses.set(event.consumerId, first);
}

function addBytes(rows: Map<string, UsageAddition>, subject: Subject, bytes: bigint): void {
  if (bytes > 0n) add(rows, subject, 'bytes', String(bytes));
}

/** @returns how many were no quantity */
function addUnits(rows: Map<string, UsageAddition>, subject: Subject, units: Record<string, string>): number {
  let invalid = 0;
  for (const [meter, quantity] of Object.entries(units)) {
    if (isQuantity(quantity) && !builtInMeters.includes(meter)) add(rows, subject, meter, quantity);
    else invalid++;
  }
  return invalid;
}

function add(rows: Map<string, UsageAddition>, event: Subject, meter: string, quantity: string): void {
  const row = {
    subscription_id: event.subscriptionId!, meter, operation: event.operation ?? '', version: event.version ?? '', mode: event.mode,
    hour: Math.floor(event.at / hourMs) * hourMs, quantity,
  };
  const id = usageId(row);
  const present = rows.get(id);
  if (present) present.quantity = addQuantities(present.quantity, quantity);
  else rows.set(id, row);
}

/** Names one row of the ledger. */
export function usageId(row: Omit<UsageAddition, 'quantity'>): string {
  return [row.subscription_id, row.meter, row.operation, row.version, row.mode, row.hour].join('\n');
}
