// What members change of a version by hand: its state, its dates, its successor; and drafts that are thrown away.
import { sql } from 'kysely';
import type { VersionConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { findBrokenRequests, refuseBreakingRequests } from '../content/broken-requests.ts';
import { dateOf } from '../configuration/config-state.ts';
import { writtenProduct } from '../configuration/export-config.ts';
import type { WrittenProduct } from '../configuration/written-config.ts';
import type { ControlDeps } from '../deps.ts';
import { getProductRow, refuseProblems } from '../products/edit-product.ts';
import { productConfigOf } from '../products/product-rows.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Products, VersionCaller } from '../services.ts';
import { usageRows, wholeSum } from '../usage/sum-usage.ts';
import { writeVersion } from './write-version.ts';
import { upstreamOf } from './upstream-column.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random' | 'openAnswerCheck'>;

const callersShown = 50;
const callersSinceMs = 30 * 86_400_000;

export async function editVersion(deps: Deps, actor: Actor, { slug, version: name, ...edit }: Parameters<Products['editVersion']>[1]): Promise<void> {
  requireRight(actor, 'products.change');
  // What leaves has to leave, whatever a guide says; what comes must not break one.
  const broken = edit.status === 'published' ? await findBrokenRequests(deps, deps.database.kysely) : null;
  await deps.database.transaction(async (query) => {
    const product = await getProductRow(query, slug);
    const versions = await listVersionConfigs(query, product.id);
    const index = versions.findIndex((version) => version.name === name);
    const before = versions[index];
    if (!before) throw new AppError('not_found', `"${slug}" has no version "${name}".`);
    if (edit.status === 'draft' && before.status !== 'draft') throw new AppError('conflict', `${slug} ${name} is ${before.status}: what was published is not a draft again. Retire it instead.`, { errors: [{ pointer: '/status', detail: `cannot become a draft: it is ${before.status}` }] });
    const after: VersionConfig = { ...before, status: edit.status, deprecated: date(edit.deprecated, before.deprecated), sunset: date(edit.sunset, before.sunset), successor: edit.successor === undefined ? before.successor : edit.successor || null };
    if (after.status === 'published' || after.status === 'draft') Object.assign(after, { deprecated: null, sunset: null, successor: null });
    if (after.status === 'deprecated' && after.deprecated === null) after.deprecated = dateOf(deps.clock.now());
    const config = { ...productConfigOf(product), versions: versions.with(index, after), plans: [] };
    refuseProblems(writtenProduct(config) as unknown as WrittenProduct, (pointer) => pointer.replace(`/versions/${index}`, ''));
    await writeVersion(deps, query, { productId: product.id, config: after, position: index, loaded: null });
    if (broken) await refuseBreakingRequests(deps, query, broken);
    await recordAudit(query, deps, actor, { action: actionOf(before, after), noun: 'version', subject: slug, name: `${slug} ${name}`, before: audited(before), after: audited(after) });
  });
}

/** @throws AppError `conflict` for what was published once. */
export async function discardDraft(deps: Deps, actor: Actor, { slug, version: name }: { slug: string; version: string }): Promise<void> {
  requireRight(actor, 'products.change');
  await deps.database.transaction(async (query) => {
    const product = await getProductRow(query, slug);
    const row = await query.selectFrom('version').select(['id', 'status']).where('product_id', '=', product.id).where('name', '=', name).executeTakeFirst();
    if (!row) throw new AppError('not_found', `"${slug}" has no version "${name}".`);
    if (row.status !== 'draft') throw new AppError('conflict', `${slug} ${name} is ${row.status}: only a draft is thrown away. Retire it instead, so that its callers are told.`);
    await query.deleteFrom('version').where('id', '=', row.id).execute();
    await recordAudit(query, deps, actor, { action: 'discarded', noun: 'version', subject: slug, name: `${slug} ${name}`, before: { status: 'draft' }, after: null });
  });
}

/** Who called a version in the last 30 days, most calls first. */
export async function listCallers({ database, clock }: Deps, actor: Actor, { slug, version }: { slug: string; version: string }): Promise<{ callers: VersionCaller[]; total: number }> {
  requireRight(actor, 'workspace.read');
  const query = database.kysely;
  const product = await getProductRow(query, slug);
  const now = clock.now();
  const rows = usageRows(query, { productId: product.id, meter: 'requests', from: now - callersSinceMs, to: now + 1 })
    .innerJoin('consumer', 'consumer.id', 'subscription.consumer_id')
    .where('usage.version', '=', version);
  const callers = await rows.select(['consumer.id as consumerId', 'consumer.name', wholeSum.as('calls')]).groupBy(['consumer.id', 'consumer.name'])
    .orderBy(sql`sum(cast(usage.quantity as bigint))`, 'desc').orderBy('consumer.id').limit(callersShown).execute();
  const { total } = await rows.select((eb) => eb.fn.count('consumer.id').distinct().as('total')).executeTakeFirstOrThrow();
  return { callers, total: Number(total) };
}

async function listVersionConfigs(query: Query, productId: string): Promise<VersionConfig[]> {
  const rows = await query.selectFrom('version').select(['name', 'status', 'source', 'upstream', 'deprecated_at', 'sunset_at', 'successor']).where('product_id', '=', productId).orderBy('position').orderBy('id').execute();
  return rows.map((row) => ({ name: row.name, openapi: row.source, upstream: upstreamOf(row.upstream), status: row.status, deprecated: dateOf(row.deprecated_at), sunset: dateOf(row.sunset_at), successor: row.successor }));
}

function date(edited: string | null | undefined, before: string | null): string | null {
  return edited === undefined ? before : edited || null;
}

function actionOf(before: VersionConfig, after: VersionConfig): string {
  return before.status === after.status ? 'changed' : after.status;
}

function audited({ status, deprecated, sunset, successor }: VersionConfig): Record<string, unknown> {
  return { status, deprecated, sunset, successor };
}
