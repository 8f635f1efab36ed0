import { redirect } from 'react-router';
import type { PlanDetail } from '../../../control/services.ts';
import { flashCookie } from '../../flash.server.ts';
import { text, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { formatCount } from '../../ui/number.ts';

const words = texts.workspacePlans;

/** Announces a move of the plan's subscribers to its present prices, or takes one back. */
export async function actOnMoves({ form, services, member, params }: Page & { form: FormData }, { slug }: Pick<PlanDetail, 'slug'>): Promise<never> {
  const plan = { productSlug: params['product']!, planSlug: slug };
  const actor = await member();
  const said = text(form, 'intent') === 'withdraw-move'
    ? words.withdrawn(formatCount((await services.subscriptions.withdrawPrices(actor, { ...plan, revision: Number(text(form, 'revision')), at: Number(text(form, 'from')) })).withdrawn))
    : words.scheduled(formatCount((await services.subscriptions.schedulePrices(actor, { ...plan, subscriptionIds: 'all', at: Date.parse(`${text(form, 'at')}T00:00:00Z`) })).scheduled));
  throw redirect(`/workspace/products/${plan.productSlug}/plans/${slug}#moves`, { headers: { 'set-cookie': flashCookie(said) } });
}
