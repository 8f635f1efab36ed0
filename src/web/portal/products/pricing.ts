// Words for a plan's limits and prices. Amounts stay exact decimal text.
import type { PlanSummary } from '../../../control/services.ts';
import type { PriceConfig } from '../../../domain/config.ts';
import type { Limit } from '../../../domain/limit.ts';
import { texts } from '../../texts.ts';
import { formatMoney } from '../../ui/money.ts';
import { formatCount } from '../../ui/number.ts';

const rates = ['second', 'minute', 'hour'];
const operationsShown = 5;

export function limitText(limit: Limit): string {
  return `${formatCount(limit.requests)} per ${limit.per === 'period' ? 'billing period' : limit.per}`;
}

export function feeText({ fee, currency, interval }: Pick<PlanSummary, 'fee' | 'currency' | 'interval'>): string {
  if (isZero(fee)) return 'No fee';
  return `${formatMoney(fee, currency)}${interval ? ` per ${interval}` : ''}`;
}

const isZero = (amount: string): boolean => /^0*(\.0*)?$/.test(amount);

/** One line per part of the price, in the order of the bill. */
export function priceLines(price: PriceConfig, currency: string): string[] {
  const money = (amount: string): string => formatMoney(amount, currency);
  const lines = price.source === undefined ? [] : [countedWords(price.source)];
  if (price.included !== '0') lines.push(`first ${formatCount(price.included)} included`);
  if (price.model === 'unit') lines.push(`${money(price.unitPrice ?? '0')} each`);
  if (price.model === 'package') lines.push(`${money(price.packagePrice ?? '0')} per ${formatCount(price.packageSize ?? '1')}, begun packages count`);
  if (price.model === 'graduated' || price.model === 'volume') {
    let from = '0';
    for (const tier of price.tiers) {
      const band = tier.upTo === null ? `above ${formatCount(from)}` : from === '0' ? `up to ${formatCount(tier.upTo)}` : `from ${formatCount(from)} to ${formatCount(tier.upTo)}`;
      lines.push(`${band}: ${isZero(tier.unitPrice) ? 'no charge per unit' : `${money(tier.unitPrice)} each`}${tier.flatFee === '0' ? '' : `, plus ${money(tier.flatFee)}`}`);
      from = tier.upTo ?? from;
    }
    if (price.model === 'volume') lines.push('the tier that the whole quantity reaches prices all of it');
  }
  if (price.minimum !== null) lines.push(`at least ${money(price.minimum)} per period`);
  if (price.maximum !== null) lines.push(`at most ${money(price.maximum)} per period`);
  return lines;
}

/** Of a derived meter. */
function countedWords({ meter, operations }: NonNullable<PriceConfig['source']>): string {
  const { calls, successes, callsOf, successesOf } = texts.product.counted;
  if (operations === null) return meter === 'successes' ? successes : calls;
  const shown = operations.slice(0, operationsShown);
  const names = operations.length > shown.length ? texts.product.counted.andMore(shown.join(', '), formatCount(operations.length - shown.length)) : shown.join(', ');
  return meter === 'successes' ? successesOf(names) : callsOf(names);
}

/** What happens when a limit is reached, written out. */
export function atLimitText(limits: Limit[]): string[] {
  const lines: string[] = [];
  if (limits.some(({ per }) => rates.includes(per))) lines.push('Faster calls are refused with 429 rate_limited; Retry-After says when the next one passes.');
  if (limits.some(({ per }) => !rates.includes(per))) lines.push('When the quota is used up, calls are refused with 429 quota_exhausted until it resets. Nothing is billed beyond it.');
  return lines.length > 0 ? lines : ['There is no limit to reach.'];
}
