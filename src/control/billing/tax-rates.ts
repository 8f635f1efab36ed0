import { countryName, isCountry } from '../../domain/country.ts';
import { percentPlaces } from '../../domain/pricing/tax.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, BillingAccount, TaxRate } from '../services.ts';
import { invalid } from './billing-settings.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

export async function listTaxRates(query: Query): Promise<TaxRate[]> {
  return query.selectFrom('tax_rate').select(['country', 'name', 'percent']).orderBy('country').execute();
}

/** What an invoice to this account is taxed with; null where nothing is set for its country, or where it is exempt. */
export async function findTaxFor(query: Query, { country, taxExempt }: Pick<BillingAccount, 'country' | 'taxExempt'>): Promise<Pick<TaxRate, 'name' | 'percent'> | null> {
  if (taxExempt || country === null) return null;
  return (await query.selectFrom('tax_rate').select(['name', 'percent']).where('country', '=', country).executeTakeFirst()) ?? null;
}

export async function setTaxRate(deps: Deps, actor: Actor, input: TaxRate): Promise<void> {
  requireRight(actor, 'billing.change');
  const rate: TaxRate = { country: input.country.trim().toUpperCase(), name: input.name.trim(), percent: input.percent.trim() };
  if (!isCountry(rate.country)) throw invalid('/country', `"${rate.country}" is no country. Give two letters of ISO 3166-1, such as DE.`);
  if (rate.name === '' || rate.name.length > 40) throw invalid('/name', 'The name of a tax takes 1 to 40 characters, such as VAT.');
  if (!new RegExp(`^\\d{1,3}(\\.\\d{1,${percentPlaces}})?$`).test(rate.percent) || Number(rate.percent) > 100) throw invalid('/percent', `The rate must be a percentage from 0 to 100 with at most ${percentPlaces} places, such as 19 or 7.7.`);
  await deps.database.transaction(async (query) => {
    const before = await query.selectFrom('tax_rate').select(['country', 'name', 'percent']).where('country', '=', rate.country).executeTakeFirst();
    if (before && before.name === rate.name && before.percent === rate.percent) return;
    await query.insertInto('tax_rate').values(rate).onConflict((conflict) => conflict.column('country').doUpdateSet({ name: rate.name, percent: rate.percent })).execute();
    await recordAudit(query, deps, actor, { action: before ? 'changed' : 'created', noun: 'tax rate', subject: rate.country, name: countryName(rate.country), before: before ?? null, after: { ...rate } });
  });
}

export async function removeTaxRate(deps: Deps, actor: Actor, { country }: { country: string }): Promise<void> {
  requireRight(actor, 'billing.change');
  await deps.database.transaction(async (query) => {
    const before = await query.selectFrom('tax_rate').select(['country', 'name', 'percent']).where('country', '=', country).executeTakeFirst();
    if (!before) return;
    await query.deleteFrom('tax_rate').where('country', '=', country).execute();
    await recordAudit(query, deps, actor, { action: 'removed', noun: 'tax rate', subject: country, name: countryName(country), before, after: null });
  });
}
