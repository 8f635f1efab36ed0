// Leaves: each call that the first-call page waits for, as a server-sent event.
import { load } from '../../page.server.ts';
import { watchCalls, type SeenCall } from './call-watch.server.ts';

const heartbeatMs = 15_000;
/** Open pages of one account and address that are told; further ones look again when they are opened again. */
const streamsMax = 50;
/** Then the browser asks again, as who it is by then: signed out, removed or no longer looking as somebody else. */
const streamMs = 600_000;

export const loader = load(async ({ request, web, developer }) => {
  const watch = watchCalls(web, await developer());
  if (watch.listeners.size >= streamsMax) return new Response(null, { status: 204 });
  const encoder = new TextEncoder();
  let stop = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (call: SeenCall): void => controller.enqueue(encoder.encode(`id: ${call.id}\ndata: ${JSON.stringify(call)}\n\n`));
      const beat = setInterval(() => controller.enqueue(encoder.encode(': waiting\n\n')), heartbeatMs);
      const over = setTimeout(() => { stop(); controller.close(); }, streamMs).unref();
      stop = () => {
        clearInterval(beat);
        clearTimeout(over);
        watch.listeners.delete(send);
      };
      request.signal.addEventListener('abort', () => stop());
      controller.enqueue(encoder.encode(': waiting\n\n'));
      for (const call of watch.calls.toReversed()) send(call);
      watch.listeners.add(send);
    },
    cancel: () => stop(),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } });
});
