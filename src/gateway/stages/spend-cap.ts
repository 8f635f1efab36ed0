// The consumer's own cap on what a period may cost. Only calls of subscriptions with a cap come here.
import { scaleDecimal } from '../../domain/decimal.ts';
import { quotaPeriods } from '../../domain/limit.ts';
import { isOfSource, sourceOf } from '../../domain/pricing/meter-quantities.ts';
import { one, pricePlaces, type Scaled } from '../../domain/pricing/price.ts';
import { isMetered, isSuccess } from '../../domain/request-event.ts';
import type { Call } from '../call.ts';
import type { CompiledSpendCap } from '../routing/compile-spend-cap.ts';
import { ringLength, type LimitCounters } from '../shared/limit-counters.ts';
import type { QuotaWindows } from '../shared/quota-windows.ts';
import type { SpendCounters } from '../shared/spend-counters.ts';
import type { Outcome } from './record.ts';

/** The quota that counts the months of the anchor: a period of a month is one of them, a year is twelve. */
export const monthPeriod = quotaPeriods.indexOf('period');

export interface SpendDeps {
  counters: LimitCounters;
  spending: SpendCounters;
}

/** How far the count of the present month may go. */
export function requestsInMonth({ counters, spending }: SpendDeps, call: Call, spendCap: CompiledSpendCap, windows: QuotaWindows): number {
  const { cap } = spendCap;
  if (call.at < cap.from) return Infinity;
  if (call.at >= cap.to) return spendCap.nextRequestsMax();
  const month = windows[monthPeriod]!.ordinal;
  let before = cap.requestsBefore;
  for (let past = Math.max(cap.month, month - ringLength + 1); past < month; past++) before += counters.count(call.subscriptionSlot, monthPeriod, past);
  return Math.max(0, spendCap.requestsMax(spending) - before);
}

/** Adds what the call has turned out to cost beside its request. */
export function addSpending({ spending }: Pick<SpendDeps, 'spending'>, call: Call, outcome: Pick<Outcome, 'upstreamStatus' | 'requestBytes' | 'responseBytes' | 'units'>, isCompletion: boolean): void {
  const { cap, meters } = call.spendCap!;
  if (call.at < cap.from || call.at >= cap.to || !isMetered({ upstreamStatus: outcome.upstreamStatus, subscriptionId: call.subscription!.subscriptionId })) return;
  meters.forEach((meter, index) => {
    const source = sourceOf(meter);
    const quantity = isOfSource({ meter: source.meter, operation: call.operation?.operation.id ?? '' }, source) ? quantityOf(source.meter, outcome, isCompletion) : 0n;
    if (quantity > 0n) spending.add(cap.place, index, quantity);
  });
}

function quantityOf(meter: string, outcome: Pick<Outcome, 'upstreamStatus' | 'requestBytes' | 'responseBytes' | 'units'>, isCompletion: boolean): Scaled {
  if (meter === 'bytes') return BigInt(outcome.requestBytes + outcome.responseBytes) * one;
  if (meter === 'requests') return isCompletion ? 0n : one;
  if (meter === 'successes') return !isCompletion && isSuccess(outcome) ? one : 0n;
  const reported = outcome.units[meter];
  return reported === undefined ? 0n : scaleDecimal(reported, pricePlaces);
}
