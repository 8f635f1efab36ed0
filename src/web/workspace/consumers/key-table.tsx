import { Form } from 'react-router';
import type { KeySummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceConsumers;

export function KeyTable({ keys }: { keys: KeySummary[] }) {
  const mayChange = useMay('keys.change');
  return (
    <DataTable caption={words.keys} rows={keys} rowKey={({ id }) => id} empty={<p className="text-muted">{words.noKeys}</p>} columns={[
      { key: 'name', header: words.keyName, cell: (row) => <>{row.name} {row.mode === 'test' && <Badge>{row.mode}</Badge>}<code className="block text-xs text-muted">{row.masked}</code></> },
      { key: 'state', header: words.state, cell: (row) => <Badge tone={row.state === 'active' ? 'good' : 'bad'}>{row.state}</Badge> },
      { key: 'used', header: words.lastUsed, align: 'right', cell: (row) => row.lastUsedAt === null ? <span className="text-muted">{words.neverUsed}</span> : <Time ms={row.lastUsedAt} /> },
      ...(mayChange ? [{ key: 'revoke', header: <span className="sr-only">{words.revoke}</span>, align: 'right' as const, cell: (row: KeySummary) => row.state === 'active' && <Revoke summary={row} /> }] : []),
    ]} />
  );
}

function Revoke({ summary }: { summary: KeySummary }) {
  return (
    <Confirm verb={words.revoke} title={words.revokeTitle(summary.name)}>
      <Form method="post" className="space-y-4 text-left">
        <input type="hidden" name="key" value={summary.id} />
        <p>{words.revokeLoss(summary.masked)}</p>
        <Submit kind="danger" doing={words.revoking} name="intent" value="revoke">{words.revokeDo}</Submit>
      </Form>
    </Confirm>
  );
}
