import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Method, StatusCode } from '../../ui/badge.tsx';
import { ArrowLeft } from '../../ui/icon.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { readCallCode } from './call-code.server.ts';
import { CallFacts } from './call-facts.tsx';

export const loader = load(async ({ services, developer, params }) => {
  const actor = await developer();
  const request = await services.requests.get(actor, params['id']!);
  return { request, code: await readCallCode(services, actor, request) };
});

const words = texts.dashboard.request;

export default function RequestDetail() {
  const { request, code } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-6">
      <title>{words.title(request.id)}</title>
      <p><TextLink to="/dashboard/requests" className="inline-flex items-center gap-1"><ArrowLeft className="size-4" aria-hidden="true" />{words.back}</TextLink></p>
      <h1 className="flex flex-wrap items-baseline gap-x-3 text-2xl"><StatusCode status={request.status} /><span><Method name={request.method} /> {request.operation ?? texts.dashboard.requests.unknownOperation}</span></h1>
      <CallFacts request={request} code={code} />
    </div>
  );
}
