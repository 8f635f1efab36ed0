import type { ActivityRow } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { formatTime } from '../../ui/format-time.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

/** What happened, newest first. A kind reads as words: `key.created` is "key created". */
export function Timeline({ rows }: { rows: ActivityRow[] }) {
  return (
    <ol>
      {rows.map((row) => (
        <li key={row.id} className="border-t py-2">
          <p><span className="font-medium">{row.kind.replaceAll(/[._-]/g, ' ')}</span> {typeof row.detail['note'] !== 'string' && detailText(row.detail)}</p>
          {typeof row.detail['note'] === 'string' && <p className="break-words whitespace-pre-line">{row.detail['note']}</p>}
          <p className="text-sm text-muted"><Time ms={row.at} seconds /> {texts.decision.by(row.actor)}{row.subject?.startsWith('req_') && <>, <TextLink to={`/workspace/requests/${row.subject}`}><code className="text-xs break-all">{row.subject}</code></TextLink></>}</p>
        </li>
      ))}
    </ol>
  );
}

/** What a reader understands of the facts: ids are left out, moments are written out. */
function detailText(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && typeof value !== 'object' && !/^[a-z]{3}_[0-9A-Z]{26}$/.test(String(value)))
    .map(([name, value]) => `${wordsOf(name)} ${name.endsWith('At') && typeof value === 'number' ? formatTime(value) : String(value)}`)
    .join(', ');
}

const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
