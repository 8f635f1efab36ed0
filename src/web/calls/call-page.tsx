import type { RequestRow } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { Method, StatusCode } from '../ui/badge.tsx';
import { BackLink } from '../ui/back-link.tsx';
import type { CallCode } from './call-code.server.ts';
import { CallFacts } from './call-facts.tsx';

const words = texts.dashboard.request;

/** The page of one call; `base` is that of the request log. */
export function CallPage({ request, code, base, workspace = false }: { request: RequestRow; code: CallCode | null; base: string; workspace?: boolean }) {
  return (
    <div className="space-y-6">
      <title>{words.title(request.id)}</title>
      <BackLink to={base}>{words.back}</BackLink>
      <h1 className="call-title flex flex-wrap items-baseline gap-x-3 text-2xl"><StatusCode status={request.status} /><span><Method name={request.method} /> {request.operation ?? texts.dashboard.requests.unknownOperation}</span></h1>
      <CallFacts request={request} code={code} workspace={workspace} />
    </div>
  );
}
