import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDecimals, compareDecimals, subtractDecimals } from '../../domain/decimal.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { billOnce } from '../billing/crash-child.testkit.ts';
import { createCoupons } from '../coupons/coupons.ts';
import { createCredits } from '../credits/credits.ts';
import type { BillEstimate } from '../services.ts';
import { addConsumer, admin } from '../testkit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { openSubscriptions } from './testkit.ts';

const tiers = 'tiers: [ { upTo: 100, unitPrice: "0.05" }, { upTo: 900, unitPrice: "0.02", flatFee: "1" }, { unitPrice: "0.0133" } ]';
const plans = `
      - { slug: free, name: Free, default: true, currency: usd }
      - { slug: unit, name: Unit, currency: usd, interval: month, fee: "7.77", prices: [ { meter: requests, model: unit, unitPrice: "0.013", included: 50, minimum: "1" } ] }
      - { slug: steps, name: Steps, currency: usd, interval: month, fee: "19.99", prices: [ { meter: requests, model: graduated, ${tiers}, maximum: "25" } ] }
      - { slug: bulk, name: Bulk, currency: usd, interval: month, prices: [ { meter: requests, model: volume, ${tiers} } ] }
      - { slug: tried, name: Tried, currency: usd, interval: month, fee: "30", trialDays: 9, prices: [ { meter: requests, model: unit, unitPrice: "0.01" } ] }
      - { slug: yearly, name: Yearly, currency: usd, interval: year, fee: "200", prices: [ { meter: requests, model: unit, unitPrice: "0.004" } ] }
      - { slug: euro, name: Euro, currency: eur, interval: month, fee: "9" }
`;
const slugs = ['free', 'unit', 'steps', 'bulk', 'tried', 'yearly', 'euro'] as const;
const hourMs = 3_600_000;
const previewCase = fc.record({
  between: fc.constantFrom(null, 'unit', 'steps', 'bulk'), further: fc.nat(slugs.length - 2), when: fc.constantFrom(undefined, 'period-end' as const), byProducer: fc.boolean(),
  // By name, in the order that they are redeemed in.
  coupons: fc.shuffledSubarray(['ONCE', 'TWICE', 'FIFTH', 'FIVE', 'ALL', 'EURO'], { maxLength: 3 }), credit: fc.boolean(), used: fc.nat(900), hours: fc.integer({ min: 25, max: 27 * 24 }), anchorDay: fc.integer({ min: 1, max: 31 }),
});

