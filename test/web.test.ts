import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { errorCatalogue } from '../src/errors.ts';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { signOut } from './people.ts';
import { startPortico } from './portico.ts';

const password = 'correct horse battery';
const shell = promisify(execFile);
const runCurl = (line: string) => shell('bash', ['-c', line.replace('curl ', 'curl -s ')]);

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const browser = await startBrowser({ after });

async function signUp(page: Page, email: string): Promise<string> {
  await page.goto(`${portico.webUrl}/sign-up`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/start');
  return (await page.locator('pre').first().textContent())!;
}

test('a stranger signs up, calls, errs, mends it and is celebrated without a reload', async () => {
  const context = await browser.newContext();
  const { page, faults } = await openPage(context, portico.webUrl);
  const curl = await signUp(page, 'ada@example.com');
  assert.match(curl, /Authorization: Bearer [a-z0-9]+_(live|test)_[0-9A-Za-z]{33}'/);
  await page.getByText('Waiting for your first call').waitFor();
  await page.evaluate(() => { (globalThis as { unreloaded?: boolean }).unreloaded = true; });

  await runCurl(curl.replace('Bearer ', 'Bear '));
  await page.getByText('A call from your network').waitFor();
  assert.match((await page.locator('main').textContent())!, /it must be "Bearer"\. Copy the line above/);
  await runCurl(curl);
  await page.getByText('You are live').waitFor();
  assert.match((await page.locator('main').textContent())!, /200 in \d+ ms\. You are live\..* after you signed up/);
  assert.equal(await page.evaluate(() => (globalThis as { unreloaded?: boolean }).unreloaded), true, 'the page was not reloaded');
  await assertAccessible(page);

  await page.goto(`${portico.webUrl}/dashboard`);
  await page.locator('tbody tr', { hasText: '200' }).first().waitFor();
  assert.deepEqual(faults, []);
});

test('without scripts the same road works from plain forms and reloads', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await openPage(context, portico.webUrl);
  const curl = await signUp(page, 'grace@example.com');
  await runCurl(curl);
  await checkAgainUntil(page, 'You are live');
  await page.goto(`${portico.webUrl}/dashboard/keys`);
  await page.getByLabel('Name').last().fill('Staging');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('Copy it now').waitFor();
  await page.locator('li', { hasText: 'Staging' }).locator('summary', { hasText: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('was revoked').waitFor();
  await signOut(page);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
});

async function checkAgainUntil(page: Page, words: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await page.getByText(words).isVisible())) {
    assert.ok(performance.now() < deadline, `the page never said: ${words}`);
    await page.reload();
  }
}

test('a mistake stands next to its field, and what was typed stays', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await openPage(context, portico.webUrl);
  await signUp(page, 'used@example.com');
  await signOut(page);
  await page.goto(`${portico.webUrl}/sign-up`);
  await page.getByLabel('E-mail address').fill('used@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.locator('#field-email-mistake').waitFor();
  assert.equal(await page.getByLabel('E-mail address').inputValue(), 'used@example.com');
  assert.equal(await page.getByLabel('Password').inputValue(), '');
});

test('the first owner publishes an uploaded document, after its mistakes were named by line', async () => {
  const context = await browser.newContext();
  const { page, faults } = await openPage(context, portico.webUrl);
  await becomeOwner(page);
  await page.goto(`${portico.webUrl}/workspace/products/publish`);
  const upload = async (text: string): Promise<void> => {
    await page.getByLabel('OpenAPI document').setInputFiles({ name: 'shop.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Check the document' }).click();
  };
  await upload('openapi: 3.1.0\ninfo:\n  title: Shop\n  version: 1.0.0\npaths: 5\n');
  await page.getByText('cannot be published').waitFor();
  assert.match((await page.getByRole('alert').textContent())!, /5:\d/);
  await upload('openapi: 3.1.0\ninfo:\n  title: Shop\n  version: 1.0.0\npaths:\n  /items:\n    get:\n      operationId: listItems\n      responses:\n        "200":\n          description: Items.\n');
  await page.getByLabel('Upstream').fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Publish version' }).click();
  await page.waitForURL('**/workspace/products/shop');
  assert.match(await (await fetch(`${portico.webUrl}/shop/v1`)).text(), /\/shop\/v1\/list-items/);
  assert.deepEqual(faults, []);
});

async function becomeOwner(page: Page): Promise<void> {
  await page.goto(portico.firstOwnerLink!);
  await page.getByLabel('E-mail address').fill('owner@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Become owner' }).click();
  await page.waitForURL('**/workspace');
}

test('pages answer with a strict policy, readable twins, and refuse forms of other sites', async () => {
  const home = await fetch(portico.webUrl);
  const policy = home.headers.get('content-security-policy')!;
  assert.match(policy, /default-src 'none'; script-src 'self' 'nonce-[^']+'; style-src 'self' 'nonce-[^']+';/);
  assert.doesNotMatch(policy, /unsafe/);
  const html = await home.text();
  assert.doesNotMatch(html, / style="/);
  const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
  for (const [tag] of html.matchAll(/<script[^>]*>/g)) assert.ok(tag.includes(`nonce="${nonce}"`), tag);

  for (const code of Object.keys(errorCatalogue)) assert.equal((await fetch(`${portico.webUrl}/errors/${code}`)).status, 200, code);
  assert.equal((await fetch(`${portico.webUrl}/errors/no_such_code`)).status, 404);

  const index = await (await fetch(`${portico.webUrl}/llms.txt`)).text();
  const twins = [...index.matchAll(/\((\S+\.md)\)/g)].map(([, address]) => address!);
  assert.ok(twins.length > 0, 'llms.txt lists the operations');
  for (const twin of twins) {
    const markdown = await fetch(twin);
    assert.match(markdown.headers.get('content-type')!, /^text\/markdown/);
    const said = await markdown.text();
    assert.match(said, /^# .+\n/, twin);
    if (/\/echo\/v1\/.+\.md$/.test(twin)) assert.match(said, /```sh\ncurl /, twin);
    assert.equal((await fetch(twin.replace(/\.md$/, ''))).status, 200);
  }

  const forged = await fetch(`${portico.webUrl}/sign-up`, { method: 'POST', redirect: 'manual', headers: { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: `email=x@example.com&password=${password}` });
  assert.equal(forged.status, 403);
  assert.match(await forged.text(), /csrf_refused/);
  const closed = await fetch(`${portico.webUrl}/dashboard/keys`, { redirect: 'manual' });
  assert.equal(closed.headers.get('location'), '/sign-in?next=%2Fdashboard%2Fkeys');
});
