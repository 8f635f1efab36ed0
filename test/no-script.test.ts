// The roads of docs/guide/portal.md without a line of script: everything is links, forms and what the browser folds by itself.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { call, says, signOut, signUp } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const folder = dirname(upstream.configuration);
const configuration = join(folder, 'no-script.yaml');
mkdirSync(join(folder, 'guides'));
writeFileSync(join(folder, 'guides/start.md'), '# First steps\n\nRead what the echo says.\n');
writeFileSync(configuration, readFileSync(upstream.configuration, 'utf8').replace('    testUpstream: examples', '    testUpstream: examples\n    guides: ./guides'));
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });
let page: Page;
let key: string;

before(async () => {
  ({ page } = await openPage(await browser.newContext({ javaScriptEnabled: false }), portico.webUrl));
  key = await signUp(page, portico, 'plain@example.com');
});
const open = (path: string) => page.goto(portico.webUrl + path);

test('the first-call page looks again by itself and says what went wrong and what worked', async () => {
  await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bear ${key}` } });
  assert.equal((await call(portico, key))[0], 200);
  assert.equal(await page.locator('noscript meta[http-equiv=refresh], meta[http-equiv=refresh]').count(), 1);
  await waitFor('the outcome', async () => { await page.reload(); return (await page.getByText('You are live').count()) === 1; }, 10_000);
  await says(page, /it must be "Bearer"/);
});

test('keys are made, renamed, rolled and revoked', async () => {
  await open('/dashboard/keys');
  await page.getByLabel('Name', { exact: true }).last().fill('Staging');
  await page.getByRole('button', { name: 'Create key' }).click();
  const made = (await page.locator('[role=status] code').first().textContent())!;
  assert.equal((await call(portico, made))[0], 200);
  await open('/dashboard/keys');
  await page.locator('li', { hasText: 'Staging' }).locator('summary', { hasText: 'Roll' }).click();
  await page.locator('li', { hasText: 'Staging' }).getByRole('button', { name: 'Roll key' }).click();
  await page.getByText('Copy it now').waitFor();
  const rolled = (await page.locator('[role=status] code').first().textContent())!;
  assert.deepEqual([(await call(portico, made))[0], (await call(portico, rolled))[0]], [200, 200]);
  await open('/dashboard/keys');
  const row = page.locator('main li', { hasText: 'Staging' }).first();
  await row.locator('summary', { hasText: /^Revoke$/ }).click();
  await row.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('was revoked').first().waitFor();
  await waitFor('the key to end', async () => (await call(portico, rolled))[0] === 401);
  await open('/dashboard/keys');
  await page.getByRole('link', { name: 'First key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Renamed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved. Every gateway knows it.').waitFor();
});

test('usage shows as a plot and a table, and requests are filtered by a form', async () => {
  await waitFor('the calls', async () => { await open('/dashboard/usage?by=operation'); return (await page.locator('tbody', { hasText: 'getEcho' }).count()) > 0; }, 15_000);
  assert.ok((await page.locator('figure svg rect').count()) > 0);
  await open('/dashboard/requests');
  await page.getByLabel('Status', { exact: true }).selectOption('2xx');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/status=2xx/);
  await page.locator('tbody a[href*="/dashboard/requests/req_"]').first().click();
  await page.getByRole('heading', { name: 'What was asked' }).waitFor();
});

test('documentation, guides and search are read by links and a form', async () => {
  await open('/echo');
  await page.getByRole('main').getByRole('link', { name: 'First steps' }).click();
  await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
  await open('/echo/v1');
  await page.getByRole('main').getByRole('link', { name: 'Answer with a status' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Answer with a status' }).waitFor();
  assert.match(await page.content(), /Sending from this page needs JavaScript/);
  await open('/search');
  await page.getByRole('main').getByRole('searchbox').fill('status');
  await page.getByRole('main').getByRole('searchbox').press('Enter');
  await page.waitForURL('**/search?**status**');
  await page.getByRole('main').getByRole('link', { name: /Answer with a status/ }).first().waitFor();
});

test('feedback is given with a comment, and thanked for on the same page', async () => {
  await open('/echo/v1/get-echo');
  await page.locator('#helpful summary').click();
  await page.locator('#helpful textarea').fill('Which header fields does it see?');
  await page.locator('#helpful').getByRole('button', { name: 'No' }).click();
  await page.waitForURL(/answered=yes/);
  await page.locator('#helpful [role=status]').getByText(/\w/).waitFor();
});

test('signing out and in again, and a theme, are forms', async () => {
  await signOut(page);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await open('/sign-in');
  await page.getByLabel('E-mail address').fill('plain@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/dashboard');
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.locator('html[data-theme=dark], html.dark').waitFor();
});
