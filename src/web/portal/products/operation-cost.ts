// What one call of an operation costs on a plan, and what limits it, in words. Amounts stay exact decimal text.
import type { PlanSummary } from '../../../control/services.ts';
import type { PriceConfig } from '../../../domain/config.ts';
import { compareDecimals } from '../../../domain/decimal.ts';
import type { Limit } from '../../../domain/limit.ts';
import { texts } from '../../texts.ts';
import { formatMoney } from '../../ui/money.ts';
import { formatCount } from '../../ui/number.ts';

const words = texts.reference.price;

export interface PlanOfOperation { slug: string; name: string; own: boolean; opens: boolean; limits: string[]; cost: string }

/** Each plan as it is for this operation. `operation` is its id. */
export function plansOf(plans: PlanSummary[], operation: string, ownSlug: string | undefined): PlanOfOperation[] {
  return plans.map((plan) => ({
    slug: plan.slug, name: plan.name, own: plan.slug === ownSlug,
    opens: plan.operations === null || plan.operations.includes(operation),
    limits: plan.limits.map(limitWords), cost: costOf(plan, operation),
  }));
}

export function limitWords({ requests, per }: Limit): string {
  return texts.reference.limit(formatCount(requests), per === 'period' ? texts.reference.billingPeriod : per);
}

/** `first 100,000 free, then $0.0005 per call`. A plan's fee is no part of it. */
export function costOf({ prices, currency }: Pick<PlanSummary, 'prices' | 'currency'>, operation: string): string {
  const counted = prices.filter(({ source }) => source === undefined || source.operations === null || source.operations.includes(operation));
  const isOfCall = ({ meter, source }: PriceConfig): boolean => (source?.meter ?? meter) === 'requests';
  const ofCall = counted.filter(isOfCall);
  const others = counted.filter((price) => !isOfCall(price)).map(({ meter }) => meter);
  const parts = ofCall.length === 0 ? [words.none] : ofCall.map((price) => priceWords(price, currency));
  if (others.length > 0) parts.push(words.besides(others.join(', ')));
  return parts.join('; ');
}

function priceWords(price: PriceConfig, currency: string): string {
  const money = (amount: string): string => formatMoney(amount, currency);
  const steps = [...(isZero(price.included) ? [] : [words.free(formatCount(price.included))]), ...rateWords(price, money)];
  const bounds = [
    ...(price.model === 'volume' ? [words.volume] : []),
    ...(price.minimum === null ? [] : [words.minimum(money(price.minimum))]),
    ...(price.maximum === null ? [] : [words.maximum(money(price.maximum))]),
  ];
  return [steps.join(`, ${words.afterwards} `), ...bounds].join('; ');
}

function rateWords({ model, unitPrice, packagePrice, packageSize, tiers }: PriceConfig, money: (amount: string) => string): string[] {
  if (model === 'package') return [words.pack(money(packagePrice ?? '0'), formatCount(packageSize ?? '1'))];
  if (model === 'unit') return [each(unitPrice ?? '0', money)];
  let from = '0';
  return tiers.map(({ upTo, unitPrice: price, flatFee }) => {
    const isFirst = isZero(from);
    const rate = `${each(price, money)}${isZero(flatFee) ? '' : `, ${words.flat(money(flatFee))}`}`;
    const text = isFirst && upTo !== null ? (isZero(price) && isZero(flatFee) ? words.free(formatCount(upTo)) : words.upTo(formatCount(upTo), rate)) : upTo === null ? (isFirst || isSecond(tiers, from) ? rate : words.beyond(formatCount(from), rate)) : words.upTo(formatCount(upTo), rate);
    from = upTo ?? from;
    return text;
  });
}

/** After one free tier, "then $0.0005 per call" says where it begins already. */
function isSecond(tiers: PriceConfig['tiers'], from: string): boolean {
  return tiers.length === 2 && tiers[0]!.upTo === from;
}

function each(amount: string, money: (amount: string) => string): string {
  return isZero(amount) ? words.none : words.each(money(amount));
}

function isZero(amount: string): boolean {
  return compareDecimals(amount, '0') === 0;
}
