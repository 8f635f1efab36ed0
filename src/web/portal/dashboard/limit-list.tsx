import type { LimitState } from '../../../control/services.ts';
import { Badge } from '../../ui/badge.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { formatCount } from '../../ui/number.ts';
import { Time } from '../../ui/time.tsx';
import { limitText } from '../products/pricing.ts';

export function LimitList({ limits }: { limits: LimitState[] }) {
  return (
    <ul className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
      {limits.map((state) => (
        <li key={`${state.subscriptionId} ${state.limit.name} ${state.mode}`} className="space-y-1.5">
          <p className="flex flex-wrap items-baseline gap-x-2"><span className="font-medium">{state.limit.name}</span><span className="text-sm text-muted">{state.productSlug}, {state.planName}</span>{state.mode === 'test' && <Badge>test</Badge>}</p>
          {state.used !== null && <MeterBar used={state.used} total={state.limit.requests} label={`${formatCount(state.used)} of ${formatCount(state.limit.requests)} used`} />}
          <p className="text-sm text-muted tabular-nums">
            {state.used === null ? `${limitText(state.limit)}; faster calls get 429` : <>{formatCount(state.used)} of {formatCount(state.limit.requests)}{state.resetsAt !== null && <>; resets <Time ms={state.resetsAt} /></>}, then 429 until the reset</>}
          </p>
        </li>
      ))}
    </ul>
  );
}
