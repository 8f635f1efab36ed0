// While a first-call page waits: the consumer's own calls as ingest commits them, and refusals of strangers from its address.
import type { CallHint } from '../../domain/call-hint.ts';
import { isSuccess, type RequestEvent } from '../../domain/request-event.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import type { CallSource, WatchedCall } from '../services.ts';
import { nameRequests } from './name-requests.ts';

const watchMs = 120_000;
/** Calls that wait to be told; a page needs no more, and the log has them all. */
const waitingMax = 200;
/** Of refusals whose record is still on its way through the spool. */
const hintsMax = 100;
const tellEveryMs = 1_000;

interface WatchInput { consumerId: string; address: string | null; signal: AbortSignal }

export function watchCalls(deps: ControlDeps, gateways: Gateways, { consumerId, address, signal }: WatchInput, onCall: (call: WatchedCall) => void): void {
  if (signal.aborted) return;
  let telling: Promise<void> = Promise.resolve();
  let waiting = 0;
  const hints = new Map<string, CallHint>();
  const stopHints = gateways.onHint((told) => {
    if (told.consumerId !== consumerId) return;
    if (hints.size >= hintsMax) hints.delete(hints.keys().next().value!);
    hints.set(told.requestId, told.hint);
  });
  const stopWatching = deps.watchConsumer(consumerId);
  const stopCalls = deps.onCalls(({ events }) => {
    for (const event of events) {
      if (event.consumerId !== consumerId || waiting >= waitingMax) continue;
      waiting++;
      telling = telling
        .then(async () => {
          const call = await describeCall(deps, event, hints.get(event.id) ?? null);
          hints.delete(event.id);
          if (!signal.aborted) onCall(call);
        })
        .catch((error: unknown) => deps.log.error({ err: error }, 'a call could not be shown to the page that waits for it'))
        .finally(() => void waiting--);
    }
  });
  const stopStrangers = address === null ? () => undefined : watchStrangers(deps, gateways, plainAddress(address), onCall);
  signal.addEventListener('abort', () => {
    stopCalls();
    stopWatching();
    stopHints();
    stopStrangers();
  }, { once: true });
}

/** The first call is told at once, those that follow within the second together. */
export function watchCommits(deps: Pick<ControlDeps, 'onCalls' | 'onReadable'>, { consumerId, reads, signal }: { consumerId?: string; reads: CallSource[]; signal: AbortSignal }, onCalls: () => void): void {
  if (signal.aborted) return;
  let pause: NodeJS.Timeout | undefined;
  let missed = false;
  const tell = (): void => {
    if (pause !== undefined) return void (missed = true);
    onCalls();
    pause = setTimeout(() => {
      pause = undefined;
      if (missed) tell();
      missed = false;
    }, tellEveryMs).unref();
  };
  const stops: (() => void)[] = [];
  if (reads.includes('ledger')) stops.push(deps.onCalls(({ consumerIds }) => { if (consumerId === undefined || consumerIds.includes(consumerId)) tell(); }));
  if (reads.includes('request-log')) stops.push(deps.onReadable((consumerIds) => { if (consumerId === undefined || consumerIds.includes(consumerId)) tell(); }));
  signal.addEventListener('abort', () => {
    clearTimeout(pause);
    for (const stop of stops) stop();
  }, { once: true });
}

function watchStrangers({ clock }: ControlDeps, gateways: Gateways, address: string, onCall: (call: WatchedCall) => void): () => void {
  const addresses = isLoopback(address) ? ['127.0.0.1', '::1'] : [address];
  const watch = (): void => {
    for (const each of addresses) gateways.watch(each, clock.now() + watchMs);
  };
  watch();
  const renewal = setInterval(watch, watchMs / 2);
  renewal.unref();
  const stop = gateways.onStranger((refusal) => {
    const from = plainAddress(refusal.address);
    if (!addresses.includes(from) && !(isLoopback(from) && isLoopback(address))) return;
    const { at, method, operation, productSlug, status, code, requestId, hint } = refusal;
    onCall({ kind: 'stranger', at, method, operation, productSlug, status, code, requestId, hint: hint ?? null });
  });
  return () => {
    clearInterval(renewal);
    stop();
  };
}

/** The ledger has noted the consumer's first success before it tells of the call. */
async function describeCall({ database }: ControlDeps, event: RequestEvent, hint: CallHint | null): Promise<WatchedCall> {
  const [request] = await nameRequests(database.kysely, [event]);
  const success = isSuccess(event);
  const consumer = success && event.origin === 'own' ? await database.kysely.selectFrom('consumer').select(['created_at', 'first_success_at']).where('id', '=', event.consumerId).executeTakeFirst() : undefined;
  const firstSuccess = consumer?.first_success_at !== undefined && consumer.first_success_at !== null && consumer.first_success_at >= Math.floor(event.at);
  return { kind: 'call', request: request!, hint, success, firstSuccess, ttfcMs: firstSuccess ? Math.max(0, consumer.first_success_at! - consumer.created_at) : null };
}

/** `::ffff:127.0.0.1` is how a dual-stack socket writes 127.0.0.1. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** On one machine the browser may come by ::1 and curl by 127.0.0.1. */
function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
