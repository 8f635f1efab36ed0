import type { InvoiceDetail, Party } from '../../control/services.ts';
import { countryName, listCountries } from '../../domain/country.ts';
import { text } from '../page.server.ts';

export function partyFrom(form: FormData): Party {
  return { name: text(form, 'name'), address: text(form, 'address'), country: text(form, 'country') || null, taxId: text(form, 'taxId') || null, email: text(form, 'email') || null };
}

/** The names of those that a document shows. */
export function countryNamesOf({ seller, buyer }: Pick<InvoiceDetail, 'seller' | 'buyer'>): Record<string, string> {
  return Object.fromEntries([seller.country, buyer.country].filter((code) => code !== null).map((code) => [code, countryName(code)]));
}

export { listCountries };
