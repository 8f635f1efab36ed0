// In: indexes and a question. Out: one page of the best results over all of them. Pure.
import type { SearchAnswer, SearchKind, SearchResult } from '../services.ts';
import type { SearchEntry, SearchHit, TextIndex } from './text-index.ts';
import { indexedWords, markWords, normalWord, questionWords } from './words.ts';

export interface SearchedScope {
  index: TextIndex | undefined;
  product: { slug: string; name: string } | null;
  version: string | null;
  /** What comes before an entry's page. */
  base: string;
  only?(entry: SearchEntry): boolean;
}

interface Question { text: string; kind?: SearchKind; cursor?: string; limit?: number }
interface Found extends SearchHit { scope: SearchedScope }

const textMax = 200;
const limitMax = 50;
/** Nobody pages further than this; the kinds and products narrow it down. */
const resultsMax = 500;
const weights: Record<SearchKind, number> = { product: 2, guide: 1.3, operation: 1.2, page: 1, error: 1, term: 0.8, exercise: 0.7, schema: 0.7 };
const exactScore = 1_000;
/** How many of a scope's hits are looked at closely; the rest keep the order that the index gave them. */
const reorderedMax = 100;

export function answerQuestion(scopes: SearchedScope[], question: Question): Omit<SearchAnswer, 'scopes'> {
  const text = shortened(question.text);
  const words = questionWords(text);
  const { match, found } = words.length === 0 ? { match: 'none' as const, found: [] } : findEverywhere(scopes, text, words);
  const counts: SearchAnswer['counts'] = {};
  for (const { entry } of found) counts[entry.kind] = (counts[entry.kind] ?? 0) + 1;
  const chosen = question.kind === undefined ? found : found.filter(({ entry }) => entry.kind === question.kind);
  const limit = Math.min(Math.max(Math.trunc(question.limit ?? 20) || 20, 1), limitMax);
  const from = Math.min(Math.max(Number.parseInt(question.cursor ?? '0', 10) || 0, 0), resultsMax);
  const to = Math.min(from + limit, resultsMax);
  return { text, match: found.length === 0 ? 'none' : match, counts, total: chosen.length, results: chosen.slice(from, to).map(resultOf), nextCursor: chosen.length > to && to < resultsMax ? String(to) : null };
}

function shortened(text: string): string {
  return [...text.slice(0, textMax * 2).normalize('NFC').replaceAll(/[\s\p{C}]+/gu, ' ').trim()].slice(0, textMax).join('');
}

function findEverywhere(scopes: SearchedScope[], text: string, words: string[]): { match: SearchAnswer['match']; found: Found[] } {
  const all = findIn(scopes, text, words, { match: 'all' });
  if (all.length > 0) return { match: 'all', found: all };
  const some = words.length > 1 ? findIn(scopes, text, words, { match: 'any' }) : [];
  if (some.length > 0) return { match: 'some', found: some };
  return { match: 'near', found: findIn(scopes, text, words, { match: 'any', loose: true }).slice(0, 5) };
}

function findIn(scopes: SearchedScope[], text: string, words: string[], how: Parameters<TextIndex['find']>[1]): Found[] {
  return scopes.flatMap((scope) => {
    if (!scope.index) return [];
    const exact = new Set(scope.index.exact(text));
    const hits = new Map(scope.index.find(words, how).map((hit) => [hit.entry, hit]));
    for (const entry of exact) if (!hits.has(entry)) hits.set(entry, { entry, score: 0, words });
    const found = [...hits.values()].filter(({ entry }) => scope.only?.(entry) ?? true);
    return found.map((hit, place) => ({ ...hit, scope, score: scoreOf(hit, exact.has(hit.entry), place < reorderedMax ? words : []) }));
  }).sort((a, b) => b.score - a.score);
}

/** An exact name comes first; then names and titles that consist of little else than what was asked. */
function scoreOf({ entry, score }: SearchHit, exact: boolean, words: string[]): number {
  const title = words.length === 0 ? [] : indexedWords(entry.title).map(normalWord);
  const covered = title.filter((part) => words.includes(part)).length / Math.max(1, title.length);
  return (exact ? exactScore : 0) + score * weights[entry.kind] * (1 + covered) * (entry.deprecated ? 0.6 : 1);
}

function resultOf({ entry, words, scope }: Found): SearchResult {
  const hits = new Set(words);
  const met = (field: string): boolean => [field, ...indexedWords(field)].some((part) => hits.has(normalWord(part)));
  const page = `${scope.base}${entry.page}`;
  return {
    kind: entry.kind, href: page, title: markWords(entry.title, hits), name: entry.title === entry.name || entry.kind === 'guide' || entry.kind === 'page' || entry.kind === 'product' ? [] : markWords(entry.name, hits),
    method: entry.method, path: markWords(entry.path, hits), summary: markWords(entry.summary, hits), fields: entry.fields.filter(met).slice(0, 5), deprecated: entry.deprecated, product: scope.product, version: scope.version,
  };
}
