import type { BillingRun } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Notice } from '../../ui/notice.tsx';
import { formatBytes } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.invoices;

/** What the last run did, what waits and for whom, and what could not be billed. */
export function RunState({ run }: { run: BillingRun | null }) {
  if (run === null) return <p className="text-muted">{words.neverRan}</p>;
  const { waiting, failures } = run;
  return (
    <div className="space-y-3">
      <p className="text-muted">{words.lastRun} <Time ms={run.endedAt} seconds />. {run.inGrace > 0 && words.inGrace(run.inGrace)} {run.drafts > 0 && words.draftsWait(run.drafts)}</p>
      {waiting && (
        <Notice tone="notice" title={words.waits(waiting.periods)}>
          <p>{words.mustRead} <Time ms={waiting.until} seconds />. {waiting.readUpTo === null ? words.readNothing : <>{words.hasRead} <Time ms={waiting.readUpTo} seconds />.</>} {waiting.failing !== null && words.failing(waiting.failing)}</p>
          {waiting.segments.length > 0 && <ul>{waiting.segments.map(({ segment, gateway, bytes, writtenAt }) => <li key={segment}>{words.unread(gateway, formatBytes(bytes))} <code className="break-all">{segment}</code>, {words.writtenAt} <Time ms={writtenAt} seconds /></li>)}</ul>}
          <p><TextLink to="/workspace/system">{texts.layout.system}</TextLink></p>
        </Notice>
      )}
      {failures.length > 0 && <Notice tone="bad" title={words.failed(failures.length)}><ul>{failures.map(({ subscriptionId, message }) => <li key={subscriptionId} className="wrap-anywhere"><code>{subscriptionId}</code>: {message}</li>)}</ul></Notice>}
    </div>
  );
}
