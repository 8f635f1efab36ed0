// No page is left out of docs/pictures.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { pictures } from './picture-list.ts';
import { routePaths, routes } from './routes.ts';

test('every page has its picture', () => {
  const names = pictures().map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, 'each name is used once');
  assert.equal(names.length, new Set(routePaths().filter((pattern) => routes[pattern]!.kind === 'page')).size);
  for (const name of names) for (const view of ['1280-light', '1280-dark', '390-light', '390-dark']) assert.ok(existsSync(new URL(`../docs/pictures/${name}-${view}.png`, import.meta.url)), `docs/pictures/${name}-${view}.png is missing: npm run pictures`);
});
