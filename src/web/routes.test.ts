import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteConfigEntry } from '@react-router/dev/routes';
import { matchRoutes, type RouteObject } from 'react-router';
import routes from './routes.ts';

/** Layouts have no path; the file stands for the route. */
function objectsOf(entries: RouteConfigEntry[]): RouteObject[] {
  return entries.map(({ path, index, file, children }) => (index ? { path, index: true, handle: file } : { path, handle: file, children: children ? objectsOf(children) : undefined }) as RouteObject);
}

const table = objectsOf(await routes);

const addresses: [string, string][] = [
  ['/', 'portal/home.tsx'],
  ['/index.md', 'portal/machine/home-markdown.ts'],
  ['/errors.md', 'portal/machine/error-list-markdown.ts'],
  ['/errors/key_missing.md', 'portal/machine/error-markdown.ts'],
  ['/pages/about', 'portal/own-page.tsx'],
  ['/pages/about.md', 'portal/machine/own-page-markdown.ts'],
  ['/atlas', 'portal/products/product.tsx'],
  ['/atlas.md', 'portal/machine/product-markdown.ts'],
  ['/atlas/v2', 'portal/products/operation-list.tsx'],
  ['/atlas/v2.md', 'portal/machine/version-markdown.ts'],
  ['/atlas/2026.09', 'portal/products/operation-list.tsx'],
  ['/atlas/guides', 'portal/products/guide-list.ts'],
  ['/atlas/guides/first-steps', 'portal/products/guide.tsx'],
  ['/atlas/guides/first-steps.md', 'portal/machine/guide-markdown.ts'],
  ['/atlas/v2/list-countries.md', 'portal/products/operation-markdown.ts'],
  ['/atlas/v2/openapi.json', 'portal/products/document.ts'],
  ['/brand/abc.css', 'portal/brand/stylesheet.ts'],
  ['/brand/abc/logo', 'portal/brand/asset.ts'],
  ['/social/home.png', 'portal/social/card.ts'],
  ['/social/pages/about.png', 'portal/social/card.ts'],
  ['/social/atlas/v2/list-countries.png', 'portal/social/card.ts'],
  ['/.well-known/api-catalog', 'portal/machine/api-catalog.ts'],
  ['/sitemap.xml', 'portal/machine/sitemap.ts'],
  ['/robots.txt', 'portal/machine/robots.ts'],
];

for (const [address, file] of addresses) {
  test(`${address} is answered by ${file}`, () => {
    assert.equal(matchRoutes(table, address)?.at(-1)?.route.handle, file);
  });
}
