/** Percent of calls answered 4xx or 5xx, per bucket, to one decimal. */
export function errorShares(rows: { bucket: number; statusClass: string; count: number }[], from: number, to: number, bucketMs: number): { buckets: number[]; values: number[] } {
  const sums = new Map<number, { all: number; failed: number }>();
  for (const { bucket, statusClass, count } of rows) {
    const sum = sums.get(bucket) ?? { all: 0, failed: 0 };
    sum.all += count;
    if (statusClass === '4xx' || statusClass === '5xx') sum.failed += count;
    sums.set(bucket, sum);
  }
  const buckets: number[] = [];
  const values: number[] = [];
  for (let at = Math.floor(from / bucketMs) * bucketMs; at < to; at += bucketMs) {
    const sum = sums.get(at);
    buckets.push(at);
    values.push(sum && sum.all > 0 ? Math.round((sum.failed / sum.all) * 1000) / 10 : 0);
  }
  return { buckets, values };
}
