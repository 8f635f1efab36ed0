import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolFollower } from './follow-spool.ts';
import { hasMore } from './spool-reader.ts';
import { listSegments } from './spool-segment.ts';

/** Bytes of all segments, and of those that the slower follower has not read. */
export async function measureSpool(folder: string, followers: SpoolFollower[]): Promise<{ spoolBytes: number; spoolSegments: number; lagBytes: number }> {
  const segments = await listSegments(folder);
  const lags = followers.map(() => 0);
  let spoolBytes = 0;
  for (const segment of segments) {
    const file = await open(join(folder, segment), 'r').catch(() => undefined);
    if (!file) continue;
    try {
      const { size } = await file.stat();
      spoolBytes += size;
      for (const [index, follower] of followers.entries()) lags[index]! += await unread(file, size, follower, segment);
    } finally {
      await file.close();
    }
  }
  return { spoolBytes, spoolSegments: segments.length, lagBytes: Math.max(0, ...lags) };
}

/** Where nothing is written behind the position, the rest is reserve. */
async function unread(file: FileHandle, size: number, follower: SpoolFollower, segment: string): Promise<number> {
  const offset = follower.offset(segment);
  return follower.isFinished(segment) || !(await hasMore(file, offset)) ? 0 : size - offset;
}
