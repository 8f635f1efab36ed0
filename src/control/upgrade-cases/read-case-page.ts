import { nextPeriod } from '../../domain/billing-period.ts';
import type { PlanConfig } from '../../domain/config.ts';
import { addDecimals, compareDecimals } from '../../domain/decimal.ts';
import { atPace } from '../../domain/pricing/forecast.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { windowAt } from '../../domain/window.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';
import type { UpgradeCase, UpgradeCasePage } from '../services.ts';
import { isUpgrade } from '../subscriptions/compare-fees.ts';
import { ownSubscription, type OwnSubscription } from '../subscriptions/own-subscription.ts';
import { estimate } from '../subscriptions/running-bill.ts';
import type { CaseRow } from './upgrade-cases.ts';

const hourMs = 3_600_000;
const paceMs = 30 * 24 * hourMs;
const operationsShown = 20;

/** The last 30 days of one subscription, or as long as there is one, and what its pace costs on each plan. */
export async function readCasePage(query: Query, upgradeCase: UpgradeCase, row: CaseRow, now: number): Promise<UpgradeCasePage> {
  const subscription = await ownSubscription(query, { kind: 'system' }, row.subscription_id, 'workspace.read');
  const { scheduled_plan_id: scheduledPlan } = await query.selectFrom('subscription').select('scheduled_plan_id').where('id', '=', subscription.id).executeTakeFirstOrThrow();
  const { began } = await query.selectFrom('subscription_phase').select((eb) => eb.fn.min('from_at').as('began')).where('subscription_id', '=', subscription.id).executeTakeFirstOrThrow();
  const since = Math.floor(Math.max(now - paceMs, Math.min(Number(began), now - hourMs)) / hourMs) * hourMs;
  const usage = await readPeriodUsage(query, { subscriptionId: subscription.id, from: since, to: now });
  const sumOf = (meter: string): string => usage.filter((one) => one.meter === meter).reduce((sum, { quantity }) => addDecimals(sum, quantity), '0');
  const calls = sumOf('requests');
  const called = usage.filter(({ meter, operation }) => meter === 'requests' && operation !== '').sort((a, b) => compareDecimals(b.quantity, a.quantity));
  return {
    state: upgradeCase.state === 'approved' ? 'approved' : 'open', createdBy: upgradeCase.createdBy, createdAt: upgradeCase.createdAt, expiresAt: upgradeCase.expiresAt, message: upgradeCase.message, approvedBy: upgradeCase.approvedBy, approvedAt: upgradeCase.approvedAt,
    consumerName: row.consumer_name, productSlug: subscription.productSlug, productName: subscription.productName, planName: subscription.terms.name,
    since, calls, successShare: calls === '0' ? null : Number(sumOf('successes')) / Number(calls),
    operations: await nameOperations(query, subscription.productId, called.slice(0, operationsShown)), operationCount: called.length,
    plans: await estimatePlans(query, subscription, { usage, since, now }),
    scheduledPlan: scheduledPlan === null ? null : (await query.selectFrom('plan').select('name').where('id', '=', scheduledPlan).executeTakeFirst())?.name ?? null,
  };
}

async function nameOperations(query: Query, productId: string, called: OperationQuantity[]): Promise<UpgradeCasePage['operations']> {
  if (called.length === 0) return [];
  const rows = await query.selectFrom('operation').innerJoin('version', 'version.id', 'operation.version_id').select(['operation.operation', 'operation.summary', 'operation.method', 'operation.path'])
    .where('version.product_id', '=', productId).where('version.status', '!=', 'draft').where('operation.operation', 'in', called.map(({ operation }) => operation)).orderBy('version.position').execute();
  const known = new Map(rows.map((row) => [row.operation, row]));
  return called.map(({ operation, quantity }) => ({ id: operation, title: known.get(operation)?.summary || operation, method: known.get(operation)?.method ?? null, path: known.get(operation)?.path ?? null, calls: quantity }));
}

async function estimatePlans(query: Query, subscription: OwnSubscription, pace: { usage: OperationQuantity[]; since: number; now: number }): Promise<UpgradeCasePage['plans']> {
  const rows = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id').select(['plan.id', 'plan.access', 'plan_revision.config'])
    .where('plan.product_id', '=', subscription.productId).where('plan.archived_at', 'is', null).where((eb) => eb.or([eb('plan.access', '!=', 'private'), eb('plan.id', '=', subscription.planId)])).orderBy('plan.position').orderBy('plan.id').execute();
  const begins = await findBeginning(query, subscription, pace.now);
  return rows.map(({ id, access, config }) => {
    const present = id === subscription.planId;
    const plan = present ? subscription.terms : (JSON.parse(config) as PlanConfig);
    const choice = present || !isUpgrade(plan, subscription.terms) ? 'none' : access === 'public' ? 'upgrade' : 'approval';
    return { slug: plan.slug, name: plan.name, present, choice, interval: plan.interval ?? 'month', bill: wholePeriod(plan, { anchorAt: subscription.anchorAt, begins: begins[plan.interval ?? 'month'] }, pace) };
  });
}

/** Of the period that holds this moment, by the length that it would have; in a trial, of the first after it. */
async function findBeginning(query: Query, subscription: OwnSubscription, now: number): Promise<Record<'month' | 'year', number>> {
  const open = await query.selectFrom('billing_period').select(['kind', 'from_at', 'to_at']).where('subscription_id', '=', subscription.id).where('state', '=', 'open').executeTakeFirst();
  const month = windowAt('period', Math.max(now, subscription.anchorAt), subscription.anchorAt).from;
  const isWithinYear = open !== undefined && open.kind === 'regular' && open.to_at > now && open.to_at === nextPeriod(subscription.anchorAt, 'year', open.from_at).to;
  return { month, year: isWithinYear ? open.from_at : month };
}

function wholePeriod(plan: PlanConfig, { anchorAt, begins }: { anchorAt: number; begins: number }, { usage, since, now }: { usage: OperationQuantity[]; since: number; now: number }): UpgradeCasePage['plans'][number]['bill'] {
  const { from, to } = nextPeriod(anchorAt, plan.interval ?? 'month', begins);
  const forecast = new Map([...meterQuantities(usage, plan.prices)].map(([meter, quantity]) => [meter, atPace(quantity, { passed: now - since, length: to - from })]));
  return estimate({ period: { kind: 'regular', from, to, anchorAt }, held: [] }, [{ plan, from, to: null }], forecast);
}
