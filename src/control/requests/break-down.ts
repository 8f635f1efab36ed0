import type { Dimension } from '../../events/event-store.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Actor, CallDimension, Requests } from '../services.ts';
import { requireRange } from '../usage/time-range.ts';
import { chosenCalls } from './chosen-calls.ts';

const dimensionOf: Record<CallDimension, Dimension> = { operation: 'operation', key: 'keyId', status: 'status', version: 'version', mode: 'mode', product: 'productId', consumer: 'consumerId', code: 'code' };
const valuesMost = 100;

export async function breakDown(deps: ControlDeps, actor: Actor, { from, to, bucketMs, by, valuesMax = 12, ...input }: Parameters<Requests['breakdown']>[1]): ReturnType<Requests['breakdown']> {
  requireRange({ from, to, bucketMs });
  const dimension = dimensionOf[by];
  if (dimension === undefined) throw new AppError('input_invalid', `Calls cannot be broken down by "${String(by)}".`, { errors: [{ pointer: '/by', detail: `must be one of ${Object.keys(dimensionOf).join(', ')}` }] });
  const rows = await deps.events.breakdown({ ...(await chosenCalls(deps, actor, input)), by: dimension, valuesMax: Math.min(Math.max(Math.trunc(valuesMax), 1), valuesMost), from, to, bucketMs });
  const values = [...new Set(rows.map(({ value }) => value).filter((value) => value !== null))];
  const named = await namesOf(deps.database.kysely, by, values);
  return rows.map(({ value, ...row }) => ({ ...row, ...(named(value) ?? { value, name: value }) }));
}

/** Keys, products and consumers are stored by id; people know them by other names, and filter products by slug. */
async function namesOf(query: Query, by: CallDimension, ids: string[]): Promise<(id: string | null) => { value: string | null; name: string | null } | undefined> {
  if (ids.length === 0 || (by !== 'key' && by !== 'product' && by !== 'consumer')) return () => undefined;
  const rows = by === 'key'
    ? (await query.selectFrom('key').select(['id', 'name', 'masked']).where('id', 'in', ids).execute()).map(({ id, name, masked }) => ({ id, value: id, name: `${name} ${masked}` }))
    : by === 'consumer'
    ? (await query.selectFrom('consumer').select(['id', 'name']).where('id', 'in', ids).execute()).map(({ id, name }) => ({ id, value: id, name }))
    : (await query.selectFrom('product').select(['id', 'slug', 'name']).where('id', 'in', ids).execute()).map(({ id, slug, name }) => ({ id, value: slug, name }));
  const byId = new Map(rows.map(({ id, value, name }) => [id, { value, name }]));
  return (id) => (id === null ? undefined : id === '' ? { value: null, name: null } : byId.get(id));
}
