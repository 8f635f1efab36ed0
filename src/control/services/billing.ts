import type { Actor } from './actor.ts';
import type { Party } from './invoices.ts';

/** How invoices are made. `finalise`: by the run at once, or by a member who has looked at the draft. */
export interface BillingSettings { seller: Party; /** Before each number. */ numberPrefix: string; dueDays: number; /** After the end of a period, for calls that began in it. */ graceMs: number; finalise: 'automatic' | 'by-hand' }
export interface TaxRate { /** ISO 3166-1 alpha-2, upper case. */ country: string; name: string; percent: string }
/** Whom invoices are made out to. `written` is false while nobody has entered anything: the account's name and its first developer's address stand then. */
export interface BillingAccount extends Party { consumerId: string; taxExempt: boolean; written: boolean }

export interface Billing {
  getSettings(actor: Actor): Promise<BillingSettings>;
  changeSettings(actor: Actor, input: { [Name in keyof BillingSettings]?: BillingSettings[Name] | undefined }): Promise<BillingSettings>;
  listTaxRates(actor: Actor): Promise<TaxRate[]>;
  /** Adds or changes the rate of a country. */
  setTaxRate(actor: Actor, input: TaxRate): Promise<void>;
  removeTaxRate(actor: Actor, input: { country: string }): Promise<void>;
  getAccount(actor: Actor, input: { consumerId?: string | undefined }): Promise<BillingAccount>;
  /** Only the producer says who is exempt. */
  changeAccount(actor: Actor, input: Party & { consumerId?: string | undefined; taxExempt?: boolean | undefined }): Promise<BillingAccount>;
}
