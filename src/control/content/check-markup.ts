// Enters: the articles that are to be applied. Leaves: marks that would be shown as text and links that would lead nowhere, each with its place.
import type { ErrorPlace } from '../../errors.ts';
import { closestName } from '../../domain/closest-name.ts';
import type { ContentState } from './content-rows.ts';
import type { ContentBytes } from './read-content.ts';

type Mistake = Pick<ErrorPlace, 'detail'> & { line: number };

const calloutNames = ['NOTE', 'TIP', 'IMPORTANT', 'WARNING', 'CAUTION'];
const mistakesMax = 100;

/** `known` are all articles that will be there, those of other files too. */
export function markupMistakes({ content, bytes, known }: { content: ContentState; bytes: ContentBytes; known: ContentState }): ErrorPlace[] {
  const addresses = new Set(known.articles.map(({ product, slug }) => (product === null ? `/pages/${slug}` : `/${product}/guides/${slug}`)));
  return content.articles.flatMap(({ hash }) => {
    const article = bytes.get(hash);
    return article ? findMistakes(article.bytes.toString('utf8'), addresses).map(({ line, detail }) => ({ file: article.source, line, column: 1, detail })) : [];
  }).slice(0, mistakesMax);
}

function findMistakes(markdown: string, addresses: ReadonlySet<string>): Mistake[] {
  const mistakes: Mistake[] = [];
  let fence: string | undefined;
  let tabs: { line: number; labels: number } | undefined;
  let quoteBefore = '';
  const endTabs = (closed: boolean): void => {
    if (tabs && !closed) mistakes.push({ line: tabs.line, detail: 'These tabs never end. Write `:::` on a line of its own after the last one.' });
    else if (tabs?.labels === 0) mistakes.push({ line: tabs.line, detail: 'These tabs hold no tab. Begin each with a line such as `== JavaScript`.' });
    tabs = undefined;
  };
  for (const [index, whole] of markdown.split(/\r?\n/).entries()) {
    const quote = /^( {0,3}> ?)+/.exec(whole)?.[0] ?? '';
    const text = whole.slice(quote.length);
    const depth = quote.replaceAll(' ', '');
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    const inside = fence !== undefined;
    if (mark) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence;
    if (!inside && !mark) {
      const line = index + 1;
      if (/^:::tabs[ \t]*$/.test(text)) {
        endTabs(false);
        tabs = { line, labels: 0 };
      } else if (/^:::[ \t]*$/.test(text)) endTabs(true);
      else if (tabs && /^==[ \t]+\S/.test(text)) tabs.labels++;
      const detail = depth.length > quoteBefore.length ? calloutMistake(text) : undefined;
      if (detail !== undefined) mistakes.push({ line, detail });
      mistakes.push(...linkMistakes(text, addresses).map((wrong) => ({ line, detail: wrong })));
    }
    quoteBefore = depth;
  }
  endTabs(false);
  return mistakes.toSorted((a, b) => a.line - b.line);
}

/** Of the first line of a quotation. */
function calloutMistake(text: string): string | undefined {
  const [, name, rest] = /^\[!([A-Za-z]{1,40})\](?![([:])[ \t]*(.*)$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (!calloutNames.includes(name)) return `There is no callout [!${name}]. Write one of ${calloutNames.map((known) => `[!${known}]`).join(', ')}.`;
  return rest === '' ? undefined : `The text of a callout begins on the line after [!${name}].`;
}

/** Parts are bounded, so that no text takes long. */
function linkMistakes(text: string, addresses: ReadonlySet<string>): string[] {
  const plain = text.replaceAll(/`[^`]*`/g, '');
  return [...plain.matchAll(/(?<!!)\[[^[\]]{0,1000}\]\(<?([^)\s>]{1,1000})>?/g)].flatMap(([, href]) => {
    const [, path] = /^(\/(?:[a-z0-9-]{1,64}\/guides|pages)\/[^/?#]{1,300})\/?(?:[?#]|$)/.exec(href!) ?? [];
    if (path !== undefined) return addresses.has(path.replace(/\.md$/, '')) ? [] : [`The link ${href} leads nowhere: there is no such ${path.startsWith('/pages/') ? 'page' : 'guide'}.${meant(path, addresses)}`];
    if (!/\.md(?:[?#]|$)/i.test(href!) || /^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(href!)) return [];
    return [`The link ${href} leads nowhere: write the address of the guide, such as /atlas/guides/first-steps.`];
  });
}

function meant(path: string, addresses: ReadonlySet<string>): string {
  const close = closestName(path, [...addresses]);
  return close === undefined ? '' : ` Did you mean ${close}?`;
}
