// Enters: the content of two configurations. Leaves: what changes from one to the other, in words. Pure.
import { isDeepStrictEqual } from 'node:util';
import type { ConfigChange } from '../services.ts';
import { learnChanges } from '../learn/learn-changes.ts';
import { imagePath, type ArticleEntry, type AssetEntry, type ContentState } from './content-rows.ts';

export function contentChanges(before: ContentState, after: ContentState): ConfigChange[] {
  return [
    ...changesOf(before.assets, after.assets, assetLabel, 'asset', (was, is) => (was.hash === is.hash ? [] : ['file: changed'])),
    ...changesOf(before.articles, after.articles, articleLabel, undefined, (was, is) => [
      ...(was.hash === is.hash ? [] : ['text: changed']),
      ...(was.title === is.title ? [] : [`title: ${was.title} -> ${is.title}`]),
    ]),
    ...orderChanges(before.articles, after.articles),
    ...learnChanges(before.learn, after.learn),
  ];
}

function assetLabel({ name }: AssetEntry): string {
  const image = imagePath(name);
  return image ? `image ${image.product === null ? '' : `${image.product} `}${image.path}` : name;
}

function articleLabel({ product, slug }: ArticleEntry): string {
  return product === null ? slug : `${product} ${slug}`;
}

function changesOf<Entry>(before: Entry[], after: Entry[], label: (entry: Entry) => string, noun: string | undefined, compare: (was: Entry, is: Entry) => string[]): ConfigChange[] {
  const nounOf = (entry: Entry): string => noun ?? ((entry as ArticleEntry).product === null ? 'page' : 'guide');
  const same = (one: Entry, other: Entry): boolean => nounOf(one) === nounOf(other) && label(one) === label(other);
  const kept = after.map((entry): ConfigChange => {
    const was = before.find((other) => same(other, entry));
    const detail = was ? compare(was, entry) : [];
    return { action: was ? (detail.length > 0 ? 'change' : 'keep') : 'add', noun: nounOf(entry), name: label(entry), detail };
  });
  const gone = before.filter((entry) => !after.some((other) => same(other, entry)));
  return [...kept, ...gone.map((entry): ConfigChange => ({ action: 'remove', noun: nounOf(entry), name: label(entry), detail: [] }))];
}

/** Only what both have can change places. */
function orderChanges(before: ArticleEntry[], after: ArticleEntry[]): ConfigChange[] {
  return [...new Set(after.map(({ product }) => product))].flatMap((product): ConfigChange[] => {
    const slugs = (list: ArticleEntry[], others: ArticleEntry[]) => list.filter((entry) => entry.product === product && others.some((other) => other.product === product && other.slug === entry.slug)).map(({ slug }) => slug);
    const order = slugs(after, before);
    if (isDeepStrictEqual(slugs(before, after), order)) return [];
    return [{ action: 'change', noun: product === null ? 'portal' : 'product', name: product ?? 'pages', detail: [`order of ${product === null ? 'pages' : 'guides'}: ${order.join(', ')}`] }];
  });
}
