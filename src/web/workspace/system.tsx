import { useLoaderData } from 'react-router';
import { load } from '../page.server.ts';
import { Badge } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Figure } from '../ui/figure.tsx';
import { Notice } from '../ui/notice.tsx';
import { formatBytes, formatCount } from '../ui/number.ts';
import { Table } from '../ui/table.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { TextLink } from '../ui/text-link.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { useMay } from './use-may.ts';

export const loader = load(async ({ services, member }) => {
  await member();
  const [status, { mailKept }] = await Promise.all([services.operations.status(), services.configuration.portal()]);
  return { ...status, mailKept };
});

export default function System() {
  const { ready, reasons, snapshotVersion, gateways, ingest, disk, mailKept } = useLoaderData<typeof loader>();
  const mayReadMail = useMay('members.change');
  useRefresh(5000);
  return (
    <div className="space-y-8">
      <title>System</title>
      <h1 className="flex items-center gap-2 text-2xl">System <Badge tone={ready ? 'good' : 'bad'}>{ready ? 'ready' : 'not ready'}</Badge></h1>
      {reasons.length > 0 && <Notice tone="bad" title="Not ready because"><ul className="list-disc pl-5">{reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul></Notice>}
      {mailKept && <Notice tone="notice" title="Mail is not sent">No mail server is set, so sign-in links, resets and invitations stay in the {mayReadMail ? <TextLink to="/outbox">outbox</TextLink> : 'outbox, which owners see'}. Set <code>PORTICO_SMTP_URL</code> to send them.</Notice>}
      <dl className="grid grid-cols-2 gap-6 lg:grid-cols-6">
        <Figure label="Snapshot" value={formatCount(snapshotVersion)} note="version in force" />
        <Figure label="Ingest is behind by" value={formatDuration(ingest.lagMs)} note={`${formatBytes(ingest.lagBytes)} unread`} />
        <Figure label="Corrupt records" value={formatCount(ingest.corruptRecords)} />
        <Figure label="Store" value={formatBytes(disk.store)} note="on disk" />
        <Figure label="Request events" value={formatBytes(disk.events)} note="on disk" />
        <Figure label="Spool" value={formatBytes(disk.spool)} note="on disk" />
      </dl>
      <section className="space-y-3">
        <h2 className="text-xl">Gateways</h2>
        {gateways.length === 0 ? <EmptyState title="No gateway has connected">Calls are not served. See the log of the gateway process.</EmptyState> : (
          <Table caption="Gateways" rows={gateways} keyOf={({ id }) => id} columns={[
            { header: 'Gateway', cell: (row) => <code className="text-sm">{row.id}</code> },
            { header: 'State', cell: (row) => <><Badge tone={row.connected ? 'good' : 'bad'}>{row.connected ? 'connected' : `cut off for ${formatDuration(row.staleMs)}`}</Badge>{row.unmeterable && <> <Badge tone="bad">cannot write its meter</Badge></>}</> },
            { header: 'Process', numeric: true, cell: (row) => row.pid },
            { header: 'Threads', numeric: true, cell: (row) => row.threads },
            { header: 'Snapshot', numeric: true, cell: (row) => row.snapshotVersion },
            { header: 'Credential log', numeric: true, cell: (row) => row.credentialSeq },
          ]} />
        )}
      </section>
    </div>
  );
}
