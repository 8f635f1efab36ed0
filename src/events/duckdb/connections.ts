// Owns the open file: two connections, and a fresh start when DuckDB gives up on them.
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../../errors.ts';
import { migrateEvents } from './schema.ts';

export interface DuckdbOptions {
  file: string;
  threads: number;
  /** Most memory for data; the library itself comes on top. */
  memoryMb: number;
  /**
   * The log of changes is merged into the file when it has grown past this. A merge compresses the last block of rows anew: with 16 MB
   * a row costs 8.2 us in all, with 64 MB 6.6 us, and a start after a crash 0.6 s.
   */
  checkpointMb?: number;
}

export interface Connections {
  /** Runs one transaction at a time. */
  writer: DuckDBConnection;
  reader: DuckDBConnection;
  close(): void;
}

/** @throws AppError `start_refused` when the file is no event store, is in use, or was made by a newer Portico. */
export async function openConnections({ file, threads, memoryMb, checkpointMb = 64 }: DuckdbOptions): Promise<Connections> {
  const instance = await DuckDBInstance.create(file, {
    threads: String(threads),
    memory_limit: `${memoryMb}MB`,
    temp_directory: `${file}.tmp`,
    preserve_insertion_order: 'false',
    checkpoint_threshold: `${checkpointMb}MB`,
    // Its allocator otherwise keeps what a load has used.
    allocator_flush_threshold: '1MB',
    allocator_bulk_deallocation_flush_threshold: '1MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  }).catch((cause: Error) => {
    throw new AppError('start_refused', `The event store ${file} cannot be opened: ${cause.message}`, { cause });
  });
  const writer = await instance.connect();
  const reader = await instance.connect();
  const close = (): void => {
    reader.closeSync();
    writer.closeSync();
    instance.closeSync();
  };
  try {
    await migrateEvents(writer, file);
  } catch (error) {
    close();
    throw error;
  }
  return { writer, reader, close };
}

export type UseConnections = <T>(work: (connections: Connections) => Promise<T>) => Promise<T>;

/**
 * After a fatal error, such as a full disk during a checkpoint, DuckDB refuses everything until the file is opened again.
 * The work that met it fails; the next finds the file open anew, or fails as long as it cannot be.
 */
export function reopenAfterFatal(first: Connections, open: () => Promise<Connections>): { use: UseConnections; close(): Promise<void> } {
  let current = Promise.resolve(first);
  const renew = (seen: typeof current): void => {
    if (current !== seen) return;
    current = open();
    current.catch(() => undefined);
  };
  return {
    use: async (work) => {
      const seen = current;
      const connections = await seen.catch((error: unknown) => {
        renew(seen);
        throw error;
      });
      try {
        return await work(connections);
      } catch (error) {
        if (isFatal(error) && current === seen) {
          connections.close();
          renew(seen);
        }
        throw error;
      }
    },
    close: () => current.then((connections) => connections.close(), () => undefined),
  };
}

function isFatal(error: unknown): boolean {
  return error instanceof Error && /^(FATAL|INTERNAL) Error|database has been invalidated/i.test(error.message);
}
