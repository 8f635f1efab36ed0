import type { ReactNode } from 'react';
import type { SampleRun } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { formatDuration } from '../../ui/format-time.ts';
import { CircleAlert, CircleCheck } from '../../ui/icon.ts';
import { Time } from '../../ui/time.tsx';

const words = texts.documentationRuns;

/** Says when the page's sample request last worked, in the reader's zone, or that it failed. Null: it never ran, or there is no test mode. */
export function LastWorked({ run }: { run: Pick<SampleRun, 'at' | 'worked' | 'workedAt' | 'status' | 'durationMs'> | null }) {
  if (run === null) return null;
  if (run.worked) return <Line icon={<CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden="true" />}>{words.worked} <Time ms={run.at} />{run.durationMs !== null && ` ${words.workedIn(formatDuration(run.durationMs))}`}.</Line>;
  return (
    <Line icon={<CircleAlert className="mt-0.5 size-4 shrink-0 text-notice" aria-hidden="true" />}>
      {words.failed} <Time ms={run.at} />{run.status !== null && ` ${words.status(run.status)}`}. {run.workedAt === null ? words.neverWorked : <>{words.lastWorked} <Time ms={run.workedAt} />.</>}
    </Line>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return <p className="flex gap-2 text-sm text-muted">{icon}<span>{children}</span></p>;
}
