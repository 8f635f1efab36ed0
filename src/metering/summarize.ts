// A batch of spool records enters; what leaves is all that it changes in the store, at most one row per thing.
import type { Mode } from '../domain/key.ts';
import { isMetered, isSuccess } from '../domain/request-event.ts';
import type { Completion, RequestEvent, SpoolRecord } from '../domain/request-event.ts';
import { addQuantities, isQuantity } from './decimal.ts';

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
  requests: RequestEvent[];
  usage: UsageAddition[];
  /** Latest admission per key. */
  keysUsed: Map<string, number>;
  /** Earliest success from the consumer's own code, of any mode and of mode live. */
  firstSuccesses: Map<string, { any: RequestEvent; live: RequestEvent | undefined }>;
  /** Units that were no quantity and are left out. */
  invalidUnits: number;
}

export const builtInMeters: readonly string[] = ['requests', 'successes', 'bytes'];
const hourMs = 3_600_000;

export function summarize(records: SpoolRecord[]): BatchSummary {
  const summary: BatchSummary = { requests: [], usage: [], keysUsed: new Map(), firstSuccesses: new Map(), invalidUnits: 0 };
  const rows = new Map<string, UsageAddition>();
  for (const record of records) {
    if (record.kind === 'request') {
      summary.requests.push(record);
      summary.keysUsed.set(record.keyId, Math.max(Math.floor(record.at), summary.keysUsed.get(record.keyId) ?? 0));
      noteSuccess(summary, record);
      if (!isMetered(record)) continue;
      add(rows, record, 'requests', '1');
      if (isSuccess(record)) add(rows, record, 'successes', '1');
      summary.invalidUnits += addAmounts(rows, record);
    } else if (record.kind === 'completion' && record.metered && record.subscriptionId !== null) {
      summary.invalidUnits += addAmounts(rows, record);
    }
  }
  summary.usage = [...rows.values()];
  return summary;
}

function noteSuccess(summary: BatchSummary, event: RequestEvent): void {
  if (event.origin !== 'own' || !isSuccess(event)) return;
  const first = summary.firstSuccesses.get(event.consumerId) ?? { any: event, live: undefined };
  if (event.at < first.any.at) first.any = event;
  if (event.mode === 'live' && (!first.live || event.at < first.live.at)) first.live = event;
  summary.firstSuccesses.set(event.consumerId, first);
}

function addAmounts(rows: Map<string, UsageAddition>, event: RequestEvent | Completion): number {
  const bytes = event.requestBytes + event.responseBytes;
  if (bytes > 0) add(rows, event, 'bytes', String(bytes));
  let invalid = 0;
  for (const [meter, quantity] of Object.entries(event.units)) {
    if (isQuantity(quantity) && !builtInMeters.includes(meter)) add(rows, event, meter, quantity);
    else invalid++;
  }
  return invalid;
}

function add(rows: Map<string, UsageAddition>, event: RequestEvent | Completion, meter: string, quantity: string): void {
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
