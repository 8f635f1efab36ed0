// Subscriptions enter by the thousand, with their periods and what they used; what each paid by list price, and would pay, leaves.
import { sql } from 'kysely';
import { scaleDecimal } from '../../domain/decimal.ts';
import type { PlanConfig } from '../../domain/config.ts';
import { compilePlan, type CompiledPlan } from '../../domain/pricing/compile-plan.ts';
import { addMinor } from '../../domain/pricing/compile-price.ts';
import type { Query } from '../../store/database.ts';
import { quotaCheck, type LimitCheck } from './check-limits.ts';
import type { ReplayJob, ReplayRange, ReplayedPart, ReplayedSubscription } from './replay-job.ts';
import { bySubscription, readMonths, sumOfMonths, usedByLedger, usedByMonths, type Month } from './replay-usage.ts';

/** Subscriptions read at once. */
const atOnce = 500;

interface Terms { plan: PlanConfig; compiled: CompiledPlan }
interface SubscriptionRow { id: string; consumer_id: string; product_id: string; plan_revision_id: string; anchor_at: number; spend_cap: string | null }
type Period = [from: number, to: number, trial: 0 | 1];
interface PhaseRow { subscription_id: string; plan_revision_id: string; from_at: number; to_at: number | null }

/** Answers a function that replays a range; plans are compiled once for all of them. */
export function openReplay(query: Query, job: ReplayJob): (range: ReplayRange) => Promise<ReplayedPart> {
  const plansById = new Map(job.revisions.map(({ id, plan }) => [id, plan]));
  const compiled = new Map<string, Terms>();
  const termsOf = (id: string): Terms => {
    const known = compiled.get(id);
    if (known) return known;
    const plan = plansById.get(id)!;
    const terms = { plan, compiled: compilePlan(plan) };
    compiled.set(id, terms);
    return terms;
  };
  const drafted = new Map(job.drafts.flatMap(({ productId, plans }) => plans.map((plan): [string, Terms & { check: LimitCheck }] => [`${productId} ${plan.slug}`, { plan, compiled: compilePlan(plan), check: quotaCheck(plan.limits) }])));
  const checks = { left: limitChecksMax };
  return async (range) => {
    const part: ReplayedPart = { subscriptions: range.subscriptions, rows: [], leftOut: { trial: 0, otherCurrency: 0, limitUnchecked: 0 } };
    for (let { after } = range; ;) {
      const chunk = await readSubscriptions(query, job, { ...range, after });
      if (chunk.length === 0) return part;
      await replayChunk({ query, job, termsOf, drafted, checks, part }, chunk);
      if (chunk.length < atOnce) return part;
      after = chunk.at(-1)!.id;
    }
  };
}

/** Subscriptions per thread whose days or hours are read from the ledger for the sake of a limit. */
const limitChecksMax = 10_000;

interface Stage { query: Query; job: ReplayJob; termsOf(revisionId: string): Terms; drafted: ReadonlyMap<string, Terms & { check: LimitCheck }>; checks: { left: number }; part: ReplayedPart }

async function replayChunk(stage: Stage, chunk: SubscriptionRow[]): Promise<void> {
  const { query, job } = stage;
  const ends = { first: chunk[0]!.id, last: chunk.at(-1)!.id };
  const periods = await readPeriods(query, job, ends);
  let until = 0;
  for (const own of periods.values()) until = Math.max(until, own.at(-1)![1]);
  const phases = inTurn(await readPhases(query, ends));
  const months = await readMonths(query, { ...ends, from: job.from, to: until });
  for (const subscription of chunk) {
    const own = periods.get(subscription.id);
    if (own !== undefined) await replayOne(stage, subscription, { periods: own, phases: phases(subscription.id), months: months.get(subscription.id) ?? [] });
  }
}

