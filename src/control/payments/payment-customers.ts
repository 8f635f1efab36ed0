// Who pays at the provider, and how.
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { getBillingAccount } from '../billing/billing-accounts.ts';
import { listAttempts, provider, type PaymentDeps } from './payment-rows.ts';

/** The provider's name of the consumer; it is told of them when they first enter how to pay. */
export async function ensureCustomer({ database, clock, collecting }: PaymentDeps, consumerId: string): Promise<string> {
  const query = database.kysely;
  const find = async (): Promise<string | undefined> => (await query.selectFrom('payment_customer').select('reference').where('consumer_id', '=', consumerId).where('provider', '=', provider).executeTakeFirst())?.reference;
  const known = await find();
  if (known !== undefined) return known;
  const { name, email } = await getBillingAccount(query, consumerId);
  const { reference } = await collecting.createCustomer({ consumerId, name, email });
  await query.insertInto('payment_customer').values({ consumer_id: consumerId, provider, reference, method: null, updated_at: clock.now() }).onConflict((conflict) => conflict.columns(['consumer_id', 'provider']).doNothing()).execute();
  return (await find())!;
}

/** Asks the provider how this customer pays now. A method that is new is tried on what was declined. Nothing for a customer that is not Portico's. */
export async function refreshMethod(deps: PaymentDeps, reference: string): Promise<void> {
  const find = (query: Query) => query.selectFrom('payment_customer').select(['consumer_id', 'method', 'method_label']).where('provider', '=', provider).where('reference', '=', reference).executeTakeFirst();
  if (!(await find(deps.database.kysely))) return;
  const method = await deps.collecting.findMethod(reference);
  await deps.database.transaction(async (query) => {
    const before = await find(query);
    if (!before || (before.method === (method?.reference ?? null) && before.method_label === (method?.label ?? null))) return;
    const now = deps.clock.now();
    await query.updateTable('payment_customer').set({ method: method?.reference ?? null, method_label: method?.label ?? null, updated_at: now }).where('provider', '=', provider).where('reference', '=', reference).execute();
    const consumer = await query.selectFrom('consumer').select('name').where('id', '=', before.consumer_id).executeTakeFirstOrThrow();
    await recordAudit(query, deps, { kind: 'system' }, { action: method ? 'saved' : 'removed', noun: 'payment method', subject: before.consumer_id, name: consumer.name, before: before.method_label === null ? null : { method: before.method_label }, after: method && { method: method.label } });
    await recordActivity(query, deps, { consumerId: before.consumer_id, actor: 'system', kind: method ? 'payment-method.saved' : 'payment-method.removed', subject: before.consumer_id, detail: { method: method?.label ?? before.method_label } });
    if (method && method.reference !== before.method) await tryAgain(query, before.consumer_id, now);
  });
}

async function tryAgain(query: Query, consumerId: string, now: number): Promise<void> {
  const invoices = await query.selectFrom('invoice').select('id').where('consumer_id', '=', consumerId).where('state', '=', 'finalised').where('payment_state', 'in', ['failed', 'uncollectible']).execute();
  for (const { id } of invoices) await bringForward(query, id, now);
}

/** The last attempt that was declined is repeated now, whatever its schedule. Answers whether there was one. */
export async function bringForward(query: Query, invoiceId: string, now: number): Promise<boolean> {
  const last = (await listAttempts(query, invoiceId)).findLast(({ state }) => state === 'failed');
  if (last) await query.updateTable('payment').set({ next_attempt_at: now }).where('id', '=', last.id).execute();
  return last !== undefined;
}
