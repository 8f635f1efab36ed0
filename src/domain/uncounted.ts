/** Calls that were answered though their records could not be written: with `serve` for what cannot be metered. */
export interface UncountedCalls {
  productId: string;
  /** Calls that would have counted. */
  calls: number;
  /** Of their answers, and of longer answers whose ends could not be recorded. */
  bytes: number;
  /** ms UTC */
  from: number;
  to: number;
}

/** Sums up calls that follow each other. */
export function joinUncounted(before: UncountedCalls, next: UncountedCalls): UncountedCalls {
  return { productId: before.productId, calls: before.calls + next.calls, bytes: before.bytes + next.bytes, from: Math.min(before.from, next.from), to: Math.max(before.to, next.to) };
}
