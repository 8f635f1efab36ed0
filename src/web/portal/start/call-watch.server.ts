// What the first-call page saw: one watch per consumer and address, shared by the live stream and by reloads without scripts,
// so that no call falls between the page and its stream.
import type { WatchedCall } from '../../../control/services.ts';
import type { CallHint } from '../../../domain/call-hint.ts';
import type { DeveloperActor } from '../../page.server.ts';
import type { WebContext } from '../../context.ts';

/** One call as the page shows it. A stranger's has no more than method, operation, code and hint. */
export interface SeenCall {
  id: string;
  kind: WatchedCall['kind'];
  at: number;
  method: string;
  operation: string | null;
  status: number;
  code: string | null;
  hint: CallHint | null;
  /** The answer is the upstream's own. */
  upstream: boolean;
  /** The key that was sent, with its middle left out; a stranger's is not known. */
  keyMasked: string | null;
  productSlug: string | null;
  version: string | null;
  success: boolean;
  durationMs: number | null;
  ttfcMs: number | null;
}

interface Watch {
  calls: SeenCall[];
  listeners: Set<(call: SeenCall) => void>;
  end(): void;
  timer: NodeJS.Timeout;
}

const watches = new Map<string, Watch>();
const watchesMax = 500;
const callsMax = 10;
const idleMs = 15 * 60_000;

/** The watch of this developer's consumer: begun now, or the one that runs. It ends by itself when nobody asks for it. */
export function watchCalls(web: WebContext, actor: DeveloperActor): Pick<Watch, 'calls' | 'listeners'> {
  const name = `${actor.consumerId} ${web.clientAddress}`;
  const running = watches.get(name);
  if (running) {
    running.timer.refresh();
    return running;
  }
  if (watches.size >= watchesMax) (watches.values().find(({ listeners }) => listeners.size === 0) ?? watches.values().next().value!).end();
  const abort = new AbortController();
  const end = () => {
    watches.delete(name);
    clearTimeout(watch.timer);
    abort.abort();
  };
  // A page that still waits hears of its call, however late it comes.
  const endWhenIdle = () => {
    if (watch.listeners.size === 0) return end();
    watch.timer = setTimeout(endWhenIdle, idleMs).unref();
  };
  const watch: Watch = { calls: [], listeners: new Set(), end, timer: setTimeout(endWhenIdle, idleMs).unref() };
  watches.set(name, watch);
  web.services.requests.watchCalls(actor, { consumerId: actor.consumerId, address: web.clientAddress, signal: abort.signal }, (call) => {
    const seen = seenOf(call);
    if (watch.calls.some((known) => known.id === seen.id)) return;
    watch.calls = [seen, ...watch.calls].slice(0, callsMax);
    for (const listener of watch.listeners) listener(seen);
  });
  return watch;
}

function seenOf(call: WatchedCall): SeenCall {
  if (call.kind === 'stranger') {
    const { at, method, operation, status, code, hint, productSlug, requestId } = call;
    return { id: requestId, kind: 'stranger', at, method, operation, status, code, hint, upstream: false, keyMasked: null, productSlug, version: null, success: false, durationMs: null, ttfcMs: null };
  }
  const { id, at, method, operation, status, code, durationMs, upstreamStatus, keyMasked, productSlug, version } = call.request;
  return { id, kind: 'call', at, method, operation, status, code, hint: call.hint, upstream: code === null && upstreamStatus !== null, keyMasked, productSlug, version, success: call.success, durationMs, ttfcMs: call.ttfcMs };
}
