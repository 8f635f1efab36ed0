import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { RequestFacts } from '../../ui/request-facts.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ services, developer, params }) => ({ request: await services.requests.get(await developer(), params['id']!) }));

export default function RequestDetail() {
  const { request } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-4">
      <title>{`Request ${request.id}`}</title>
      <p><TextLink to="/dashboard/requests">Requests</TextLink></p>
      <RequestFacts request={request} />
    </div>
  );
}
