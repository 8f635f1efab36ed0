import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { ControlDeps } from '../control/deps.ts';
import { connectIngestThread, type CallNews } from '../metering/ingest-thread.ts';
import { packBackup } from './backup-archive.ts';
import type { DataFolder } from './data-folder.ts';
import type { IngestData } from './ingest.ts';
import type { StartThread } from './threads.ts';

export interface IngestHandle extends Pick<ControlDeps, 'events' | 'onCalls' | 'watchConsumer' | 'onReadable' | 'ingestStatus' | 'takeBackup'> {
  stop(): Promise<void>;
}

/** Starts the ingest thread. When it dies by itself the whole control process ends, and the supervisor starts both anew. */
export async function startIngestThread(startThread: StartThread, { config, folder, log }: { config: Config; folder: DataFolder; log: Logger }): Promise<IngestHandle> {
  const data: IngestData = {
    spoolFolder: folder.spool, eventsFile: folder.events, eventRetentionDays: config.eventRetentionDays, spoolRetentionHours: config.spoolRetentionHours,
    databaseFile: folder.database, databaseUrl: config.databaseUrl,
  };
  const worker = startThread('ingest', data);
  const calls = announcer<CallNews>();
  const readable = announcer<string[]>();
  const thread = await connectIngestThread(worker, { log, onCalls: calls.tell, onReadable: readable.tell });
  const watched: string[] = [];
  const tellWatched = (): void => void thread.watch({ consumerIds: [...new Set(watched)] }).catch(() => undefined);
  let stopping = false;
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      resolve();
      if (stopping) return;
      log.fatal({ code }, 'the ingest thread ended');
      process.exit(1);
    });
  });
  worker.on('error', (error) => log.error({ err: error }, 'the ingest thread failed'));
  return {
    events: thread.events,
    ingestStatus: thread.status,
    onCalls: calls.listen,
    watchConsumer: (consumerId) => {
      watched.push(consumerId);
      tellWatched();
      return () => {
        watched.splice(watched.indexOf(consumerId), 1);
        tellWatched();
      };
    },
    onReadable: readable.listen,
    takeBackup: async (file) => {
      const staging = join(folder.root, `backup-${process.pid}-${Date.now()}`);
      try {
        await thread.backup({ folder: staging });
        await packBackup({ staging, folder, file });
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
      return { bytes: (await stat(file)).size };
    },
    stop: async () => {
      stopping = true;
      await thread.stop();
      await exited;
    },
  };
}

function announcer<News>(): { tell(news: News): void; listen(listener: (news: News) => void): () => void } {
  const listeners = new Set<(news: News) => void>();
  return {
    tell: (news) => { for (const listener of listeners) listener(news); },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
