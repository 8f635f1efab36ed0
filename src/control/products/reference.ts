// What reference pages read: a version with its operations and plans, one operation, one schema, and the document as it is served.
import { policyNames } from '../../domain/policies.ts';
import { escapePointer, isObject, pointerSegments } from '../../contract/reference.ts';
import { operationReference, wholeExample } from '../../contract/operation-reference.ts';
import { sampleRequest } from '../../contract/sample.ts';
import { placedAt, schemaTree } from '../../contract/schema-tree.ts';
import { documentServer, type ServedFacts } from '../../contract/served-document.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { listPlans } from '../plans/plans.ts';
import type { Actor, OperationSummary, Reference, ReferenceVersion } from '../services.ts';
import { pathPointer, readParts, readReach } from '../versions/document-parts.ts';
import { createOperationLists, type OperationLists } from '../versions/operation-lists.ts';
import { getVisibleVersion, type FoundVersion } from '../versions/version-rows.ts';
import { productConfigOf } from './product-rows.ts';
import { summariseProducts } from './product-summary.ts';

/** What one request for a branch may weigh, and how many rows of the store are in memory at once while a document is served. */
const branchBytes = 60_000;
const rowsPerRead = 100;

export function createReference({ database, config }: ControlDeps, lists = createOperationLists(database.kysely)): Reference {
  const query = database.kysely;
  return {
    getVersion: (actor, slug, version) => getReferenceVersion(query, lists, config, actor, slug, version),
    async getOperation(actor, slug, version, operationSlug) {
      const found = await getVisibleVersion(query, actor, slug, version);
      const operations = await lists.of(found);
      const { operation, index } = findOperation(operations, operationSlug, found);
      const document = await readReach(query, found.id, [pathPointer(operation.path)]);
      return {
        ...operationReference(document, operation), operation, previous: operations[index - 1] ?? null, next: operations[index + 1] ?? null,
        sample: withVersion(sampleRequest(document, operation), found),
      };
    },
    async getElsewhere(actor, slug, version, operationSlug) {
      const found = await getVisibleVersion(query, actor, slug, version);
      const row = await query.selectFrom('operation').select(['operation', 'method', 'path']).where('version_id', '=', found.id).where('slug', '=', operationSlug).executeTakeFirst();
      return row ? findElsewhere(query, found, row) : {};
    },
    async getSchema(actor, slug, version, { at, from, within }) {
      const found = await getVisibleVersion(query, actor, slug, version);
      const pointer = pointerSegments(at).map((segment) => `/${escapePointer(segment)}`).join('');
      const document = await readReach(query, found.id, [pointer]);
      const place = placedAt(document, pointer);
      if (!place) throw new AppError('not_found', `${slug} ${version} has no schema at ${at}.`);
      return schemaTree(document, place, { bytes: branchBytes }, { from, trail: within.map((name) => `#/components/schemas/${escapePointer(name)}`) });
    },
    async getExample(actor, slug, version, { operationSlug, status, mediaType }) {
      const found = await getVisibleVersion(query, actor, slug, version);
      const { operation } = findOperation(await lists.of(found), operationSlug, found);
      const example = wholeExample(await readReach(query, found.id, [pathPointer(operation.path)]), operation, { status, mediaType });
      if (!example) throw new AppError('not_found', `${operation.operation} has no such example.`);
      return example;
    },
    async getServedDocument(actor, slug, version) {
      const found = await getVisibleVersion(query, actor, slug, version);
      const { baseUrl, plans, version: { status } } = await getReferenceVersion(query, lists, config, actor, slug, version);
      const { versioning, policies } = productConfigOf(found.product);
      return serveParts(query, found.id, { serverUrl: baseUrl, webUrl: config.webUrl, status, plans, policies: policyNames(policies), tokens: policies.tokens && { url: policies.tokens.own ? `${config.webUrl}/oauth/token` : null }, versionHeader: versioning.by === 'header' ? { name: versioning.header, value: version } : null });
    },
  };
}

async function getReferenceVersion(query: Query, lists: OperationLists, config: ControlDeps['config'], actor: Actor | undefined, slug: string, name: string): Promise<ReferenceVersion> {
  const found = await getVisibleVersion(query, actor, slug, name);
  const [[product], operations, plans] = await Promise.all([summariseProducts(query, actor, [found.product]), lists.of(found), listPlans(query, actor, found.product)]);
  const byPath = productConfigOf(found.product).versioning.by === 'path';
  return { product: product!, version: product!.versions.find((version) => version.name === name)!, baseUrl: `${config.gatewayUrl}/${slug}${byPath ? `/${name}` : ''}`, operations, plans };
}

function findOperation(operations: readonly OperationSummary[], slug: string, { name, product }: FoundVersion): { operation: OperationSummary; index: number } {
  const index = operations.findIndex((operation) => operation.slug === slug);
  const operation = operations[index];
  if (!operation) throw new AppError('not_found', `${product.slug} ${name} has no operation "${slug}".`);
  return { operation, index };
}

