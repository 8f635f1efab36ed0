import { z } from '@hono/zod-openapi';
import { money } from './bill-schema.ts';
import { idParam, instant, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const percent = z.string().openapi({ description: 'Exact decimal text.', example: '20' });
const count = z.number().int();
const couponSchema = z.object({
  id: z.string(), code: z.string(), productSlug: z.string().nullable(), percent: percent.nullable(), amount: money.nullable(), currency: z.string().nullable(), periods: count.nullable().openapi({ description: 'How many bills it holds for; null for all.' }),
  redemptionsMax: count.nullable(), redeemed: count, expiresAt: timeOrNull, createdAt: time, createdBy: z.string(), archivedAt: timeOrNull,
}).openapi('Coupon');
const exampleCoupon = { id: 'cpn_01K0G6Q8YB3V5N2M7R4T9W1X0Z', code: 'WELCOME-20', productSlug: 'atlas', percent: '20', amount: null, currency: null, periods: 3, redemptionsMax: 100, redeemed: 4, expiresAt: '2026-12-31T00:00:00.000Z', createdAt: '2026-08-01T09:30:00.000Z', createdBy: 'owner@example.com', archivedAt: null };
const holderSchema = z.object({
  consumerId: z.string(), consumerName: z.string(), subscriptionId: z.string(), productSlug: z.string(), planName: z.string(), state: z.string(), at: time, periodsLeft: count.nullable(), invoices: count.openapi({ description: 'Invoices with a line of it.' }),
  tookOff: z.array(z.object({ currency: z.string(), amount: money })).openapi({ description: 'What those lines take off, by currency; drafts, void invoices and what a credit note reversed are no part of it.' }),
}).openapi('CouponHolder');
const couponDetailSchema = couponSchema.extend({ holders: z.array(holderSchema) }).openapi('CouponDetail');
const exampleHolder = { consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerName: 'Northwind', subscriptionId: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', planName: 'Growth', state: 'active', at: '2026-08-02T09:30:00.000Z', periodsLeft: 2, invoices: 1, tookOff: [{ currency: 'usd', amount: '9.80' }] };
const redeemedSchema = z.object({ code: z.string(), percent: percent.nullable(), amount: money.nullable(), currency: z.string().nullable(), at: time, periodsLeft: count.nullable() }).openapi('RedeemedCoupon');
const exampleRedeemed = { code: 'WELCOME-20', percent: '20', amount: null, currency: null, at: '2026-08-02T09:30:00.000Z', periodsLeft: 3 };

export function addCouponRoutes(api: Api): void {
  const { coupons } = api.services;
  const tag = 'Coupons';
  addRoute(api, {
    method: 'get', path: '/api/v1/coupons', operation: 'listCoupons', tag, summary: 'List coupons', description: 'Newest first, archived ones last; at most 500.',
    answer: { description: 'The coupons.', schema: z.object({ coupons: z.array(couponSchema) }), example: { coupons: [exampleCoupon] } },
  }, async ({ actor }) => ({ coupons: await coupons.list(actor) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/coupons', operation: 'createCoupon', tag, summary: 'Create a coupon', description: 'A code that takes a percentage, or an amount in a currency, off the bills of a subscription that redeems it.',
    body: { schema: z.strictObject({
      code: z.string().max(40).openapi({ example: 'WELCOME-20' }), product: z.string().max(100).optional().openapi({ description: 'Of this product only.', example: 'atlas' }), percent: z.string().max(10).optional().openapi({ description: 'Instead of `amount`.', example: '20' }), amount: z.string().max(40).optional(), currency: z.string().max(10).optional(),
      periods: count.optional().openapi({ description: 'Holds for so many bills; for all without it.' }), redemptionsMax: count.optional(), expiresAt: instant.optional().openapi({ description: 'Not redeemed from then on; who has redeemed it keeps it.' }),
    }), example: { code: 'WELCOME-20', product: 'atlas', percent: '20', periods: 3, redemptionsMax: 100, expiresAt: '2026-12-31T00:00:00Z' } },
    answer: { status: 201, description: 'The coupon.', schema: couponSchema, example: exampleCoupon }, refusals: ['conflict'],
  }, async ({ actor, body: { product, ...body } }) => coupons.create(actor, { ...body, productSlug: product }));

  addRoute(api, {
    method: 'post', path: '/api/v1/coupons/{code}/archive', operation: 'archiveCoupon', tag, summary: 'Archive a coupon', description: 'Nobody redeems it any more; who has keeps it.', params: z.object({ code: idParam('code', 'WELCOME-20', 'Code of the coupon.') }),
    answer: { description: 'The coupon.', schema: couponSchema, example: { ...exampleCoupon, archivedAt: '2026-09-01T00:00:00.000Z' } },
  }, async ({ actor, params: { code } }) => coupons.archive(actor, { code }));

  addRoute(api, {
    method: 'get', path: '/api/v1/coupons/{code}', operation: 'getCoupon', tag, summary: 'Get a coupon', description: 'With who holds it and what it took off: the newest 200.', params: z.object({ code: idParam('code', 'WELCOME-20', 'Code of the coupon.') }),
    answer: { description: 'The coupon.', schema: couponDetailSchema, example: { ...exampleCoupon, holders: [exampleHolder] } },
  }, async ({ actor, params: { code } }) => coupons.get(actor, { code }));

  const params = z.object({ subscription: idParam('subscription', 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the subscription.') });
  addRoute(api, {
    method: 'get', path: '/api/v1/subscriptions/{subscription}/coupons', operation: 'listRedeemedCoupons', tag, summary: 'List the coupons of a subscription', description: 'What it has redeemed, in that order.', params,
    answer: { description: 'The coupons.', schema: z.object({ coupons: z.array(redeemedSchema) }), example: { coupons: [exampleRedeemed] } },
  }, async ({ actor, params: { subscription } }) => ({ coupons: await coupons.listRedeemed(actor, { subscriptionId: subscription }) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/subscriptions/{subscription}/coupons', operation: 'redeemCoupon', tag, summary: 'Redeem a coupon', description: 'Takes it off the bills of this subscription from the present period on. Once per subscription.', params,
    body: { schema: z.strictObject({ code: z.string().max(40).openapi({ example: 'WELCOME-20' }) }), example: { code: 'WELCOME-20' } },
    answer: { status: 201, description: 'The coupon.', schema: redeemedSchema, example: exampleRedeemed }, refusals: ['conflict', 'too_many_attempts'],
  }, async ({ actor, params: { subscription }, body }) => coupons.redeem(actor, { subscriptionId: subscription, code: body.code }));
}
