import type { Actor } from './actor.ts';

export type SearchKind = 'operation' | 'schema' | 'guide' | 'page' | 'error' | 'product' | 'term' | 'exercise';
/** Text cut so that what was met can be marked. */
export type MarkedText = { text: string; hit: boolean }[];
export interface SearchResult {
  kind: SearchKind;
  /** Path of the page in the portal. */
  href: string;
  title: MarkedText;
  /** operationId, schema name or error code where the title is something else; else empty. */
  name: MarkedText;
  /** Of an operation; method is empty for anything else. */
  method: string;
  path: MarkedText;
  summary: MarkedText;
  /** Parameters, fields and properties that were met. */
  fields: string[];
  deprecated: boolean;
  product: { slug: string; name: string } | null;
  version: string | null;
}
export interface SearchAnswer {
  /** What was looked for: trimmed, and shortened when it was very long. */
  text: string;
  /** `some`: nothing has every word, these have at least one. `near`: nothing has any, these come nearest. */
  match: 'all' | 'some' | 'near' | 'none';
  results: SearchResult[];
  /** Results by kind before `kind` narrows them: of what this actor may see. */
  counts: Partial<Record<SearchKind, number>>;
  total: number;
  nextCursor: string | null;
  /** Products and versions that can be searched, for filters. */
  scopes: { product: string; name: string; versions: string[]; current: string | null }[];
}
export interface Search {
  /** Looks in the current version of each product, or in the one that is named. Never throws for odd text. */
  query(actor: Actor | undefined, input: { text: string; kind?: SearchKind; product?: string; version?: string; cursor?: string; limit?: number }): Promise<SearchAnswer>;
}
