import { useLoaderData } from 'react-router';
import { load } from '../page.server.ts';
import { texts } from '../texts.ts';
import { Badge } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Figure } from '../ui/figure.tsx';
import { Notice } from '../ui/notice.tsx';
import { formatBytes, formatCount } from '../ui/number.ts';
import { DataTable } from '../ui/data-table.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { useMay } from './use-may.ts';

const words = texts.system;

export const loader = load(async ({ services, member }) => {
  await member();
  const [status, { mailKept }] = await Promise.all([services.operations.status(), services.configuration.portal()]);
  return { ...status, mailKept };
});

export default function System() {
  const { ready, reasons, snapshotVersion, gateways, uncounted, ingest, disk, mailKept } = useLoaderData<typeof loader>();
  const mayReadMail = useMay('members.change');
  useRefresh(5000);
  return (
    <div className="space-y-8">
      <title>{words.title}</title>
      <h1 className="flex items-center gap-2 text-2xl">{words.title} <Badge tone={ready ? 'good' : 'bad'}>{ready ? words.ready : words.notReady}</Badge></h1>
      {reasons.length > 0 && <Notice tone="bad" title={words.notReadyBecause}><ul className="list-disc pl-5">{reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul></Notice>}
      {uncounted.length > 0 && <Notice tone="bad" title={words.uncounted}>{words.uncountedMeaning}<ul className="list-disc pl-5">{uncounted.map(({ product, calls, bytes, from, to }) => <li key={`${product} ${from}`}>{words.uncountedPeriod(formatCount(calls), product, formatBytes(bytes))} <Time ms={from} /> &ndash; <Time ms={to} /></li>)}</ul></Notice>}
      {mailKept && <Notice tone="notice" title={words.mailKept}>{words.mailKeptMeaning} <code>PORTICO_SMTP_URL</code>. {mayReadMail ? <TextLink to="/outbox">{words.openOutbox}</TextLink> : words.ownersSee}</Notice>}
      <dl className="grid grid-cols-2 gap-6 lg:grid-cols-6">
        <Figure label={words.snapshot} value={formatCount(snapshotVersion)} note={words.inForce} />
        <Figure label={words.behind} value={formatDuration(ingest.lagMs)} note={words.unread(formatBytes(ingest.lagBytes))} />
        <Figure label={words.corrupt} value={formatCount(ingest.corruptRecords)} />
        <Figure label={words.store} value={formatBytes(disk.store)} note={words.onDisk} />
        <Figure label={words.events} value={formatBytes(disk.events)} note={words.onDisk} />
        <Figure label={words.spool} value={formatBytes(disk.spool)} note={words.onDisk} />
      </dl>
      <section className="space-y-3">
        <h2 className="text-xl">{words.gateways}</h2>
        {gateways.length === 0 ? <EmptyState title={words.noGateway}>{words.noGatewayMeaning}</EmptyState> : (
          <DataTable caption={words.gateways} rows={gateways} rowKey={({ id }) => id} columns={[
            { key: 'id', header: words.gateway, cell: (row) => <code className="text-sm">{row.id}</code> },
            { key: 'state', header: words.state, cell: (row) => <><Badge tone={row.connected ? 'good' : 'bad'}>{row.connected ? words.connected : words.cutOff(formatDuration(row.staleMs))}</Badge>{row.unmeterable && <> <Badge tone="bad">{words.unmeterable}</Badge></>}</> },
            { key: 'pid', header: words.process, align: 'right', cell: (row) => row.pid },
            { key: 'threads', header: words.threads, align: 'right', cell: (row) => row.threads },
            { key: 'snapshot', header: words.snapshot, align: 'right', cell: (row) => row.snapshotVersion },
            { key: 'credentials', header: words.credentialLog, align: 'right', cell: (row) => row.credentialSeq },
          ]} />
        )}
      </section>
    </div>
  );
}
