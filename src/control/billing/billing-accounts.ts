// Whom a consumer's invoices are made out to.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { consumerOf } from '../rights.ts';
import type { Actor, Billing, BillingAccount, Party } from '../services.ts';
import { checkedParty, invalid } from './billing-settings.ts';

/** What was entered, else the account's name and its first developer's address. @throws AppError `not_found` */
export async function getBillingAccount(query: Query, consumerId: string): Promise<BillingAccount> {
  const consumer = await query.selectFrom('consumer').select(['name']).where('id', '=', consumerId).executeTakeFirst();
  if (!consumer) throw new AppError('not_found', `There is no consumer ${consumerId}.`);
  const row = await query.selectFrom('billing_account').select(['name', 'address', 'country', 'email', 'tax_id', 'tax_exempt']).where('consumer_id', '=', consumerId).executeTakeFirst();
  if (row) return { consumerId, name: row.name, address: row.address, country: row.country, email: row.email, taxId: row.tax_id, taxExempt: row.tax_exempt === 1, written: true };
  const developer = await query.selectFrom('developer').select('email').where('consumer_id', '=', consumerId).where('removed_at', 'is', null).orderBy('created_at').orderBy('id').executeTakeFirst();
  return { consumerId, name: consumer.name, address: '', country: null, email: developer?.email ?? null, taxId: null, taxExempt: false, written: false };
}

export async function changeBillingAccount(deps: Pick<ControlDeps, 'database' | 'clock' | 'random'>, actor: Actor, input: Parameters<Billing['changeAccount']>[1]): Promise<BillingAccount> {
  const consumerId = consumerOf(actor, input.consumerId, 'billing.change');
  if (actor.kind === 'developer' && input.taxExempt !== undefined) throw new AppError('role_forbids', 'Who is exempt from tax is for the producer to say.');
  const party = checkedParty(input);
  if (party.name === '') throw invalid('/name', 'Write to whom invoices are made out.');
  return deps.database.transaction(async (query) => {
    const before = await getBillingAccount(query, consumerId);
    const after: BillingAccount = { ...party, consumerId, taxExempt: input.taxExempt ?? before.taxExempt, written: true };
    if (JSON.stringify(audited(after)) === JSON.stringify(audited(before)) && before.written) return before;
    const columns = { name: after.name, address: after.address, country: after.country, email: after.email, tax_id: after.taxId, tax_exempt: after.taxExempt ? 1 as const : 0 as const, updated_at: deps.clock.now() };
    await query.insertInto('billing_account').values({ consumer_id: consumerId, ...columns }).onConflict((conflict) => conflict.column('consumer_id').doUpdateSet(columns)).execute();
    await recordAudit(query, deps, actor, { action: 'changed', noun: 'billing account', subject: consumerId, name: after.name, before: before.written ? audited(before) : null, after: audited(after) });
    return after;
  });
}

export function partyOf({ name, address, country, taxId, email }: Party): Party {
  return { name, address, country, taxId, email };
}

function audited(account: BillingAccount): Record<string, unknown> {
  return { ...partyOf(account), taxExempt: account.taxExempt };
}
