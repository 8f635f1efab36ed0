// Leaves: an event each time that there may be news of a task of the reader's exercises.
import { liveStream } from '../../live-stream.server.ts';
import { load } from '../../page.server.ts';

export const loader = load(async ({ request, services, developer, web }) => {
  const actor = await developer();
  return liveStream(request, actor.consumerId, (signal, onNews) => services.learn.watch(actor, { address: web.clientAddress, signal }, onNews));
});