async function replayOne(stage: Stage, subscription: SubscriptionRow, { periods, phases, months }: { periods: Period[]; phases: PhaseRow[]; months: Month[] }): Promise<void> {
  const { part, termsOf, drafted } = stage;
  const row: ReplayedSubscription = { subscriptionId: subscription.id, consumerId: subscription.consumer_id, plan: '', currency: '', periods: 0, old: 0, new: 0, kept: false, hits: [] };
  let last: (Terms & { check: LimitCheck }) | undefined;
  let capped = 0;
  const replayed: { from: number; to: number; requests: number }[] = [];
  for (const [from, to, trial] of periods) {
    if (trial === 1) {
      part.leftOut.trial++;
      continue;
    }
    const old = termsOf(revisionAt(phases, from, to) ?? subscription.plan_revision_id);
    const draft = drafted.get(`${subscription.product_id} ${old.plan.slug}`);
    const { compiled } = draft ?? old;
    if (compiled.currency !== old.compiled.currency || (row.periods > 0 && compiled.currency !== row.currency)) {
      part.leftOut.otherCurrency++;
      continue;
    }
    const period = { from, to, anchorAt: subscription.anchor_at };
    const summed = old.compiled.byOperation || compiled.byOperation ? undefined : sumOfMonths(months, period);
    const used = summed === undefined ? await usedByLedger(stage.query, subscription.id, period) : usedByMonths(summed);
    const after = compiled.bill(period, used.sums(compiled.byOperation ? (draft ?? old).plan.prices : null), compiled.byOperation);
    row.old = addMinor(row.old, old.compiled.bill(period, used.sums(old.compiled.byOperation ? old.plan.prices : null), old.compiled.byOperation));
    row.new = addMinor(row.new, after);
    row.periods++;
    row.plan = old.plan.slug;
    row.currency = compiled.currency;
    row.kept = draft === undefined;
    last = draft;
    replayed.push({ from, to, requests: Number(used.requests) });
    if (subscription.spend_cap !== null && draft && BigInt(after) >= scaleDecimal(subscription.spend_cap, compiled.minorPlaces)) capped++;
  }
  if (row.periods === 0) return;
  if (last && last.plan.limits.length > 0) {
    const { hits, unchecked } = await last.check(stage.query, subscription, replayed, stage.checks);
    row.hits = hits;
    part.leftOut.limitUnchecked += unchecked;
  }
  if (capped > 0) row.hits.push(['spend-cap', capped]);
  part.rows.push(row);
}

/** The plan in force at the end of the period decides, as it does for bills. */
function revisionAt(phases: PhaseRow[], from: number, to: number): string | undefined {
  for (let index = phases.length - 1; index >= 0; index--) {
    const phase = phases[index]!;
    if (phase.from_at < to && (phase.to_at === null || phase.to_at > from)) return phase.plan_revision_id;
  }
  return undefined;
}

/** Rows by subscription, asked for in the order in which they come. */
function inTurn<Row extends { subscription_id: string }>(rows: Row[]): (subscriptionId: string) => Row[] {
  let at = 0;
  return (subscriptionId) => {
    while (at < rows.length && rows[at]!.subscription_id < subscriptionId) at++;
    const start = at;
    while (at < rows.length && rows[at]!.subscription_id === subscriptionId) at++;
    return rows.slice(start, at);
  };
}

function readSubscriptions(query: Query, { productIds }: ReplayJob, { after, upTo }: ReplayRange): Promise<SubscriptionRow[]> {
  let rows = query.selectFrom('subscription').select(['id', 'consumer_id', 'product_id', 'plan_revision_id', 'anchor_at', 'spend_cap']).where('product_id', 'in', productIds);
  if (after !== null) rows = rows.where('id', '>', after);
  if (upTo !== null) rows = rows.where('id', '<=', upTo);
  return rows.orderBy('id').limit(atOnce).execute();
}

async function readPeriods(query: Query, { from, to, now }: ReplayJob, { first, last }: { first: string; last: string }): Promise<Map<string, Period[]>> {
  const rows = await query.selectFrom('billing_period').select(['subscription_id', sql<string>`string_agg('[' || from_at || ',' || to_at || ',' || (case kind when 'trial' then 1 else 0 end) || ']', ',')`.as('list')])
    .where('subscription_id', '>=', first).where('subscription_id', '<=', last).where('from_at', '>=', from).where('from_at', '<', to).where('to_at', '<=', now).groupBy('subscription_id').execute();
  return bySubscription<Period>(rows);
}

function readPhases(query: Query, { first, last }: { first: string; last: string }): Promise<PhaseRow[]> {
  return query.selectFrom('subscription_phase').select(['subscription_id', 'plan_revision_id', 'from_at', 'to_at']).where('subscription_id', '>=', first).where('subscription_id', '<=', last)
    .orderBy('subscription_id').orderBy('from_at').orderBy('id').execute();
}
