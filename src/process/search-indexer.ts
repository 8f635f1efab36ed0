// What is to be found enters a thread of its own; the index as JSON leaves it.
import { parentPort } from 'node:worker_threads';
import { buildSearchIndex, type SearchSource } from '../control/search/build-search-index.ts';
import type { StartThread } from './threads.ts';

/** Builds on a fresh thread: parsing and indexing a large document would block the web for half a second. */
export function searchIndexer(startThread: StartThread): (source: SearchSource) => Promise<string> {
  return (source) => new Promise((resolve, reject) => {
    const worker = startThread('search', source, { resourceLimits: { maxOldGenerationSizeMb: 2_048 } });
    worker.once('message', (json: string) => {
      resolve(json);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the search index ended without an answer')));
  });
}

export async function runSearchIndex(source: SearchSource): Promise<void> {
  parentPort!.postMessage(buildSearchIndex(source));
}
