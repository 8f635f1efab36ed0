import { unwatchFile, watchFile } from 'node:fs';
import type { Stats } from 'node:fs';

export interface WatchedConfiguration { close(): void }

const everyMs = 300;

/**
 * Calls `changed` with the path whenever one of the files changes, one call at a time. `listFiles` is asked at the start and after
 * every change. Files are polled: editors and mounted volumes replace files in ways that notices of the system miss.
 */
export async function watchConfiguration(deps: { listFiles(): Promise<string[]>; changed(file: string): Promise<void> }): Promise<WatchedConfiguration> {
  const watched = new Map<string, (now: Stats, before: Stats) => void>();
  let pending: string | undefined;
  let busy = false;
  let closed = false;

  const watchListed = async (): Promise<void> => {
    const files = new Set(await deps.listFiles());
    if (closed) return;
    for (const file of files) {
      if (watched.has(file)) continue;
      const onStat = (now: Stats, before: Stats): void => {
        if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) note(file);
      };
      watched.set(file, onStat);
      watchFile(file, { interval: everyMs, persistent: false }, onStat);
    }
    for (const [file, onStat] of watched) {
      if (files.has(file)) continue;
      watched.delete(file);
      unwatchFile(file, onStat);
    }
  };
  const note = (file: string): void => {
    pending = file;
    if (busy) return;
    busy = true;
    void run();
  };
  const run = async (): Promise<void> => {
    while (pending !== undefined && !closed) {
      const file = pending;
      pending = undefined;
      await deps.changed(file);
      await watchListed();
    }
    busy = false;
  };
  await watchListed();
  return {
    close: () => {
      closed = true;
      for (const [file, onStat] of watched) unwatchFile(file, onStat);
      watched.clear();
    },
  };
}
