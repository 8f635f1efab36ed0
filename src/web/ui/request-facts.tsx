import type { ReactNode } from 'react';
import type { RequestRow } from '../../control/services.ts';
import { errorCatalogue } from '../../errors.ts';
import { Badge, Method, StatusCode } from './badge.tsx';
import { Inline } from './inline.tsx';
import { Notice } from './notice.tsx';
import { formatBytes } from './number.ts';
import { TextLink } from './text-link.tsx';
import { Time } from './time.tsx';

/** Everything that is kept of one call, and for a refusal its reason and how to mend it. */
export function RequestFacts({ request, consumerHref }: { request: RequestRow; consumerHref?: string }) {
  const entry = request.code !== null && request.code in errorCatalogue ? errorCatalogue[request.code as keyof typeof errorCatalogue] : undefined;
  return (
    <div className="space-y-6">
      <h1 className="flex flex-wrap items-baseline gap-x-3 text-xl"><StatusCode status={request.status} /><span><Method name={request.method} /> {request.operation ?? 'unknown operation'}</span></h1>
      {entry && request.code && (
        <Notice tone={entry.status >= 500 ? 'bad' : 'notice'} title={entry.title}>
          <p><Inline text={entry.meaning} /></p>
          <ul className="list-disc pl-5">{entry.mend.map((step) => <li key={step}><Inline text={step} /></li>)}</ul>
          <p><TextLink to={`/errors/${request.code}`}>More about <code>{request.code}</code></TextLink></p>
        </Notice>
      )}
      {!entry && request.status >= 400 && <Notice tone="notice" title="The API itself answered so"><p>The gateway accepted the call and forwarded it; this status comes from the upstream. Compare the call with the reference of the operation.</p></Notice>}
      <dl className="grid max-w-3xl grid-cols-[9rem_1fr] sm:grid-cols-[12rem_1fr]">
        <Fact name="Request id"><code className="break-all">{request.id}</code></Fact>
        <Fact name="Time"><Time ms={request.at} seconds /></Fact>
        <Fact name="Consumer">{consumerHref ? <TextLink to={consumerHref}>{request.consumerName ?? request.consumerId}</TextLink> : request.consumerName}</Fact>
        <Fact name="API">{request.productSlug} {request.version}</Fact>
        <Fact name="Key"><code>{request.keyMasked}</code> <Badge>{request.mode}</Badge>{request.origin !== 'own' && <> <Badge>{request.origin}</Badge></>}</Fact>
        <Fact name="Upstream">{request.upstreamStatus === null ? 'was not asked, or did not answer' : <>answered <StatusCode status={request.upstreamStatus} />{request.upstreamMs !== null && ` in ${request.upstreamMs.toFixed(1)} ms`}</>}</Fact>
        <Fact name="Duration">{request.durationMs.toFixed(1)} ms{request.open ? ', still open' : ''}</Fact>
        <Fact name="Size">{formatBytes(request.requestBytes)} sent, {formatBytes(request.responseBytes)} received</Fact>
        <Fact name="Fields present">{request.fields.length === 0 ? 'none' : <code className="break-words">{request.fields.join(', ')}</code>}</Fact>
        {Object.keys(request.units).length > 0 && <Fact name="Units">{Object.entries(request.units).map(([meter, quantity]) => `${quantity} ${meter}`).join(', ')}</Fact>}
        <Fact name="User agent">{request.userAgent ?? 'none sent'}</Fact>
      </dl>
      <p className="text-sm text-muted">Bodies, header values and query values are never kept.</p>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt className="border-t py-1.5 pr-3 text-muted">{name}</dt><dd className="min-w-0 border-t py-1.5">{children}</dd></>;
}
