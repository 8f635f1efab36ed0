import type { Attention } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount, formatShare } from '../ui/number.ts';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';

const words = texts.workspace;

export interface Work { approvals: number; failingSamples: number; nearLimits: Attention['nearLimits']; drift: Attention['drift'] }

/** What waits for a decision, each with the page where it is made. */
export function NeedsYou({ approvals, failingSamples, nearLimits, drift }: Work) {
  const lines = [
    ...(approvals > 0 ? [{ to: '/workspace/approvals', text: words.approvalsWait(formatCount(approvals)) }] : []),
    ...(failingSamples > 0 ? [{ to: '/workspace/documentation', text: words.samplesFail(formatCount(failingSamples)) }] : []),
  ];
  const nothing = lines.length === 0 && nearLimits.total === 0 && drift.length === 0;
  return (
    <section className="space-y-4">
      <h2 id="needs-you" className="text-xl">{words.needsYou}</h2>
      {nothing && <EmptyState title={words.nothingWaits} />}
      {lines.length > 0 && <ul className="space-y-1">{lines.map(({ to, text }) => <li key={to}><TextLink to={to}>{text}</TextLink></li>)}</ul>}
      {nearLimits.total > 0 && (
        <div className="space-y-2">
          <h3 className="font-medium">{words.nearLimits(formatCount(nearLimits.total))}</h3>
          <DataTable caption={words.nearLimits(formatCount(nearLimits.total))} rows={nearLimits.rows} rowKey={({ consumerId, productName, limit }) => `${consumerId} ${productName} ${limit.name}`} columns={[
            { key: 'name', header: words.consumer, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}`}>{row.name}</TextLink> },
            { key: 'limit', header: words.limit, cell: (row) => <>{row.planName} <span className="text-muted">{words.limitOf(row.limit.name, row.productName)}</span></> },
            { key: 'used', header: words.used, align: 'right', cell: (row) => <span className={row.used >= row.limit.requests ? 'font-semibold text-bad' : ''}>{formatShare(row.used / row.limit.requests)}</span> },
            { key: 'resets', header: words.resets, from: 'sm', cell: (row) => <Time ms={row.resetsAt} /> },
          ]} />
        </div>
      )}
      {drift.length > 0 && (
        <details className="space-y-2">
          <summary className="font-medium">{words.drift(formatCount(drift.length))}</summary>
          <p className="max-w-[70ch] pt-1 text-sm text-muted">{words.driftMeaning}</p>
          <ul className="list-disc space-y-1 pl-5 text-sm">{drift.map(({ action, noun, name, detail }) => <li key={`${action} ${noun} ${name}`}>{words.driftLine(words.driftActions[action], noun, name)}{detail.length > 0 && <span className="block break-all text-muted">{detail.join('; ')}</span>}</li>)}</ul>
        </details>
      )}
    </section>
  );
}
