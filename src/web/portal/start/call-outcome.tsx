import { errorCatalogue } from '../../../errors.ts';
import { StatusCode } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { Inline } from '../../ui/inline.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Time } from '../../ui/time.tsx';
import type { SeenCall } from './call-watch.server.ts';

export function Celebration({ call, reference }: { call: SeenCall; reference: string }) {
  return (
    <div className="space-y-4 rounded-md border-2 border-good bg-raised p-5">
      <div className="space-y-1">
        <p className="text-xl font-semibold"><StatusCode status={call.status} /> {call.durationMs === null ? '' : `in ${formatDuration(call.durationMs)}. `}You are live.</p>
        <p>{call.method} {call.operation} answered{call.ttfcMs === null ? '.' : `, ${formatDuration(call.ttfcMs)} after you signed up.`}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        <ButtonLink to={reference}>Read the reference</ButtonLink>
        <ButtonLink kind="plain" to="/dashboard">Open your dashboard</ButtonLink>
      </div>
    </div>
  );
}

/** Says why a call failed and how to mend it: from the catalogue when the gateway refused, else from the upstream's status. */
export function FailedCall({ call }: { call: SeenCall }) {
  const entry = call.code !== null && call.code in errorCatalogue ? errorCatalogue[call.code as keyof typeof errorCatalogue] : undefined;
  return (
    <li className="space-y-1 border-t py-3">
      <p className="text-sm text-muted">
        {call.kind === 'stranger' ? 'A call from your network' : 'Your call'}: {call.method} {call.operation ?? 'to no known operation'}, <Time ms={call.at} seconds />
      </p>
      <p className="font-semibold"><StatusCode status={call.status} /> {entry?.title ?? 'The API itself answered so'}</p>
      {entry ? (
        <ul className="list-disc pl-5">{entry.mend.map((step) => <li key={step}><Inline text={step} /></li>)}</ul>
      ) : (
        <p>The key is accepted and the call went through. Compare path and parameters with the reference of the operation.</p>
      )}
      <p className="text-sm text-muted">
        {call.code !== null && <>Code <TextLink to={`/errors/${call.code}`}><code>{call.code}</code></TextLink></>}
        {call.kind === 'call' && <> Request <TextLink to={`/dashboard/requests/${call.id}`}><code>{call.id}</code></TextLink></>}
      </p>
    </li>
  );
}
