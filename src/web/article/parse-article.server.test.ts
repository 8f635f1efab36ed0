import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArticle, type ArticleBlock } from './parse-article.server.ts';

const parse = (markdown: string, images: Record<string, string> = {}) => parseArticle(markdown, { title: 'Title', images });

/** All HTML that a page would draw unescaped. */
function htmlOf(blocks: ArticleBlock[]): string {
  return blocks.map((block) => {
    switch (block.kind) {
      case 'html': case 'code': return block.html;
      case 'callout': return htmlOf(block.blocks);
      case 'tabs': return block.tabs.map((tab) => htmlOf(tab.blocks)).join('');
      default: return '';
    }
  }).join('');
}

const attacks: [string, string][] = [
  ['a script element', '<script>alert(1)</script>'],
  ['an image with a handler', '<img src=x onerror=alert(1)>'],
  ['inline markup', 'text <b onclick=alert(1)>bold</b>'],
  ['a javascript link', '[x](javascript:alert(1))'],
  ['a javascript link in disguise', '[x](JaVaScRiPt&#58;alert(1))'],
  ['a javascript link with a control character', '[x](java\tscript:alert(1))'],
  ['a data link', '[x](data:text/html,<script>alert(1)</script>)'],
  ['a vbscript link', '[x](vbscript:x)'],
  ['an autolink', '<javascript:alert(1)>'],
  ['a reference link', '[x]\n\n[x]: javascript:alert(1)'],
  ['an image of a script', '![x](javascript:alert(1))'],
  ['an image whose text breaks out', '![" onerror="alert(1)](a.png)'],
  ['a link whose title breaks out', '[x](https://a.example "\\" onmouseover=\\"alert(1)")'],
  ['a link whose address breaks out', '[x](https://a.example/"onmouseover="alert(1))'],
  ['a heading with markup', '# <img src=x onerror=alert(1)>'],
  ['a heading with a quotation mark', '## " onmouseover="alert(1)'],
  ['a code language that every object has', '```constructor\nx\n```'],
  ['a code language that breaks out', '```"><script>alert(1)</script>\nx\n```'],
  ['code with markup', '```html\n<script>alert(1)</script>\n```'],
  ['code of a known language with markup', '```json\n"</code><script>alert(1)</script>"\n```'],
  ['a table with markup', '| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |'],
  ['a callout with markup', '> [!NOTE]\n> <script>alert(1)</script>'],
  ['tabs with markup', ':::tabs\n== <script>alert(1)</script>\n<img src=x onerror=alert(1)>\n:::'],
  ['a list in a quotation', '> - <iframe src=javascript:alert(1)>'],
  ['a comment', '<!-- --><script>alert(1)</script>'],
  ['CDATA', '<![CDATA[<script>alert(1)</script>]]>'],
  ['a style element', '<style>*{display:none}</style>'],
  ['a link to another host without a scheme', '[x](//evil.example)'],
  ['a form', '<form action=https://evil.example><button>x</button></form>'],
];

for (const [name, markdown] of attacks) {
  test(`${name} stays text`, () => {
    const html = htmlOf(parse(markdown, { 'a.png': '/brand/a/image' }).blocks);
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)((?:\s[^<>]*)?)>/gi)];
    assert.deepEqual(tags.map(([, tag]) => tag!.toLowerCase()).filter((tag) => !['p', 'a', 'img', 'h2', 'h3', 'h4', 'ul', 'ol', 'li', 'code', 'pre', 'span', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'blockquote', 'em', 'strong'].includes(tag)), [], html);
    for (const [, , attributes] of tags) {
      const names = [...attributes!.replaceAll(/"[^"]*"/g, '""').matchAll(/([^\s=]+)=/g)].map(([, attribute]) => attribute!);
      assert.deepEqual(names.filter((attribute) => !['href', 'src', 'alt', 'loading', 'id', 'class', 'scope', 'tabindex', 'aria-label'].includes(attribute)), [], html);
    }
    for (const [, address] of html.matchAll(/(?:href|src)="([^"]*)"/g)) assert.match(address!, /^(https:\/\/a\.example|#|\/brand\/a\/image|mailto:)/, html);
  });
}

test('headings have anchors of their own, and the first one does not repeat the title', () => {
  const { blocks, headings } = parse('# Title\n\n## One & two\n\n## One & two\n');
  assert.deepEqual(headings, [{ id: 's-one-two', text: 'One & two', depth: 2 }, { id: 's-one-two-2', text: 'One & two', depth: 2 }]);
  assert.doesNotMatch(htmlOf(blocks), /Title/);
});

test('tabs, callouts and requests are blocks of their own', () => {
  const { blocks } = parse('Before\n\n:::tabs\n== macOS\n```sh\nbrew install x\n```\n== Linux\nText\n:::\n\n> [!WARNING]\n> Keys are secret.\n\n```request atlas v2 listCountries\n{"continent":"Europe"}\n```\n\nAfter');
  assert.deepEqual(blocks.map(({ kind }) => kind), ['html', 'tabs', 'callout', 'request', 'html']);
  const [, tabs, callout, request] = blocks;
  assert.deepEqual(tabs?.kind === 'tabs' && tabs.tabs.map(({ label, blocks: inside }) => [label, inside[0]?.kind]), [['macOS', 'code'], ['Linux', 'html']]);
  assert.equal(callout?.kind === 'callout' && callout.tone, 'warning');
  assert.deepEqual(request, { kind: 'request', words: ['atlas', 'v2', 'listCountries'], input: '{"continent":"Europe"}' });
});

test('images beside the file are shown, others are their text', () => {
  const html = htmlOf(parse('![The map](map.png) ![Elsewhere](https://a.example/x.png)', { 'map.png': '/brand/ab/image' }).blocks);
  assert.match(html, /<img src="\/brand\/ab\/image" alt="The map" loading="lazy"> Elsewhere/);
});
