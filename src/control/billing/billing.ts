import type { ControlDeps } from '../deps.ts';
import { consumerOf, requireRight } from '../rights.ts';
import type { Billing } from '../services.ts';
import { changeBillingAccount, getBillingAccount } from './billing-accounts.ts';
import { changeBillingSettings, readBillingSettings } from './billing-settings.ts';
import { listTaxRates, removeTaxRate, setTaxRate } from './tax-rates.ts';

export function createBilling(deps: Pick<ControlDeps, 'database' | 'clock' | 'random'>): Billing {
  const { kysely } = deps.database;
  return {
    async getSettings(actor) {
      requireRight(actor, 'workspace.read');
      return readBillingSettings(kysely);
    },
    changeSettings: (actor, input) => changeBillingSettings(deps, actor, input),
    async listTaxRates(actor) {
      requireRight(actor, 'workspace.read');
      return listTaxRates(kysely);
    },
    setTaxRate: (actor, input) => setTaxRate(deps, actor, input),
    removeTaxRate: (actor, input) => removeTaxRate(deps, actor, input),
    async getAccount(actor, input) {
      return getBillingAccount(kysely, consumerOf(actor, input.consumerId, 'workspace.read'));
    },
    changeAccount: (actor, input) => changeBillingAccount(deps, actor, input),
  };
}
