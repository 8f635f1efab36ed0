// Leaves: an event each time that there are new calls of the account in what a page of the dashboard reads.
import { callSources, liveStream } from '../../live-stream.server.ts';
import { load } from '../../page.server.ts';

export const loader = load(async ({ request, services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  return liveStream(request, consumerId, (signal, onNews) => services.requests.watch(actor, { consumerId, reads: callSources(url), signal }, onNews));
});
