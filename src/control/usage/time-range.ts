import { AppError } from '../../errors.ts';

/** @throws AppError `input_invalid` unless [from, to) is a range of times, and of at most `bucketsMax` buckets. */
export function requireRange({ from, to, bucketMs }: { from: number; to: number; bucketMs?: number }): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from >= to) throw new AppError('input_invalid', 'The range must end after it begins.', { errors: [{ pointer: '/to', detail: 'must be later than from' }] });
  if (bucketMs === undefined) return;
  if (!Number.isSafeInteger(bucketMs) || bucketMs < 1_000 || (to - from) / bucketMs > bucketsMax) throw new AppError('input_invalid', `The range must have at most ${bucketsMax} buckets of at least a second.`, { errors: [{ pointer: '/bucketMs', detail: 'is too small for this range' }] });
}

const bucketsMax = 5_000;
