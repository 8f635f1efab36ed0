// Lets one thread use the event store that another thread has open.
import { AppError, isAppError } from '../errors.ts';
import type { EventStore } from './event-store.ts';

/** What `parentPort`, `Worker` and `MessagePort` have in common. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
}

export type Methods = Record<string, (...input: never[]) => Promise<unknown>>;

interface Call { channel: string; call: number; method: string; input: unknown[] }
type Answer = { channel: string; answer: number } & ({ value: unknown } | { error: SentError });
interface SentError { message: string; code: string | undefined; errors: AppError['errors'] | undefined; stack: string | undefined }

const storeChannel = 'event-store';
const storeMethods = [
  'positions', 'load', 'forgetPositions', 'listRequests', 'findRequest', 'callVolume', 'latency', 'breakdown', 'latencyByBucket', 'refusalCounts', 'activeConsumers', 'firstRefusals', 'meterTotals', 'deleteBefore', 'sizeBytes', 'backup', 'close',
] as const satisfies (keyof EventStore)[];

/** Answers calls from the other side of the port until the returned function is called. */
export function serveEventStore(port: Port, store: EventStore): () => void {
  return serveMethods(port, storeChannel, store as unknown as Methods, storeMethods);
}

/** The store behind the port. Its calls reject with `not_ready` once `disconnect` is called: do so when the other side ends. */
export function connectEventStore(port: Port): EventStore & { disconnect(): void } {
  return connectMethods<EventStore>(port, storeChannel, storeMethods);
}

export function serveMethods(port: Port, channel: string, target: Methods, names: readonly string[]): () => void {
  const listener = async (message: unknown): Promise<void> => {
    const { call, method, input } = message as Call;
    if ((message as Call).channel !== channel || call === undefined) return;
    try {
      if (!names.includes(method)) throw new Error(`there is no method ${method}`);
      port.postMessage({ channel, answer: call, value: await (target[method] as (...input: unknown[]) => Promise<unknown>)(...input) });
    } catch (error) {
      port.postMessage({ channel, answer: call, error: sendable(error) });
    }
  };
  port.on('message', listener);
  return () => void port.off('message', listener);
}

export function connectMethods<T>(port: Port, channel: string, names: readonly (keyof T & string)[]): T & { disconnect(): void } {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let connected = true;
  let last = 0;
  const listener = (message: unknown): void => {
    const answer = message as Answer;
    if (answer.channel !== channel || answer.answer === undefined) return;
    const settle = waiting.get(answer.answer);
    waiting.delete(answer.answer);
    if ('error' in answer) settle?.reject(received(answer.error));
    else settle?.resolve(answer.value);
  };
  port.on('message', listener);
  const gone = (): AppError => new AppError('not_ready', 'The thread that answers this has ended. Repeat after a short while.');
  const call = (method: string, input: unknown[]): Promise<unknown> => {
    if (!connected) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      port.postMessage({ channel, call: last, method, input } satisfies Call);
    });
  };
  const disconnect = (): void => {
    connected = false;
    port.off('message', listener);
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  };
  const methods = Object.fromEntries(names.map((name) => [name, (...input: unknown[]) => call(name, input)]));
  return { ...methods, disconnect } as T & { disconnect(): void };
}

function sendable(error: unknown): SentError {
  const { message, stack, code } = error instanceof Error ? (error as Error & { code?: unknown }) : { message: String(error), stack: undefined, code: undefined };
  return { message, stack, code: typeof code === 'string' ? code : undefined, errors: isAppError(error) ? error.errors : undefined };
}

/** The stack stays that of the thread where it happened. */
function received({ message, code, errors, stack }: SentError): Error {
  const plain = Object.assign(new Error(message), code !== undefined && { code });
  const error = isAppError(plain) ? new AppError(plain.code, message, { errors }) : plain;
  return stack === undefined ? error : Object.assign(error, { stack });
}
