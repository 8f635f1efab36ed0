import { useLoaderData } from 'react-router';
import { load } from '../page.server.ts';
import { texts } from '../texts.ts';
import { BarShare } from '../ui/bar-share.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { SelectField } from '../ui/form-field.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { formatCount, formatShare } from '../ui/number.ts';
import { StatusClassChart } from '../ui/status-class-chart.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { LiveBadge } from '../ui/live-badge.tsx';
import { useLive } from '../ui/use-live.ts';
import { bucketSums } from './bucket-sums.ts';
import { Funnel } from './funnel.tsx';
import { NeedsYou } from './needs-you.tsx';
import { periods, readPeriod } from './period.ts';

const words = texts.workspace;
/** The page asks a dozen questions about all calls: a busy gateway must not make it ask them every second. */
const refreshLeastMs = 5_000;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const period = readPeriod(url, Date.now());
  const product = url.searchParams.get('product') ?? '';
  const span = { from: period.from, to: period.to, ...(product !== '' && { productSlug: product }) };
  const length = period.to - period.from;
  const [report, previous, attention, requests, samples, products] = await Promise.all([
    services.adoption.report(actor, { ...span, bucketMs: period.bucketMs }),
    services.adoption.report(actor, { ...span, from: period.from - length, to: period.from, bucketMs: period.bucketMs }),
    services.adoption.attention(actor, span), services.plans.listRequests(actor, { ...(product !== '' && { productSlug: product }), limit: 1 }), services.documentation.listVersions(actor, product === '' ? {} : { product }), services.products.list(actor),
  ]);
  return {
    period, product, report, attention,
    before: { ttfc: previous.ttfc, active: previous.active, errors: previous.errors, depth: previous.depth, calls: bucketSums(previous.volume.rows, previous.from, previous.to, period.bucketMs) },
    work: { approvals: requests.total, failingSamples: samples.reduce((sum, { failed }) => sum + failed, 0), nearLimits: attention.nearLimits, drift: attention.drift },
    products: products.map(({ slug, name }) => ({ slug, name })),
  };
});

export default function Overview() {
  const { period, product, report, before, attention, work, products } = useLoaderData<typeof loader>();
  const live = useLive('/workspace/events', true, refreshLeastMs);
  const { ttfc, errors, volume, active, depth } = report;
  const newcomers = ttfc.reached + ttfc.without;
  return (
    <div className="space-y-10">
      <title>{words.overviewTitle}</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div><h1 className="text-2xl">{words.overview}</h1><p className="text-sm text-muted"><Time ms={report.from} /> {words.to} <Time ms={report.to} /></p><LiveBadge state={live} /></div>
        <FilterBar names={['period', 'product']}>
          <SelectField label={words.period} name="period" defaultValue={period.name}>{Object.entries(periods).map(([name, { words: text }]) => <option key={name} value={name}>{text}</option>)}</SelectField>
          <SelectField label={words.product} name="product" defaultValue={product}><option value="">{words.allProducts}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        </FilterBar>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 xl:grid-cols-6">
        <Number label={words.ttfcMedian} definition={words.ttfcMeaning} value={duration(ttfc.medianMs)} note={words.before(duration(before.ttfc.medianMs))} />
        <Number label={words.ttfcP90} definition={words.ttfcMeaning} value={duration(ttfc.p90Ms)} note={words.before(duration(before.ttfc.p90Ms))} />
        <Number label={words.without} definition={words.withoutMeaning} value={newcomers === 0 ? words.nobody : formatShare(ttfc.without / newcomers)} note={words.withoutOf(formatCount(ttfc.without), formatCount(newcomers))} />
        <Number label={words.activeDevelopers} definition={words.activeMeaning} value={formatCount(active.developers)} note={words.before(formatCount(before.active.developers))} />
        <Number label={words.calls} definition={words.callsMeaning} value={formatCount(errors.total)} note={words.callsNote(formatCount(before.errors.total), errors.share === null ? words.noCalls : formatShare(errors.share))} />
        <Number label={words.depth} definition={words.depthMeaning} value={depth.median === null ? words.nobody : formatCount(depth.median)} note={depth.tagShare === null ? words.before(before.depth.median === null ? words.nobody : formatCount(before.depth.median)) : words.tagShare(formatShare(depth.tagShare))} />
      </dl>
      <StatusClassChart title={words.callVolume} rows={volume.rows} from={report.from} to={report.to} bucketMs={volume.bucketMs} previous={before.calls} />
      <section className="space-y-3">
        <h2 id="funnel" className="text-xl">{words.funnelTitle}</h2>
        <Funnel steps={report.funnel} stuck={attention.stuck} />
      </section>
      <div className="grid grid-cols-1 gap-x-12 gap-y-10 xl:grid-cols-2">
        <section className="space-y-4">
          <h2 id="stalls" className="text-xl">{words.stalls}</h2>
          <DataTable caption={words.stallsOwn} visibleCaption rows={attention.stalls} rowKey={({ code }) => code} empty={<EmptyState title={words.noStalls} />} columns={[
            { key: 'code', header: words.code, cell: ({ code }) => <TextLink to={`/errors/${code}`}><code className="text-sm">{code}</code></TextLink> },
            { key: 'consumers', header: words.newcomers, align: 'right', cell: ({ consumers }) => formatCount(consumers) },
            { key: 'count', header: words.refusals, align: 'right', cell: ({ code, count }) => <TextLink to={`/workspace/requests?code=${code}`}>{formatCount(count)}</TextLink> },
          ]} />
          {report.refusals.some(({ stranger }) => stranger > 0) && <DataTable caption={words.strangers} visibleCaption rows={report.refusals.filter(({ stranger }) => stranger > 0)} rowKey={({ code }) => code} columns={[
            { key: 'code', header: words.code, cell: ({ code }) => <TextLink to={`/errors/${code}`}><code className="text-sm">{code}</code></TextLink> },
            { key: 'count', header: words.refusals, align: 'right', cell: ({ stranger }) => formatCount(stranger) },
          ]} />}
        </section>
        <NeedsYou {...work} />
      </div>
      {depth.distribution.length > 0 && (
        <section className="max-w-2xl space-y-3">
          <h2 id="depth" className="text-xl">{words.depth}</h2>
          <BarShare caption={words.depth} nameHeader={words.operationsUsed} valueHeader={words.consumers} rows={depth.distribution.map(({ from, to, consumers }) => ({ key: String(from), name: words.band(from, to), value: consumers }))} />
        </section>
      )}
    </div>
  );
}

/** One figure, its period before, and its definition on hover and focus. */
function Number({ label, definition, value, note }: { label: string; definition: string; value: string; note: string }) {
  return <div><dt className="text-sm text-muted"><Tooltip definition={definition}>{label}</Tooltip></dt><dd className="text-2xl font-semibold tabular-nums">{value}</dd><dd className="text-sm text-muted tabular-nums">{note}</dd></div>;
}

function duration(ms: number | null): string {
  return ms === null ? words.nobody : formatDuration(ms);
}
