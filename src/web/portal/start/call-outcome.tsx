import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { StatusCode } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CircleCheck, CircleX } from '../../ui/icon.ts';
import { Inline } from '../../ui/inline.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Time } from '../../ui/time.tsx';
import type { SeenCall } from './call-watch.server.ts';
import { mendingOf } from './mending.ts';

const words = texts.firstCall;

/** What the page knows about where it stands. */
export interface CallSetting { keyPrefix: string; verified: boolean; product: { name: string; slug: string; version: string; operation: { operation: string; slug: string } }; environmentLine: string }

export function Celebration({ call, setting }: { call: SeenCall; setting: CallSetting }) {
  const { product } = setting;
  const reference = referenceOf(call, setting);
  return (
    <div className="space-y-6">
      <div className="flex items-start gap-3 border-l-4 border-good bg-good-soft px-4 py-4">
        <CircleCheck className="mt-0.5 size-6 shrink-0 text-good" aria-hidden="true" />
        <div className="space-y-1">
          <p className="text-xl font-semibold"><StatusCode status={call.status} /> {call.durationMs === null ? '' : `${words.liveIn(formatDuration(call.durationMs))} `}{words.live}</p>
          <p>{words.answered(call.method, call.operation ?? '')}{call.ttfcMs === null ? '.' : words.afterSignUp(formatDuration(call.ttfcMs))}</p>
        </div>
      </div>
      <div className="space-y-2">
        <h3 className="text-base">{words.nextSteps}</h3>
        <ul className="border-b">
          <NextStep to={reference} title={words.next.reference} why={words.next.referenceWhy} />
          <NextStep to={`/${product.slug}`} title={words.next.product(product.name)} why={words.next.productWhy} />
          <NextStep title={words.next.environment} why={words.next.environmentWhy}><CodeBlock label={texts.ui.shell} code={setting.environmentLine} /></NextStep>
          <NextStep to="/dashboard/team" title={words.next.team} why={words.next.teamWhy} />
          <NextStep to="/dashboard" title={words.next.dashboard} why={words.next.dashboardWhy} />
        </ul>
      </div>
    </div>
  );
}

function NextStep({ to, title, why, children }: { to?: string; title: string; why: string; children?: ReactNode }) {
  return (
    <li className="space-y-2 border-t py-3">
      <p>{to ? <TextLink to={to}>{title}</TextLink> : <span className="font-medium">{title}</span>} <span className="text-muted">{why}</span></p>
      {children}
    </li>
  );
}

function referenceOf(call: SeenCall, { product }: CallSetting): string {
  const version = `/${call.productSlug ?? product.slug}/${call.version ?? product.version}`;
  return call.operation === product.operation.operation && call.productSlug === product.slug ? `${version}/${product.operation.slug}` : version;
}

/** Says why a call failed and how to mend it. */
export function FailedCall({ call, setting }: { call: SeenCall; setting: CallSetting }) {
  const { what, steps } = mendingOf(call, setting);
  return (
    <li className="flex items-start gap-3 border-t py-4 first:border-t-0">
      <CircleX className="mt-0.5 size-5 shrink-0 text-bad" aria-hidden="true" />
      <div className="min-w-0 space-y-1">
        <p className="font-semibold break-words"><StatusCode status={call.status} /> <Inline text={what} />{steps.length === 1 && <> <Inline text={steps[0]!} /></>}</p>
        {steps.length > 1 && <ul className="list-disc pl-5">{steps.map((step) => <li key={step}><Inline text={step} /></li>)}</ul>}
        {call.code === 'quota_exhausted' && <p><TextLink to="/dashboard/plan">{words.seeLimits}</TextLink></p>}
        <p className="text-sm break-words text-muted">
          {call.kind === 'stranger' ? words.networkCall : words.yourCall} {call.method === '' ? words.unreadable : `${call.method} ${call.operation ?? words.noOperation}`}, <Time ms={call.at} seconds />
          {call.code !== null && <> · {words.code} <TextLink to={`/errors/${call.code}`}><code>{call.code}</code></TextLink></>}
          {call.kind === 'call' && <> · {words.request} <TextLink to={`/dashboard/requests/${call.id}`}><code className="break-all">{call.id}</code></TextLink></>}
        </p>
      </div>
    </li>
  );
}
