// What billing's tests share: a product with plans, subscriptions with the phases and periods that their tests name, and the services.
import type { EventStore } from '../../events/event-store.ts';
import type { Database } from '../../store/database.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { addConsumer, admin, atlasDocument, openControl, type ControlUnderTest } from '../testkit.ts';
import { sumMonthsAnew } from '../subscriptions/sum-months-anew.ts';
import { createBilling } from './billing.ts';
import { createInvoices } from './invoices.ts';
import { runBilling } from './run-billing.ts';

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

export const billingPlans = `
      - { slug: free, name: Free, default: true, currency: usd }
      - { slug: ten, name: Ten, currency: usd, interval: month, fee: "10", prices: [ { meter: requests, model: unit, unitPrice: "0.01", included: 100 } ] }
      - { slug: usage, name: Usage, currency: usd, interval: month, prices: [ { meter: requests, model: unit, unitPrice: "0.10" }, { meter: tokens, model: package, packageSize: 100, packagePrice: "5" } ] }
      - { slug: bulk, name: Bulk, currency: usd, interval: month, prices: [ { meter: requests, model: volume, tiers: [ { upTo: 10, unitPrice: "1" }, { unitPrice: "0.5" } ] } ] }
      - { slug: yen, name: Yen, currency: jpy, interval: month, fee: "1000" }`;

export interface Subscribed { plan: string; periods: [from: string, to: string][]; /** Also ends the subscription. */ ended?: boolean }

export async function openBilling(database: Database, { events }: { events?: EventStore } = {}) {
  const control: ControlUnderTest = await openControl(database, events);
  const { deps, gateways } = control;
  const query = database.kysely;
  const ledger = { readUpTo: null as number | null, unread: [] as { segment: string; bytes: number; writtenAt: number }[], failing: null as string | null };
  /** Null: all that was ever written. */
  let readUpTo: number | null | undefined;
  const billingDeps = { ...deps, ingestStatus: async () => ({ lagBytes: 0, lagMs: 0, corruptRecords: 0, ledger: { ...ledger, readUpTo: readUpTo === undefined ? deps.clock.now() : readUpTo } }) };
  const text = `portal: { name: Atlas Developers }\nproducts:\n  - slug: atlas\n    name: Atlas API\n    upstream: http://127.0.0.1:4010\n    meters: [ { name: tokens, header: X-Tokens } ]\n    versions: [ { name: v1, openapi: atlas.yaml } ]\n    plans:${billingPlans}\n`;
  await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
  const parts = { rollPeriods: async () => 0 };
  return {
    ...control, deps: billingDeps, query, invoices: createInvoices(billingDeps, parts), billing: createBilling(billingDeps),
    at: (iso: string): void => control.advance(Date.parse(iso) - deps.clock.now()),
    run: () => runBilling(billingDeps, parts, { actor: { kind: 'system' }, everything: true }),
    /** As if the ledger had read no further than this; undefined: all. */
    readTo: (iso: string | null | undefined, more: Partial<typeof ledger> = {}): void => { readUpTo = typeof iso === 'string' ? Date.parse(iso) : iso; Object.assign(ledger, more); },
    consumer: (name: string) => addConsumer(deps, name),
    subscribe: (id: string, consumer: string, subscribed: Subscribed) => subscribe(database, id, consumer, subscribed),
    use: async (id: string, meter: string, quantity: string, hour: string, operation = 'getCity', mode: 'live' | 'test' = 'live') => {
      await query.insertInto('usage').values({ subscription_id: id, meter, operation, version: 'v1', mode, hour: Date.parse(hour), quantity })
        .onConflict((conflict) => conflict.columns(['subscription_id', 'meter', 'operation', 'version', 'mode', 'hour']).doUpdateSet({ quantity })).execute();
      const subscription = await query.selectFrom('subscription').select('anchor_at').where('id', '=', id).executeTakeFirst();
      await sumMonthsAnew(query, { subscriptionId: id, anchorAt: subscription?.anchor_at ?? 0 });
    },
    /** Each document as `number kind state total due: lines`. */
    documents: async () => {
      const { invoices } = await createInvoices(billingDeps, parts).list(admin, { sort: 'number' });
      const whole = await Promise.all(invoices.map(({ id }) => createInvoices(billingDeps, parts).get(admin, id)));
      return whole.map((invoice) => `${invoice.number ?? 'draft'} ${invoice.kind} ${invoice.state} ${invoice.total} open ${invoice.open}: ${invoice.lines.map((line) => `${line.kind}${line.meter === null ? '' : ` ${line.meter}`} ${line.amount}`).join(', ')}`);
    },
    periods: async () => (await query.selectFrom('billing_period').select(['subscription_id', 'from_at', 'state', 'invoice_id']).orderBy('subscription_id').orderBy('from_at').execute()).map((row) => `${row.subscription_id} ${new Date(row.from_at).toISOString().slice(0, 10)} ${row.state}${row.invoice_id === null ? '' : ' invoiced'}`),
  };
}

/** Of the product that was configured; periods have ended, except the last of a subscription that goes on. */
async function subscribe({ kysely: query }: Database, id: string, consumer: string, { plan, periods, ended = false }: Subscribed): Promise<void> {
  const { id: planId, product_id: productId, current_revision_id: revision } = await query.selectFrom('plan').select(['id', 'product_id', 'current_revision_id']).where('slug', '=', plan).executeTakeFirstOrThrow();
  const [from, to] = [Date.parse(periods[0]![0]), Date.parse(periods.at(-1)![1])];
  await query.insertInto('subscription').values({ id, consumer_id: consumer, product_id: productId, plan_id: planId, plan_revision_id: revision, state: ended ? 'ended' : 'active', anchor_at: from, created_at: from, ended_at: ended ? to : null }).execute();
  await query.insertInto('subscription_phase').values({ id: id.replace('sub', 'pha'), subscription_id: id, plan_revision_id: revision, from_at: from, to_at: ended ? to : null, reason: 'start' }).execute();
  for (const [index, [begin, end]] of periods.entries()) {
    await query.insertInto('billing_period').values({ id: `${id.replace('sub', 'per')}_${index + 1}`, subscription_id: id, kind: 'regular', from_at: Date.parse(begin), to_at: Date.parse(end), state: 'ended', invoice_id: null, billed_at: null }).execute();
  }
}
