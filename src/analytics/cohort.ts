import type { Query } from '../store/database.ts';

export interface CohortFilter {
  /** Only consumers with a subscription to this product, ended or not. */
  productId?: string | undefined;
  /** Sign-up in [from, to), ms UTC. */
  from: number;
  to: number;
}

/**
 * Consumers that signed up by themselves in the period. Consumers that the producer made or imported, and those of
 * which a member is a developer, are not among them: they tell nothing about how newcomers fare.
 */
export function cohort(query: Query, { productId, from, to }: CohortFilter) {
  let consumers = query
    .selectFrom('consumer')
    .where('consumer.origin', '=', 'sign-up')
    .where('consumer.created_at', '>=', from)
    .where('consumer.created_at', '<', to)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('developer').innerJoin('member', 'member.user_id', 'developer.user_id').select('developer.id').whereRef('developer.consumer_id', '=', 'consumer.id'))));
  if (productId !== undefined) consumers = consumers.where((eb) => eb.exists(eb.selectFrom('subscription').select('subscription.id').whereRef('subscription.consumer_id', '=', 'consumer.id').where('subscription.product_id', '=', productId)));
  return consumers;
}
