import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolFollower } from './follow-spool.ts';
import { findClosedSegments, listSegments } from './spool-segment.ts';

/** Bytes of all segments, and of those that the slowest follower has not read. */
export async function measureSpool(folder: string, followers: SpoolFollower[]): Promise<{ spoolBytes: number; spoolSegments: number; lagBytes: number }> {
  const segments = await listSegments(folder);
  const closed = findClosedSegments(segments);
  const lags = followers.map(() => 0);
  let spoolBytes = 0;
  for (const segment of segments) {
    const size = await stat(join(folder, segment)).then((info) => info.size, () => 0);
    spoolBytes += size;
    followers.forEach((follower, index) => {
      // The zeros of a live segment's reserve are not told from unread records without reading them.
      const read = follower.isFinished(segment) || (!closed.has(segment) && follower.offset(segment) > 0);
      if (!read) lags[index]! += Math.max(0, size - follower.offset(segment));
    });
  }
  return { spoolBytes, spoolSegments: segments.length, lagBytes: Math.max(0, ...lags) };
}
