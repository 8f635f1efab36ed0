import type { Database } from '../../store/database.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { createPlans } from '../plans/plans.ts';
import { addConsumer, admin, atlasDocument, openControl, type ControlUnderTest } from '../testkit.ts';
import { rollPeriods } from './roll-periods.ts';

export const dayMs = 86_400_000;

/** Plans of one product in every price, and a consumer, Ada, who has none of them yet. */
export async function openSubscriptions(database: Database, plans = standardPlans) {
  const control = await openControl(database);
  await applyPlans(control, plans);
  const query = control.deps.database.kysely;
  const at = (iso: string): void => control.advance(Date.parse(iso) - control.deps.clock.now());
  return {
    ...control, query, at, plans: createPlans(control.deps, control.gateways, control.letters), ada: await addConsumer(control.deps, 'ada'),
    roll: () => rollPeriods(control.deps, control.gateways),
    periods: async (id: string) => (await query.selectFrom('billing_period').selectAll().where('subscription_id', '=', id).orderBy('from_at').execute()).map((row) => `${row.kind} ${day(row.from_at)}..${day(row.to_at)} ${row.state}`),
    phases: async (id: string) => (await query.selectFrom('subscription_phase').innerJoin('plan_revision', 'plan_revision.id', 'subscription_phase.plan_revision_id').innerJoin('plan', 'plan.id', 'plan_revision.plan_id')
      .select(['plan.slug', 'plan_revision.number', 'from_at', 'to_at', 'reason']).where('subscription_id', '=', id).orderBy('from_at').execute()).map((row) => `${row.slug}.${row.number} ${day(row.from_at)}..${row.to_at === null ? '' : day(row.to_at)} ${row.reason}`),
    subscription: async (id: string) => query.selectFrom('subscription').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    /** Live usage in the ledger. */
    use: async (id: string, meter: string, quantity: string, hour: string, operation = 'getCity') => { await query.insertInto('usage').values({ subscription_id: id, meter, operation, version: 'v1', mode: 'live', hour: Date.parse(hour), quantity }).execute(); },
  };
}

export const standardPlans = `
      - { slug: free, name: Free, default: true, currency: usd }
      - { slug: ten, name: Ten, currency: usd, interval: month, fee: "10", prices: [ { meter: requests, model: unit, unitPrice: "0.01", included: 100 } ] }
      - { slug: twenty, name: Twenty, currency: usd, interval: month, fee: "20", prices: [ { meter: requests, model: unit, unitPrice: "0.02", included: 100 } ] }
      - { slug: yearly, name: Yearly, currency: usd, interval: year, fee: "240" }
      - { slug: trial, name: Trial, currency: usd, interval: month, fee: "30", trialDays: 14 }
      - { slug: yen, name: Yen, currency: jpy, interval: month, fee: "5000" }
      - { slug: partner, name: Partner, currency: usd, access: approval, interval: month, fee: "5" }
`;

export async function applyPlans({ deps, gateways }: Pick<ControlUnderTest, 'deps' | 'gateways'>, plans: string): Promise<void> {
  const text = `portal: { name: Atlas Developers }
products:
  - slug: atlas
    name: Atlas API
    upstream: http://127.0.0.1:4010
    testUpstream: examples
    meters: [ { name: tokens, header: X-Tokens } ]
    versions: [ { name: v1, openapi: atlas.yaml } ]
    plans:${plans}`;
  await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
}

/** A midnight as its day, another moment whole. */
function day(ms: number): string {
  const iso = new Date(ms).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 16);
}
