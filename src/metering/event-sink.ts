import type { EventBatch, EventStore, RequestLines } from '../events/event-store.ts';
import type { SpoolBatch, SpoolSink } from './follow-spool.ts';
import { requestMark } from './request-line.ts';

/** Batches of the spool enter the event store, which commits their positions with them. `onReadable` is told whose calls can be read now. */
export function eventSink(store: EventStore, { onReadable }: { onReadable?: ((consumerIds: string[]) => void) | undefined } = {}): SpoolSink {
  return {
    name: 'events',
    // The store does not keep whether a segment is finished: reading on from its end finds out.
    positions: async () => (await store.positions()).map((position) => ({ ...position, finished: false })),
    apply: async (spooled) => {
      const { lines, consumerIds } = describeLines(spooled);
      const batch = eventBatch(spooled, lines);
      await store.load(batch);
      for (const { consumerId } of batch.requests) consumerIds.add(consumerId);
      if (consumerIds.size > 0) onReadable?.([...consumerIds]);
    },
  };
}

function describeLines({ lines, runs }: SpoolBatch): { lines: RequestLines | null; consumerIds: Set<string> } {
  const consumerIds = new Set<string>();
  let [from, to] = [Infinity, -Infinity];
  for (const line of lines) {
    const atFrom = line.indexOf('\t', requestMark.length) + 1;
    const consumerFrom = line.indexOf('\t', atFrom) + 1;
    const at = Number(line.slice(atFrom, consumerFrom - 1));
    if (at < from) from = at;
    if (at > to) to = at;
    consumerIds.add(line.slice(consumerFrom, line.indexOf('\t', consumerFrom)));
  }
  return { lines: lines.length === 0 ? null : { runs, count: lines.length, from, to }, consumerIds };
}

function eventBatch({ records, advances }: SpoolBatch, lines: RequestLines | null): EventBatch {
  const batch: EventBatch = { requests: [], lines, completions: [], refusals: [], positions: advances.map(({ segment, to }) => ({ segment, offset: to })) };
  for (const record of records) {
    if (record.kind === 'request') batch.requests.push(record);
    else if (record.kind === 'completion') batch.completions.push(record);
    else batch.refusals.push(record);
  }
  return batch;
}
