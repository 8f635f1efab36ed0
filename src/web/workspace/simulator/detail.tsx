import type { ReactNode } from 'react';
import { useActionData, useLoaderData } from 'react-router';
import type { SimulatedConsumer, SimulatedTotals, SimulationResult } from '../../../control/services.ts';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { BarShare } from '../../ui/bar-share.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatDay } from '../../ui/format-time.ts';
import { formatMoney } from '../../ui/money.ts';
import { formatCount } from '../../ui/number.ts';
import { Notice } from '../../ui/notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { useMay } from '../use-may.ts';
import { BillScatter } from './bill-scatter.tsx';
import { RunProgress } from './run-progress.tsx';
import { answerRollOut } from './roll-out.server.ts';
import { RollOut, rollOutForm } from './roll-out.tsx';

const words = texts.simulator;
const rowsShown = 200;

export const loader = load(async ({ services, member, params }) => {
  const { draft: _, ...run } = await services.simulator.getRun(await member(), { id: params['simulation']! });
  return { ...run, result: run.result && { ...run.result, consumers: foremost(run.result.consumers) } };
});

export const action = act(answerRollOut);

export default function SimulationResults() {
  const { id, state, done, total, error, from, to, productSlugs, result } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="space-y-10">
      <title>{words.results}</title>
      <div className="space-y-2">
        <BackLink to="/workspace/simulator">{words.title}</BackLink>
        <h1 className="text-2xl">{words.results}</h1>
        <p className="text-muted">{words.of(productSlugs.join(', '), formatDay(from), formatDay(to - 1))}</p>
      </div>
      {state === 'running' && <RunProgress done={done} total={total} />}
      {state === 'failed' && <Notice tone="bad" title={words.failed} role="alert"><p>{error}</p></Notice>}
      {result && (result.totals.length === 0 ? <EmptyState title={words.nothing}>{words.nothingText}</EmptyState> : <Results result={result} csv={`/workspace/simulator/${id}/csv`} />)}
      {state === 'done' && <RollOut answer={answer} />}
      <Assumptions />
    </div>
  );
}

function Results({ result: { totals, consumers, consumersTotal, limits, leftOut }, csv }: { result: SimulationResult; csv: string }) {
  const notes = [[leftOut.trial, words.leftOut.trial], [leftOut.otherCurrency, words.leftOut.otherCurrency], [leftOut.keptPlan, words.leftOut.keptPlan], [leftOut.limitUnchecked, words.leftOut.limitUnchecked]] as const;
  return (
    <>
      {totals.map((each) => <Currency key={each.currency} totals={each} consumers={consumers.filter(({ currency }) => currency === each.currency)} />)}
      <section className="space-y-3">
        <h2 id="limits" className="text-xl">{words.limits}</h2>
        <DataTable caption={words.limits} rows={limits} rowKey={({ plan, limit }) => `${plan} ${limit}`} empty={<EmptyState title={words.noLimits} />} columns={[
          { key: 'plan', header: words.plan, cell: ({ plan }) => plan }, { key: 'limit', header: words.limit, cell: ({ limit }) => limit === 'spend-cap' ? words.spendCap : limit },
          { key: 'subscriptions', header: words.subscriptions, align: 'right', cell: ({ subscriptions }) => formatCount(subscriptions) },
        ]} />
        {notes.filter(([count]) => count > 0).map(([count, text]) => <p key={text} className="text-sm text-muted">{formatCount(count)} {text}</p>)}
      </section>
      <Consumers consumers={consumers} total={consumersTotal} csv={csv} />
    </>
  );
}

