// Refusals of callers without a known key, counted per minute so that nobody can fill the disk, and reported one by one only
// for the addresses that a waiting first-call page watches.
import type { SpoolRecord } from '../domain/request-event.ts';
import type { ToControl } from '../snapshot/snapshot.ts';
import type { Call } from './call.ts';

const groupsMax = 1_000;
const watchedMax = 1_000;
const minuteMs = 60_000;
const elsewhere = 'other';

export class StrangerCount {
  readonly #counts = new Map<string, Extract<SpoolRecord, { kind: 'refusals' }>>();
  readonly #watched = new Map<string, number>();
  readonly #tell: (stranger: Extract<ToControl, { type: 'stranger' }>) => void;

  constructor(tell: (stranger: Extract<ToControl, { type: 'stranger' }>) => void) {
    this.#tell = tell;
  }

  /** @param until ms UTC */
  watch(address: string, until: number): void {
    this.#watched.delete(address);
    if (this.#watched.size >= watchedMax) this.#watched.delete(this.#watched.keys().next().value!);
    this.#watched.set(address, until);
  }

  add(call: Call, status: number, code: string): void {
    const minute = Math.floor(call.at / minuteMs) * minuteMs;
    const productId = call.product?.product.id ?? null;
    const operation = call.operation?.operation.id ?? null;
    this.#count(minute, productId, operation, code);
    const until = this.#watched.get(call.client.address);
    if (until === undefined) return;
    if (until < call.at) {
      this.#watched.delete(call.client.address);
      return;
    }
    this.#tell({ type: 'stranger', at: call.at, address: call.client.address, method: call.head.method, productSlug: call.product?.product.slug ?? null, operation, status, code, requestId: call.id });
  }

  /** Everything counted so far, and forgets it. */
  take(): SpoolRecord[] {
    const records = [...this.#counts.values()];
    this.#counts.clear();
    return records;
  }

  #count(minute: number, productId: string | null, operation: string | null, code: string): void {
    const name = `${minute} ${productId} ${code} ${operation}`;
    const known = this.#counts.get(name);
    if (known) {
      known.count++;
      return;
    }
    // Past the maximum, new groups share one count per minute.
    if (this.#counts.size >= groupsMax && code !== elsewhere) this.#count(minute, null, null, elsewhere);
    else this.#counts.set(name, { kind: 'refusals', minute, productId, operation, code, count: 1 });
  }
}
