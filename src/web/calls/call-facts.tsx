import type { ReactNode } from 'react';
import { isFromExamples } from '../../domain/request-event.ts';
import type { RequestRow } from '../../control/services.ts';
import { errorCatalogue } from '../../errors.ts';
import { texts } from '../texts.ts';
import { Badge, Method, StatusCode } from '../ui/badge.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Inline } from '../ui/inline.tsx';
import { Notice } from '../ui/notice.tsx';
import { formatBytes, formatMs } from '../ui/number.ts';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import type { CallCode } from './call-code.server.ts';

const words = texts.dashboard.request;

/** Everything that is kept of one call: what was asked, what came back, why it was refused, and the same call as code. In the workspace, with the account that called. */
export function CallFacts({ request, code, folded = false, workspace = false }: { request: RequestRow; code: CallCode | null; folded?: boolean; workspace?: boolean }) {
  const heading = (text: string): ReactNode => <h2 className={folded ? 'font-semibold' : 'text-xl'}>{text}</h2>;
  return (
    <div className="space-y-6 whitespace-normal">
      <Refusal request={request} />
      <div className="grid items-start gap-x-12 gap-y-6 lg:grid-cols-2">
        <section className="space-y-2">{heading(words.asked)}<Asked request={request} workspace={workspace} /></section>
        <section className="space-y-2">{heading(words.answered)}<Answered request={request} /></section>
      </div>
      <section className="space-y-3">{heading(words.time)}<TimeSplit request={request} /></section>
      <section className="space-y-3">
        {heading(words.code)}
        {code === null ? <p className="text-muted">{words.noCode}</p> : (
          <>
            <p className="max-w-[70ch] text-muted">{words.codeText} <TextLink to={code.reference}>{words.reference}</TextLink></p>
            <CodeBlock samples={code.samples} />
          </>
        )}
      </section>
      <p className="max-w-[70ch] text-sm text-muted">{words.privacy}</p>
    </div>
  );
}

/** In the catalogue's words when the gateway refused; a status of 400 or above without a code is the API's own. */
function Refusal({ request }: { request: RequestRow }) {
  const { code, status } = request;
  const entry = code !== null && code in errorCatalogue ? errorCatalogue[code as keyof typeof errorCatalogue] : undefined;
  if (!entry) return status >= 400 && status !== 499 && !isFromExamples(request) && <Notice tone="notice" title={words.upstreamTitle}>{words.upstreamText}</Notice>;
  return (
    <Notice tone={entry.status >= 500 ? 'bad' : 'notice'} title={`${words.refused}: ${entry.title}`}>
      <p><Inline text={entry.meaning} /></p>
      <ul className="list-disc pl-5">{entry.mend.map((step) => <li key={step}><Inline text={step} /></li>)}</ul>
      <p><TextLink to={`/errors/${code}`}>{words.more(code!)}</TextLink></p>
    </Notice>
  );
}

function Asked({ request, workspace }: { request: RequestRow; workspace: boolean }) {
  return (
    <Facts>
      <Fact name={words.id}><code className="break-all">{request.id}</code></Fact>
      <Fact name={words.at}><Time ms={request.at} seconds /></Fact>
      {workspace && <Fact name={words.consumer}><TextLink to={`/workspace/consumers/${request.consumerId}`}>{request.consumerName ?? request.consumerId}</TextLink></Fact>}
      <Fact name={words.operation}><Method name={request.method} /> {request.operation ?? texts.dashboard.requests.unknownOperation}</Fact>
      <Fact name={words.api}>{request.productSlug} {request.version}</Fact>
      <Fact name={words.key}><Key request={request} workspace={workspace} /> <Badge tone={request.mode === 'live' ? 'accent' : 'quiet'}>{texts.dashboard.filters[request.mode]}</Badge></Fact>
      <Fact name={words.fields}>{request.fields.length === 0 ? <span className="text-muted">{words.noFields}</span> : <code className="break-words">{request.fields.join(', ')}</code>}</Fact>
      <Fact name={words.sent}>{formatBytes(request.requestBytes)}</Fact>
      <Fact name={words.agent}><span className="break-words">{request.userAgent ?? <span className="text-muted">{words.noAgent}</span>}</span></Fact>
      {request.origin !== 'own' && <Fact name={words.origin}>{words.origins[request.origin]}</Fact>}
    </Facts>
  );
}

/** Keys of the portal's own samples have no page; in the workspace, a key's calls are its page. */
function Key({ request: { keyId, keyMasked, origin }, workspace }: { request: RequestRow; workspace: boolean }) {
  const code = <code className="break-all">{keyMasked}</code>;
  return origin === 'own' ? <TextLink to={workspace ? `/workspace/requests?key=${keyId}` : `/dashboard/keys/${keyId}`}>{code}</TextLink> : code;
}

function Answered({ request }: { request: RequestRow }) {
  const { status, code, upstreamStatus } = request;
  const by = code === null ? (isFromExamples(request) ? words.byExamples : words.byApi) : upstreamStatus === null || upstreamStatus === status ? words.byGateway : words.byGatewayFor(String(upstreamStatus));
  return (
    <Facts>
      <Fact name={words.status}><StatusCode status={status} />{code && <> <TextLink to={`/errors/${code}`}><code>{code}</code></TextLink></>}</Fact>
      <Fact name={words.by}>{status === 499 ? words.left : by}</Fact>
      <Fact name={words.received}>{formatBytes(request.responseBytes)}</Fact>
      {Object.keys(request.units).length > 0 && <Fact name={words.units}>{Object.entries(request.units).map(([meter, quantity]) => `${quantity} ${meter}`).join(', ')}</Fact>}
    </Facts>
  );
}

/** The whole time as a bar of its two parts, with the figures beside it. */
function TimeSplit({ request: { durationMs, upstreamMs, open } }: { request: RequestRow }) {
  if (open) return <p className="text-muted">{words.stillOpen}</p>;
  const share = upstreamMs === null || durationMs === 0 ? 0 : Math.min(1, upstreamMs / durationMs);
  const ms = (value: number): string => texts.dashboard.figures.ms(value < 100 ? value.toFixed(1) : formatMs(value));
  return (
    <div className="max-w-xl space-y-2">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" className="h-3 w-full rounded-xs" aria-hidden="true">
        <rect width="100" height="6" className="fill-accent" />
        <rect width={share * 100} height="6" className="fill-plot-info" />
      </svg>
      <dl className="flex flex-wrap gap-x-8 gap-y-1 text-sm tabular-nums">
        <Part name={words.total} value={ms(durationMs)} />
        {upstreamMs !== null && <Part name={words.upstream} value={ms(upstreamMs)} dot="bg-plot-info" />}
        <Part name={words.gateway} value={ms(Math.max(0, durationMs - (upstreamMs ?? 0)))} dot="bg-accent" />
      </dl>
      {upstreamMs === null && <p className="text-sm text-muted">{words.notAsked}</p>}
    </div>
  );
}

function Part({ name, value, dot }: { name: string; value: string; dot?: string }) {
  return <div className="flex items-center gap-1.5">{dot && <span className={`size-2 rounded-xs ${dot}`} aria-hidden="true" />}<dt className="text-muted">{name}</dt><dd>{value}</dd></div>;
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[8rem_1fr] sm:grid-cols-[11rem_1fr]">{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt className="border-t py-1.5 pr-3 text-muted">{name}</dt><dd className="min-w-0 border-t py-1.5">{children}</dd></>;
}
