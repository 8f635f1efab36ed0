// Leaves: an event each time that there are new calls, of anybody, in what a page of the workspace reads.
import { callSources, liveStream } from '../live-stream.server.ts';
import { load } from '../page.server.ts';

export const loader = load(async ({ request, services, member, url }) => {
  const actor = await member();
  return liveStream(request, actor.memberId, (signal, onNews) => services.requests.watch(actor, { reads: callSources(url), signal }, onNews));
});
