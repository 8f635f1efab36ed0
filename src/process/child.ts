import type { Logger } from 'pino';
import { pino } from 'pino';
import { isAppError } from '../errors.ts';
import type { ChildStart, FromChild } from './supervise.ts';

/** Words on standard error, for the operator; PORTICO_LOG_LEVEL is for whoever looks for a fault. */
export function createLog(name: string, level = 'warn'): Logger {
  return pino({ name, level, base: { name, pid: process.pid } }, pino.destination({ dest: 2, sync: true }));
}

export function tellSupervisor(message: FromChild): void {
  if (process.connected) process.send!(message);
}

/** For whatever a start waits for, in whichever child begins it: both open the store. */
export const tellBusy = (line: string): void => tellSupervisor({ type: 'busy', line });

export interface RunningChild {
  firstOwnerLink?: string;
  stop(): Promise<void>;
  message?(message: unknown): void;
}

/** A child whose supervisor was killed leaves within this, so that the next start finds ports and locks free. */
const orphanMs = 1_000;

/** Waits for the supervisor's word, runs the child with it, and ends with the supervisor. A signal from the terminal is the supervisor's business. */
export async function runChild(run: (start: ChildStart) => Promise<RunningChild>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const start = await new Promise<ChildStart>((resolve) => {
    process.once('message', (message: { type: 'start'; start: ChildStart }) => resolve(message.start));
  });
  let child: RunningChild | undefined;
  const stop = (): void => {
    const stopped = child?.stop() ?? Promise.resolve();
    void stopped.then(() => process.exit(0), () => process.exit(1));
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), orphanMs).unref();
    stop();
  });
  if (!process.connected) process.exit(0);
  try {
    child = await run(start);
    process.on('message', (message) => child?.message?.(message));
    tellSupervisor({ type: 'listening', firstOwnerLink: child.firstOwnerLink });
  } catch (error) {
    const message = isAppError(error) ? error.message : `${error instanceof Error ? (error.stack ?? error.message) : error}`;
    await new Promise<void>((resolve) => { process.send?.({ type: 'failed', message } satisfies FromChild, undefined, undefined, () => resolve()); });
    process.exit(1);
  }
}
