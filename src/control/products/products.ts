import { sampleRequest } from '../../contract/sample.ts';
import { operationPage } from '../../contract/shape.ts';
import type { LoadedContract } from '../../contract/contract.ts';
import { AppError, isAppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { compareOperations } from '../../contract/compare.ts';
import { listGuideSummaries } from '../content/content.ts';
import { listPlans } from '../plans/plans.ts';
import { requireRight } from '../rights.ts';
import type { Actor, DocumentComparison, OperationPage, OperationSummary, ProductPage, Products } from '../services.ts';
import { pathPointer, readDocument, readReach } from '../versions/document-parts.ts';
import { createOperationLists, type OperationLists } from '../versions/operation-lists.ts';
import { getVisibleVersion } from '../versions/version-rows.ts';
import { discardDraft, editVersion, listCallers } from '../versions/edit-version.ts';
import { checkUpstreams } from './check-upstream.ts';
import { createProduct, editProduct, getProductRow, productFacts, removeUnusedProduct } from './edit-product.ts';
import { createProductInvitations, type InvitationMail } from './product-invitations.ts';
import { productConfigOf } from './product-rows.ts';
import { summariseProducts } from './product-summary.ts';
import { listServers, publishVersion } from './publish-version.ts';
import { chooseQuickstart, type Quickstarts } from './quickstart.ts';
import { getVisibleProduct, listVisibleProducts } from './visible-product.ts';

export function createProducts(deps: ControlDeps, gateways: Gateways, letters: InvitationMail, lists = createOperationLists(deps.database.kysely)): Products {
  const query = deps.database.kysely;
  const quickstarts: Quickstarts = new Map();
  return {
    list: async (actor) => summariseProducts(query, actor, await listVisibleProducts(query, actor)),
    get: (actor, slug) => getProductPage(deps, quickstarts, actor, slug),
    listOperations: async (actor, slug, version) => lists.of(await getVisibleVersion(query, actor, slug, version)),
    getOperation: (actor, slug, version, operationSlug) => getOperationPage(query, lists, actor, { slug, version, operationSlug }),
    getDocument: async (actor, slug, version) => getStoredDocument(query, (await getVisibleVersion(query, actor, slug, version)).id),
    async publish(actor, input) {
      const answer = await publishVersion(deps, actor, input);
      if (!input.dryRun) await gateways.publishSnapshot();
      return answer;
    },
    inspectDocument: (actor, input) => inspectDocument(deps, actor, input),
    compareDocument: (actor, input) => compareDocument(deps, actor, input),
    async facts(actor, slug) {
      requireRight(actor, 'workspace.read');
      return productFacts(query, slug);
    },
    async create(actor, input) {
      await createProduct(deps, actor, input);
      await gateways.publishSnapshot();
      return (await summariseProducts(query, actor, [await getProductRow(query, input.slug)]))[0]!;
    },
    async edit(actor, input) {
      await editProduct(deps, actor, input);
      await gateways.publishSnapshot();
      return productFacts(query, input.slug);
    },
    async remove(actor, { slug }) {
      await removeUnusedProduct(deps, actor, slug);
      await gateways.publishSnapshot();
    },
    async editVersion(actor, input) {
      await editVersion(deps, actor, input);
      await gateways.publishSnapshot();
      const [summary] = await summariseProducts(query, actor, [await getProductRow(query, input.slug)]);
      return summary!.versions.find(({ name }) => name === input.version)!;
    },
    discardDraft: (actor, input) => discardDraft(deps, actor, input),
    listCallers: (actor, input) => listCallers(deps, actor, input),
    checkUpstream: (actor, { slug }) => checkUpstreams(deps, actor, slug),
    ...createProductInvitations(deps, letters),
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
  return { ...summary!, highlights: productConfigOf(row).highlights, guides: await listGuideSummaries(query, row.id), plans: await listPlans(query, actor, row), baseUrls, quickstart };
}

async function getOperationPage(query: Query, lists: OperationLists, actor: Actor | undefined, { slug, version, operationSlug }: { slug: string; version: string; operationSlug: string }): Promise<OperationPage> {
  const found = await getVisibleVersion(query, actor, slug, version);
  const operations = await lists.of(found);
  const index = operations.findIndex((operation) => operation.slug === operationSlug);
  const operation = operations[index];
  if (!operation) throw new AppError('not_found', `${slug} ${version} has no operation "${operationSlug}".`);
  const document = await readReach(query, found.id, [pathPointer(operation.path)]);
  return { ...operationPage(document, operation), operation, previous: operations[index - 1] ?? null, next: operations[index + 1] ?? null, sample: sampleRequest(document, operation) };
}

async function getStoredDocument(query: Query, versionId: string): Promise<Record<string, unknown>> {
  return JSON.parse((await readDocument(query, versionId)) ?? '{}') as Record<string, unknown>;
}

async function inspectDocument(deps: ControlDeps, actor: Actor, { fileName, text }: { fileName: string; text: string }): ReturnType<Products['inspectDocument']> {
  requireRight(actor, 'products.change');
  const loaded = await loadOrProblems(deps, { fileName, text });
  if ('problems' in loaded) return { title: '', version: '', openapi: '', operations: [], servers: [], problems: loaded.problems };
  const { document, title, openapi, operations } = loaded;
  const info = document['info'] as { version?: unknown };
  return { title, openapi, version: typeof info.version === 'string' ? info.version : '', servers: listServers(document), problems: [], operations: operations.map(summaryOf) };
}

async function loadOrProblems(deps: ControlDeps, { fileName, text }: { fileName: string; text: string }): Promise<LoadedContract | { problems: ErrorPlace[] }> {
  try {
    return await deps.loadContract({ file: fileName, text, files: [] });
  } catch (error) {
    if (!isAppError(error) || error.code !== 'contract_invalid') throw error;
    return { problems: error.errors.length > 0 ? error.errors : [{ file: fileName, detail: error.message }] };
  }
}

async function compareDocument(deps: ControlDeps, actor: Actor, { slug, version, fileName, text }: { slug: string; version: string; fileName: string; text: string }): Promise<DocumentComparison> {
  requireRight(actor, 'products.change');
  const found = await getVisibleVersion(deps.database.kysely, actor, slug, version);
  const loaded = await loadOrProblems(deps, { fileName, text });
  if ('problems' in loaded) return { problems: loaded.problems, added: [], removed: [], changed: [], unchanged: 0 };
  const { added, removed, changed, unchanged } = compareOperations(await getStoredDocument(deps.database.kysely, found.id), loaded.document);
  return { problems: [], added: added.map(summaryOf), removed: removed.map(summaryOf), changed: changed.map(({ operation, changes }) => ({ operation: summaryOf(operation), changes })), unchanged };
}

function summaryOf({ operation, slug, method, path, summary, tag, deprecated }: OperationSummary): OperationSummary {
  return { operation, slug, method, path, summary, tag, deprecated };
}
