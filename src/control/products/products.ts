import { sampleRequest } from '../../contract/sample.ts';
import { operationPage } from '../../contract/shape.ts';
import { AppError, isAppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { listPlans } from '../plans/plans.ts';
import { requireRight } from '../rights.ts';
import type { Actor, OperationPage, ProductPage, Products } from '../services.ts';
import { pathPointer, readReach } from '../versions/document-parts.ts';
import { getVisibleVersion, listOperations } from '../versions/version-rows.ts';
import { productConfigOf } from './product-rows.ts';
import { summariseProducts } from './product-summary.ts';
import { listServers, publishVersion } from './publish-version.ts';
import { chooseQuickstart, type Quickstarts } from './quickstart.ts';
import { getVisibleProduct, listVisibleProducts } from './visible-product.ts';

export function createProducts(deps: ControlDeps, gateways: Gateways): Products {
  const query = deps.database.kysely;
  const quickstarts: Quickstarts = new Map();
  return {
    list: async (actor) => summariseProducts(query, actor, await listVisibleProducts(query, actor)),
    get: (actor, slug) => getProductPage(deps, quickstarts, actor, slug),
    listOperations: async (actor, slug, version) => listOperations(query, (await getVisibleVersion(query, actor, slug, version)).id),
    getOperation: (actor, slug, version, operationSlug) => getOperationPage(query, actor, { slug, version, operationSlug }),
    getDocument: async (actor, slug, version) => getStoredDocument(query, (await getVisibleVersion(query, actor, slug, version)).id),
    async publish(actor, input) {
      const answer = await publishVersion(deps, actor, input);
      if (!input.dryRun) await gateways.publishSnapshot();
      return answer;
    },
    inspectDocument: (actor, input) => inspectDocument(deps, actor, input),
  };
}

async function getProductPage({ database, config }: ControlDeps, quickstarts: Quickstarts, actor: Actor | undefined, slug: string): Promise<ProductPage> {
  const query = database.kysely;
  const row = await getVisibleProduct(query, actor, slug);
  const [summary] = await summariseProducts(query, actor, [row]);
  const current = summary!.versions.find(({ name }) => name === summary!.currentVersion);
  const byPath = productConfigOf(row).versioning.by === 'path';
  const baseUrls = Object.fromEntries(summary!.versions.map(({ name }) => [name, `${config.gatewayUrl}/${slug}${byPath ? `/${name}` : ''}`]));
  const quickstart = current ? await chooseQuickstart(query, quickstarts, await getVisibleVersion(query, actor, slug, current.name)) : null;
  return { ...summary!, plans: await listPlans(query, actor, row), baseUrls, quickstart };
}

async function getOperationPage(query: Query, actor: Actor | undefined, { slug, version, operationSlug }: { slug: string; version: string; operationSlug: string }): Promise<OperationPage> {
  const found = await getVisibleVersion(query, actor, slug, version);
  const operations = await listOperations(query, found.id);
  const index = operations.findIndex((operation) => operation.slug === operationSlug);
  const operation = operations[index];
  if (!operation) throw new AppError('not_found', `${slug} ${version} has no operation "${operationSlug}".`);
  const document = await readReach(query, found.id, [pathPointer(operation.path)]);
  return { ...operationPage(document, operation), operation, previous: operations[index - 1] ?? null, next: operations[index + 1] ?? null, sample: sampleRequest(document, operation) };
}

async function getStoredDocument(query: Query, versionId: string): Promise<Record<string, unknown>> {
  const { document } = await query.selectFrom('version').select('document').where('id', '=', versionId).executeTakeFirstOrThrow();
  return JSON.parse(document) as Record<string, unknown>;
}

async function inspectDocument(deps: ControlDeps, actor: Actor, { fileName, text }: { fileName: string; text: string }): ReturnType<Products['inspectDocument']> {
  requireRight(actor, 'products.change');
  try {
    const { document, title, openapi, operations } = await deps.loadContract({ file: fileName, text, files: [] });
    const info = document['info'] as { version?: unknown };
    return {
      title, openapi, version: typeof info.version === 'string' ? info.version : '', servers: listServers(document), problems: [],
      operations: operations.map(({ operation, slug, method, path, summary, tag, deprecated }) => ({ operation, slug, method, path, summary, tag, deprecated })),
    };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'contract_invalid') throw error;
    return { title: '', version: '', openapi: '', operations: [], servers: [], problems: error.errors.length > 0 ? error.errors : [{ file: fileName, detail: error.message }] };
  }
}
