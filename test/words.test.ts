// Every word that a page says stands in src/web/texts.ts, so that a translation is one file.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parseSync } from 'vite';

interface Node { type: string; start: number; [key: string]: unknown }

const web = fileURLToPath(new URL('../src/web', import.meta.url));
const wordAttributes = new Set(['title', 'label', 'aria-label', 'placeholder', 'alt', 'hint', 'doing', 'lead', 'note', 'definition', 'caption', 'verb', 'description', 'unit']);
/** What they hold is to be typed or pasted as it stands, in every language. */
const verbatim = new Set(['code', 'kbd']);

/** Places where a page says something of its own: `line: words`. */
function wordsOf(name: string, source: string): string[] {
  const found: string[] = [];
  const say = (at: number, words: string): void => { found.push(`${source.slice(0, at).split('\n').length}: ${words.trim()}`); };
  const visit = (node: Node, shown: boolean): void => {
    if (node.type === 'JSXText') { if (isWord(String(node['value']))) say(node.start, String(node['value'])); return; }
    if (node.type === 'Literal') { if (shown && typeof node['value'] === 'string' && isWord(node['value'])) say(node.start, node['value']); return; }
    if (node.type === 'TemplateLiteral' && shown) for (const part of node['quasis'] as (Node & { value: { cooked: string } })[]) if (isWord(part.value.cooked)) say(part.start, part.value.cooked);
    if (node.type === 'JSXElement' && verbatim.has(nameOf((node['openingElement'] as Node)['name'] as Node))) {
      visit(node['openingElement'] as Node, false);
      return;
    }
    if (node.type === 'JSXAttribute') {
      const value = node['value'] as Node | null;
      if (value) visit(value, wordAttributes.has(nameOf(node['name'] as Node)));
      return;
    }
    for (const [child, childShown] of childrenOf(node, shown)) visit(child, childShown);
  };
  visit(parseSync(name, source).program as unknown as Node, false);
  return found;
}

/** Children with whether what they hold is shown: of a condition, a choice or a sum its outcomes are, its test is not. */
function childrenOf(node: Node, shown: boolean): [Node, boolean][] {
  const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter((one): one is Node => typeof one === 'object' && one !== null && typeof (one as Node).type === 'string');
  const inside = node.type === 'JSXElement' || node.type === 'JSXFragment';
  return Object.entries(node).flatMap(([key, value]) => nodes(value).map((child): [Node, boolean] => {
    if (inside) return [child, key === 'children' && child.type === 'JSXExpressionContainer'];
    if (node.type === 'JSXExpressionContainer') return [child, shown];
    if (node.type === 'ConditionalExpression') return [child, shown && key !== 'test'];
    if (node.type === 'LogicalExpression') return [child, shown && (key === 'right' || node['operator'] !== '&&')];
    if (node.type === 'BinaryExpression') return [child, shown && node['operator'] === '+'];
    return [child, false];
  }));
}

function isWord(text: string): boolean {
  return /\p{L}/u.test(text.replaceAll(/&\w+;/g, ''));
}

function nameOf(node: Node): string {
  return String(node['name'] ?? '');
}

test('the search for words finds them wherever a page can say them', () => {
  const source = `const a = <p title="one" className="no" aria-label={\`two \${x}\`}>three {x ? 'four' : y && 'five'} {call('no')} {x === 'no' && 1} <code>no</code>{' '}</p>;`;
  assert.deepEqual(wordsOf('a.tsx', source).map((place) => place.slice(3)), ['one', 'two', 'three', 'four', 'five']);
});

test('every word of a page stands in texts.ts', () => {
  const files = readdirSync(web, { recursive: true }).map(String).filter((name) => name.endsWith('.tsx'));
  assert.ok(files.length > 50, 'the pages are found');
  assert.deepEqual(files.flatMap((name) => wordsOf(name, readFileSync(join(web, name), 'utf8')).map((place) => `${name}:${place}`)), []);
});
