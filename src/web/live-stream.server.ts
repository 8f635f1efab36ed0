// Leaves: a server-sent event each time that there is something new, so that open pages read their data again.
const heartbeatMs = 20_000;
/** Then the browser asks again, as who it is by then: signed out, removed, or in another role. */
const streamMs = 600_000;
/** Open pages of one account or member that are told; further ones show what is new when they are opened again. */
const streamsMax = 50;
const open = new Map<string, number>();

/** Calls `watch` with what to do on news and when to stop. `owner` is whose streams are counted together. */
export function liveStream(request: Request, owner: string, watch: (signal: AbortSignal, onNews: () => void) => void): Response {
  if ((open.get(owner) ?? 0) >= streamsMax) return new Response(null, { status: 204 });
  const ended = new AbortController();
  const encoder = new TextEncoder();
  let stop = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string): void => controller.enqueue(encoder.encode(text));
      const beat = setInterval(() => send(': \n\n'), heartbeatMs);
      const over = setTimeout(() => { stop(); controller.close(); }, streamMs).unref();
      open.set(owner, (open.get(owner) ?? 0) + 1);
      stop = () => {
        if (ended.signal.aborted) return;
        ended.abort();
        clearInterval(beat);
        clearTimeout(over);
        const left = (open.get(owner) ?? 1) - 1;
        if (left > 0) open.set(owner, left);
        else open.delete(owner);
      };
      request.signal.addEventListener('abort', () => stop(), { once: true });
      send('retry: 2000\n\n');
      watch(ended.signal, () => send('data: calls\n\n'));
    },
    cancel: () => stop(),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' } });
}

/** What a page reads, as `?of=ledger` or `?of=request-log`; both otherwise. */
export function callSources(url: URL): ('ledger' | 'request-log')[] {
  const of = url.searchParams.get('of');
  return of === 'ledger' || of === 'request-log' ? [of] : ['ledger', 'request-log'];
}
