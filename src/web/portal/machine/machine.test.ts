import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProductPage, VersionSummary } from '../../../control/services.ts';
import { apiCatalog } from './api-catalog.server.ts';
import { llmsFullText, llmsText } from './llms-text.server.ts';
import { articleMarkdown, errorMarkdown, homeMarkdown, productMarkdown, versionMarkdown } from './markdown-pages.server.ts';
import { listPages, readSite, type Site } from './site.server.ts';
import { sitemapXml } from './sitemap-xml.server.ts';

const version = (name: string, more: Partial<VersionSummary> = {}): VersionSummary => ({ id: name, name, status: 'published', title: 'Atlas', openapi: '3.1.0', operationCount: 1, deprecatedAt: null, sunsetAt: null, successor: null, publishedAt: Date.UTC(2026, 8, 1), ...more });
const operation = { operation: 'listCities', slug: 'list-cities', method: 'GET', path: '/cities', summary: 'List cities', tag: null, deprecated: false };
const v1 = version('v1', { status: 'deprecated', deprecatedAt: Date.UTC(2026, 8, 1), sunsetAt: Date.UTC(2027, 2, 1), successor: 'v2' });
const product: ProductPage = {
  id: 'prd', slug: 'atlas', name: 'Atlas', description: 'Places of\nthe world.', layer: null, access: 'public', testMode: true, policies: ['tokens'], tokens: { own: true, issuers: ['https://id.example'] }, versions: [v1, version('v2'), version('v0', { status: 'retired' })], currentVersion: 'v2',
  highlights: ['Shop search'], guides: [{ slug: 'first-steps', title: 'First steps', description: 'Begin.', updatedAt: Date.UTC(2026, 9, 1) }], plans: [], baseUrls: { v1: 'http://gate/atlas/v1', v2: 'http://gate/atlas/v2' }, quickstart: null,
};
const site: Site = {
  name: 'Atlas & Co', headline: 'Put the world in.', webUrl: 'https://dev.example', gatewayUrl: 'http://gate', pages: [{ slug: 'terms', title: 'Terms', description: '', updatedAt: 0 }],
  learn: { sets: [{ id: 'paging', title: 'Paging', lead: '', published: true, own: true, guided: false, items: ['end'] }], terms: [{ id: 'cursor', name: 'Cursor', also: [], definition: 'A mark.', short: 'A mark.', example: null, related: [], live: null, own: true }] },
  products: [{ product, versions: [{ version: v1, operations: [operation] }, { version: version('v2'), operations: [operation] }] }],
};

