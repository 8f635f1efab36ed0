import { useLoaderData } from 'react-router';
import { CallLog } from '../../calls/call-log.tsx';
import { readCallLog } from '../../calls/call-log.server.ts';
import { load } from '../../page.server.ts';

const base = '/workspace/requests';

export const loader = load(async ({ services, member, url }) => readCallLog(services, await member(), url, base));

export default function Requests() {
  return <CallLog log={useLoaderData<typeof loader>()} base={base} events="/workspace/events?of=request-log" workspace />;
}
