import { useLoaderData } from 'react-router';
import { readCallCode } from '../../calls/call-code.server.ts';
import { CallPage } from '../../calls/call-page.tsx';
import { load } from '../../page.server.ts';

export const loader = load(async ({ services, member, params }) => {
  const actor = await member();
  const request = await services.requests.get(actor, params['id']!);
  return { request, code: await readCallCode(services, actor, request) };
});

export default function RequestDetail() {
  return <CallPage {...useLoaderData<typeof loader>()} base="/workspace/requests" workspace />;
}
