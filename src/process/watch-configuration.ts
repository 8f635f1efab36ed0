import { stat } from 'node:fs/promises';

export interface WatchedConfiguration { close(): void }

const everyMs = 300;

interface Seen { signature: string; mtimeMs: number }

/**
 * Calls `changed` with the path whenever one of the files changes, one call at a time. `listFiles` is asked at the start and after
 * every change. Files are polled: editors and mounted volumes replace files in ways that notices of the system miss.
 */
export async function watchConfiguration(deps: { listFiles(): Promise<string[]>; changed(file: string): Promise<void> }): Promise<WatchedConfiguration> {
  const watched = new Map<string, string>();
  let pending: string | undefined;
  let busy = false;
  let closed = false;

  /** A file that is new to the list and younger than `since` may have come after `changed` looked for it. */
  const watchListed = async (since: number): Promise<void> => {
    const files = new Set(await deps.listFiles());
    for (const file of watched.keys()) if (!files.has(file)) watched.delete(file);
    for (const file of files) {
      if (watched.has(file)) continue;
      const { signature, mtimeMs } = await look(file);
      watched.set(file, signature);
      if (mtimeMs >= since) pending = file;
    }
  };
  const poll = async (): Promise<void> => {
    for (const [file, before] of watched) {
      const { signature } = await look(file);
      if (signature === before || !watched.has(file)) continue;
      watched.set(file, signature);
      pending = file;
    }
    if (pending !== undefined && !busy) void run();
  };
  const run = async (): Promise<void> => {
    busy = true;
    while (pending !== undefined && !closed) {
      const file = pending;
      const since = Date.now();
      pending = undefined;
      await deps.changed(file);
      await watchListed(since);
    }
    busy = false;
  };
  await watchListed(Infinity);
  let polling = false;
  const timer = setInterval(() => {
    if (polling) return;
    polling = true;
    void poll().finally(() => { polling = false; });
  }, everyMs).unref();
  return {
    close: () => {
      closed = true;
      clearInterval(timer);
      watched.clear();
    },
  };
}

async function look(file: string): Promise<Seen> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return { signature: `${mtimeMs} ${size} ${ino}`, mtimeMs };
  } catch {
    return { signature: 'absent', mtimeMs: -Infinity };
  }
}
