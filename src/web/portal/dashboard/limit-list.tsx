import type { LimitState } from '../../../control/services.ts';
import { isRate, unverifiedLimit } from '../../../domain/limit.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { formatCount, formatShare } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { limitText } from '../products/pricing.ts';

const words = texts.dashboard.limits;
const nearShare = 0.8;

/** How much of each limit is used, when it begins anew, and what happens at its end; test calls are counted apart. */
export function LimitList({ limits }: { limits: LimitState[] }) {
  const shown = onceEach(limits);
  const groups = (['live', 'test'] as const).map((mode) => ({ mode, states: shown.filter((state) => state.mode === mode) })).filter(({ states }) => states.length > 0);
  return (
    <div className="space-y-8">
      {groups.map(({ mode, states }) => (
        <div key={mode} className="space-y-4">
          {groups.length > 1 && <p className="border-b pb-1 text-sm text-muted">{words.modes[mode]}</p>}
          <ul className="grid gap-x-12 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
            {states.map((state) => (
              <li key={`${state.subscriptionId} ${state.limit.name}`} className="space-y-1.5">
                <LimitHead state={state} />
                {state.used === null ? <Rate state={state} /> : <Quota state={state} used={state.used} />}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

/** The cap of an unverified account holds for all its subscriptions together: it stands once for each mode. */
function onceEach(limits: LimitState[]): LimitState[] {
  return limits.filter(({ limit, mode }, index) => limit.name !== unverifiedLimit.name || limits.findIndex((other) => other.limit.name === limit.name && other.mode === mode) === index);
}

function LimitHead({ state: { limit, productName, planName, used } }: { state: LimitState }) {
  const capped = limit.name === unverifiedLimit.name;
  const share = used === null ? 0 : used / limit.requests;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
      <span className="font-medium">{capped ? words.unverified : limit.name}</span>
      <span className="text-sm text-muted">{capped ? words.whole : `${productName}, ${planName}`}</span>
      {share >= 1 ? <Badge tone="bad">{words.full}</Badge> : share >= nearShare && <Badge tone="notice">{words.near}</Badge>}
    </p>
  );
}

function Rate({ state: { limit } }: { state: LimitState }) {
  return <p className="text-sm text-muted">{words.rateShort(limitText(limit))}</p>;
}

function Quota({ state: { limit, resetsAt, productSlug }, used }: { state: LimitState; used: number }) {
  const numbers = words.used(formatCount(used), formatCount(limit.requests));
  const capped = limit.name === unverifiedLimit.name;
  return (
    <>
      <MeterBar used={used} total={limit.requests} label={numbers} />
      <p className="flex flex-wrap justify-between gap-x-4 text-sm tabular-nums"><span>{numbers} <span className="text-muted">({formatShare(used / limit.requests)})</span></span><span className="text-muted">{words.left(formatCount(Math.max(0, limit.requests - used)))}</span></p>
      {resetsAt !== null && !isRate(limit) && (
        <p className="text-sm text-muted">
          {used >= limit.requests ? words.reached : words.at} <Time ms={resetsAt} />. {capped ? <TextLink to="/dashboard/account">{words.verify}</TextLink> : <TextLink to={`/${productSlug}#plans`}>{words.upgrade}</TextLink>}
        </p>
      )}
    </>
  );
}
