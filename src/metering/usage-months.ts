// What a batch adds to the ledger enters; the sums by billing month follow, in the same transaction.
import { addSums, monthRows, sumMonths, type MonthSums } from '../domain/usage-month.ts';
import type { Query } from '../store/database.ts';
import type { UsageAddition } from './summarize.ts';

const subscriptionsAtOnce = 500;
const monthsAtOnce = 200;

/** The anchor is read in this transaction: whoever moves it sums the subscription's months anew in theirs. */
export async function addUsageMonths(query: Query, additions: readonly UsageAddition[]): Promise<void> {
  const bySubscription = Map.groupBy(additions.filter(({ mode }) => mode === 'live'), (row) => row.subscription_id);
  const anchors = await readAnchors(query, [...bySubscription.keys()]);
  const added = [...bySubscription].flatMap(([id, rows]) => [...sumMonths(rows, anchors.get(id) ?? 0)].map(([from, sums]) => ({ id, from, sums })));
  for (let start = 0; start < added.length; start += monthsAtOnce) await addMonths(query, added.slice(start, start + monthsAtOnce));
}

async function addMonths(query: Query, added: readonly { id: string; from: number; sums: MonthSums }[]): Promise<void> {
  const present = await query.selectFrom('usage_month').select(['subscription_id', 'from_at', 'sums']).where((row) => row.or(added.map(({ id, from }) => row.and({ subscription_id: id, from_at: from })))).execute();
  const sumsOf = new Map(present.map((row) => [`${row.subscription_id} ${row.from_at}`, row.sums]));
  const rows = added.flatMap(({ id, from, sums }) => {
    const before = sumsOf.get(`${id} ${from}`);
    return monthRows(id, new Map([[from, before === undefined ? sums : addSums(JSON.parse(before) as MonthSums, sums)]]));
  });
  await query.insertInto('usage_month').values(rows).onConflict((conflict) => conflict.columns(['subscription_id', 'from_at']).doUpdateSet((row) => ({ sums: row.ref('excluded.sums') }))).execute();
}

async function readAnchors(query: Query, ids: string[]): Promise<Map<string, number>> {
  const anchors = new Map<string, number>();
  for (let start = 0; start < ids.length; start += subscriptionsAtOnce) {
    for (const { id, anchor_at: anchor } of await query.selectFrom('subscription').select(['id', 'anchor_at']).where('id', 'in', ids.slice(start, start + subscriptionsAtOnce)).execute()) anchors.set(id, anchor);
  }
  return anchors;
}
