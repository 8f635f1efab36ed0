import type { ReactNode } from 'react';
import type { RequestRow } from '../../control/services.ts';
import { errorCatalogue } from '../../errors.ts';
import { texts } from '../texts.ts';
import { Badge, Method, StatusCode } from './badge.tsx';
import { Inline } from './inline.tsx';
import { Notice } from './notice.tsx';
import { formatBytes } from './number.ts';
import { TextLink } from './text-link.tsx';
import { Time } from './time.tsx';

const words = texts.ui.call;

/** Everything that is kept of one call, and for a refusal its reason and how to mend it. */
export function RequestFacts({ request, consumerHref }: { request: RequestRow; consumerHref?: string }) {
  const entry = request.code !== null && request.code in errorCatalogue ? errorCatalogue[request.code as keyof typeof errorCatalogue] : undefined;
  return (
    <div className="space-y-6">
      <h1 className="flex flex-wrap items-baseline gap-x-3 text-xl"><StatusCode status={request.status} /><span><Method name={request.method} /> {request.operation ?? words.unknownOperation}</span></h1>
      {entry && request.code && (
        <Notice tone={entry.status >= 500 ? 'bad' : 'notice'} title={entry.title}>
          <p><Inline text={entry.meaning} /></p>
          <ul className="list-disc pl-5">{entry.mend.map((step) => <li key={step}><Inline text={step} /></li>)}</ul>
          <p><TextLink to={`/errors/${request.code}`}>{words.moreAbout} <code>{request.code}</code></TextLink></p>
        </Notice>
      )}
      {!entry && request.status >= 400 && <Notice tone="notice" title={words.upstreamSaidSo}><p>{words.upstreamSaidSoMeaning}</p></Notice>}
      <dl className="grid max-w-3xl grid-cols-[9rem_1fr] sm:grid-cols-[12rem_1fr]">
        <Fact name={words.id}><code className="break-all">{request.id}</code></Fact>
        <Fact name={words.time}><Time ms={request.at} seconds /></Fact>
        <Fact name={words.consumer}>{consumerHref ? <TextLink to={consumerHref}>{request.consumerName ?? request.consumerId}</TextLink> : request.consumerName}</Fact>
        <Fact name={words.api}>{request.productSlug} {request.version}</Fact>
        <Fact name={words.key}><code>{request.keyMasked}</code> <Badge>{request.mode}</Badge>{request.origin !== 'own' && <> <Badge>{request.origin}</Badge></>}</Fact>
        <Fact name={words.upstream}>{request.upstreamStatus === null ? words.upstreamSilent : <>{words.upstreamAnswered} <StatusCode status={request.upstreamStatus} />{request.upstreamMs !== null && words.inMs(request.upstreamMs)}</>}</Fact>
        <Fact name={words.duration}>{words.ms(request.durationMs)}{request.open && words.stillOpen}</Fact>
        <Fact name={words.size}>{words.bytes(formatBytes(request.requestBytes), formatBytes(request.responseBytes))}</Fact>
        <Fact name={words.fields}>{request.fields.length === 0 ? words.none : <code className="break-words">{request.fields.join(', ')}</code>}</Fact>
        {Object.keys(request.units).length > 0 && <Fact name={words.units}>{Object.entries(request.units).map(([meter, quantity]) => `${quantity} ${meter}`).join(', ')}</Fact>}
        <Fact name={words.userAgent}>{request.userAgent ?? words.noUserAgent}</Fact>
      </dl>
      <p className="text-sm text-muted">{words.neverKept}</p>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt className="border-t py-1.5 pr-3 text-muted">{name}</dt><dd className="min-w-0 border-t py-1.5">{children}</dd></>;
}
