import type { LearnSet, LearnTerm } from '../../domain/learn.ts';
import type { Query } from '../../store/database.ts';
import { readSetting } from '../configuration/setting.ts';

/** What the producer's own files teach, by hash, and whether what Portico brings along stands beside it. */
export interface LearnState { shipped: boolean; entries: LearnEntry[] }
export interface LearnEntry { kind: 'term' | 'set'; id: string; title: string; published: boolean; hash: string }

export const noLearn: LearnState = { shipped: true, entries: [] };

/** `revision` changes with every change of a term or set. */
export interface LearnSetting { shipped: boolean; revision: string }
export const learnSetting = 'learn';

export async function loadLearnSetting(query: Query): Promise<LearnSetting> {
  return (await readSetting<LearnSetting>(query, learnSetting)) ?? { shipped: true, revision: '' };
}

export async function loadLearnState(query: Query): Promise<LearnState> {
  const [{ shipped }, { terms, sets }] = await Promise.all([loadLearnSetting(query), loadOwnLearn(query)]);
  return { shipped, entries: [...terms.map(({ term, hash }) => termEntry(term, hash)), ...sets.map(({ set, hash }) => setEntry(set, hash))] };
}

export function termEntry({ id, name }: LearnTerm, hash: string): LearnEntry {
  return { kind: 'term', id, title: name, published: true, hash };
}

export function setEntry({ id, title, published }: LearnSet, hash: string): LearnEntry {
  return { kind: 'set', id, title, published, hash };
}

/** In the order in which they were written. */
export async function loadOwnLearn(query: Query): Promise<{ terms: { term: LearnTerm; hash: string }[]; sets: { set: LearnSet; hash: string }[] }> {
  const [terms, sets] = await Promise.all((['learn_term', 'learn_set'] as const).map((table) => query.selectFrom(table).select(['json', 'hash']).orderBy('position').orderBy('id').execute()));
  return {
    terms: terms!.map(({ json, hash }) => ({ term: JSON.parse(json) as LearnTerm, hash })),
    sets: sets!.map(({ json, hash }) => ({ set: JSON.parse(json) as LearnSet, hash })),
  };
}
