/** All calls of each bucket from `from` to `to`, in order; a bucket without calls is 0. */
export function bucketSums(rows: { bucket: number; count: number }[], from: number, to: number, bucketMs: number): number[] {
  const sums = new Map<number, number>();
  for (const { bucket, count } of rows) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
  const buckets: number[] = [];
  for (let at = Math.floor(from / bucketMs) * bucketMs; at < to; at += bucketMs) buckets.push(sums.get(at) ?? 0);
  return buckets;
}
