// Sending from a reference page: types of bodies, files, header fields that no browser sends, answers that are big or no text.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { drawn, openPage, startBrowser } from './browser.ts';
import { startPortico } from './portico.ts';
import { enterAs, signUpBy, visit } from './visitors.ts';

const bigBytes = 5_000_000;
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108', 'hex');
const heard: { type: string | undefined; body: Buffer }[] = [];
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  if (request.method === 'POST') heard.push({ type: request.headers['content-type'], body: Buffer.concat(parts) });
  if (request.url === '/picture') response.writeHead(200, { 'content-type': 'image/png' }).end(png);
  else if (request.url === '/big') response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(Array.from({ length: bigBytes / 50 }, (_, index) => ({ name: `place ${index}`, more: 'x'.repeat(20) }))));
  else response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const folder = mkdtempSync(join(tmpdir(), 'portico-try-'));
const object = { schema: { type: 'object', properties: { name: { type: 'string' } } }, example: { name: 'Oslo' } };
const responses = { 200: { description: 'The answer.' } };
writeFileSync(join(folder, 'openapi.json'), JSON.stringify({
  openapi: '3.1.0', info: { title: 'Pictures', version: '1' },
  paths: {
    '/pictures': { post: { operationId: 'addPicture', requestBody: { required: true, content: { 'application/json': object, 'application/x-www-form-urlencoded': object, 'multipart/form-data': object, 'image/png': {} } }, parameters: [{ name: 'X-Place', in: 'header', schema: { type: 'string' } }], responses } },
    '/picture': { get: { operationId: 'getPicture', responses } }, '/big': { get: { operationId: 'getBig', responses } },
  },
}));
writeFileSync(join(folder, 'portico.yaml'), `portal: { name: Pictures, keyPrefix: pic }\nproducts: [ { slug: pictures, upstream: "${upstream}", testUpstream: "${upstream}", versions: [ { name: v1, openapi: ./openapi.json } ], plans: [ { slug: free, default: true, currency: usd } ] } ]\n`);
const portico = await startPortico({ after }, { configuration: join(folder, 'portico.yaml') });
const browser = await startBrowser({ after });
after(() => { server.closeAllConnections(); server.close(); rmSync(folder, { recursive: true }); });
let page: Page;
let faults: string[];

before(async () => {
  const ada = visit(portico);
  await signUpBy(ada, 'ada@example.com');
  const context = await browser.newContext();
  await enterAs(context, portico, ada);
  ({ page, faults } = await openPage(context, portico.webUrl));
});

async function open(operation: string): Promise<void> {
  await page.goto(`${portico.webUrl}/pictures/v1/${operation}`);
  await drawn(page);
}

async function send(): Promise<void> {
  await page.getByRole('button', { name: /^Send/ }).click();
  await page.getByRole('region', { name: 'Answer' }).waitFor();
}

const types: [string, RegExp, string][] = [
  ['application/json', /^application\/json$/, '{"name":"Oslo"}'],
  ['application/x-www-form-urlencoded', /^application\/x-www-form-urlencoded/, 'name=Oslo'],
  ['multipart/form-data; boundary=portico-example', /^multipart\/form-data; boundary=/, 'name="name"\r\n\r\nOslo\r\n'],
];
for (const [type, header, body] of types) {
  test(`a body is sent as ${type}, with the example of that type`, async () => {
    await open('add-picture');
    await page.getByLabel('Type of the body').selectOption(type);
    heard.length = 0;
    await send();
    assert.match(heard[0]!.type!, header);
    const text = heard[0]!.body.toString();
    assert.ok(type.endsWith('json') ? JSON.stringify(JSON.parse(text)) === body : text.includes(body), text);
  });
}

test('a file is the body, octet for octet, and the code reads it by its name', async () => {
  await open('add-picture');
  await page.getByLabel('Type of the body').selectOption('image/png');
  await page.getByRole('button', { name: /^Send/ }).click();
  await page.getByText('Fill this in').waitFor();
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
  await page.getByLabel('Body, image/png').setInputFiles({ name: 'oslo.png', mimeType: 'image/png', buffer: bytes });
  assert.match((await page.locator('aside pre').first().textContent())!, /--data-binary '@oslo\.png'/);
  heard.length = 0;
  await send();
  assert.equal(heard[0]!.type, 'image/png');
  assert.ok(heard[0]!.body.equals(bytes), `${heard[0]!.body.length} octets arrived`);
});

test('letters that no header field holds are named at their field, and nothing is sent', async () => {
  await open('add-picture');
  heard.length = 0;
  await page.locator('aside').getByLabel('X-Place').fill('Łódź 東京');
  await page.getByRole('button', { name: /^Send/ }).click();
  await page.getByText('Header fields hold letters of ISO 8859-1 alone').waitFor();
  assert.equal(await page.locator('aside [aria-invalid=true]:focus').count(), 1);
  assert.equal(heard.length, 0);
  await page.locator('aside').getByLabel('X-Place').fill('São Paulo');
  await send();
  assert.equal(heard.length, 1);
});

test('an answer of five megabytes is shown in part, and the page stays at hand', async () => {
  await open('get-big');
  await page.evaluate(() => {
    const world = globalThis as unknown as { longest: number };
    world.longest = 0;
    let last = performance.now();
    const beat = (): void => { world.longest = Math.max(world.longest, performance.now() - last); last = performance.now(); setTimeout(beat, 10); };
    beat();
  });
  await send();
  await page.getByText(/The first .* of .* are shown\./).waitFor();
  const longest = await page.evaluate(() => (globalThis as unknown as { longest: number }).longest);
  assert.ok(longest < 2_000, `the page stood still for ${Math.round(longest)} ms`);
});

test('an answer that is no text is offered as a file', async () => {
  await open('get-picture');
  await send();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download the body' }).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  assert.ok(Buffer.concat(chunks).equals(png));
  assert.deepEqual(faults.filter((fault) => !fault.startsWith(`a request to ${portico.gatewayUrl}`) && !fault.startsWith('a request to blob:')), []);
});
