// Enters: links to this site in terms and exercises, and what the site will hold. Leaves: links that lead nowhere, with their places.
import type { PorticoConfig } from '../../domain/config.ts';
import { portalPaths } from '../../domain/portal-paths.ts';
import { errorCatalogue, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { BundledDocument } from '../configuration/load-documents.ts';
import type { ArticleEntry } from '../content/content-rows.ts';
import { meant } from './learn-problems.ts';
import type { ReadLearn } from './read-learn.ts';
import { operationsOf, taskMistakes } from './task-mistakes.ts';

export interface Site {
  products: PorticoConfig['products'];
  articles: readonly ArticleEntry[];
  /** Documents that are not stored yet. */
  documents?: Map<string, BundledDocument>;
}

/** What tasks and links name, and is not there. */
export async function namingMistakes(query: Query, read: ReadLearn, site: Site): Promise<ErrorPlace[]> {
  return [...(await taskMistakes(query, { tasks: read.tasks, ...site })), ...(await linkMistakes(query, read, site))];
}

async function linkMistakes(query: Query, { links, ids }: ReadLearn, site: Site): Promise<ErrorPlace[]> {
  const mistakes: ErrorPlace[] = [];
  for (const { to, place } of links) {
    const problem = await problemOf(query, to, ids, site);
    if (problem !== null) mistakes.push(place(`The link ${to} leads nowhere: ${problem}`));
  }
  return mistakes;
}

/** Pages of a reader's own account are not looked at. */
async function problemOf(query: Query, to: string, { terms, sets }: ReadLearn['ids'], { products, articles, documents }: Site): Promise<string | null> {
  const [first = '', second, third] = to.replace(/[?#].*$/, '').replace(/\.md$/, '').split('/').slice(1).map((part) => decoded(part));
  const unknown = (noun: string, name: string, names: Iterable<string>): string => `there is no ${noun} "${name}".${meant(name, [...names])}`;
  const guides = (product: string | null): string[] => articles.filter((article) => article.product === product).map(({ slug }) => slug);
  const among = (noun: string, name: string | undefined, names: readonly string[]): string | null => (name === undefined || name === '' || names.includes(name) ? null : unknown(noun, name, names));
  if (first === 'errors') return among('error code', second, Object.keys(errorCatalogue));
  if (first === 'pages') return among('page', second ?? '-', guides(null));
  if (first === 'learn') return second === 'glossary' ? among('term', third, [...terms]) : among('exercise', second, [...sets]);
  if (first === '' || portalPaths.has(first) || first.includes('.')) return null;
  const product = products.find(({ slug }) => slug === first);
  if (!product) return unknown('product', first, products.map(({ slug }) => slug));
  if (second === 'guides') return among('guide', third, guides(first));
  const version = among('version', second, product.versions.map(({ name }) => name));
  if (version !== null || second === undefined || third === undefined || third === '' || third.includes('.')) return version;
  return among('operation', third, await operationsOf(query, documents, first, second));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
