import { Form, useLoaderData } from 'react-router';
import { load } from '../page.server.ts';
import { Submit } from '../ui/button.tsx';
import { TimeChart } from '../ui/time-chart.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Figure } from '../ui/figure.tsx';
import { SelectField } from '../ui/form-field.tsx';
import { formatCount, formatShare } from '../ui/number.ts';
import { StatusClassChart } from '../ui/status-class-chart.tsx';
import { Table } from '../ui/table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { Time } from '../ui/time.tsx';
import { errorShares } from './error-shares.ts';
import { Funnel } from './funnel.tsx';
import { periods, readPeriod } from './period.ts';

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const period = readPeriod(url, Date.now());
  const product = url.searchParams.get('product') ?? '';
  const span = { from: period.from, to: period.to, ...(product !== '' && { productSlug: product }) };
  const [report, previous, products] = await Promise.all([
    services.adoption.report(actor, { ...span, bucketMs: period.bucketMs }),
    services.adoption.report(actor, { ...span, from: period.from - (period.to - period.from), to: period.from, bucketMs: period.bucketMs }),
    services.products.list(actor),
  ]);
  return { period, product, report, before: { medianMs: previous.ttfc.medianMs, p90Ms: previous.ttfc.p90Ms, calls: previous.errors.total, share: previous.errors.share }, products: products.map(({ slug, name }) => ({ slug, name })) };
});

const ttfcMeaning = 'From a consumer\'s sign-up to its first successful call from its own code, test or live; calls from the portal do not count. Consumers of this period only.';

export default function Overview() {
  const { period, product, report, before, products } = useLoaderData<typeof loader>();
  const { ttfc, errors, volume, refusals } = report;
  const shares = errorShares(volume.rows, report.from, report.to, volume.bucketMs);
  return (
    <div className="space-y-8">
      <title>Workspace</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-2xl">Adoption</h1>
          <p className="text-sm text-muted"><Time ms={report.from} /> to <Time ms={report.to} /></p>
        </div>
        <Form method="get" className="flex flex-wrap items-end gap-3">
          <SelectField label="Period" name="period" defaultValue={period.name}>{Object.entries(periods).map(([name, { words }]) => <option key={name} value={name}>{words}</option>)}</SelectField>
          <SelectField label="API" name="product" defaultValue={product}><option value="">All</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
          <Submit kind="plain" doing="Loading">Show</Submit>
        </Form>
      </div>
      <dl className="grid grid-cols-2 gap-6 lg:grid-cols-5">
        <Figure label="TTFC, median" definition={ttfcMeaning} value={duration(ttfc.medianMs)} note={`before: ${duration(before.medianMs)}`} />
        <Figure label="TTFC, p90" definition={ttfcMeaning} value={duration(ttfc.p90Ms)} note={`before: ${duration(before.p90Ms)}`} />
        <Figure label="Without a first success" definition="Consumers that signed up in the period and have no successful call yet. They are not in median and p90." value={ttfc.reached + ttfc.without === 0 ? 'none' : formatShare(ttfc.without / (ttfc.reached + ttfc.without))} note={`${formatCount(ttfc.without)} of ${formatCount(ttfc.reached + ttfc.without)} consumers`} />
        <Figure label="Calls" value={formatCount(errors.total)} note={`before: ${formatCount(before.calls)}`} />
        <Figure label="Error share" definition="Calls answered with 4xx or 5xx, of all calls with a known key." value={errors.share === null ? 'no calls' : formatShare(errors.share)} note={`before: ${before.share === null ? 'no calls' : formatShare(before.share)}`} />
      </dl>
      <p className="max-w-[75ch] text-sm text-muted">TTFC, the time to first successful call: {ttfcMeaning}</p>
      <div className="grid grid-cols-1 gap-x-10 gap-y-8 lg:grid-cols-2">
        <section aria-labelledby="funnel" className="space-y-3">
          <h2 id="funnel" className="text-xl">From sign-up to weekly use</h2>
          <Funnel steps={report.funnel} />
        </section>
        <section aria-labelledby="stalls" className="space-y-3">
          <h2 id="stalls" className="text-xl">What stalls newcomers</h2>
          {refusals.length === 0 ? <EmptyState title="No refusals in this period" /> : (
            <Table caption="Refusals by code" rows={refusals} keyOf={({ code }) => code} columns={[
              { header: 'Code', cell: ({ code }) => <TextLink to={`/errors/${code}`}><code className="text-sm">{code}</code></TextLink> },
              { header: 'Refusals', numeric: true, cell: ({ count }) => formatCount(count) },
              { header: 'Without a valid key', numeric: true, cell: ({ stranger }) => formatCount(stranger) },
            ]} />
          )}
        </section>
        <StatusClassChart title="Call volume" rows={volume.rows} from={report.from} to={report.to} bucketMs={volume.bucketMs} />
        <TimeChart title="Error share" unit="% of calls" kind="lines" bucketMs={volume.bucketMs} buckets={shares.buckets} series={[{ name: 'errors', tone: 'bad', values: shares.values }]} />
      </div>
    </div>
  );
}

function duration(ms: number | null): string {
  return ms === null ? 'none yet' : formatDuration(ms);
}
