import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { portalPaths } from './portal-paths.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('every address that the web server answers itself is known, and no other', () => {
  const pages = [...read('../web/routes.ts').matchAll(/\b(?:route|prefix)\('([^'/]+)(?:\/[^']*)?'/g)].map(([, first]) => first!);
  const nested = new Set([...read('../web/routes.ts').matchAll(/prefix\('[^']+', \[([^\]]*)\]/g)].flatMap(([, inside]) => [...inside!.matchAll(/route\('([^'/]+)/g)].map(([, first]) => first!)));
  const server = [...read('../process/web-server.ts').matchAll(/'\/([a-z]+)(?:\/[^']*)?'/g)].map(([, first]) => first!);
  // `/shop.md` is the page of the product `shop` for machines, so `/index.md` takes a slug too.
  pages.push(...[...read('../web/routes.ts').matchAll(/\broute\('([a-z0-9-]+)\.md'/g)].map(([, first]) => first!));
  const slugs = [...pages, ...server].filter((path) => /^[a-z0-9-]+$/.test(path) && !nested.has(path));
  assert.ok(slugs.length > 15);
  assert.deepEqual([...new Set(slugs)].sort(), [...portalPaths].sort());
});

test('the guide to the configuration names each of them', () => {
  const row = /^\| `slug` \| First part of the product's address.*$/m.exec(read('../../docs/guide/configuration.md'))![0];
  const named = [.../are refused: (.*?)\. \|/.exec(row)![1]!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
  assert.deepEqual(named, [...portalPaths]);
});
