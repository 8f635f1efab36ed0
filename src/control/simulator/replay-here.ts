import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { openReplay } from './replay.ts';

/** Replays range by range in this thread. */
export function replayHere(query: Query): ControlDeps['replayPrices'] {
  return async (job, ranges, onPart) => {
    const replay = openReplay(query, job);
    for (const range of ranges) onPart(await replay(range));
  };
}