test('the site of strangers asks as a stranger and leaves out what does not answer', async () => {
  const asked: unknown[] = [];
  const services = {
    configuration: { portal: async () => ({ name: 'Atlas', headline: null, webUrl: 'https://dev.example/', gatewayUrl: 'http://gate' }) },
    content: { listPages: async () => [] }, learn: { listSets: async (actor: unknown) => { asked.push(actor); return []; }, listTerms: async () => [] },
    products: { list: async (actor: unknown) => { asked.push(actor); return [product]; }, get: async (actor: unknown) => { asked.push(actor); return product; }, listOperations: async (actor: unknown) => { asked.push(actor); return [operation]; } },
  };
  const read = await readSite(services as never);
  assert.deepEqual(asked, [undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual(read.products[0]!.versions.map(({ version: { name } }) => name), ['v1', 'v2']);
  assert.equal(read.webUrl, 'https://dev.example');
});

test('the sitemap lists each public page once, with its true address', () => {
  const pages = listPages(site);
  const xml = sitemapXml(pages, site.webUrl, null)!;
  const addresses = [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address!);
  for (const path of ['/', '/atlas', '/atlas/v1', '/atlas/v2/list-cities', '/atlas/guides/first-steps', '/pages/terms', '/learn', '/learn/glossary/cursor', '/learn/paging', '/errors/key_missing']) assert.ok(addresses.includes(`https://dev.example${path}`), path);
  assert.equal(new Set(addresses).size, addresses.length);
  assert.match(xml, /first-steps<\/loc><lastmod>2026-10-01T00:00:00.000Z/);
  assert.doesNotMatch(xml, /\/atlas\/v0/);
});

test('a sitemap too long for one file is an index of parts', () => {
  const pages = Array.from({ length: 5 }, (_, index) => ({ path: `/p${index}?a&b`, changedAt: null }));
  assert.match(sitemapXml(pages, 'https://dev.example', null, 2)!, /<sitemapindex[\s\S]*part=1<[\s\S]*part=3</);
  assert.equal([...sitemapXml(pages, 'https://dev.example', '3', 2)!.matchAll(/<url>/g)].length, 1);
  assert.match(sitemapXml(pages, 'https://dev.example', '1', 2)!, /\/p0\?a&amp;b</);
  for (const part of ['0', '4', 'x', '1.5', '']) assert.equal(sitemapXml(pages, 'https://dev.example', part, 2), undefined);
});

test('the catalogue names each version that answers, its document, its pages and its successor (RFC 9727)', () => {
  const { linkset } = apiCatalog(site);
  assert.deepEqual(linkset[0], { anchor: 'https://dev.example/.well-known/api-catalog', item: [{ href: 'http://gate/atlas/v1', title: 'Atlas v1' }, { href: 'http://gate/atlas/v2', title: 'Atlas v2' }] });
  assert.deepEqual(linkset[1]!['successor-version'], [{ href: 'http://gate/atlas/v2' }]);
  assert.deepEqual(linkset[2]!['service-desc'], [{ href: 'https://dev.example/atlas/v2/openapi.json', type: 'application/json' }]);
});

test('llms.txt links to the Markdown twin of each page', () => {
  const text = llmsText(site);
  assert.match(text, /^# Atlas & Co\n\n> APIs behind http:\/\/gate/);
  for (const address of ['atlas.md', 'atlas/guides/first-steps.md', 'atlas/v2/list-cities.md', 'atlas/v2/openapi.json', 'pages/terms.md', 'errors.md', 'llms-full.txt']) assert.ok(text.includes(`(https://dev.example/${address})`), address);
});

test('llms-full.txt is bounded and says what it left out', async () => {
  async function* parts() {
    yield { address: '/atlas.md', text: 'short' };
    yield { address: '/atlas/guides/first-steps.md', text: 'x'.repeat(5_000) };
  }
  const text = await llmsFullText(site, parts(), 2_000);
  assert.ok(text.length < 2_500);
  assert.match(text, /short[\s\S]*Left out:\n\n- https:\/\/dev\.example\/atlas\/guides\/first-steps\.md/);
  assert.doesNotMatch(await llmsFullText(site, parts(), 100_000), /Left out/);
});

test('the twins say what the pages say', () => {
  assert.match(homeMarkdown(site), /# Atlas & Co\n\nPut the world in\.[\s\S]*- \[Atlas\]\(https:\/\/dev\.example\/atlas\.md\): Places of the world\./);
  const twin = productMarkdown(product, { curl: 'curl x', curlHtml: '', answer: { text: 'a ``` b', html: '', at: null, status: null, durationMs: null } }, site.webUrl);
  assert.match(twin, /```sh\ncurl x\n```[\s\S]*from the example in the contract:[\s\S]*````json\na ``` b\n````/);
  assert.match(twin, /- \[v1\]\(https:\/\/dev\.example\/atlas\/v1\.md\): deprecated, deprecated since 2026-09-01, ends on 2027-03-01, move to v2/);
  assert.match(twin, /- v0: retired/);
  assert.match(versionMarkdown(product, product.versions[1]!, [operation], site.webUrl), /Calls start with http:\/\/gate\/atlas\/v2\.[\s\S]*\[GET \/cities\]\(https:\/\/dev\.example\/atlas\/v2\/list-cities\.md\): List cities/);
  assert.match(versionMarkdown(product, product.versions[1]!, [], 'https://dev.example'), /```sh\ncurl [^`]* https:\/\/dev\.example\/oauth\/token\n```[^]*Access tokens of https:\/\/id\.example are taken/);
  assert.doesNotMatch(versionMarkdown({ ...product, tokens: null }, product.versions[1]!, [], 'https://dev.example'), /token/);
  assert.match(errorMarkdown('key_missing'), /401 `key_missing`[\s\S]*1\. /);
  assert.equal(articleMarkdown({ slug: 'a', title: 'T', description: 'D', updatedAt: 0, markdown: '# T\n\n![m](a.png)', images: { 'a.png': '/brand/ff/image' }, previous: null, next: null }, site.webUrl), '# T\n\nD\n\n![m](https://dev.example/brand/ff/image)\n');
});
