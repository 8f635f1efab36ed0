// The indexes as they stand in the store: one per version, one per product's guides, one of the portal's own pages.
import { readDocument } from '../versions/document-parts.ts';
import { createHash } from 'node:crypto';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { indexFormat, type SearchSource } from './build-search-index.ts';
import { openIndex, type TextIndex } from './text-index.ts';

export const versionScope = (versionId: string): string => `version:${versionId}`;
export const guidesScope = (productId: string): string => `guides:${productId}`;
export const pagesScope = 'pages';

interface WantedScope { scope: string; productId: string | null; hash: string; read(query: Query): Promise<SearchSource> }

/** Builds what is missing or stale, and drops what nothing stands for any more. Answers the scopes that changed. */
export async function refreshIndexes({ database, buildSearchIndex }: Pick<ControlDeps, 'database' | 'buildSearchIndex'>): Promise<string[]> {
  const query = database.kysely;
  const wanted = [...await wantedVersions(query), ...await wantedArticles(query)];
  const present = new Map((await query.selectFrom('search_index').select(['scope', 'hash']).execute()).map(({ scope, hash }) => [scope, hash]));
  const gone = [...present.keys()].filter((scope) => !wanted.some((one) => one.scope === scope));
  for (let start = 0; start < gone.length; start += 500) await query.deleteFrom('search_index').where('scope', 'in', gone.slice(start, start + 500)).execute();
  const stale = wanted.filter(({ scope, hash }) => present.get(scope) !== hash);
  for (const { scope, productId, hash, read } of stale) {
    const json = await buildSearchIndex(await read(query));
    await database.transaction(async (inside) => {
      await inside.deleteFrom('search_index').where('scope', '=', scope).execute();
      const stands = productId === null || (await inside.selectFrom('product').select('id').where('id', '=', productId).executeTakeFirst()) !== undefined;
      if (stands) await inside.insertInto('search_index').values({ scope, product_id: productId, hash, json }).execute();
    });
  }
  return [...gone, ...stale.map(({ scope }) => scope)];
}

async function wantedVersions(query: Query): Promise<WantedScope[]> {
  const versions = await query.selectFrom('version').select(['id', 'product_id', 'source_hash', 'updated_at']).execute();
  return versions.map(({ id, product_id, source_hash }) => ({
    scope: versionScope(id), productId: product_id, hash: hashOf([source_hash]),
    read: async () => ({ kind: 'document', json: (await readDocument(query, id)) ?? '{}' }),
  }));
}

async function wantedArticles(query: Query): Promise<WantedScope[]> {
  const articles = await query.selectFrom('article').select(['id', 'product_id', 'updated_at']).orderBy('id').execute();
  return [...Map.groupBy(articles, (article) => article.product_id)].map(([productId, group]) => ({
    scope: productId === null ? pagesScope : guidesScope(productId), productId, hash: hashOf(group.flatMap(({ id, updated_at }) => [id, String(updated_at)])),
    read: async () => {
      const rows = query.selectFrom('article').select(['slug', 'title', 'description', 'markdown']).where('product_id', productId === null ? 'is' : '=', productId).orderBy('position');
      return { kind: 'articles', of: productId === null ? 'page' : 'guide', articles: await rows.execute() };
    },
  }));
}

function hashOf(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify([indexFormat, ...parts])).digest('hex');
}

/** Opened indexes, as many as fit; the least recently used goes first. */
export interface OpenIndexes {
  get(scope: string): Promise<TextIndex | undefined>;
  forget(scopes: string[]): void;
}

/** In characters of stored JSON; opened, an index holds some seven bytes for each. */
const charactersMax = 12_000_000;

export function createOpenIndexes(query: Query): OpenIndexes {
  const opened = new Map<string, { index: Promise<TextIndex | undefined>; characters: number }>();
  async function open(scope: string, entry: { characters: number }): Promise<TextIndex | undefined> {
    const row = await query.selectFrom('search_index').select('json').where('scope', '=', scope).executeTakeFirst();
    entry.characters = row?.json.length ?? 0;
    trim();
    return row && openIndex(row.json);
  }
  function trim(): void {
    let characters = [...opened.values()].reduce((sum, entry) => sum + entry.characters, 0);
    for (const [scope, entry] of opened) {
      if (characters <= charactersMax || opened.size === 1) return;
      opened.delete(scope);
      characters -= entry.characters;
    }
  }
  return {
    get(scope) {
      const known = opened.get(scope);
      const entry = known ?? { index: Promise.resolve<TextIndex | undefined>(undefined), characters: 0 };
      opened.delete(scope);
      opened.set(scope, entry);
      if (!known) entry.index = open(scope, entry).catch((error: unknown) => {
        opened.delete(scope);
        throw error;
      });
      return entry.index;
    },
    forget: (scopes) => { for (const scope of scopes) opened.delete(scope); },
  };
}
