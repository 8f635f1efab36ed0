// Codes that take something off the bills of a subscription. Billing reads them by coupons-of.ts.
import { compareDecimals } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { countAttempt, forgiveAttempt } from '../accounts/attempts.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { invalid, parseAmount, parseCurrency } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import { listHolders } from './coupon-holders.ts';
import { actorName, requireRight } from '../rights.ts';
import type { Actor, Coupon, Coupons, NewCoupon, RedeemedCoupon } from '../services.ts';
import { ownSubscription } from '../subscriptions/own-subscription.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

const couponsShown = 500;
const countMax = 1_000_000;
const codePattern = /^[A-Z0-9][A-Z0-9_-]{2,39}$/;

export function createCoupons(deps: Deps): Coupons {
  const { kysely } = deps.database;
  return {
    async list(actor) {
      requireRight(actor, 'workspace.read');
      const rows = await couponRows(kysely).orderBy('coupon.id', 'desc').limit(couponsShown).execute();
      return rows.map(shown).sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null));
    },
    async get(actor, { code }) {
      requireRight(actor, 'workspace.read');
      const coupon = await getCoupon(kysely, code.trim().toUpperCase());
      return { ...coupon, holders: await listHolders(kysely, coupon) };
    },
    create: (actor, input) => createCoupon(deps, actor, input),
    archive: (actor, input) => archiveCoupon(deps, actor, input),
    redeem: (actor, input) => redeemCoupon(deps, actor, input),
    async listRedeemed(actor, { subscriptionId }) {
      await ownSubscription(kysely, actor, subscriptionId, 'workspace.read');
      return listRedeemed(kysely, subscriptionId);
    },
  };
}

export async function listRedeemed(query: Query, subscriptionId: string): Promise<RedeemedCoupon[]> {
  const rows = await query.selectFrom('coupon_redemption').innerJoin('coupon', 'coupon.id', 'coupon_redemption.coupon_id')
    .select(['coupon.code', 'coupon.percent', 'coupon.amount', 'coupon.currency', 'coupon_redemption.at', 'coupon_redemption.periods_left']).where('subscription_id', '=', subscriptionId).orderBy('coupon_redemption.id').limit(couponsShown).execute();
  return rows.map(({ periods_left: periodsLeft, ...coupon }) => ({ ...coupon, periodsLeft }));
}

async function createCoupon(deps: Deps, actor: Actor, input: NewCoupon): Promise<Coupon> {
  requireRight(actor, 'billing.change');
  const now = deps.clock.now();
  const worth = parseWorth(input);
  const code = parseCode(input.code);
  const [periods, redemptionsMax, expiresAt] = [parseCount(input.periods, '/periods'), parseCount(input.redemptionsMax, '/redemptionsMax'), input.expiresAt ?? null];
  if (expiresAt !== null && (!Number.isInteger(expiresAt) || expiresAt <= now)) throw invalid('/expiresAt', 'must be in the future');
  return deps.database.transaction(async (query) => {
    const product = input.productSlug ? await query.selectFrom('product').select('id').where('slug', '=', input.productSlug).where('removed_at', 'is', null).executeTakeFirst() : null;
    if (product === undefined) throw invalid('/productSlug', `there is no product "${input.productSlug}"`);
    if (await query.selectFrom('coupon').select('id').where('code', '=', code).executeTakeFirst()) throw new AppError('conflict', `There is a coupon ${code} already. Choose another code.`, { errors: [{ pointer: '/code', detail: 'is taken' }] });
    await query.insertInto('coupon').values({ id: newId('coupon', now, deps.random), code, product_id: product?.id ?? null, ...worth, periods, redemptions_max: redemptionsMax, redeemed: 0, expires_at: expiresAt, created_at: now, created_by: actorName(actor), archived_at: null }).execute();
    const coupon = await getCoupon(query, code);
    await recordAudit(query, deps, actor, { action: 'created', noun: 'coupon', subject: coupon.id, name: code, before: null, after: { product: coupon.productSlug, ...worth, periods, redemptionsMax, expiresAt } });
    return coupon;
  });
}

async function archiveCoupon(deps: Deps, actor: Actor, { code }: { code: string }): Promise<Coupon> {
  requireRight(actor, 'billing.change');
  return deps.database.transaction(async (query) => {
    const coupon = await getCoupon(query, code.trim().toUpperCase());
    if (coupon.archivedAt !== null) return coupon;
    const archivedAt = deps.clock.now();
    await query.updateTable('coupon').set({ archived_at: archivedAt }).where('id', '=', coupon.id).execute();
    await recordAudit(query, deps, actor, { action: 'archived', noun: 'coupon', subject: coupon.id, name: coupon.code, before: { archived: false, redeemed: coupon.redeemed }, after: { archived: true, redeemed: coupon.redeemed } });
    return { ...coupon, archivedAt };
  });
}

