import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { AppError, isAppError } from '../errors.ts';
import { openDuckdbEventStore } from './duckdb/event-store.ts';
import { connectEventStore, serveEventStore } from './event-store-over-port.ts';
import { eventStoreContract } from './event-store.contract.ts';
import type { EventStore } from './event-store.ts';

let folder: string;
let files = 0;
before(async () => { folder = await mkdtemp(join(tmpdir(), 'portico-events-port-')); });
after(() => rm(folder, { recursive: true, force: true }));

async function openOverPort(file: string): Promise<EventStore> {
  const { port1, port2 } = new MessageChannel();
  serveEventStore(port1, await openDuckdbEventStore({ file, threads: 1, memoryMb: 128 }));
  const store = connectEventStore(port2);
  let closing: Promise<void> | undefined;
  return { ...store, close: () => (closing ??= store.close().finally(() => port2.close())) };
}

eventStoreContract('DuckDB on another thread', { open: openOverPort, newPlace: async () => join(folder, `${++files}.duckdb`) });

describe('the event store over a port', () => {
  const failing = (error: unknown): { store: ReturnType<typeof connectEventStore>; close(): void } => {
    const { port1, port2 } = new MessageChannel();
    serveEventStore(port1, { findRequest: () => Promise.reject(error), positions: () => new Promise(() => undefined) } as unknown as EventStore);
    return { store: connectEventStore(port2), close: () => port1.close() };
  };

  it('carries an error with its message and code', async () => {
    const { store, close } = failing(new AppError('not_found', 'There is no such request.', { errors: [{ detail: 'here', line: 3 }] }));
    await assert.rejects(store.findRequest('x'), (error: unknown) => isAppError(error) && error.code === 'not_found' && error.status === 404 && error.message === 'There is no such request.' && error.errors[0]?.line === 3);
    close();
  });

  it('carries an ordinary error and one of the system', async () => {
    for (const [error, expected] of [[new Error('broken'), { message: 'broken' }], [Object.assign(new Error('no space'), { code: 'ENOSPC' }), { code: 'ENOSPC' }], ['text', { message: 'text' }]] as const) {
      const { store, close } = failing(error);
      await assert.rejects(store.findRequest('x'), expected);
      close();
    }
  });

  it('rejects what is waiting, and all that follows, once the other side is gone', async () => {
    const { store, close } = failing(new Error('unused'));
    const waiting = store.positions();
    store.disconnect();
    await assert.rejects(waiting, { code: 'not_ready' });
    await assert.rejects(store.positions(), { code: 'not_ready' });
    close();
  });
});
