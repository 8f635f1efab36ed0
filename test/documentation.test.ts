// Documentation that ran, search and "was this helpful", by a whole Portico and a browser.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { becomeOwner } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-documentation-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const upstream = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/stars/sirius') response.end('{"name":"Sirius","magnitude":"bright"}');
  else response.end('[{"name":"Vega"}]');
});
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
after(() => { upstream.closeAllConnections(); upstream.close(); });
const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;

const document = (magnitude: string): string => `openapi: 3.1.0
info: { title: Stars, version: '1' }
paths:
  /stars: { get: { operationId: listStars, summary: List stars, responses: { '200': { description: Stars, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Star' } } } } } } } }
  /stars/{name}:
    get:
      operationId: getStar
      summary: Get a star
      parameters: [ { name: name, in: path, required: true, schema: { type: string }, example: sirius } ]
      responses: { '200': { description: A star, content: { application/json: { schema: { $ref: '#/components/schemas/Star' } } } } }
components: { schemas: { Star: { type: object, required: [name], properties: { name: { type: string }, magnitude: { type: ${magnitude} } } } } }
`;
writeFileSync(join(folder, 'stars.yaml'), document('number'));
writeFileSync(join(folder, 'portico.yaml'), `products:
  - { slug: stars, name: Stars API, upstream: "${address}", testUpstream: "${address}", versions: [ { name: v1, openapi: stars.yaml } ], plans: [ { slug: free, default: true, currency: usd, limits: [ { name: burst, requests: 1, per: second } ] } ] }
`);
const portico = await startPortico({ after }, { configuration: join(folder, 'portico.yaml') });
const browser = await startBrowser({ after });

test('a sample that fails is told in the workspace with its place, mended, and works; nobody’s usage has grown', { timeout: 90_000 }, async () => {
  const { page, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await becomeOwner(page, portico, 'owner@example.com');
  await page.goto(`${portico.webUrl}/workspace/documentation`);
  await page.getByText('At /magnitude: must be number.').waitFor();
  await page.getByRole('cell', { name: 'Get a star' }).waitFor();
  await assertAccessible(page);
  await page.goto(`${portico.webUrl}/stars/v1/get-star`);
  await page.getByText('It has not worked yet.').waitFor();
  await page.goto(`${portico.webUrl}/stars/v1/list-stars`);
  await page.getByText('This sample last worked').waitFor();
  assert.match((await page.locator('main').textContent())!, /What came back: 200 application\/json/);

  writeFileSync(join(folder, 'stars.yaml'), document('[number, string]'));
  await portico.cli('apply', '-f', join(folder, 'portico.yaml'));
  await page.goto(`${portico.webUrl}/workspace/documentation`);
  await page.getByText('No sample failed').waitFor();
  await page.getByRole('button', { name: 'Run again' }).click();
  await waitFor('every sample to have run again', async () => {
    const { versions } = await portico.api<{ versions: { samples: number; worked: number; due: number }[] }>('GET', '/products/stars/documentation-runs');
    return versions[0]!.worked === 2 && versions[0]!.due === 0;
  }, 20_000);
  await page.goto(`${portico.webUrl}/stars/v1/get-star`);
  await page.getByText('This sample last worked').waitFor();
  const { usage } = await portico.api<{ usage: unknown[] }>('GET', '/usage');
  const { requests } = await portico.api<{ requests: unknown[] }>('GET', '/requests');
  const { consumers } = await portico.api<{ consumers: unknown[] }>('GET', '/consumers');
  assert.deepEqual([usage, requests, consumers], [[], [], []]);
  assert.deepEqual(faults, []);
});

test('search answers while typing, by keyboard alone, and without script', { timeout: 60_000 }, async () => {
  const { page, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(portico.webUrl, { waitUntil: 'networkidle' });
  const focused = async (): Promise<boolean> => (await page.locator('[role=combobox]:focus').count()) > 0;
  // Until its script runs, the page does not listen for keys.
  await waitFor('the slash to reach the search', async () => {
    if (!(await focused())) await page.keyboard.press('/');
    return focused();
  }, 15_000);
  // At once: answers to a part of it would still change the list under the arrow keys.
  await page.keyboard.insertText('star');
  const options = page.getByRole('option');
  await options.first().waitFor();
  await assertAccessible(page);
  await page.keyboard.press('ArrowDown');
  const chosen = await page.locator('[role=option][aria-selected=true]').getAttribute('href');
  assert.equal(await page.getByRole('combobox').getAttribute('aria-activedescendant'), await page.locator('[role=option][aria-selected=true]').getAttribute('id'));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${chosen}`);
  await waitFor('Control+K to reach the search of the next page', async () => {
    if (!(await focused())) await page.keyboard.press('Control+k');
    return focused();
  }, 15_000);
  await page.keyboard.insertText('getSatr');
  await options.first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await options.count(), 0);
  assert.deepEqual(faults, []);

  const { page: plain } = await openPage(await browser.newContext({ javaScriptEnabled: false }), portico.webUrl);
  await plain.goto(`${portico.webUrl}/search?q=key_revoked`);
  assert.equal(await plain.locator('main ul a[href="/errors/key_revoked"]').count(), 1);
  await plain.goto(`${portico.webUrl}/search?q=${encodeURIComponent('<script>xylophone')}`);
  assert.match((await plain.locator('main').textContent())!, /Nothing matches/);
});

test('a reader answers with script and without, and the workspace shows it', { timeout: 60_000 }, async () => {
  const { page, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(`${portico.webUrl}/stars/v1/get-star`, { waitUntil: 'networkidle' });
  await page.getByText('Add a comment').click();
  await page.getByLabel('What was missing or wrong?').fill('<b>Which magnitude?</b>');
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByText('Thank you.').waitFor();
  assert.equal(new URL(page.url()).search, '', 'the page stays');
  const { page: plain } = await openPage(await browser.newContext({ javaScriptEnabled: false }), portico.webUrl);
  await plain.goto(`${portico.webUrl}/errors/key_revoked`);
  await plain.getByRole('button', { name: 'Yes', exact: true }).click();
  assert.match((await plain.locator('main').textContent())!, /Thank you\./);
  assert.deepEqual(faults, []);
});
