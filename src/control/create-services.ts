// Puts the services together: everything that control offers to the management API, the portal and the workspace.
import { createAccounts, type AccountParts } from './accounts/accounts.ts';
import { createAdoption } from './adoption/adoption.ts';
import { createAudit } from './audit/audit.ts';
import { createBilling } from './billing/billing.ts';
import { createRevenue } from './revenue/revenue.ts';
import { openBillingJob } from './billing/billing-job.ts';
import { createInvoices } from './billing/invoices.ts';
import { createConfiguration } from './configuration/configuration.ts';
import { createContent } from './content/content.ts';
import { createConsumers } from './consumers/consumers.ts';
import { createCoupons } from './coupons/coupons.ts';
import { createCredits } from './credits/credits.ts';
import type { ControlDeps } from './deps.ts';
import { createDocumentation } from './documentation/documentation.ts';
import { createFeedback } from './feedback/feedback.ts';
import { openBridge } from './gateways/bridge-server.ts';
import type { Gateways } from './gateways/gateways.ts';
import { createKeys } from './keys/keys.ts';
import { createLearn } from './learn/learn.ts';
import { openMailbox } from './mail/mailbox.ts';
import { openNotices } from './notices/notices.ts';
import { createOperations } from './operations/operations.ts';
import { openPayments } from './payments/payments.ts';
import { createPlans } from './plans/plans.ts';
import { createProducts } from './products/products.ts';
import { createReference } from './products/reference.ts';
import { createRequests } from './requests/requests.ts';
import { createOperationLists } from './versions/operation-lists.ts';
import { createSearch } from './search/search.ts';
import type { Services } from './services.ts';
import { createSimulator } from './simulator/simulator.ts';
import { createSubscriptions } from './subscriptions/subscriptions.ts';
import { openPeriodRoller, rollPeriods } from './subscriptions/roll-periods.ts';
import { readOnlyWhileViewing } from './viewing/read-only.ts';
import { createViewing } from './viewing/viewing.ts';
import { createTokens } from './tokens/tokens.ts';
import { createUpgradeCases } from './upgrade-cases/upgrade-cases.ts';
import { createUsage } from './usage/usage.ts';
import { splitStoredDocuments } from './versions/document-parts.ts';

export interface OpenServices extends Services {
  gateways: Gateways;
  /** Ends the bridge and the mailbox; stores are their opener's to close. */
  close(): Promise<void>;
}

/** Opens the bridge: gateways may connect from now on, and get the configuration as the store holds it. */
export async function createServices(deps: ControlDeps, bridge: { bridgePath: string; bridgeToken: string }, { passwordHash }: Pick<AccountParts, 'passwordHash'> = {}): Promise<OpenServices> {
  await splitStoredDocuments(deps.database);
  const gateways = await openBridge(deps, { path: bridge.bridgePath, token: bridge.bridgeToken });
  const mailbox = openMailbox(deps);
  const configuration = createConfiguration(deps, gateways);
  const keys = createKeys(deps, gateways);
  const operationLists = createOperationLists(deps.database.kysely);
  const search = createSearch(deps, gateways);
  const documentation = createDocumentation(deps, gateways);
  const tokens = createTokens(deps, gateways);
  const parts = { mailbox, portalName: async () => (await configuration.portal()).name, credentialsChanged: () => gateways.credentialsChanged() };
  const plans = createPlans(deps, gateways, parts);
  const notices = openNotices(deps, parts);
  const periods = openPeriodRoller(deps, gateways);
  const billingParts = { rollPeriods: () => rollPeriods(deps, gateways) };
  const collecting = await openPayments(deps);
  const billingJob = openBillingJob(deps, billingParts);
  const subscriptions = createSubscriptions(deps, gateways, plans);
  const nouns: Services = {
    accounts: createAccounts(deps, { ...parts, ...(passwordHash && { passwordHash }) }),
    products: createProducts(deps, gateways, parts, operationLists),
    reference: createReference(deps, operationLists),
    plans,
    consumers: createConsumers(deps, { ...parts, keys, plans }),
    keys,
    tokens,
    usage: createUsage(deps),
    invoices: createInvoices(deps, billingParts),
    payments: collecting.payments,
    billing: createBilling(deps),
    revenue: createRevenue(deps),
    requests: createRequests(deps, gateways),
    notices,
    adoption: createAdoption(deps),
    configuration,
    content: createContent(deps),
    audit: createAudit(deps),
    viewing: createViewing(deps),
    operations: createOperations(deps, gateways),
    mail: mailbox,
    search,
    documentation,
    feedback: createFeedback(deps),
    learn: createLearn(deps, gateways),
    credits: createCredits(deps),
    coupons: createCoupons(deps),
    subscriptions,
    simulator: createSimulator(deps, { plans, subscriptions }),
    upgradeCases: createUpgradeCases(deps, gateways),
  };
  return {
    ...readOnlyWhileViewing(nouns),
    gateways,
    close: async () => {
      await periods.close();
      await billingJob.close();
      await collecting.close();
      await notices.close();
      await documentation.close();
      await search.close();
      await tokens.close();
      await gateways.close();
      await mailbox.close();
    },
  };
}
