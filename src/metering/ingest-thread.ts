// The thread that alone reads the spool and has the event store open; what it answers to the thread that started it.
import { randomBytes } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import type { RequestEvent } from '../domain/request-event.ts';
import { connectEventStore, connectMethods, serveEventStore, serveMethods } from '../events/event-store-over-port.ts';
import type { Methods, Port } from '../events/event-store-over-port.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import { createBackup } from './backup-cut.ts';
import type { BackupManifest } from './backup-cut.ts';
import { startIngest } from './ingest.ts';
import type { IngestStatus } from './ingest.ts';
import type { MeteringLog } from './metering-log.ts';

/** Crosses into the thread as its data. */
export interface IngestThreadData {
  spoolFolder: string;
  eventsFile: string;
  eventRetentionDays: number;
  spoolRetentionHours: number;
}

export interface IngestThreadOpeners {
  openDatabase(): Promise<Database>;
  openEvents(): Promise<EventStore>;
}

/** What the ledger has just committed: whose calls, and the calls themselves of who is watched. */
export interface CallNews {
  consumerIds: string[];
  events: RequestEvent[];
}

/** Of one consumer and batch. */
const watchedMax = 200;

/** The ingest thread as its starter uses it. */
export interface IngestThread {
  events: EventStore;
  status(): Promise<IngestStatus>;
  /** Whose calls are told whole from now on. */
  watch(input: { consumerIds: string[] }): Promise<void>;
  /** Resolves once all that was in the spool is in both stores. */
  drain(): Promise<void>;
  backup(input: { folder: string }): Promise<BackupManifest>;
  /** Resolves when both stores are closed; the thread ends by itself then. */
  stop(): Promise<void>;
}

interface Controls { status: IngestThread['status']; watch: IngestThread['watch']; drain: IngestThread['drain']; backup: IngestThread['backup']; stop: IngestThread['stop'] }
type ThreadMessage = { type: 'ingest-ready' } | { type: 'ingest-calls'; calls: CallNews } | { type: 'ingest-readable'; consumerIds: string[] } | { type: 'ingest-log'; level: keyof MeteringLog; facts: object; message: string };

const controlChannel = 'ingest';
const controlNames = ['status', 'watch', 'drain', 'backup', 'stop'] as const;

/** The body of the thread: opens both stores, starts ingest, answers until it is told to stop. */
export async function runIngestThread(data: IngestThreadData, { openDatabase, openEvents }: IngestThreadOpeners, port: Port & { unref?(): void } = parentPort!): Promise<void> {
  const send = (message: ThreadMessage): void => port.postMessage(message);
  const log = portLog(send);
  const watched = new Set<string>();
  const database = await openDatabase();
  const events = await openEvents();
  const ingest = startIngest({
    ...data, database, events, clock: systemClock, random: randomBytes, log,
    onCalls: ({ consumerIds, of }) => send({ type: 'ingest-calls', calls: { consumerIds: [...consumerIds], events: [...watched].flatMap((consumerId) => (consumerIds.has(consumerId) ? of(consumerId).slice(0, watchedMax) : [])) } }), onReadable: (consumerIds) => send({ type: 'ingest-readable', consumerIds }),
  });
  const stopServing = [
    serveEventStore(port, events),
    serveMethods(port, controlChannel, {
      status: ingest.status,
      watch: async ({ consumerIds }: { consumerIds: string[] }) => {
        watched.clear();
        for (const consumerId of consumerIds) watched.add(consumerId);
      },
      drain: ingest.drain,
      backup: ({ folder }: { folder: string }) => createBackup({ database, events, ingest, spoolFolder: data.spoolFolder, clock: systemClock }, { folder }),
      stop: async () => {
        await ingest.stop();
        await events.close();
        await database.close();
        setImmediate(() => stopServing.forEach((stop) => stop()));
      },
    } as Methods, controlNames),
  ];
  send({ type: 'ingest-ready' });
}

/** What a starter needs of a Worker. */
export interface IngestWorker extends Port {
  once(event: 'exit', listener: (code: number) => void): unknown;
  once(event: 'error', listener: (error: Error) => void): unknown;
}

/** Resolves once the thread has opened both stores; rejects with its own error when it cannot. */
export async function connectIngestThread(worker: IngestWorker, { log, onCalls, onReadable }: { log: MeteringLog; onCalls(calls: CallNews): void; onReadable(consumerIds: string[]): void }): Promise<IngestThread> {
  const ready = Promise.withResolvers<void>();
  const events = connectEventStore(worker);
  const controls = connectMethods<Controls>(worker, controlChannel, controlNames);
  worker.on('message', (message) => {
    const sent = message as ThreadMessage;
    if (sent.type === 'ingest-ready') ready.resolve();
    else if (sent.type === 'ingest-calls') onCalls(sent.calls);
    else if (sent.type === 'ingest-readable') onReadable(sent.consumerIds);
    else if (sent.type === 'ingest-log') log[sent.level](sent.facts, sent.message);
  });
  worker.once('error', ready.reject);
  worker.once('exit', (code) => {
    events.disconnect();
    controls.disconnect();
    ready.reject(new Error(`the ingest thread ended (exit ${code})`));
  });
  await ready.promise;
  return { events, ...controls };
}

/** Errors do not survive the port inside an object, so their words are sent. */
function portLog(send: (message: ThreadMessage) => void): MeteringLog {
  const at = (level: keyof MeteringLog) => (facts: object, message: string): void =>
    send({ type: 'ingest-log', level, message, facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value instanceof Error ? (value.stack ?? value.message) : value])) });
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
