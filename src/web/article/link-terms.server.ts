// Enters: HTML made from Markdown, and the glossary. Leaves: the same, with each term's first use on the page opening its definition. Never inside code, links and headings.
import type { ShownTerm } from '../../control/services.ts';
import { escapeHtml } from '../markdown.server.ts';
import { texts } from '../texts.ts';
import type { ShownBlock } from './resolve-requests.server.ts';

type Term = Pick<ShownTerm, 'id' | 'name' | 'also' | 'short'>;
interface Spelling { /** An abbreviation is met in capitals alone. */ exact: string | null; term: Term }
/** Spellings by their words, and how many words those have that begin with a word, most first. */
interface Spellings { byWords: ReadonlyMap<string, Spelling>; lengths: ReadonlyMap<string, number[]> }

const known = new WeakMap<readonly Term[], Spellings>();
const skipped = new Set(['code', 'pre', 'a', 'button', 'kbd', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

/** One linker for each page: it remembers what was used before. */
export function termLinker(terms: readonly Term[]): (html: string) => string {
  const spellings = known.get(terms) ?? spellingsOf(terms);
  known.set(terms, spellings);
  const used = new Set<string>();
  return (html) => (html === '' ? html : linked(html, spellings, used));
}

/** The blocks of an article, callouts and tabs too, in their order on the page. */
export function linkBlocks(blocks: ShownBlock[], link: (html: string) => string): ShownBlock[] {
  return blocks.map((block): ShownBlock => {
    switch (block.kind) {
      case 'html': return { ...block, html: link(block.html) };
      case 'callout': return { ...block, blocks: linkBlocks(block.blocks, link) };
      case 'tabs': return { ...block, tabs: block.tabs.map((tab) => ({ ...tab, blocks: linkBlocks(tab.blocks, link) })) };
      default: return block;
    }
  });
}

function spellingsOf(terms: readonly Term[]): Spellings {
  const byWords = new Map<string, Spelling>();
  const lengths = new Map<string, number[]>();
  for (const term of terms) {
    for (const spelling of [term.name, ...term.also]) {
      const words = wordsOf(spelling).map(({ word }) => word.toLowerCase());
      const joined = words.join(' ');
      if (words.length === 0 || byWords.has(joined)) continue;
      byWords.set(joined, { exact: /^[A-Z]{2,5}$/.test(spelling) ? spelling : null, term });
      lengths.set(words[0]!, [...new Set([...(lengths.get(words[0]!) ?? []), words.length])].toSorted((a, b) => b - a));
    }
  }
  return { byWords, lengths };
}

/** Tags stand in the text as they are: what comes from Markdown holds no others than the renderer made. */
function linked(html: string, spellings: Spellings, used: Set<string>): string {
  let inside = 0;
  return html.split(/(<[^>]*>)/).map((part) => {
    const [, slash, tag] = /^<(\/?)([a-z0-9]+)/i.exec(part) ?? [];
    if (tag !== undefined) {
      if (skipped.has(tag.toLowerCase())) inside = Math.max(0, inside + (slash === '' ? 1 : -1));
      return part;
    }
    return inside > 0 ? part : linkedText(part, spellings, used);
  }).join('');
}

function linkedText(text: string, spellings: Spellings, used: Set<string>): string {
  const words = wordsOf(text);
  let result = '';
  let at = 0;
  for (let index = 0; index < words.length; index++) {
    const found = findAt(text, words, index, spellings);
    if (!found || used.has(found.term.id)) continue;
    const [from, last] = [words[index]!.from, words[index + found.count - 1]!];
    const to = last.from + last.word.length;
    used.add(found.term.id);
    result += text.slice(at, from) + tipped(text.slice(from, to), found.term);
    at = to;
    index += found.count - 1;
  }
  return result + text.slice(at);
}

/** The longest spelling that begins with this word; white space alone stands between its words. */
function findAt(text: string, words: { word: string; from: number }[], index: number, { byWords, lengths }: Spellings): { term: Term; count: number } | undefined {
  for (const count of lengths.get(words[index]!.word.toLowerCase()) ?? []) {
    const taken = words.slice(index, index + count);
    const spelling = taken.length < count ? undefined : byWords.get(taken.map(({ word }) => word.toLowerCase()).join(' '));
    if (!spelling || (spelling.exact !== null && taken[0]!.word !== spelling.exact)) continue;
    if (taken.every(({ word, from }, place) => place === count - 1 || /^\s+$/.test(text.slice(from + word.length, taken[place + 1]!.from)))) return { term: spelling.term, count };
  }
  return undefined;
}

/** `API-led` is one word, so that `rate` is not found in `rate-based`. */
function wordsOf(text: string): { word: string; from: number }[] {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu)].map((match) => ({ word: match[0], from: match.index }));
}

/** Opens by mouse, keyboard and touch without script (the popover attribute); the definition leads on to its page. */
function tipped(text: string, { id, name, short }: Term): string {
  const told = escapeHtml(short);
  return `<button type="button" class="term" popovertarget="term-${id}" title="${told}">${text}</button><span popover id="term-${id}" class="term-tip"><b>${escapeHtml(name)}</b> ${told} <a href="/learn/glossary/${id}">${escapeHtml(texts.article.termRead)}</a></span>`;
}
