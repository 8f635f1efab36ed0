import type { EventBatch, EventStore } from '../events/event-store.ts';
import type { SpoolBatch, SpoolSink } from './follow-spool.ts';

/** Batches of the spool enter the event store, which commits their positions with them. `onReadable` is told whose calls can be read now. */
export function eventSink(store: EventStore, { onReadable }: { onReadable?: ((consumerIds: string[]) => void) | undefined } = {}): SpoolSink {
  return {
    name: 'events',
    // The store does not keep whether a segment is finished: reading on from its end finds out.
    positions: async () => (await store.positions()).map((position) => ({ ...position, finished: false })),
    apply: async (spooled) => {
      const batch = eventBatch(spooled);
      await store.load(batch);
      if (batch.requests.length > 0) onReadable?.([...new Set(batch.requests.map(({ consumerId }) => consumerId))]);
    },
  };
}

function eventBatch({ records, advances }: SpoolBatch): EventBatch {
  const batch: EventBatch = { requests: [], completions: [], refusals: [], positions: advances.map(({ segment, to }) => ({ segment, offset: to })) };
  for (const record of records) {
    if (record.kind === 'request') batch.requests.push(record);
    else if (record.kind === 'completion') batch.completions.push(record);
    else batch.refusals.push(record);
  }
  return batch;
}
