// Search over what the actor may see: operations, schemas, guides, own pages, error codes, products, terms and exercises.
import { errorCatalogue } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { listProductRows } from '../products/product-rows.ts';
import type { Search } from '../services.ts';
import { answerQuestion, type SearchedScope } from './answer-question.ts';
import { createLearnIndex } from './learn-index.ts';
import { createLibrary } from '../learn/library.ts';
import { listScopes, type VisibleScope } from './scopes.ts';
import { createOpenIndexes, pagesScope, guidesScope, refreshIndexes, versionScope } from './stored-indexes.ts';
import { buildIndex, openIndex, type NewEntry, type SearchEntry, type TextIndex } from './text-index.ts';

export interface OpenSearch extends Search {
  /** Resolves when the indexes stand as the store does. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Versions of a product that a question without a version looks in; the older ones are found by naming them. */
const versionsMax = 5;
const nothing = { method: '', path: '', tag: '', deprecated: false, fields: [] };

/** Keeps the indexes in step with what is published: at the start, and after every publication. */
export function createSearch(deps: ControlDeps, gateways: Pick<Gateways, 'onPublished'>): OpenSearch {
  const query = deps.database.kysely;
  const indexes = createOpenIndexes(query);
  const errors = openIndex(buildIndex(errorEntries()));
  const learned = createLearnIndex(createLibrary(query));
  let products: Promise<TextIndex> | undefined;
  let again = false;
  let closed = false;
  let refreshing: Promise<void> | undefined;

  async function refreshOnce(): Promise<void> {
    products = productIndex(deps);
    indexes.forget(await refreshIndexes(deps));
    // Opened now, so that nobody's first question waits for it.
    for (const { id, current } of await listScopes(query, { kind: 'system' })) {
      if (closed) return;
      if (current) await indexes.get(versionScope(current.id));
      await indexes.get(guidesScope(id));
    }
    await indexes.get(pagesScope);
  }

  function refresh(): Promise<void> {
    again = true;
    return (refreshing ??= (async () => {
      while (again && !closed) {
        again = false;
        await refreshOnce();
      }
    })().catch((error: unknown) => {
      if (!closed) deps.log.error({ err: error }, 'the search index could not be brought up to date');
    }).finally(() => { refreshing = undefined; }));
  }

  async function searched(scopes: VisibleScope[], input: { product?: string; version?: string }): Promise<SearchedScope[]> {
    const chosen = scopes.filter(({ slug }) => input.product === undefined || slug === input.product);
    const found: SearchedScope[] = [];
    for (const product of chosen) {
      const versions = input.version === undefined ? product.served.slice(0, versionsMax) : product.versions.filter(({ name }) => name === input.version);
      const of = { slug: product.slug, name: product.name };
      const newer: TextIndex[] = [];
      for (const version of versions) {
        const index = await indexes.get(versionScope(version.id));
        const known = new Set(newer.flatMap(({ entries }) => entries.map(nameOf)));
        found.push({ index, product: of, version: version.name, base: `/${product.slug}/${version.name}/`, only: (entry) => !known.has(nameOf(entry)) });
        if (index) newer.push(index);
      }
      found.push({ index: await indexes.get(guidesScope(product.id)), product: of, version: null, base: `/${product.slug}/guides/` });
    }
    const visible = new Map(chosen.map(({ id }) => [id, true]));
    found.push({ index: await (products ??= productIndex(deps)), product: null, version: null, base: '/', only: (entry) => visible.has(entry.productId!) });
    if (input.product !== undefined) return found;
    return [...found, { index: await errors, product: null, version: null, base: '/errors/' }, { index: await indexes.get(pagesScope), product: null, version: null, base: '/pages/' }, { index: await learned(), product: null, version: null, base: '/learn/' }];
  }

  const stop = gateways.onPublished(() => void refresh());
  void refresh();
  return {
    async query(actor, input) {
      const scopes = await listScopes(query, actor);
      return { ...answerQuestion(await searched(scopes, input), input), scopes: scopes.map(({ slug, name, versions, current }) => ({ product: slug, name, versions: versions.map((version) => version.name), current: current?.name ?? null })) };
    },
    settled: async () => { while (refreshing) await refreshing; },
    async close() {
      closed = true;
      stop();
      await refreshing;
    },
  };
}

/** What a newer version has too is found there alone. */
function nameOf({ kind, name }: SearchEntry): string {
  return `${kind} ${name}`;
}

function errorEntries(): NewEntry[] {
  return Object.entries(errorCatalogue).map(([code, { title, meaning, mend, status }]) => ({ ...nothing, kind: 'error', name: code, title, page: code, summary: meaning, text: `${status} ${mend.join(' ')}` }));
}

async function productIndex({ database }: ControlDeps): Promise<TextIndex> {
  const rows = await listProductRows(database.kysely);
  return openIndex(buildIndex(rows.map(({ id, slug, name, description, layer }) => ({ ...nothing, kind: 'product', name: slug, title: name, page: slug, summary: description.slice(0, 160), text: `${description} ${layer ?? ''}`, productId: id }))));
}