forEachEngine('the preview of a change', (stores) => {
  test('is what billing then bills, this period and the next, with coupons, trials, credit and changes', async () => {
    const control = await openSubscriptions(await stores.open(), plans);
    const { deps, use, query } = control;
    const subscriptions = createSubscriptions(deps, control.gateways, control.plans);
    const [coupons, credits] = [createCoupons(deps), createCredits(deps)];
    control.at('2027-01-01T00:00:00Z');
    for (const coupon of [{ code: 'ONCE', percent: '10', periods: 1 }, { code: 'TWICE', percent: '33.3333', periods: 2 }, { code: 'FIFTH', percent: '20' }, { code: 'FIVE', amount: '5', currency: 'usd' }, { code: 'ALL', percent: '100', periods: 1 }, { code: 'EURO', amount: '2', currency: 'eur', periods: 1 }]) await coupons.create(admin, coupon);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const outcomes = { now: 0, 'period-end': 0, trial: 0, coupon: 0 };
    for (const [index, { further, ...chosen }] of fc.sample(previewCase, { numRuns: 14, seed }).entries()) {
      const [first, next] = [slugs[index % slugs.length]!, slugs[(index + 1 + further) % slugs.length]!];
      const each = { ...chosen, first, next, between: chosen.between === next || chosen.between === first ? null : chosen.between };
      const place = `seed ${seed}, ${JSON.stringify(each)}`;
      // Each in a year of its own: the run bills what is over of everybody.
      const begin = Date.UTC(2030 + 3 * index, 0, each.anchorDay, 5);
      control.at(new Date(begin).toISOString());
      const ada = await addConsumer(deps, `ada${index}`);
      const { id } = await control.plans.subscribe(ada, { productSlug: 'atlas', planSlug: each.first });
      // A coupon of another currency than the plan's is refused.
      for (const code of each.coupons) {
        await coupons.redeem(admin, { subscriptionId: id, code }).catch(() => undefined);
        control.advance(1);
      }
      if (each.credit) await credits.grant(admin, { consumerId: ada.consumerId, currency: 'usd', amount: '3', reason: 'gift' });
      await use(id, 'requests', String(each.used), new Date(begin - 5 * hourMs).toISOString());
      const period = await query.selectFrom('billing_period').select(['id', 'kind', 'to_at']).where('subscription_id', '=', id).executeTakeFirstOrThrow();
      const at = Math.min(begin + each.hours * hourMs, period.to_at - hourMs);
      if (each.between !== null) {
        control.at(new Date(begin + Math.floor((at - begin) / 3)).toISOString());
        await subscriptions.change(admin, { subscriptionId: id, planSlug: each.between });
      }
      control.at(new Date(at).toISOString());
      const actor = each.byProducer ? admin : ada;
      const preview = await subscriptions.getPreview(actor, { subscriptionId: id, planSlug: each.next, when: each.when });
      await subscriptions.change(actor, { subscriptionId: id, planSlug: each.next, when: each.when });
      // What was foreseen is used, this period and the next.
      const { usage } = await subscriptions.getRunningBill(admin, { subscriptionId: id });
      const more = usage.map(({ soFar, forecast }) => subtractDecimals(forecast, soFar))[0] ?? '0';
      if (compareDecimals(more, '0') > 0) await use(id, 'requests', more, new Date(Math.floor(at / hourMs) * hourMs).toISOString(), 'listCities');
      const nextUsed = quantityOf(preview.next);
      if (nextUsed !== '0') await use(id, 'requests', nextUsed, new Date(preview.next.from).toISOString(), 'addCity');
      for (const end of [period.to_at, preview.next.to]) {
        control.at(new Date(end + 2 * hourMs).toISOString());
        await control.roll();
        assert.deepEqual((await billOnce(deps.database, end + 2 * hourMs)).failures, [], place);
      }
      const billed = await query.selectFrom('billing_period').select(['from_at', 'to_at', 'invoice_id']).where('subscription_id', '=', id).orderBy('from_at').limit(2).execute();
      assert.deepEqual([billed[1]!.from_at, billed[1]!.to_at], [preview.next.from, preview.next.to], place);
      for (const [which, bill] of [preview.after, preview.next].entries()) assert.deepEqual(await invoiceOf(billed[which]!.invoice_id), plain(bill), `${which === 0 ? 'this period' : 'the next'}: ${place}`);
      outcomes[preview.when]++;
      if (period.kind === 'trial') outcomes.trial++;
      if (preview.next.lines.some(({ kind }) => kind === 'coupon')) outcomes.coupon++;
      await query.updateTable('billing_period').set({ state: 'billed' }).where('subscription_id', '=', id).execute();
    }
    for (const [name, count] of Object.entries(outcomes)) assert.ok(count > 0, `no case of ${name}, seed ${seed}`);

    async function invoiceOf(invoiceId: string | null): Promise<string[]> {
      if (invoiceId === null) return [];
      return (await query.selectFrom('invoice_line').select(['kind', 'description', 'amount']).where('invoice_id', '=', invoiceId).orderBy('position').execute()).map(({ kind, description, amount }) => `${kind} ${description} ${amount}`);
    }
  });
});

/** A bill on which nothing costs anything is no invoice. */
function plain({ lines }: BillEstimate): string[] {
  return lines.every(({ amount }) => /^-?[0.]*$/.test(amount)) ? [] : lines.map(({ kind, description, amount }) => `${kind} ${description} ${amount}`);
}

/** What was counted, bounds and flat fees apart. */
function quantityOf({ lines }: BillEstimate): string {
  return lines.filter(({ kind, detail }) => kind === 'usage' && ['included', 'units', 'tier-units', 'volume-units'].includes(String(detail['part']))).reduce((sum, { quantity }) => addDecimals(sum, quantity), '0');
}
