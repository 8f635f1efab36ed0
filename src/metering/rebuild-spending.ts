// What a spend cap has counted before a restart: the ledger of the present period, and the spool behind it.
import type { SpoolRecord } from '../domain/request-event.ts';
import type { Query } from '../store/database.ts';
import { addQuantities } from './decimal.ts';
import { summarize } from './summarize.ts';

interface Spending { subscriptionId: string; from: number; rows: { meter: string; operation: string; quantity: string }[] }

/** Of every subscription with a cap, in the caller's transaction. */
export async function readSpending(query: Query): Promise<Spending[]> {
  const capped = await query.selectFrom('subscription').innerJoin('billing_period', 'billing_period.subscription_id', 'subscription.id').select(['subscription.id', 'billing_period.from_at'])
    .where('subscription.spend_cap', 'is not', null).where('subscription.state', '=', 'active').where('billing_period.state', '=', 'open').execute();
  const spending: Spending[] = [];
  for (const { id, from_at: from } of capped) {
    const rows = await query.selectFrom('usage').select(['meter', 'operation', 'quantity']).where('subscription_id', '=', id).where('mode', '=', 'live').where('hour', '>=', Number(from)).execute();
    spending.push({ subscriptionId: id, from: Number(from), rows });
  }
  return spending;
}

export class SpendingSums {
  readonly #sums = new Map<string, { from: number; rows: Map<string, Spending['rows'][number]> }>();

  constructor(ledger: Spending[]) {
    for (const { subscriptionId, from, rows } of ledger) {
      this.#sums.set(subscriptionId, { from, rows: new Map() });
      for (const row of rows) this.#addRow(subscriptionId, row);
    }
  }

  /** A record that the ledger has not read yet. */
  add(record: SpoolRecord): void {
    if (record.kind === 'refusals' || record.mode !== 'live' || record.subscriptionId === null) return;
    const sums = this.#sums.get(record.subscriptionId);
    if (sums === undefined || record.at < sums.from) return;
    for (const row of summarize([record]).usage) this.#addRow(record.subscriptionId, row);
  }

  list(): Spending[] {
    return [...this.#sums].map(([subscriptionId, { from, rows }]) => ({ subscriptionId, from, rows: [...rows.values()] }));
  }

  #addRow(subscriptionId: string, { meter, operation, quantity }: Spending['rows'][number]): void {
    const { rows } = this.#sums.get(subscriptionId)!;
    const name = `${meter}\n${operation}`;
    const present = rows.get(name);
    if (present) present.quantity = addQuantities(present.quantity, quantity);
    else rows.set(name, { meter, operation, quantity });
  }
}
