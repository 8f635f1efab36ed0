/** Wall time in milliseconds since 1970-01-01 UTC, and monotonic time in nanoseconds that all threads of a process share. */
export interface Clock {
  now(): number;
  monotonicNs(): bigint;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicNs: () => process.hrtime.bigint(),
};
