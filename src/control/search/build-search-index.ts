// In: a document, or Markdown pages. Out: the search index of that scope as JSON. Pure; runs on a thread of its own.
import { listSearchEntries, type DocumentEntry } from '../../contract/search-entries.ts';
import { buildIndex, type NewEntry } from './text-index.ts';

export type SearchSource =
  /** JSON text of a bundled OpenAPI document. */
  | { kind: 'document'; json: string }
  | { kind: 'articles'; of: 'guide' | 'page'; articles: { slug: string; title: string; description: string; markdown: string }[] };

/** Changes when an index built earlier would be read wrongly. */
export const indexFormat = 1;
const summaryMax = 160;
const articleMax = 200_000;

export function buildSearchIndex(source: SearchSource): string {
  if (source.kind === 'document') return buildIndex(listSearchEntries(JSON.parse(source.json) as Record<string, unknown>).map(entryOf));
  return buildIndex(source.articles.map(({ slug, title, description, markdown }) => ({
    kind: source.of, name: slug, title, page: slug, method: '', path: '', tag: '', summary: firstWords(description || plainText(markdown)), deprecated: false, fields: [], text: plainText(markdown.slice(0, articleMax)),
  })));
}

function entryOf({ description, title, ...entry }: DocumentEntry): NewEntry {
  const text = plainText(description);
  return { ...entry, title: title || entry.name, summary: firstWords(text), text };
}

/** Markdown without its marks, as far as reading a line of it needs. */
function plainText(markdown: string): string {
  return markdown.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/<[^>]{0,200}>|[`*_>#|]+|^:::.*$/gm, ' ').replaceAll(/\s+/g, ' ').trim();
}

/** Whole words of at most one line. */
function firstWords(text: string): string {
  if (text.length <= summaryMax) return text;
  const cut = text.slice(0, summaryMax);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), summaryMax / 2))} ...`;
}
