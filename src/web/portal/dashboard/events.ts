// Leaves: an event each time that calls of the account were committed, so that the dashboard's pages read their data again.
import { load } from '../../page.server.ts';

const heartbeatMs = 20_000;
/** Open dashboards of one account that are told; further ones show what is new when they are opened again. */
const streamsMax = 50;
const open = new Map<string, number>();

export const loader = load(async ({ request, services, developer }) => {
  const actor = await developer();
  const { consumerId } = actor;
  if ((open.get(consumerId) ?? 0) >= streamsMax) return new Response(null, { status: 204 });
  const ended = new AbortController();
  const encoder = new TextEncoder();
  let stop = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string): void => controller.enqueue(encoder.encode(text));
      const beat = setInterval(() => send(': \n\n'), heartbeatMs);
      open.set(consumerId, (open.get(consumerId) ?? 0) + 1);
      stop = () => {
        if (ended.signal.aborted) return;
        ended.abort();
        clearInterval(beat);
        const left = (open.get(consumerId) ?? 1) - 1;
        if (left > 0) open.set(consumerId, left);
        else open.delete(consumerId);
      };
      request.signal.addEventListener('abort', () => stop(), { once: true });
      send('retry: 2000\n\n');
      services.requests.watch(actor, { consumerId, signal: ended.signal }, () => send('data: calls\n\n'));
    },
    cancel: () => stop(),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' } });
});
