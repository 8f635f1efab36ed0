// All that the portal teaches: what Portico brings along, with the producer's own in its place and beside it. Read once for each change.
import { createHash } from 'node:crypto';
import { isGuided, type LearnItem, type LearnSet } from '../../domain/learn.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { seesAll } from '../products/visible-product.ts';
import type { Actor, LearnSetSummary, ShownItem, ShownSet, ShownTerm, TermPage } from '../services.ts';
import { loadLearnSetting, loadOwnLearn } from './learn-rows.ts';
import { shippedSets } from './shipped-sets.ts';
import { shippedTerms } from './shipped-terms.ts';

export interface Library {
  revision: string;
  terms: readonly ShownTerm[];
  term(id: string): ShownTerm | undefined;
  sets: readonly KeptSet[];
}
export type KeptSet = Omit<LearnSet, 'items'> & { own: boolean; items: ShownItem[] };

const shortCharactersMax = 240;

export function createLibrary(query: Query): () => Promise<Library> {
  let known: Promise<Library> | undefined;
  let knownRevision: string | undefined;
  return async () => {
    const { revision, shipped } = await loadLearnSetting(query);
    const state = `${revision} ${shipped}`;
    if (known === undefined || knownRevision !== state) {
      knownRevision = state;
      known = readLibrary(query, revision, shipped);
      known.catch(() => { knownRevision = undefined; });
    }
    return known;
  };
}

export async function readLibrary(query: Query, revision: string, shipped: boolean): Promise<Library> {
  const own = await loadOwnLearn(query);
  const terms = merged(shipped ? shippedTerms : [], own.terms.map(({ term }) => term)).map((term): ShownTerm => ({ ...term, short: shortOf(term.definition) }));
  const byId = new Map(terms.map((term) => [term.id, term]));
  const sets = merged(shipped ? shippedSets : [], own.sets.map(({ set }) => set));
  return {
    revision, term: (id) => byId.get(id),
    terms: terms.toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1)),
    // The producer's own first: their trade, then the trade in general.
    sets: [...sets.filter((set) => set.own), ...sets.filter((set) => !set.own)].map((set) => ({ ...set, items: set.items.map((item) => ({ ...item, fingerprint: fingerprintOf(item) })) })),
  };
}

function merged<Entry extends { id: string }>(shipped: readonly Entry[], own: readonly Entry[]): (Entry & { own: boolean })[] {
  const ids = new Set(own.map(({ id }) => id));
  return [...shipped.filter(({ id }) => !ids.has(id)).map((entry) => ({ ...entry, own: false })), ...own.map((entry) => ({ ...entry, own: true }))];
}

/** Of what an answer is an answer to: explanations may be made better without anybody losing their progress. */
export function fingerprintOf(item: LearnItem): string {
  const asked = item.kind === 'question' ? [item.question, item.choices.map(({ text }) => text), item.choices.findIndex(({ right }) => right)] : item.check;
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12);
}

/** The first sentence, without marks of Markdown. */
export function shortOf(definition: string): string {
  const plain = definition.replaceAll(/\[([^\]]{0,500})\]\([^)]{0,500}\)/g, '$1').replaceAll(/[`*_]/g, '').replaceAll(/\s+/g, ' ').trim();
  const sentence = /^.{10,}?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
  return sentence.length > shortCharactersMax ? `${sentence.slice(0, shortCharactersMax - 3)}...` : sentence;
}

/** Hidden sets are there for members alone. @throws AppError `not_found` */
export function findSet({ sets }: Library, actor: Actor | undefined, id: string): KeptSet {
  const set = sets.find((candidate) => candidate.id === id);
  if (!set || (!set.published && !seesAll(actor))) throw new AppError('not_found', `There is no exercise "${id}" here.`);
  return set;
}

export function summaries({ sets }: Library, actor: Actor | undefined): LearnSetSummary[] {
  return sets.filter(({ published }) => published || seesAll(actor)).map((set) => ({ id: set.id, title: set.title, lead: set.lead, published: set.published, own: set.own, guided: isGuided(set), items: set.items.map(({ id }) => id) }));
}

export function shownSet(library: Library, actor: Actor | undefined, id: string): ShownSet {
  const set = findSet(library, actor, id);
  const read = set.items.flatMap((item) => item.read.filter((reading) => typeof reading === 'string'));
  return {
    ...set, guided: isGuided(set), terms: set.terms.flatMap((term) => library.term(term) ?? []),
    termNames: Object.fromEntries(read.map((term) => [term, library.term(term)?.name ?? term])),
  };
}

export function termPage(library: Library, id: string): TermPage {
  const term = library.term(id);
  if (!term) throw new AppError('not_found', `The glossary has no term "${id}".`);
  const usedIn = library.sets.filter(({ published, terms, items }) => published && (terms.includes(id) || items.some(({ read }) => read.includes(id))));
  return { ...term, relatedTerms: term.related.map((other) => library.term(other)).filter((other) => other !== undefined).map((other) => ({ id: other.id, name: other.name })), usedIn: usedIn.map((set) => ({ id: set.id, title: set.title })) };
}

