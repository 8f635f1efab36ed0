// Which limits of a drafted plan a subscription would have hit, by what it did.
import { isRate, ratePeriodMs, type Limit, type QuotaPeriod } from '../../domain/limit.ts';
import { windowAt } from '../../domain/window.ts';
import type { Query } from '../../store/database.ts';
import { wholeSum } from '../usage/sum-usage.ts';

const hourMs = 3_600_000;

export interface UsedPeriod { from: number; to: number; requests: number }
/**
 * `left` of the budget is taken by each subscription whose hours are read. A window of a quota counts as far as it lies in the periods. Of a rate the ledger
 * only tells that an hour had more calls than it lets through in one.
 */
export type LimitCheck = (query: Query, subscription: { id: string; anchor_at: number }, periods: readonly UsedPeriod[], budget: { left: number }) => Promise<{ hits: [limit: string, windows: number][]; unchecked: number }>;

export function quotaCheck(limits: readonly Limit[]): LimitCheck {
  const checked = limits.map((limit) => ({ limit, most: mostPerWindow(limit) }));
  return async (query, subscription, periods, budget) => {
    const sum = periods.reduce((total, { requests }) => total + requests, 0);
    const possible = checked.filter(({ limit, most }) => (limit.per === 'week' || limit.per === 'month' || limit.per === 'year' ? sum : Math.max(...periods.map(({ requests }) => requests))) > most);
    if (possible.length === 0) return { hits: [], unchecked: 0 };
    const hits: [string, number][] = [];
    const byHour = possible.filter(({ limit, most }) => {
      if (!isMonthly(limit, subscription, periods)) return true;
      // A limit of months was possible by the sum of all periods: perhaps none alone is beyond it.
      const over = periods.filter(({ requests }) => requests > most).length;
      if (over > 0) hits.push([limit.name, over]);
      return false;
    });
    if (byHour.length === 0) return { hits, unchecked: 0 };
    if (budget.left <= 0) return { hits, unchecked: 1 };
    budget.left--;
    const hours = await readHours(query, subscription.id, periods);
    for (const { limit, most } of byHour) {
      const windows = new Map<number, number>();
      for (const { hour, requests } of hours) {
        const window = isRate(limit) ? hour : windowAt(limit.per as QuotaPeriod, hour, subscription.anchor_at).ordinal;
        windows.set(window, (windows.get(window) ?? 0) + requests);
      }
      const over = [...windows.values()].filter((requests) => requests > most).length;
      if (over > 0) hits.push([limit.name, over]);
    }
    return { hits, unchecked: 0 };
  };
}

/** Calls that a window of a quota, or an hour of a rate, lets through. */
function mostPerWindow(limit: Limit): number {
  return isRate(limit) ? limit.requests * (hourMs / ratePeriodMs[limit.per]) : limit.requests;
}

/** Whether each window is one of the periods, so that nothing needs to be read. */
function isMonthly(limit: Limit, { anchor_at: anchorAt }: { anchor_at: number }, periods: readonly UsedPeriod[]): boolean {
  if (limit.per !== 'period' && !(limit.per === 'month' && new Date(anchorAt).getUTCDate() === 1)) return false;
  return periods.every(({ from, to }) => to - from <= 31 * 24 * hourMs);
}

async function readHours(query: Query, subscriptionId: string, periods: readonly UsedPeriod[]): Promise<{ hour: number; requests: number }[]> {
  const rows = await query.selectFrom('usage').select(['usage.hour', wholeSum.as('quantity')]).where('usage.subscription_id', '=', subscriptionId).where('usage.meter', '=', 'requests').where('usage.mode', '=', 'live')
    .where('usage.hour', '>=', Math.min(...periods.map(({ from }) => from))).where('usage.hour', '<', Math.max(...periods.map(({ to }) => to))).groupBy('usage.hour').execute();
  return rows.flatMap(({ hour, quantity }) => (periods.some(({ from, to }) => hour >= from && hour < to) ? [{ hour, requests: Number(quantity) }] : []));
}
