import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { RequestFacts } from '../../ui/request-facts.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ services, member, params }) => ({ request: await services.requests.get(await member(), params['id']!) }));

export default function RequestDetail() {
  const { request } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-4">
      <title>{texts.requestLog.one(request.id)}</title>
      <p><TextLink to="/workspace/requests">{texts.requestLog.title}</TextLink></p>
      <RequestFacts request={request} consumerHref={`/workspace/consumers/${request.consumerId}`} />
    </div>
  );
}
