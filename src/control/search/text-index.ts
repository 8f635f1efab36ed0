// The one file that knows minisearch. In: entries. Out: an index as JSON, and what a question finds in it.
import MiniSearch from 'minisearch';
import { indexedWords, normalWord } from './words.ts';

export type SearchKind = 'operation' | 'schema' | 'guide' | 'page' | 'error' | 'product' | 'term' | 'exercise';

/** What can be found. Kept whole, so it is small; `text` is indexed and then dropped. */
export interface SearchEntry {
  kind: SearchKind;
  /** operationId, schema name, error code, slug. */
  name: string;
  title: string;
  /** Where it is: relative to the scope's own address, or absolute when it begins with a slash. */
  page: string;
  method: string;
  path: string;
  tag: string;
  /** One line about it. */
  summary: string;
  deprecated: boolean;
  fields: string[];
  /** Of a product. */
  productId?: string;
}
export type NewEntry = SearchEntry & { text: string };

export interface SearchHit {
  entry: SearchEntry;
  score: number;
  /** Indexed words that the question met. */
  words: string[];
}

export interface TextIndex {
  entries: SearchEntry[];
  /** Best first. `all`: only entries that meet every word, else those that meet any. `loose` forgives more typing errors. */
  find(words: string[], how: { match: 'all' | 'any'; loose?: boolean }): SearchHit[];
  /** Entries whose name, path or title is this very text, in any case. */
  exact(text: string): SearchEntry[];
}

interface Stored { entries: SearchEntry[]; index: unknown }
interface Document { id: number; name: string; title: string; path: string; tag: string; fields: string; text: string }

const fields = ['name', 'title', 'path', 'tag', 'fields', 'text'];
const boost = { name: 4, title: 5, path: 2.5, tag: 1.5, fields: 1, text: 0.6 };
const options = { fields, storeFields: [], tokenize: indexedWords, processTerm: (term: string) => normalWord(term) || null };
const openAtOnce = 200_000;

/** JSON text that `openIndex` reads. */
export function buildIndex(entries: NewEntry[]): string {
  const index = new MiniSearch<Document>(options);
  index.addAll(entries.map((entry, id) => ({ id, name: entry.name, title: entry.title === entry.name ? '' : entry.title, path: entry.path, tag: entry.tag, fields: entry.fields.join(' '), text: `${entry.summary} ${entry.text}` })));
  return JSON.stringify({ entries: entries.map(withoutText), index } satisfies Stored);
}

/** A large index is opened in slices, so that requests go on meanwhile. */
export async function openIndex(json: string): Promise<TextIndex> {
  const { entries, index } = JSON.parse(json) as Stored;
  const search = json.length < openAtOnce ? MiniSearch.loadJS<Document>(index as never, options) : await MiniSearch.loadJSAsync<Document>(index as never, options);
  return {
    entries,
    find: (words, { match, loose }) => search.search(words.join(' '), {
      tokenize: (text) => text.split(' '), combineWith: match === 'all' ? 'AND' : 'OR', boost,
      prefix: (term) => term.length > 1, fuzzy: (term) => edits(term, loose === true),
      weights: { prefix: 0.6, fuzzy: 0.3 },
    }).map(({ id, score, terms }) => ({ entry: entries[id as number]!, score, words: terms })),
    exact: (text) => {
      const sought = text.trim().toLowerCase();
      return entries.filter(({ name, path, method, title }) => [name, path, `${method} ${path}`, title].some((field) => field !== '' && field.toLowerCase() === sought));
    },
  };
}

/** How many letters may be wrong. */
function edits(term: string, loose: boolean): number | false {
  if (term.length < 4) return loose && term.length > 1 ? 1 : false;
  return (term.length < 8 ? 1 : 2) + (loose ? 1 : 0);
}

function withoutText(entry: NewEntry): SearchEntry {
  const { kind, name, title, page, method, path, tag, summary, deprecated, fields: found, productId } = entry;
  return { kind, name, title, page, method, path, tag, summary, deprecated, fields: found, ...(productId === undefined ? {} : { productId }) };
}
