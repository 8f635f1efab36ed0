// Enters: HTML made from Markdown, and the glossary. Leaves: the same, with each term's first use on the page opening its definition. Never inside code, links and headings.
import type { ShownTerm } from '../../control/services.ts';
import { escapeHtml } from '../markdown.server.ts';
import { texts } from '../texts.ts';
import type { ShownBlock } from './resolve-requests.server.ts';

type Term = Pick<ShownTerm, 'id' | 'name' | 'also' | 'short'>;
interface Spelling { words: string[]; /** An abbreviation is met in capitals alone. */ exact: string | null; term: Term }
/** Spellings by their first word, the longest first. */
type Spellings = ReadonlyMap<string, Spelling[]>;

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
  const all = terms.flatMap((term) => [term.name, ...term.also].map((spelling): Spelling => ({ words: wordsOf(spelling).map(({ word }) => word.toLowerCase()), exact: /^[A-Z]{2,5}$/.test(spelling) ? spelling : null, term })));
  const sorted = all.filter(({ words }) => words.length > 0).toSorted((a, b) => b.words.length - a.words.length);
  return Map.groupBy(sorted, ({ words }) => words[0]!);
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
    const found = spellings.get(words[index]!.word.toLowerCase())?.find((spelling) => !used.has(spelling.term.id) && stands(spelling, words, index, text));
    if (!found) continue;
    const [from, last] = [words[index]!.from, words[index + found.words.length - 1]!];
    const to = last.from + last.word.length;
    used.add(found.term.id);
    result += text.slice(at, from) + tipped(text.slice(from, to), found.term);
    at = to;
    index += found.words.length - 1;
  }
  return result + text.slice(at);
}

function stands({ words: sought, exact }: Spelling, words: { word: string; from: number }[], index: number, text: string): boolean {
  if (exact !== null) return words[index]!.word === exact;
  return sought.every((word, offset) => {
    const here = words[index + offset];
    if (here?.word.toLowerCase() !== word) return false;
    const before = offset === 0 ? undefined : words[index + offset - 1]!;
    return before === undefined || /^\s+$/.test(text.slice(before.from + before.word.length, here.from));
  });
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
