// What stands behind a line of an invoice: the ledger by operation and day, and the requests themselves while their events are kept.
import { sql, type RawBuilder } from 'kysely';
import type { MeterSource } from '../../domain/config.ts';
import { addDecimals } from '../../domain/decimal.ts';
import { sourceOf } from '../../domain/pricing/meter-quantities.ts';
import { isMetered, isSuccess } from '../../domain/request-event.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { InvoiceDetail, LineSources } from '../services.ts';
import { isWhole, wholeSum } from '../usage/sum-usage.ts';
import { readPhases } from './reckon-period.ts';

const requestsShown = 100;
const requestsRead = 500;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Of a meter's operations; more share the last row of the list. */
const rowsMax = 1_000;

/** @throws AppError `not_found` without such a line */
export async function getLineSources({ database, events, clock, config }: Pick<ControlDeps, 'database' | 'events' | 'clock' | 'config'>, invoice: InvoiceDetail, position: number): Promise<LineSources> {
  const line = invoice.lines.find((each) => each.position === position);
  if (!line) throw new AppError('not_found', `${invoice.number ?? 'This draft'} has no line ${position}.`);
  const requestsKeptSince = clock.now() - config.eventRetentionDays * dayMs;
  if (line.meter === null || invoice.subscriptionId === null) return { line, operations: [], days: [], requests: [], requestsKeptSince };
  const { kysely } = database;
  const { prices } = (await readPhases(kysely, { subscriptionId: invoice.subscriptionId, from: line.from, to: line.to })).at(-1)!.plan;
  const source = sourceOf(prices.find(({ meter }) => meter === line.meter) ?? { meter: line.meter });
  const chosen = { subscriptionId: invoice.subscriptionId, from: line.from, to: line.to, source };
  const { product_id: productId } = await kysely.selectFrom('subscription').select('product_id').where('id', '=', invoice.subscriptionId).executeTakeFirstOrThrow();
  const found = line.to <= requestsKeptSince ? [] : await events.listRequests({ consumerId: invoice.consumerId, productId, mode: 'live', from: line.from, to: line.to, limit: requestsRead });
  const counts = found.filter((event) => event.subscriptionId === invoice.subscriptionId && isMetered(event) && (source.operations === null || source.operations.includes(event.operation ?? '')) && (source.meter === 'bytes' || source.meter === 'requests' || (source.meter === 'successes' ? isSuccess(event) : source.meter in event.units)));
  return {
    line, requestsKeptSince,
    operations: (await sumBy(kysely, chosen, sql<string>`usage.operation`)).map(({ name, quantity }) => ({ operation: String(name), quantity })),
    days: (await sumBy(kysely, chosen, sql<number>`usage.hour - usage.hour % ${sql.lit(dayMs)}`)).map(({ name, quantity }) => ({ day: Number(name), quantity })),
    requests: counts.slice(0, requestsShown).map(({ id, at, operation, version, status }) => ({ id, at, operation, version, status })),
  };
}

async function sumBy(query: Query, { subscriptionId, from, to, source }: { subscriptionId: string; from: number; to: number; source: MeterSource }, by: RawBuilder<string | number>): Promise<{ name: string | number; quantity: string }[]> {
  const rows = () => {
    const all = query.selectFrom('usage').where('usage.subscription_id', '=', subscriptionId).where('usage.meter', '=', source.meter).where('usage.mode', '=', 'live').where('usage.hour', '>=', Math.floor(from / hourMs) * hourMs).where('usage.hour', '<', to);
    return source.operations === null ? all : all.where('usage.operation', 'in', source.operations.length > 0 ? source.operations : ['']);
  };
  const whole = await rows().where(isWhole).select([by.as('name'), wholeSum.as('quantity')]).groupBy(by).orderBy(by).limit(rowsMax).execute();
  const others = await rows().where(sql<boolean>`not ${isWhole}`).select([by.as('name'), 'usage.quantity']).execute();
  const sums = new Map<string | number, string>();
  for (const { name, quantity } of [...whole, ...others]) sums.set(name, addDecimals(sums.get(name) ?? '0', quantity));
  return [...sums].map(([name, quantity]) => ({ name, quantity })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
