import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('./app.css', import.meta.url), 'utf8');
const tokens = new Map([...css.matchAll(/^\s*--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);$/gm)].map(([, name, light, dark]) => [name!, { light: light!, dark: dark! }]));
const themes = ['light', 'dark'] as const;

const surfaces = ['paper', 'raised', 'sunken'];
const texts = ['ink', 'muted', 'accent', 'good', 'notice', 'bad', 'info', 'violet', 'blue'];
const softs = ['good', 'notice', 'bad', 'info', 'accent'];
const drawn = ['edge', 'accent', 'plot-good', 'plot-notice', 'plot-bad', 'plot-info', 'plot-violet', 'plot-muted'];

/** What stands on what, with the least contrast of WCAG 2.2 AA: 4.5 for text (1.4.3), 3 for what is drawn (1.4.11). */
const pairs: [string, string, number][] = [
  ...texts.flatMap((text) => surfaces.map((surface): [string, string, number] => [text, surface, 4.5])),
  ...softs.flatMap((tone): [string, string, number][] => [[tone, `${tone}-soft`, 4.5], ['ink', `${tone}-soft`, 4.5], ['muted', `${tone}-soft`, 4.5], ['accent', `${tone}-soft`, 4.5]]),
  ['on-accent', 'accent', 4.5],
  ['raised', 'bad', 4.5],
  ...drawn.flatMap((line) => surfaces.map((surface): [string, string, number] => [line, surface, 3])),
];

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter! + 0.05) / (darker! + 0.05);
}

test('contrast is computed as WCAG defines it', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

test('every pair of colours that pages use meets AA in both themes', () => {
  const weak = pairs.flatMap(([front, back, least]) => themes.map((theme) => ({ theme, front, back, least, has: contrast(tokens.get(front)![theme], tokens.get(back)![theme]) }))).filter(({ has, least }) => has < least);
  assert.deepEqual(weak.map(({ theme, front, back, least, has }) => `${theme}: ${front} on ${back} has ${has.toFixed(2)}, needs ${least}`), []);
});

test('every colour is declared for both themes and stands in a pair', () => {
  const declared = [...css.matchAll(/^\s*--color-[\w-]+: var\(--([\w-]+)\);$/gm)].map(([, name]) => name!);
  assert.ok(declared.length > 20);
  assert.deepEqual(declared.filter((name) => !tokens.has(name)), []);
  const paired = new Set(pairs.flat());
  assert.deepEqual([...tokens.keys()].filter((name) => name !== 'line' && !paired.has(name)), [], 'hairlines alone only decorate');
});
