import { useLoaderData } from 'react-router';
import type { RevenueMonthRow } from '../../control/services.ts';
import { load } from '../page.server.ts';
import { texts } from '../texts.ts';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { SelectField } from '../ui/form-field.tsx';
import { formatDay } from '../ui/format-time.ts';
import { formatMoney } from '../ui/money.ts';
import { formatCount, formatShare } from '../ui/number.ts';
import { TimeChart } from '../ui/time-chart.tsx';
import { Tooltip } from '../ui/tooltip.tsx';

const words = texts.revenue;
const dayMs = 86_400_000;
const monthChoices = [6, 12, 24, 36];
const monthsDefault = 12;
/** Shares of fewer accounts say little. */
const cohortLeast = 20;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const basis = url.searchParams.get('basis') === 'invoiced' ? 'invoiced' as const : 'contracted' as const;
  const product = url.searchParams.get('product') ?? '';
  const months = monthChoices.find((choice) => String(choice) === url.searchParams.get('months')) ?? monthsDefault;
  const [report, products] = await Promise.all([services.revenue.report(actor, { basis, months, ...(product !== '' && { productSlug: product }) }), services.products.list(actor)]);
  return { report, months, product, products: products.map(({ slug, name }) => ({ slug, name })) };
});

export default function Revenue() {
  const { report, months, product, products } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-10">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="max-w-[70ch]"><h1 className="text-2xl">{words.title}</h1><p className="text-muted">{words.basisMeaning[report.basis]}</p></div>
        <FilterBar names={['basis', 'product', 'months']}>
          <SelectField label={words.basis} name="basis" defaultValue={report.basis}>{(['contracted', 'invoiced'] as const).map((basis) => <option key={basis} value={basis}>{words.basisOf[basis]}</option>)}</SelectField>
          <SelectField label={words.product} name="product" defaultValue={product}><option value="">{words.allProducts}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
          <SelectField label={words.months} name="months" defaultValue={String(months)}>{monthChoices.map((choice) => <option key={choice} value={choice}>{words.lastMonths(choice)}</option>)}</SelectField>
        </FilterBar>
      </div>
      {report.currencies.length === 0 && <EmptyState title={words.none}>{words.noneText[report.basis]}</EmptyState>}
      {report.currencies.map(({ currency, months: rows }) => <Currency key={currency} currency={currency} rows={rows} />)}
      <Cohorts cohorts={report.cohorts} />
      <section className="max-w-[75ch] space-y-3">
        <h2 id="definitions" className="text-xl">{words.definitions}</h2>
        <dl className="space-y-3">{Object.values(words.terms).map(({ name, meaning }) => <div key={name}><dt className="font-medium">{name}</dt><dd className="text-muted">{meaning}</dd></div>)}</dl>
      </section>
    </div>
  );
}

