// From home to product to guide as a stranger, with the demo's brand, guides and page: in both themes, with and without script.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { startPortico } from './portico.ts';

const portico = await startPortico({ after }, { configuration: new URL('../demo/portico.yaml', import.meta.url).pathname });
const browser = await startBrowser({ after });
const get = (path: string, headers: Record<string, string> = {}) => fetch(portico.webUrl + path, { headers });

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`a stranger walks from home to product to guide, ${colorScheme}, ${width} px`, async () => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const { page, faults } = await openPage(context, portico.webUrl);
      await page.goto(portico.webUrl);
      await page.getByRole('heading', { level: 1, name: 'Put every country and city into your product.' }).waitFor();
      const accent = await page.getByRole('main').getByRole('link', { name: 'Get a key' }).evaluate((link) => (globalThis as unknown as { getComputedStyle(element: unknown): { backgroundColor: string } }).getComputedStyle(link).backgroundColor);
      assert.notEqual(accent, colorScheme === 'light' ? 'rgb(35, 71, 197)' : 'rgb(147, 177, 255)', 'the standard accent is replaced');
      if (colorScheme === 'light') assert.equal(accent, 'rgb(15, 118, 110)');
      assert.equal(await page.locator('header img:visible').count(), 1, 'one logo shows');
      await assertAccessible(page);
      await page.getByRole('main').getByRole('link', { name: 'Atlas API', exact: true }).click();
      await page.getByRole('heading', { name: 'What you can build' }).waitFor();
      await assertAccessible(page);
      await page.getByRole('link', { name: 'First steps' }).click();
      await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
      await page.getByText('countries?region=europe&limit=2').first().waitFor();
      await page.getByText('Windows', { exact: true }).click();
      await page.getByText('$env:ATLAS_KEY').waitFor();
      await assertAccessible(page);
      await page.goto(`${portico.webUrl}/pages/about`);
      await assertAccessible(page);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
}

test('without script the tabs of a guide still open', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${portico.webUrl}/atlas/guides/first-steps`);
  await page.getByText('Windows', { exact: true }).click();
  await page.getByText('$env:ATLAS_KEY').waitFor();
  await page.getByText('TypeScript', { exact: true }).click();
  await page.getByText('await fetch(').waitFor();
  await context.close();
});

test('a page says who it is, and everything that it names is there', async () => {
  const html = await (await get('/atlas/guides/paging', { accept: 'text/html' })).text();
  assert.match(html, new RegExp(`<link rel="canonical" href="${portico.webUrl}/atlas/guides/paging"`));
  const named = [/property="og:image" content="([^"]+)"/, /type="text\/markdown" href="([^"]+)"/, /rel="stylesheet" href="(\/brand\/[^"]+)"/].map((pattern) => new URL(pattern.exec(html)![1]!, portico.webUrl).href);
  for (const address of named) assert.equal((await fetch(address)).status, 200, address);
});

const formats: [string, RegExp, RegExp][] = [
  ['/index.md', /^text\/markdown/, /^# Atlas Developers\n/],
  ['/atlas.md', /^text\/markdown/, /## Quickstart/],
  ['/atlas/v2.md', /^text\/markdown/, /GET \/countries/],
  ['/atlas/guides/paging.md', /^text\/markdown/, /^# Page through lists\n/],
  ['/pages/about.md', /^text\/markdown/, /^# About the data\n/],
  ['/errors.md', /^text\/markdown/, /key_missing/],
  ['/errors/key_missing.md', /^text\/markdown/, /401 `key_missing`/],
  ['/llms.txt', /^text\/plain/, /list-countries\.md/],
  ['/llms-full.txt', /^text\/plain/, /Send `next` back as `cursor`/],
  ['/robots.txt', /^text\/plain/, /Sitemap: http/],
  ['/sitemap.xml', /^application\/xml/, /\/atlas\/guides\/paging</],
  ['/.well-known/api-catalog', /^application\/linkset\+json/, /"service-desc"/],
];
for (const [path, type, text] of formats) {
  test(`${path} is what it says`, async () => {
    const response = await get(path);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, type);
    assert.match(await response.text(), text);
  });
}

test('texts about the whole site are not sent again to who has them', async () => {
  for (const path of ['/llms.txt', '/llms-full.txt', '/sitemap.xml']) {
    const etag = (await get(path)).headers.get('etag')!;
    const again = await get(path, { 'if-none-match': etag });
    assert.deepEqual([again.status, await again.text()], [304, ''], path);
    assert.equal((await get(path, { 'if-none-match': '"another"' })).status, 200, path);
  }
  assert.equal((await get('/sitemap.xml?part=2')).status, 404);
});

test('cards are drawn for pages that exist, and for no other', async () => {
  for (const path of ['home', 'atlas', 'atlas/v2', 'atlas/v2/list-countries', 'atlas/guides/paging', 'pages/about']) {
    const response = await get(`/social/${path}.png`);
    assert.equal(response.headers.get('content-type'), 'image/png', path);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1200, 630]);
  }
  for (const path of ['nothing', 'atlas/v9', 'atlas/v2/no-operation', 'atlas/guides/none', 'pages/none', 'home/x']) assert.equal((await get(`/social/${path}.png`)).status, 404, path);
});

test('a logo that is opened by itself runs nothing', async () => {
  const html = await (await get('/', { accept: 'text/html' })).text();
  const logo = await get(/src="(\/brand\/[0-9a-f]{64}\/logo)"/.exec(html)![1]!);
  assert.equal(logo.headers.get('content-type'), 'image/svg+xml');
  assert.match(logo.headers.get('content-security-policy')!, /^default-src 'none'.*sandbox$/);
  assert.equal(logo.headers.get('x-content-type-options'), 'nosniff');
});
