import type { PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { isPaid } from '../subscriptions/compare-fees.ts';
import { provider } from './payment-rows.ts';

/**
 * Asks for a way to pay before a consumer takes a plan that costs money, where a provider collects. Not for plans without a price, nor for the plan that
 * they have.
 * @throws AppError `payment_method_missing`
 */
export async function requirePaymentMethod({ config }: Pick<ControlDeps, 'config'>, query: Query, { consumerId, productId, planSlug }: { consumerId: string; productId: string; planSlug: string | undefined }): Promise<void> {
  if (config.stripe === null || planSlug === undefined) return;
  const plan = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id').select(['plan.id', 'plan.name', 'plan_revision.config']).where('plan.product_id', '=', productId).where('plan.slug', '=', planSlug).executeTakeFirst();
  if (!plan || !isPaid(JSON.parse(plan.config) as PlanConfig)) return;
  const present = await query.selectFrom('subscription').select('plan_id').where('consumer_id', '=', consumerId).where('product_id', '=', productId).where('state', '!=', 'ended').executeTakeFirst();
  if (present?.plan_id === plan.id) return;
  const payer = await query.selectFrom('payment_customer').select('method').where('consumer_id', '=', consumerId).where('provider', '=', provider).executeTakeFirst();
  if ((payer?.method ?? null) === null) throw new AppError('payment_method_missing', `${plan.name} costs money. Enter a payment method first, under Payment on the dashboard.`);
}
