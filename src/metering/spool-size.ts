import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolFollower } from './follow-spool.ts';
import { hasMore } from './spool-reader.ts';
import { listSegments } from './spool-segment.ts';

/** A segment with records that the ledger lacks. `writtenAt`: when it was last written to, ms UTC. */
export interface UnreadSegment { segment: string; bytes: number; writtenAt: number }

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
      for (const [index, follower] of followers.entries()) lags[index]! += unread(file, size, follower, segment);
    } finally {
      await file.close();
    }
  }
  return { spoolBytes, spoolSegments: segments.length, lagBytes: Math.max(0, ...lags) };
}

/** Segments that are listed at most. */
const listedMax = 20;

/** Segments that the follower has not read to their end: what is written behind its position, at most so many bytes. */
export async function listUnread(folder: string, follower: SpoolFollower): Promise<UnreadSegment[]> {
  const found: UnreadSegment[] = [];
  for (const segment of await listSegments(folder)) {
    const file = await open(join(folder, segment), 'r').catch(() => undefined);
    if (!file) continue;
    try {
      const { size, mtimeMs } = await file.stat();
      const bytes = await unread(file, size, follower, segment);
      if (bytes > 0) found.push({ segment, bytes, writtenAt: Math.floor(mtimeMs) });
    } finally {
      await file.close();
    }
    if (found.length === listedMax) break;
  }
  return found;
}

/** Where nothing is written behind the position, the rest is reserve. */
function unread(file: FileHandle, size: number, follower: SpoolFollower, segment: string): number {
  const offset = follower.offset(segment);
  return follower.isFinished(segment) || !hasMore(file.fd, offset) ? 0 : size - offset;
}
