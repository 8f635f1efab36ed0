// Publishes a version from one uploaded document: the way of the workspace, beside `apply`.
import type { LoadedContract } from '../../contract/contract.ts';
import type { VersionConfig } from '../../domain/config.ts';
import { AppError, isAppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { auditConfiguration } from '../audit/audit-configuration.ts';
import { dateOf, loadConfigState } from '../configuration/config-state.ts';
import { findSchemaProblems } from '../configuration/schema-problems.ts';
import { findSemanticProblems } from '../configuration/semantic-problems.ts';
import type { WrittenConfig } from '../configuration/written-config.ts';
import { findBrokenRequests, refuseBreakingRequests } from '../content/broken-requests.ts';
import type { ControlDeps } from '../deps.ts';
import { findBrokenTasks, refuseBreakingTasks } from '../learn/broken-tasks.ts';
import { writePlan } from '../plans/write-plan.ts';
import { actorName, requireRight } from '../rights.ts';
import type { Actor, Products, ProductSummary } from '../services.ts';
import { findUncheckable, uncheckableWords } from '../versions/request-contracts.ts';
import { writeVersion } from '../versions/write-version.ts';
import { findProductRow, productConfigOf, type ProductSettings } from './product-rows.ts';
import { summariseProducts } from './product-summary.ts';
import { firstPlan, newProductSettings } from './edit-product.ts';
import { nextProductPosition, writeProduct } from './write-product.ts';
import { upstreamOf } from '../versions/upstream-column.ts';

type PublishInput = Parameters<Products['publish']>[1];

/** @throws AppError `input_invalid`, `contract_invalid`; nothing is changed then. The caller publishes the snapshot. */
export async function publishVersion(deps: ControlDeps, actor: Actor, input: PublishInput): Promise<{ product: ProductSummary | null; problems: ErrorPlace[] }> {
  requireRight(actor, 'products.change');
  try {
    const contract = await deps.loadContract({ file: input.fileName, text: input.text, files: [] });
    const existing = await findProductRow(deps.database.kysely, input.slug);
    const upstream = input.upstream ?? existing?.upstream ?? firstServer(contract);
    checkInput(input, upstream);
    await refuseUncheckable(input, existing && productConfigOf(existing), contract);
    return { product: await write(deps, actor, input, { contract, upstream: upstream! }), problems: [] };
  } catch (error) {
    if (!input.dryRun || !isAppError(error) || error.status >= 500) throw error;
    return { product: null, problems: error.errors.length > 0 ? error.errors : [{ detail: error.message }] };
  }
}

/** @throws AppError `contract_invalid` when the product has requests checked, which this document does not allow. */
async function refuseUncheckable(input: PublishInput, product: ProductSettings | undefined, contract: LoadedContract): Promise<void> {
  if (!product?.policies.validate) return;
  const found = await findUncheckable(contract.document, product.policies.validate.except);
  const errors = found.map((operation) => ({ file: input.fileName, detail: uncheckableWords(operation, `${input.slug} ${input.version}`) }));
  if (errors.length > 0) throw new AppError('contract_invalid', errors[0]!.detail, { errors });
}

/** In a dry run everything is written, read back and rolled back. */
async function write(deps: ControlDeps, actor: Actor, input: PublishInput, { contract, upstream }: { contract: LoadedContract; upstream: string }): Promise<ProductSummary> {
  const dry = new DryRun();
  const broken = await findBrokenRequests(deps, deps.database.kysely);
  const tasks = await findBrokenTasks(deps.database.kysely);
  try {
    return await deps.database.transaction(async (query) => {
      const before = await loadConfigState(query);
      const existing = await findProductRow(query, input.slug);
      const { id } = await writeProduct(deps, query, settings(input, actor, existing && productConfigOf(existing), contract, upstream), existing?.position ?? (await nextProductPosition(query)));
      if (!existing) await writePlan(deps, query, { productId: id, config: firstPlan, position: 0 });
      await writeUploaded(deps, query, id, input, contract);
      await refuseBreakingRequests(deps, query, broken);
      await refuseBreakingTasks(query, tasks);
      await recordActivity(query, deps, { consumerId: null, actor: actorName(actor), kind: input.draft ? 'version.drafted' : 'version.published', subject: id, detail: { product: input.slug, version: input.version, file: input.fileName } });
      await auditConfiguration(query, deps, actor, before, await loadConfigState(query));
      const [summary] = await summariseProducts(query, actor, [(await findProductRow(query, input.slug))!]);
      if (!input.dryRun) return summary!;
      dry.summary = summary!;
      throw dry;
    });
  } catch (error) {
    if (error === dry) return dry.summary!;
    throw error;
  }
}

class DryRun extends Error {
  summary: ProductSummary | undefined;
}

function settings(input: PublishInput, actor: Actor, existing: ProductSettings | undefined, contract: LoadedContract, upstream: string): ProductSettings {
  if (existing) return { ...existing, name: input.name?.trim() || existing.name, upstream };
  return newProductSettings(actor, { slug: input.slug, name: input.name?.trim() || contract.title.slice(0, 200) || input.slug, description: contract.description.slice(0, 20_000), upstream, testUpstream: 'examples', access: 'public' });
}

/** A version that exists keeps its dates and successor; a draft is published unless it is to stay one. @throws AppError `conflict` for a draft of what is published. */
async function writeUploaded(deps: ControlDeps, query: Query, productId: string, input: PublishInput, contract: LoadedContract): Promise<void> {
  const existing = await query.selectFrom('version').select(['status', 'upstream', 'deprecated_at', 'sunset_at', 'successor', 'position']).where('product_id', '=', productId).where('name', '=', input.version).executeTakeFirst();
  const last = await query.selectFrom('version').select((eb) => eb.fn.max('position').as('position')).where('product_id', '=', productId).executeTakeFirst();
  if (input.draft && existing && existing.status !== 'draft') throw new AppError('conflict', `${input.slug} ${input.version} is ${existing.status} already: a draft needs a version name of its own.`, { errors: [{ pointer: '/version', detail: `is ${existing.status} already; choose another name for the draft` }] });
  const status = existing && existing.status !== 'draft' ? existing.status : input.draft ? 'draft' : 'published';
  const config: VersionConfig = {
    name: input.version, openapi: input.fileName, upstream: upstreamOf(existing?.upstream ?? null), status,
    deprecated: dateOf(existing?.deprecated_at ?? null), sunset: dateOf(existing?.sunset_at ?? null), successor: existing?.successor ?? null,
  };
  await writeVersion(deps, query, { productId, config, position: existing?.position ?? Number(last?.position ?? -1) + 1, loaded: { contract, json: contract.json } });
}

/** The rules of portico.yaml hold here too. */
function checkInput(input: PublishInput, upstream: string | undefined): void {
  if (upstream === undefined) throw invalid([{ pointer: '/upstream', detail: 'is missing: the document names no server with an absolute address' }]);
  const written: WrittenConfig = { products: [{ slug: input.slug, ...(input.name?.trim() ? { name: input.name.trim() } : {}), upstream, versions: [{ name: input.version, openapi: input.fileName }] }] };
  const shape = findSchemaProblems(written);
  const problems = shape.length > 0 ? shape : findSemanticProblems(written);
  const fields: Record<string, string> = { '/products/0/slug': '/slug', '/products/0/name': '/name', '/products/0/upstream': '/upstream', '/products/0/versions/0/name': '/version', '/products/0/versions/0/openapi': '/fileName' };
  if (problems.length > 0) throw invalid(problems.map(({ pointer, detail }) => ({ pointer: fields[pointer] ?? pointer, detail })));
}

function invalid(errors: ErrorPlace[]): AppError {
  return new AppError('input_invalid', `${errors[0]!.pointer!.slice(1)}: ${errors[0]!.detail}`, { errors });
}

/** `servers[0].url` of the document when it is an absolute address without variables. */
function firstServer(contract: LoadedContract): string | undefined {
  return listServers(contract.document).find((url) => /^https?:\/\/[^{}]+$/.test(url))?.replace(/\/$/, '');
}

export function listServers(document: Record<string, unknown>): string[] {
  const servers = Array.isArray(document['servers']) ? (document['servers'] as unknown[]) : [];
  return servers.flatMap((server) => (typeof server === 'object' && server !== null && 'url' in server && typeof server.url === 'string' ? [server.url] : [])).slice(0, 20);
}
