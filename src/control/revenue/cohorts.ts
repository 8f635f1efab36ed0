// Free to paid, by the month of the sign-up.
import type { Query } from '../../store/database.ts';
import type { RevenueCohort } from '../services.ts';
import type { RevenueInput, RevenueRead } from './contracted.ts';

const dayMs = 86_400_000;

/** Accounts that signed up themselves or accepted an invitation; with a product, those that ever had a subscription of it. */
export async function readCohorts(query: Query, { productId, bounds, at, firstPaid }: RevenueInput & Pick<RevenueRead, 'firstPaid'>): Promise<RevenueCohort[]> {
  let rows = query.selectFrom('consumer').select(['consumer.id', 'consumer.created_at']).where('consumer.created_at', '>=', bounds[0]!).where('consumer.created_at', '<', bounds.at(-1)!).where('consumer.origin', 'in', ['sign-up', 'invitation']);
  if (productId !== undefined) rows = rows.where('consumer.id', 'in', query.selectFrom('subscription').select('subscription.consumer_id').where('subscription.product_id', '=', productId));
  const consumers = await rows.execute();
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1]!;
    const members = consumers.filter(({ created_at: created }) => created >= from && created < to);
    const within = (days: number): number | null => (members.some(({ created_at: created }) => created + days * dayMs > at) || to > at ? null : members.filter(({ id, created_at: created }) => (firstPaid.get(id) ?? Infinity) <= created + days * dayMs).length);
    return { from, to, signUps: members.length, within30: within(30), within90: within(90), ever: members.filter(({ id }) => firstPaid.has(id)).length };
  });
}