async function redeemCoupon(deps: Deps, actor: Actor, { subscriptionId, code: text }: { subscriptionId: string; code: string }): Promise<RedeemedCoupon> {
  await ownSubscription(deps.database.kysely, actor, subscriptionId, 'billing.change');
  // Codes are short: whoever tries them one by one is stopped.
  await countAttempt(deps, 'coupon-subscription', subscriptionId);
  const redeemed = await deps.database.transaction(async (query) => {
    const subscription = await ownSubscription(query, actor, subscriptionId, 'billing.change');
    if (subscription.state !== 'active') throw new AppError('conflict', `This subscription is ${subscription.state}: no coupon holds for it.`);
    const coupon = await couponRows(query).where('coupon.code', '=', text.trim().toUpperCase()).executeTakeFirst();
    refuseCoupon(coupon === undefined ? undefined : { ...shown(coupon), productId: coupon.product_id }, subscription, deps.clock.now());
    const { id, code, percent, amount, currency, periods } = coupon!;
    await refuseSecond(query, subscription, { couponId: id, code });
    const at = deps.clock.now();
    await query.updateTable('coupon').set((eb) => ({ redeemed: eb('redeemed', '+', 1) })).where('id', '=', id).execute();
    await query.insertInto('coupon_redemption').values({ id: newId('redemption', at, deps.random), coupon_id: id, subscription_id: subscriptionId, at, periods_left: periods }).execute();
    await recordActivity(query, deps, { consumerId: subscription.consumerId, actor: actorName(actor), kind: 'coupon.redeemed', subject: subscriptionId, detail: { code, product: subscription.productSlug } });
    await recordAudit(query, deps, actor, { action: 'redeemed', noun: 'coupon', subject: id, name: code, before: { redeemed: coupon!.redeemed }, after: { redeemed: coupon!.redeemed + 1, subscription: subscriptionId, consumer: subscription.consumerId } });
    return { code, percent, amount, currency, at, periodsLeft: periods };
  });
  await forgiveAttempt(deps, 'coupon-subscription', subscriptionId);
  return redeemed;
}

/** Once per consumer and product: who ends a subscription and begins another does not begin its coupons anew. */
async function refuseSecond(query: Query, { id: subscriptionId, consumerId, productId }: { id: string; consumerId: string; productId: string }, { couponId, code }: { couponId: string; code: string }): Promise<void> {
  const first = await query.selectFrom('coupon_redemption').innerJoin('subscription', 'subscription.id', 'coupon_redemption.subscription_id').select('subscription.id').where('coupon_redemption.coupon_id', '=', couponId)
    .where('subscription.consumer_id', '=', consumerId).where('subscription.product_id', '=', productId).limit(1).executeTakeFirst();
  if (first) throw new AppError('conflict', first.id === subscriptionId ? `${code} was redeemed for this subscription already.` : `${code} was redeemed for an earlier subscription of this product, with which it ended.`);
}

/** What is not known, is over or was withdrawn looks the same: a code says nothing to who guesses. */
function refuseCoupon(coupon: (Coupon & { productId: string | null }) | undefined, subscription: { productId: string; currency: string }, now: number): void {
  if (!coupon || coupon.archivedAt !== null || (coupon.expiresAt !== null && coupon.expiresAt <= now) || (coupon.productId !== null && coupon.productId !== subscription.productId)) throw invalid('/code', 'is no coupon that holds here and now');
  if (coupon.redemptionsMax !== null && coupon.redeemed >= coupon.redemptionsMax) throw new AppError('conflict', `${coupon.code} was redeemed as often as it may be.`);
  if (coupon.currency !== null && coupon.currency !== subscription.currency) throw invalid('/code', `takes off ${coupon.currency.toUpperCase()}, and this subscription is billed in ${subscription.currency.toUpperCase()}`);
}

function parseWorth({ percent, amount, currency }: NewCoupon): { percent: string | null; amount: string | null; currency: string | null } {
  if ((percent ?? null) === null && (amount ?? null) === null) throw invalid('/percent', 'or an amount must say what it takes off');
  if (typeof percent === 'string' && typeof amount === 'string') throw invalid('/amount', 'and a percentage do not go together');
  if (typeof percent === 'string') {
    if (!/^\d{1,3}(\.\d{1,4})?$/.test(percent.trim()) || compareDecimals(percent.trim(), '0') === 0 || compareDecimals(percent.trim(), '100') > 0) throw invalid('/percent', 'must be above 0 and at most 100, with at most 4 decimal places');
    return { percent: percent.trim(), amount: null, currency: null };
  }
  const parsed = parseCurrency(currency ?? '');
  return { percent: null, amount: parseAmount(amount!, parsed, { least: 'above-zero' }), currency: parsed };
}

function parseCode(text: string): string {
  const code = text.trim().toUpperCase();
  if (!codePattern.test(code)) throw invalid('/code', 'must have 3 to 40 letters from A to Z, digits, - or _');
  return code;
}

function parseCount(count: number | null | undefined, pointer: string): number | null {
  if (count === null || count === undefined) return null;
  if (!Number.isInteger(count) || count < 1 || count > countMax) throw invalid(pointer, `must be a whole number from 1 to ${countMax}`);
  return count;
}

async function getCoupon(query: Query, code: string): Promise<Coupon> {
  const row = await couponRows(query).where('coupon.code', '=', code).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no coupon ${code}.`);
  return shown(row);
}

function couponRows(query: Query) {
  return query.selectFrom('coupon').leftJoin('product', 'product.id', 'coupon.product_id').selectAll('coupon').select('product.slug');
}

function shown(row: Awaited<ReturnType<ReturnType<typeof couponRows>['executeTakeFirstOrThrow']>>): Coupon {
  return {
    id: row.id, code: row.code, productSlug: row.slug, percent: row.percent, amount: row.amount, currency: row.currency, periods: row.periods, redemptionsMax: row.redemptions_max, redeemed: row.redeemed,
    expiresAt: row.expires_at, createdAt: row.created_at, createdBy: row.created_by, archivedAt: row.archived_at,
  };
}
