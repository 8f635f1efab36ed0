import { sql } from 'kysely';
import type { Query } from '../store/database.ts';

export interface IntegrationDepth {
  /** Operations by nearest rank over consumers and products with any; null without one. */
  median: number | null;
  /** Share of the product's tags that they reach, the mean over the same; null where no document has tags. */
  tagShare: number | null;
  /** Consumers by how many operations they use. */
  distribution: { from: number; to: number | null; consumers: number }[];
}

const daysMs = 30 * 86_400_000;
const successesMin = 3;
const daysMin = 2;
const pairsMax = 20_000;
const bands = [[1, 1], [2, 3], [4, 7], [8, 15], [16, null]] as const;

/** Operations (one across versions) that a consumer used with at least 3 live successes on at least 2 UTC days of the 30 before `to`. */
export async function integrationDepth(query: Query, { productId, to }: { productId?: string | undefined; to: number }): Promise<IntegrationDepth> {
  let rows = query
    .selectFrom('usage')
    .innerJoin('subscription', 'subscription.id', 'usage.subscription_id')
    .select(['subscription.consumer_id', 'subscription.product_id', 'usage.operation'])
    .where('usage.meter', '=', 'successes').where('usage.mode', '=', 'live')
    .where('usage.hour', '>=', Math.floor((to - daysMs) / 3_600_000) * 3_600_000).where('usage.hour', '<', to);
  if (productId !== undefined) rows = rows.where('subscription.product_id', '=', productId);
  const used = await rows.groupBy(['subscription.consumer_id', 'subscription.product_id', 'usage.operation'])
    .having(sql`sum(cast(usage.quantity as bigint))`, '>=', successesMin)
    .having(sql`count(distinct usage.hour / 86400000)`, '>=', daysMin)
    .limit(pairsMax).execute();
  const pairs = [...Map.groupBy(used, (row) => `${row.consumer_id} ${row.product_id}`).values()];
  if (pairs.length === 0) return { median: null, tagShare: null, distribution: [] };
  const depths = pairs.map((pair) => pair.length).sort((a, b) => a - b);
  return {
    median: depths[Math.max(0, Math.ceil(depths.length / 2) - 1)]!,
    tagShare: await meanTagShare(query, pairs),
    distribution: bands.map(([from, upTo]) => ({ from, to: upTo, consumers: depths.filter((depth) => depth >= from && (upTo === null || depth <= upTo)).length })),
  };
}

async function meanTagShare(query: Query, pairs: { product_id: string; operation: string }[][]): Promise<number | null> {
  const products = [...new Set(pairs.map((pair) => pair[0]!.product_id))];
  const rows = await query.selectFrom('operation').innerJoin('version', 'version.id', 'operation.version_id').select(['version.product_id', 'operation.operation', 'operation.tag']).distinct()
    .where('version.product_id', 'in', products).where('version.status', '!=', 'draft').where('operation.tag', 'is not', null).execute();
  const tagsOf = new Map([...Map.groupBy(rows, (row) => row.product_id)].map(([id, group]) => [id, new Map(group.map((row) => [row.operation, row.tag!]))]));
  const shares = pairs.flatMap((pair) => {
    const tags = tagsOf.get(pair[0]!.product_id);
    return tags ? [new Set(pair.flatMap(({ operation }) => tags.get(operation) ?? [])).size / new Set(tags.values()).size] : [];
  });
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