/** A product that is versioned by header is called with that header. */
function withVersion<Sample extends { headers: Record<string, string> }>(sample: Sample, { product, name }: FoundVersion): Sample {
  const { versioning } = productConfigOf(product);
  return versioning.by === 'path' ? sample : { ...sample, headers: { [versioning.header]: name, ...sample.headers } };
}

/** The pages of the same operation in other versions: of the same id, else of the same method and path. */
async function findElsewhere(query: Query, { id, product }: FoundVersion, { operation, method, path }: Pick<OperationSummary, 'operation' | 'method' | 'path'>): Promise<Record<string, string>> {
  const rows = await query
    .selectFrom('operation')
    .innerJoin('version', 'version.id', 'operation.version_id')
    .select(['version.name', 'operation.slug', 'operation.operation'])
    .where('version.product_id', '=', product.id)
    .where('version.id', '!=', id)
    .where((eb) => eb.or([eb('operation.operation', '=', operation), eb.and([eb('operation.method', '=', method), eb('operation.path', '=', path)])]))
    .limit(200)
    .execute();
  const exactLast = rows.toSorted((a, b) => Number(a.operation === operation) - Number(b.operation === operation));
  return Object.fromEntries(exactLast.map((row) => [row.name, row.slug]));
}

/** JSON text in chunks, from the pieces of the store: the whole is never in memory. */
async function* serveParts(query: Query, versionId: string, facts: ServedFacts): AsyncGenerator<string> {
  const pointers = (await query.selectFrom('document_part').select('pointer').where('version_id', '=', versionId).orderBy('pointer').execute()).map(({ pointer }) => pointer);
  const components = pointers.map(pointerSegments).filter(([first]) => first === 'components').map(([, kind, name]) => ({ kind: kind!, name: name! }));
  const server = documentServer(facts, (prefix) => components.some(({ name }) => name.startsWith(prefix)));
  const rest = JSON.parse((await readParts(query, versionId, ['']))[0]?.json ?? '{}') as Record<string, unknown>;
  const { paths: _, components: ownRest, webhooks, 'x-webhooks': more, ...root } = server.root(rest);
  yield `${JSON.stringify(root).slice(0, -1)},"paths":{`;
  const inOrder = (await query.selectFrom('operation').select('path').where('version_id', '=', versionId).orderBy('position').execute()).map(({ path }) => pathPointer(path));
  yield* members(query, versionId, [...new Set(inOrder)], ([, path], value) => [path!, server.pathItem(path!, value)]);
  for (const [map, present] of [['webhooks', webhooks], ['x-webhooks', more]] as const) {
    if (present === undefined) continue;
    yield `},${JSON.stringify(map)}:{`;
    yield* members(query, versionId, pointers.filter((pointer) => pointer.startsWith(`/${map}/`)), ([, name], value) => [name!, value]);
  }
  const own = server.ownComponents();
  const kinds = [...new Set([...Object.keys(isObject(ownRest) ? ownRest : {}), ...components.map(({ kind }) => kind), ...Object.keys(own)])].filter((kind) => !kind.startsWith('x-'));
  let opening = '},"components":{';
  // Refusals come last: shared responses are served by what the paths said of them.
  for (const kind of kinds) {
    const entries = pointers.filter((pointer) => pointer.startsWith(`/components/${escapePointer(kind)}/`));
    yield `${opening}${JSON.stringify(kind)}:{`;
    let comma = '';
    for await (const text of members(query, versionId, entries, ([, , name], value) => [name!, server.component(kind, name!, value)])) {
      yield text;
      comma = ',';
    }
    const extra = JSON.stringify(own[kind] ?? {}).slice(1, -1);
    yield `${extra === '' ? '' : comma}${extra}`;
    opening = '},';
  }
  yield '}}}';
}

/** `"name":value` of each piece, with commas between them; a value that is undefined is left out. */
async function* members(query: Query, versionId: string, pointers: string[], serve: (segments: string[], value: unknown) => [string, unknown]): AsyncGenerator<string> {
  let comma = '';
  for (let start = 0; start < pointers.length; start += rowsPerRead) {
    const asked = pointers.slice(start, start + rowsPerRead);
    const found = new Map((await readParts(query, versionId, asked)).map(({ pointer, json }) => [pointer, json]));
    let text = '';
    for (const pointer of asked) {
      const json = found.get(pointer);
      if (json === undefined) continue;
      const [name, value] = serve(pointerSegments(pointer), JSON.parse(json));
      if (value === undefined) continue;
      text += `${comma}${JSON.stringify(name)}:${JSON.stringify(value)}`;
      comma = ',';
    }
    if (text !== '') yield text;
    // Other requests go on between two reads: the store answers at once, without a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
