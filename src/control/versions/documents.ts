// Parsed documents, a few at a time: GitHub's takes a tenth of a second and 100 MB to parse.
import type { Query } from '../../store/database.ts';

export interface Documents {
  /** Of a version that exists. */
  get(query: Query, version: { id: string; updatedAt: number }): Promise<Record<string, unknown>>;
}

/** Least recently used goes first; the newest always stays. */
export function createDocuments({ entriesMax = 6, charactersMax = 32_000_000 } = {}): Documents {
  const cache = new Map<string, { document: Record<string, unknown>; characters: number }>();
  return {
    async get(query, { id, updatedAt }) {
      const key = `${id} ${updatedAt}`;
      const known = cache.get(key);
      if (known) {
        cache.delete(key);
        cache.set(key, known);
        return known.document;
      }
      const { document: text } = await query.selectFrom('version').select('document').where('id', '=', id).executeTakeFirstOrThrow();
      const document = JSON.parse(text) as Record<string, unknown>;
      for (const other of cache.keys()) if (other.startsWith(`${id} `)) cache.delete(other);
      cache.set(key, { document, characters: text.length });
      let characters = [...cache.values()].reduce((sum, entry) => sum + entry.characters, 0);
      for (const [oldest, entry] of cache) {
        if (cache.size === 1 || (cache.size <= entriesMax && characters <= charactersMax)) break;
        cache.delete(oldest);
        characters -= entry.characters;
      }
      return document;
    },
  };
}
