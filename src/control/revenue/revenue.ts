// Revenue as a product manager reads it: contracted from the phases of subscriptions, invoiced from the lines of invoices.
import { decimalText } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { monthBounds, revenueMonths, type RevenueMonth } from '../../domain/pricing/revenue.ts';
import { AppError } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Revenue, RevenueMonthRow } from '../services.ts';
import { readCohorts } from './cohorts.ts';
import { readContracted } from './contracted.ts';
import { readInvoiced } from './invoiced.ts';

const monthsDefault = 12;
export const revenueMonthsMax = 36;
/** A year and a month more, for what was paid a year before the first month shown. */
const monthsBefore = 12;

export function createRevenue({ database, clock }: Pick<ControlDeps, 'database' | 'clock'>): Revenue {
  return {
    async report(actor, { basis, productSlug, months = monthsDefault }) {
      requireRight(actor, 'workspace.read');
      if (!Number.isInteger(months) || months < 1 || months > revenueMonthsMax) throw new AppError('input_invalid', `Ask for 1 to ${revenueMonthsMax} months.`, { errors: [{ pointer: '/months', detail: `Ask for 1 to ${revenueMonthsMax} months.` }] });
      const { kysely: query } = database;
      const productId = productSlug === undefined ? undefined : (await query.selectFrom('product').select('id').where('slug', '=', productSlug).where('removed_at', 'is', null).executeTakeFirst())?.id;
      if (productSlug !== undefined && productId === undefined) throw new AppError('not_found', `There is no product "${productSlug}".`);
      const at = clock.now();
      const bounds = monthBounds(at, months + monthsBefore);
      const read = basis === 'contracted' ? readContracted : readInvoiced;
      const { payers, firstPaid, unbilledSince } = await read(query, { productId, bounds, at });
      const paidBefore = [...firstPaid].flatMap(([consumer, first]) => (first < bounds[0]! ? [consumer] : []));
      return {
        at, productSlug: productSlug ?? null, basis,
        currencies: [...payers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, byMonth]) => ({
          currency,
          months: revenueMonths(byMonth, paidBefore).slice(-months).map((month, index) => {
            const [from, to] = [bounds[monthsBefore + index]!, bounds[monthsBefore + index + 1]!];
            return { from, to, complete: to <= at && (unbilledSince === null || to <= unbilledSince), ...monthRow(month, minorPlacesOf(currency)) };
          }),
        })).filter((one) => one.months.some(({ mrr, paying, start }) => paying > 0 || /[1-9]/.test(mrr + start))),
        cohorts: await readCohorts(query, { productId, bounds: bounds.slice(monthsBefore), at, firstPaid }),
      };
    },
  };
}

function monthRow({ mrr, paying, start, startPaying, former, kept, newConsumers, churnedConsumers, yearBefore, ...moved }: RevenueMonth, places: number): Omit<RevenueMonthRow, 'from' | 'to' | 'complete'> {
  const text = (minor: bigint): string => decimalText(minor, places);
  return {
    mrr: text(mrr), paying, arpu: paying === 0 ? null : text((2n * mrr + BigInt(mrr < 0n ? -paying : paying)) / (2n * BigInt(paying))),
    start: text(start), created: text(moved.created), returned: text(moved.returned), expansion: text(moved.expansion), contraction: text(moved.contraction), churned: text(moved.churned), newConsumers, churnedConsumers,
    consumerChurn: startPaying === 0 ? null : churnedConsumers / startPaying, revenueChurn: share(moved.churned, former), retention: share(kept, former),
    yearRetention: yearBefore === null ? null : share(yearBefore.present, yearBefore.former),
  };
}

/** To a millionth, which is more than anybody reads. */
function share(part: bigint, whole: bigint): number | null {
  return whole <= 0n ? null : Number((part * 1_000_000n) / whole) / 1_000_000;
}
