// Refusals of callers without a known key, counted per minute so that nobody can fill the disk, and reported one by one only
// for the addresses that a waiting first-call page watches.
import type { CallHint } from '../domain/call-hint.ts';
import type { SpoolRecord } from '../domain/request-event.ts';
import type { ToControl } from '../snapshot/snapshot.ts';
import type { Call } from './call.ts';
import type { Outcome } from './stages/record.ts';

const groupsMax = 1_000;
const watchedMax = 1_000;
const minuteMs = 60_000;
const elsewhere = 'other';

export class StrangerCount {
  readonly #counts = new Map<string, Extract<SpoolRecord, { kind: 'refusals' }>>();
  readonly #watched = new Map<string, number>();
  readonly #tell: (message: Extract<ToControl, { type: 'stranger' | 'hint' }>) => void;

  constructor(tell: (message: Extract<ToControl, { type: 'stranger' | 'hint' }>) => void) {
    this.#tell = tell;
  }

  /** @param until ms UTC */
  watch(address: string, until: number): void {
    this.#watched.delete(address);
    if (this.#watched.size >= watchedMax) this.#watched.delete(this.#watched.keys().next().value!);
    this.#watched.set(address, until);
  }

  add(call: Call, { status, code, hint }: Pick<Outcome, 'status' | 'code' | 'hint'>): void {
    const minute = Math.floor(call.at / minuteMs) * minuteMs;
    const productId = call.product?.product.id ?? null;
    const operation = call.operation?.operation.id ?? null;
    this.#count(minute, productId, operation, code ?? '');
    if (!this.#isWatched(call.client.address, call.at)) return;
    this.#tell({ type: 'stranger', at: call.at, address: call.client.address, method: call.head.method, productSlug: call.product?.product.slug ?? null, operation, status, code: code ?? '', requestId: call.id, hint: hint ?? null });
  }

  /** What the log does not keep of a refused call with a known key. */
  hint(call: Call, hint: CallHint): void {
    if (this.#isWatched(call.client.address, call.at)) this.#tell({ type: 'hint', requestId: call.id, consumerId: call.credential!.consumerId, hint });
  }

  /** A request of which nothing could be read but its first octets. */
  unread({ address, at, requestId, status, code, hint }: { address: string; at: number; requestId: string; status: number; code: string; hint: CallHint | null }): void {
    if (this.#isWatched(address, at)) this.#tell({ type: 'stranger', at, address, method: '', productSlug: null, operation: null, status, code, requestId, hint });
  }

  #isWatched(address: string, at: number): boolean {
    const until = this.#watched.get(address);
    if (until === undefined || until >= at) return until !== undefined;
    this.#watched.delete(address);
    return false;
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
