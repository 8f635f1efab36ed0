import type { Query } from '../../store/database.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';
import { productConfigOf } from '../products/product-rows.ts';
import type { Judgement } from './judge-sample.ts';

export const dayMs = 86_400_000;
const requestsSetting = 'documentation-requests';

/** A version whose samples are run: served, of a product with a test mode. */
export interface SampledVersion {
  id: string;
  name: string;
  productId: string;
  slug: string;
  productName: string;
  versioning: { by: 'path' } | { by: 'header'; header: string };
  /** Runs before this say nothing about the present document: ms UTC. */
  since: number;
}
export interface RunRow { at: number; worked: number; worked_at: number | null; status: number | null; duration_us: number | null; reason: string | null; answer: string | null }
export interface DueSample { operation: string; method: string; path: string }

export async function listSampledVersions(query: Query, productId?: string): Promise<SampledVersion[]> {
  const requests = (await readSetting<Record<string, number>>(query, requestsSetting)) ?? {};
  let rows = query
    .selectFrom('version')
    .innerJoin('product', 'product.id', 'version.product_id')
    .selectAll('product')
    .select(['version.id as version_id', 'version.name as version_name', 'version.updated_at as version_updated_at'])
    .where('product.removed_at', 'is', null)
    .where('product.test_upstream', 'is not', null)
    .where('version.status', 'in', ['published', 'deprecated']);
  if (productId !== undefined) rows = rows.where('product.id', '=', productId);
  return (await rows.orderBy('product.position').orderBy('product.id').orderBy('version.position').execute()).map((row) => ({
    id: row.version_id, name: row.version_name, productId: row.id, slug: row.slug, productName: row.name, versioning: productConfigOf(row).versioning,
    since: Math.max(row.version_updated_at, row.updated_at, requests[row.version_id] ?? 0),
  }));
}

/** Those that never ran, or not since; the longest ago first. */
export async function listDue(query: Query, version: SampledVersion, now: number, limit: number): Promise<DueSample[]> {
  return dueRows(query, version, now).select(['operation.operation', 'operation.method', 'operation.path']).orderBy('sample_run.at').orderBy('operation.position').limit(limit).execute();
}

export async function countDue(query: Query, version: SampledVersion, now: number): Promise<number> {
  return Number((await dueRows(query, version, now).select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count);
}

function dueRows(query: Query, { id, since }: SampledVersion, now: number) {
  return query
    .selectFrom('operation')
    .leftJoin('sample_run', (join) => join.onRef('sample_run.version_id', '=', 'operation.version_id').onRef('sample_run.operation', '=', 'operation.operation'))
    .where('operation.version_id', '=', id)
    .where((eb) => eb.or([eb('sample_run.at', 'is', null), eb('sample_run.at', '<', Math.max(since, now - dayMs))]));
}

/** Keeps the last time that it worked. A version that is gone meanwhile keeps nothing. */
export async function writeRun(query: Query, { versionId, operation, at }: { versionId: string; operation: string; at: number }, { worked, status, durationMs, reason, answer }: Judgement): Promise<void> {
  const stands = await query.selectFrom('operation').select('operation').where('version_id', '=', versionId).where('operation', '=', operation).executeTakeFirst();
  if (!stands) return;
  const found = { at, worked: worked ? (1 as const) : (0 as const), status, duration_us: durationMs === null ? null : Math.round(durationMs * 1000), reason, answer: answer === null ? null : JSON.stringify(answer) };
  await query.insertInto('sample_run').values({ version_id: versionId, operation, ...found, worked_at: worked ? at : null })
    .onConflict((conflict) => conflict.columns(['version_id', 'operation']).doUpdateSet({ ...found, ...(worked && { worked_at: at }) })).execute();
}

/** Runs of operations that their version no longer has. */
export async function forgetOldRuns(query: Query): Promise<void> {
  await query.deleteFrom('sample_run').where(({ not, exists, selectFrom }) => not(exists(selectFrom('operation').select('operation.operation').whereRef('operation.version_id', '=', 'sample_run.version_id').whereRef('operation.operation', '=', 'sample_run.operation')))).execute();
}

/** Everything of these versions is due from now on; other versions' requests of earlier days are over. */
export async function requestRuns(query: Query, versionIds: string[], now: number): Promise<void> {
  const earlier = Object.entries((await readSetting<Record<string, number>>(query, requestsSetting)) ?? {}).filter(([, at]) => at > now - dayMs);
  await writeSetting(query, requestsSetting, Object.fromEntries([...earlier, ...versionIds.map((id) => [id, now])]));
}
