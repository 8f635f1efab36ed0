import { useLoaderData } from 'react-router';
import { CallLog } from '../../calls/call-log.tsx';
import { readCallLog } from '../../calls/call-log.server.ts';
import { load } from '../../page.server.ts';

const base = '/dashboard/requests';

export const loader = load(async ({ services, developer, url }) => readCallLog(services, await developer(), url, base));

export default function Requests() {
  return <CallLog log={useLoaderData<typeof loader>()} base={base} events="/dashboard/events?of=request-log" csv="/dashboard/requests.csv" />;
}