function Currency({ totals, consumers }: { totals: SimulatedTotals; consumers: SimulatedConsumer[] }) {
  const money = (amount: string): string => formatMoney(amount, totals.currency);
  const chosen = totals.retention[0]!;
  return (
    <section className="space-y-6">
      <h2 className="text-xl">{totals.currency.toUpperCase()}</h2>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 xl:grid-cols-5">
        <Tile name={words.old} value={money(totals.old)} note={words.periods(formatCount(totals.periods), formatCount(totals.consumers))} />
        <Tile name={words.new} value={money(totals.new)} />
        <Tile name={words.change} value={signed(totals.change, money)} note={share(totals.changePercent)} />
        <Tile name={words.payMore} value={formatCount(totals.losers)} note={words.lessAndSame(formatCount(totals.winners), formatCount(totals.same))} />
        <Tile name={<Tooltip definition={words.retentionMeaning}>{words.retention}</Tooltip>} value={chosen.percent === null ? texts.ui.noValue : words.percent(chosen.percent)} note={words.ifLeave(formatCount(chosen.leaving), String(chosen.rise))} />
      </dl>
      <div className="grid grid-cols-1 gap-x-12 gap-y-8 xl:grid-cols-2">
        <BillScatter consumers={consumers} currency={totals.currency} />
        <div className="min-w-0 space-y-2">
          <h3 className="font-medium">{words.spread}</h3>
          <BarShare caption={words.spread} nameHeader={words.spreadBy} valueHeader={words.consumers} rows={totals.spread.map(({ from, to, consumers: count }) => ({ key: String(to), name: words.band(from, to), value: count, tone: to !== null && to <= 0 ? 'good' : 'bad' }))} />
        </div>
      </div>
      <DataTable caption={words.retentionBy} visibleCaption rows={totals.retention.toSorted((a, b) => a.rise - b.rise)} rowKey={({ rise }) => String(rise)} columns={[
        { key: 'rise', header: words.leaveAbove, cell: ({ rise }) => words.percent(String(rise)) },
        { key: 'leaving', header: words.leaving, align: 'right', cell: ({ leaving }) => formatCount(leaving) },
        { key: 'revenue', header: words.remaining, align: 'right', cell: ({ revenue }) => money(revenue) },
        { key: 'percent', header: words.retention, align: 'right', cell: ({ percent }) => percent === null ? texts.ui.noValue : words.percent(percent) },
      ]} />
    </section>
  );
}

function Tile({ name, value, note }: { name: ReactNode; value: string; note?: string }) {
  return <div><dt className="text-sm text-muted">{name}</dt><dd className="text-2xl font-semibold tabular-nums">{value}</dd>{note && <dd className="text-sm text-muted tabular-nums">{note}</dd>}</div>;
}

/** With boxes that belong to the roll-out's form. */
function Consumers({ consumers, total, csv }: { consumers: SimulatedConsumer[]; total: number; csv: string }) {
  const mayMove = useMay('billing.change');
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1"><h2 id="consumers" className="text-xl">{words.bills}</h2><a href={csv} download className="text-accent underline underline-offset-2">{words.csv}</a></div>
      {total > consumers.length && <p className="text-muted">{words.foremost(formatCount(consumers.length), formatCount(total))}</p>}
      <DataTable caption={words.bills} rows={consumers} rowKey={({ consumerId, currency }) => `${consumerId} ${currency}`} columns={[
        ...(mayMove ? [{ key: 'move', header: words.move, cell: (row: SimulatedConsumer) => <input type="checkbox" form={rollOutForm} name="consumer" value={row.consumerId} aria-label={words.moveOne(row.consumerName)} className="mt-[3px] size-4 accent-accent" /> }] : []),
        { key: 'consumer', header: words.consumer, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}`} className="block min-w-28 wrap-anywhere">{row.consumerName}</TextLink> },
        { key: 'plans', header: words.plan, from: 'md', cell: ({ plans }) => plans.join(', ') },
        { key: 'old', header: words.old, align: 'right', cell: ({ old, currency }) => formatMoney(old, currency) },
        { key: 'new', header: words.new, align: 'right', cell: (row) => formatMoney(row.new, row.currency) },
        { key: 'change', header: words.change, align: 'right', cell: ({ change, changePercent, currency }) => <>{signed(change, (amount) => formatMoney(amount, currency))}<span className="block text-sm text-muted">{share(changePercent)}</span></> },
        { key: 'hits', header: words.hits, cell: ({ hits }) => hits.map(({ limit, windows }) => <span key={limit} className="block whitespace-nowrap">{words.hit(limit === 'spend-cap' ? words.spendCap : limit, formatCount(windows))}</span>) },
      ]} />
    </section>
  );
}

function Assumptions() {
  return <section className="max-w-[75ch] space-y-2"><h2 id="assumptions" className="text-xl">{words.assumptions}</h2><ul className="list-disc space-y-1 pl-5 text-muted">{words.assumed.map((each) => <li key={each}>{each}</li>)}</ul></section>;
}

function foremost(consumers: SimulatedConsumer[]): SimulatedConsumer[] {
  return consumers.length <= rowsShown ? consumers : [...consumers.slice(0, rowsShown / 2), ...consumers.slice(-rowsShown / 2)];
}

function signed(amount: string, money: (amount: string) => string): string {
  return amount.startsWith('-') ? `−${money(amount.slice(1))}` : /[1-9]/.test(amount) ? `+${money(amount)}` : money(amount);
}

function share(percent: string | null): string {
  return percent === null ? '' : words.percent(percent.replace('-', '−'));
}
