// Enters: Markdown of a producer. Leaves: blocks that pages draw. Markup inside it is shown as text, and nothing in it runs.
import { Marked, type Token, type Tokens } from 'marked';
import { highlight } from '../highlight.server.ts';
import { escapeHtml, isSafeLink } from '../markdown.server.ts';

export type CalloutKind = 'note' | 'tip' | 'warning';
export type ArticleBlock =
  | { kind: 'html'; html: string }
  | { kind: 'code'; language: string; code: string; html: string }
  | { kind: 'callout'; tone: CalloutKind; blocks: ArticleBlock[] }
  | { kind: 'tabs'; tabs: { label: string; blocks: ArticleBlock[] }[] }
  | { kind: 'request'; words: string[]; input: string };
export interface ParsedArticle { blocks: ArticleBlock[]; headings: { id: string; text: string; depth: number }[] }

interface TabsToken { type: 'tabs'; raw: string; tabs: { label: string; tokens: Token[] }[] }
interface Drawing { images: Record<string, string>; headings: ParsedArticle['headings']; ids: Map<string, number> }

const tabsMax = 8;
const depthMax = 8;
const callouts: Record<string, CalloutKind> = { NOTE: 'note', IMPORTANT: 'note', TIP: 'tip', WARNING: 'warning', CAUTION: 'warning' };

const lexing = new Marked({
  gfm: true,
  extensions: [{
    name: 'tabs', level: 'block',
    start: (source) => source.match(/^:::tabs/m)?.index,
    tokenizer(source) {
      const found = /^:::tabs[ \t]*\r?\n([\s\S]*?)\r?\n:::[ \t]*(?:\r?\n|$)/.exec(source);
      if (!found) return undefined;
      const parts = found[1]!.split(/^==[ \t]+(.+?)[ \t]*$/m).slice(1);
      const tabs = Array.from({ length: Math.min(parts.length / 2, tabsMax) }, (_, index) => ({ label: parts[index * 2]!, tokens: this.lexer.blockTokens(parts[index * 2 + 1]!.trim(), []) }));
      return tabs.length === 0 ? undefined : { type: 'tabs', raw: found[0], tabs };
    },
  }],
});

/** `images` are addresses by the path as written. The first heading is left out when it says the title again. */
export function parseArticle(markdown: string, { title, images }: { title: string; images: Record<string, string> }): ParsedArticle {
  const tokens: Token[] = lexing.lexer(markdown);
  const first = tokens.findIndex(({ type }) => type !== 'space');
  if (tokens[first]?.type === 'heading' && (tokens[first] as Tokens.Heading).text.replaceAll(/[`*_]/g, '').trim() === title) tokens.splice(first, 1);
  const drawing: Drawing = { images, headings: [], ids: new Map() };
  return { blocks: blocksOf(tokens, drawing, 0), headings: drawing.headings };
}

function blocksOf(tokens: Token[], drawing: Drawing, depth: number): ArticleBlock[] {
  const blocks: ArticleBlock[] = [];
  let plain: Token[] = [];
  const flush = (): void => {
    const html = plain.length === 0 ? '' : drawer(drawing).parser(plain);
    if (html !== '') blocks.push({ kind: 'html', html });
    plain = [];
  };
  for (const token of tokens) {
    const block = depth < depthMax ? blockOf(token, drawing, depth) : undefined;
    if (block === undefined) {
      plain.push(token);
      continue;
    }
    flush();
    blocks.push(block);
  }
  flush();
  return blocks;
}

function blockOf(token: Token, drawing: Drawing, depth: number): ArticleBlock | undefined {
  switch (token.type) {
    case 'code': return codeBlock(token as Tokens.Code);
    case 'blockquote': return calloutBlock(token as Tokens.Blockquote, drawing, depth);
    case 'tabs': return { kind: 'tabs', tabs: (token as unknown as TabsToken).tabs.map(({ label, tokens }) => ({ label, blocks: blocksOf(tokens, drawing, depth + 1) })) };
    default: return undefined;
  }
}

function codeBlock({ lang = '', text }: Tokens.Code): ArticleBlock {
  const [language = '', ...words] = lang.trim().split(/\s+/);
  return language === 'request' ? { kind: 'request', words, input: text } : { kind: 'code', language, code: text, html: highlight(text, language) };
}

/** `> [!NOTE]` on the first line makes a callout of a quotation. */
function calloutBlock(token: Tokens.Blockquote, drawing: Drawing, depth: number): ArticleBlock | undefined {
  const mark = /^\[!([A-Z]+)\][ \t]*(?:\n|$)/.exec(token.text);
  const tone = mark ? callouts[mark[1]!] : undefined;
  return tone === undefined ? undefined : { kind: 'callout', tone, blocks: blocksOf(lexing.lexer(token.text.slice(mark![0].length)), drawing, depth + 1) };
}

function drawer(drawing: Drawing): Marked {
  return new Marked({
    gfm: true,
    renderer: {
      html: ({ text }) => escapeHtml(text),
      image({ href, text }) {
        const address = Object.hasOwn(drawing.images, href) ? drawing.images[href]! : undefined;
        return address === undefined ? escapeHtml(text) : `<img src="${escapeHtml(address)}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        return isSafeLink(href) ? `<a href="${escapeHtml(href)}">${inner}</a>` : inner;
      },
      heading({ tokens, depth }) {
        const level = Math.min(Math.max(depth, 2), 4);
        const text = tokens.map((token) => ('text' in token ? String(token.text) : token.raw)).join('').replaceAll(/[`*_]/g, '');
        const id = anchorOf(text, drawing.ids);
        drawing.headings.push({ id, text, depth: level });
        return `<h${level} id="${id}">${this.parser.parseInline(tokens)} <a class="heading-anchor" href="#${id}" aria-label="${escapeHtml(text)}">#</a></h${level}>`;
      },
      table({ header, rows }) {
        const cell = (tag: 'th' | 'td') => ({ tokens, align }: Tokens.TableCell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}${align === 'right' ? ' class="align-right"' : ''}>${this.parser.parseInline(tokens)}</${tag}>`;
        return `<div class="article-table" tabindex="0"><table><thead><tr>${header.map(cell('th')).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('')}</tbody></table></div>`;
      },
      code: ({ text, lang = '' }) => `<pre tabindex="0"><code>${highlight(text, lang.split(/\s/, 1)[0] ?? '')}</code></pre>`,
      checkbox: ({ checked }) => (checked ? '[x] ' : '[ ] '),
    },
  });
}

function anchorOf(text: string, ids: Map<string, number>): string {
  const base = text.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 60) || 'section';
  const seen = ids.get(base) ?? 0;
  ids.set(base, seen + 1);
  return seen === 0 ? `s-${base}` : `s-${base}-${seen + 1}`;
}