function Currency({ currency, rows }: { currency: string; rows: RevenueMonthRow[] }) {
  const last = rows.at(-1)!;
  const before = rows.at(-2);
  const money = (amount: string): string => formatMoney(amount, currency);
  return (
    <section className="space-y-6">
      <h2 className="text-xl">{currency.toUpperCase()}</h2>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 xl:grid-cols-6">
        <Tile term={words.terms.mrr} value={money(last.mrr)} note={before && words.before(money(before.mrr))} />
        <Tile term={words.terms.paying} value={formatCount(last.paying)} note={before && words.before(formatCount(before.paying))} />
        <Tile term={words.terms.arpu} value={last.arpu === null ? texts.ui.noValue : money(last.arpu)} note={before && words.before(before.arpu === null ? texts.ui.noValue : money(before.arpu))} />
        <Tile term={words.terms.consumerChurn} value={share(last.consumerChurn)} note={words.lostOf(formatCount(last.churnedConsumers))} />
        <Tile term={words.terms.retention} value={share(last.retention)} note={before && words.before(share(before.retention))} />
        <Tile term={words.terms.yearRetention} value={share(last.yearRetention)} note={before && words.before(share(before.yearRetention))} />
      </dl>
      <div className="grid grid-cols-1 gap-x-12 gap-y-8 xl:grid-cols-2">
        <TimeChart title={words.terms.mrr.name} unit={currency.toUpperCase()} buckets={rows.map(({ from }) => from)} bucketMs={dayMs} series={[{ name: words.terms.mrr.name, tone: 'accent', values: rows.map(({ mrr }) => Number(mrr)) }]} format={(value) => money(String(value))} />
        <TimeChart title={words.moves} unit={currency.toUpperCase()} buckets={rows.map(({ from }) => from)} bucketMs={dayMs} kind="lines" series={[
          { name: words.terms.created.name, tone: 'good', values: rows.map(({ created, returned }) => Number(created) + Number(returned)) },
          { name: words.terms.expansion.name, tone: 'info', values: rows.map(({ expansion }) => Number(expansion)) },
          { name: words.terms.contraction.name, tone: 'notice', values: rows.map(({ contraction }) => Number(contraction)) },
          { name: words.terms.churned.name, tone: 'bad', values: rows.map(({ churned }) => Number(churned)) },
        ]} format={(value) => money(String(value))} />
      </div>
      <DataTable caption={words.byMonth(currency.toUpperCase())} rows={rows.toReversed()} rowKey={({ from }) => String(from)} columns={[
        { key: 'month', header: words.month, cell: ({ from, complete }) => <span className="whitespace-nowrap">{month(from)}{!complete && <span className="block text-sm text-muted">{words.incomplete}</span>}</span> },
        ...(['start', 'created', 'returned', 'expansion', 'contraction', 'churned', 'mrr'] as const).map((key) => ({ key, header: words.columns[key], align: 'right' as const, cell: (row: RevenueMonthRow) => <span className={!/[1-9]/.test(row[key]) ? 'text-muted' : key === 'mrr' ? 'font-semibold' : ''}>{key === 'contraction' || key === 'churned' ? taken(row[key], money) : money(row[key])}</span> })),
        { key: 'paying', header: words.columns.paying, align: 'right', cell: ({ paying }) => formatCount(paying) },
        { key: 'lost', header: words.columns.lost, align: 'right', cell: ({ consumerChurn }) => share(consumerChurn) },
        { key: 'retention', header: words.columns.retention, align: 'right', cell: ({ retention }) => share(retention) },
      ]} />
    </section>
  );
}

function Tile({ term, value, note }: { term: { name: string; meaning: string }; value: string; note?: string | undefined }) {
  return <div><dt className="text-sm text-muted"><Tooltip definition={term.meaning}>{term.name}</Tooltip></dt><dd className="text-2xl font-semibold tabular-nums">{value}</dd>{note && <dd className="text-sm text-muted tabular-nums">{note}</dd>}</div>;
}

function Cohorts({ cohorts }: { cohorts: { from: number; signUps: number; within30: number | null; within90: number | null; ever: number }[] }) {
  const rows = cohorts.filter(({ signUps }) => signUps > 0).toReversed();
  const paid = (count: number | null, signUps: number): string => (count === null ? words.notYet : signUps < cohortLeast ? words.few(formatCount(count)) : words.counted(formatCount(count), formatShare(count / signUps)));
  return (
    <section className="space-y-3">
      <h2 id="cohorts" className="text-xl">{words.cohorts}</h2>
      <p className="max-w-[75ch] text-muted">{words.terms.freeToPaid.meaning} {words.cohortNote(cohortLeast)}</p>
      <DataTable caption={words.cohorts} rows={rows} rowKey={({ from }) => String(from)} empty={<EmptyState title={words.noCohorts} />} columns={[
        { key: 'month', header: words.signedUp, cell: ({ from }) => month(from) },
        { key: 'accounts', header: words.accounts, align: 'right', cell: ({ signUps }) => formatCount(signUps) },
        { key: 'within30', header: words.within(30), align: 'right', cell: ({ within30, signUps }) => paid(within30, signUps) },
        { key: 'within90', header: words.within(90), align: 'right', cell: ({ within90, signUps }) => paid(within90, signUps) },
        { key: 'ever', header: words.ever, align: 'right', cell: ({ ever, signUps }) => paid(ever, signUps) },
      ]} />
    </section>
  );
}

/** `Aug 2026` */
function month(at: number): string {
  return formatDay(at).split(' ').slice(1).join(' ');
}

function share(value: number | null): string {
  return value === null ? texts.ui.noValue : formatShare(value);
}

/** What goes off has its sign, unless it is nothing. */
function taken(amount: string, money: (amount: string) => string): string {
  return /[1-9]/.test(amount) ? `−${money(amount)}` : money(amount);
}
