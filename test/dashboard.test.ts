// The developer dashboard in a browser: real calls, and what its pages say of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { call, signUp } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const browser = await startBrowser({ after });

let context: BrowserContext;
let page: Page;
let faults: string[];
let backend: string;

/** Answers the key that the page shows this once. */
async function createdKey(on: Page): Promise<string> {
  await on.getByText('Copy it now').waitFor();
  return (await on.locator('[role=status] code').first().textContent())!;
}

async function createKey(on: Page, name: string, mode: 'live' | 'test'): Promise<string> {
  await on.goto(`${portico.webUrl}/dashboard/keys`);
  await on.getByLabel('Name', { exact: true }).fill(name);
  await on.locator('#field-mode').selectOption(mode);
  await on.getByRole('button', { name: 'Create key' }).click();
  return createdKey(on);
}

const open = (path: string) => page.goto(portico.webUrl + path);
const cells = (row: string): Promise<string[]> => page.locator('tbody tr', { has: page.locator('td:first-child', { hasText: new RegExp(`^${row}$`) }) }).first().locator('td').allTextContents();
const figure = (label: string) => page.locator('main dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) }).locator('dd').first();

before(async () => {
  context = await browser.newContext();
  ({ page, faults } = await openPage(context, portico.webUrl));
  await signUp(page, portico, 'ada@example.com');
  await open('/echo?plan=unlimited#choose');
  await page.getByRole('button', { name: 'Choose Unlimited' }).click();
  await page.waitForURL('**/echo#plans');
  backend = await createKey(page, 'Backend', 'live');
});

test('figures are what was called: by status, operation and key, and metered apart', async () => {
  const pipeline = await createKey(page, 'Pipeline', 'live');
  for (const path of ['/echo/v1/echo', '/echo/v1/echo', '/echo/v1/echo', '/echo/v1/status/404', '/echo/v1/status/500', '/echo/v1/nothing']) await call(portico, backend, path);
  for (let count = 0; count < 2; count++) await call(portico, pipeline);
  await waitFor('all calls to be counted', async () => {
    await open('/dashboard/usage?by=operation');
    // Calls are of the event store, what is metered is of the ledger: each has its own pace.
    return (await figure('Calls').textContent()) === '8' && Number(await figure('Metered').textContent()) >= 6;
  }, 20_000);
  assert.equal(await figure('Errors').textContent(), '37.5\u00a0%');
  assert.equal(await figure('Metered').textContent(), '6', 'neither the refusal nor the 500 bills');
  assert.deepEqual((await cells('getEcho')).slice(1, 3), ['5', '62.5\u00a0%']);
  assert.deepEqual((await cells('getStatus')).slice(1, 2), ['2']);
  await open('/dashboard/usage?by=status');
  assert.deepEqual([await cells('200'), await cells('404'), await cells('500')].map((row) => row[1]), ['5', '2', '1']);
  await open('/dashboard/usage?by=key');
  assert.deepEqual((await page.locator('table', { hasText: 'Pipeline' }).last().locator('tbody tr').allTextContents()).map((text) => /^(Backend|Pipeline)\D+.*?(?=[A-Z]|$)/.exec(text)?.[1]), ['Backend', 'Pipeline']);
  await page.getByRole('link', { name: /^Pipeline/ }).click();
  await waitFor('the filter to apply', async () => (await figure('Calls').textContent()) === '2');
  assert.match(page.url(), /[?&]key=key_/);
  assert.deepEqual(faults, []);
});

test('filters stand in the address bar, and a shared address shows the same', async () => {
  await open('/dashboard/requests');
  await page.getByLabel('Status', { exact: true }).selectOption('4xx');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/status=4xx/);
  const rows = page.locator('tbody tr');
  await waitFor('the filtered rows', async () => (await rows.count()) === 2);
  const shared = (await openPage(context, portico.webUrl)).page;
  await shared.goto(`${portico.webUrl}/dashboard/requests?code=operation_unknown`);
  assert.equal(await shared.locator('tbody tr').count(), 1);
  await shared.getByRole('link', { name: /^Open req_/ }).click();
  await shared.getByText('Why it was refused').waitFor();
  assert.match(shared.url(), /open=req_/);
  await shared.goto(`${portico.webUrl}/dashboard/requests?range=custom&from=2020-01-01&to=2020-01-02`);
  await shared.getByText('No calls in this range').waitFor();
  await shared.goto(`${portico.webUrl}/dashboard/requests?status=bad`);
  await shared.getByText('is no status').waitFor();
  await shared.getByRole('link', { name: 'Without Status: bad' }).click();
  await waitFor('all calls', async () => (await shared.locator('tbody tr').count()) > 2);
  await shared.close();
});

test('a call opens to what was asked, what came back, and itself as code', async () => {
  await fetch(`${portico.gatewayUrl}/echo/v1/echo?secret=hush`, { method: 'POST', headers: { authorization: `Bearer ${backend}`, 'content-type': 'application/json' }, body: '{"city":"Oslo"}' });
  await waitFor('the call', async () => {
    await open('/dashboard/requests?operation=postEcho');
    return (await page.locator('tbody tr').count()) === 1;
  }, 20_000);
  await page.locator('tbody tr a[href*="/dashboard/requests/req_"]').click();
  await page.getByRole('heading', { name: 'What was asked' }).waitFor();
  const text = (await page.locator('main').textContent())!;
  assert.match(text, /POST postEcho/);
  assert.match(text, /secret, city/);
  assert.doesNotMatch(text, /hush|Oslo/, 'values are not kept');
  const code = (await page.locator('pre').first().textContent())!;
  assert.match(code, /curl -X POST '.*\/echo\/v1\/echo/);
  assert.match(code, /Bearer YOUR_LIVE_KEY/);
  assert.ok(!code.includes(backend));
});

test('new calls appear without a reload, and not while they are not followed', async () => {
  await open('/dashboard/requests?live=1&operation=getSlow');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate(() => { (globalThis as { unreloaded?: boolean }).unreloaded = true; });
  const still = (await openPage(context, portico.webUrl)).page;
  await still.goto(`${portico.webUrl}/dashboard/requests?operation=getSlow`);
  await call(portico, backend, '/echo/v1/slow/5');
  await page.locator('tbody tr', { hasText: 'getSlow' }).waitFor({ timeout: 10_000 });
  assert.equal(await page.evaluate(() => (globalThis as { unreloaded?: boolean }).unreloaded), true);
  assert.equal(await still.locator('tbody tr').count(), 0);
  await still.close();
});

test('a limited key is refused elsewhere, and the limits change without another key', async () => {
  await open('/dashboard/keys/new');
  await page.getByLabel('Name', { exact: true }).fill('Narrow');
  await page.locator('#field-mode').selectOption('live');
  await page.locator('input[name=scope][value=getEcho]').check();
  await page.getByLabel('Client addresses').fill('127.0.0.0/8\n::1\n10.0.0.300');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('line 3: "10.0.0.300" is neither an address nor a CIDR range').first().waitFor();
  assert.equal(await page.locator('input[name=scope][value=getEcho]').isChecked(), true, 'what was chosen stays');
  await page.getByLabel('Client addresses').fill('127.0.0.0/8\n::1');
  await page.getByRole('button', { name: 'Create key' }).click();
  const narrow = await createdKey(page);
  assert.deepEqual(await call(portico, narrow), [200, undefined]);
  assert.deepEqual(await call(portico, narrow, '/echo/v1/status/200'), [403, 'scope_forbids']);

  await open('/dashboard/keys');
  await page.getByRole('link', { name: 'Narrow' }).click();
  await page.getByLabel('Client addresses').fill('203.0.113.0/24');
  await page.locator('input[name=scope][value=getStatus]').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved. Every gateway knows it.').waitFor();
  assert.deepEqual(await call(portico, narrow), [403, 'address_forbids']);
  await page.reload({ waitUntil: 'networkidle' });
  assert.deepEqual([await page.getByLabel('Client addresses').inputValue(), await page.locator('input[name=scope]:checked').count()], ['203.0.113.0/24', 2]);
  await page.getByLabel('Client addresses').fill('');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await waitFor('the wider limits', async () => (await call(portico, narrow, '/echo/v1/status/200'))[0] === 200);
  assert.deepEqual(faults, []);
});

test('what was typed before the scripts of a page came is not lost', async () => {
  await open('/dashboard/keys');
  await page.getByRole('link', { name: 'Backend', exact: true }).click();
  await page.getByLabel('Client addresses').fill('127.0.0.1');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved. Every gateway knows it.').waitFor();
  const scripts = Promise.withResolvers<void>();
  await page.route('**/*.js', async (route) => {
    await scripts.promise;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await page.getByLabel('Client addresses').fill('');
  await page.getByLabel('Name', { exact: true }).fill('Backend two');
  scripts.resolve();
  await page.waitForLoadState('networkidle');
  await page.unroute('**/*.js');
  assert.deepEqual([await page.getByLabel('Client addresses').inputValue(), await page.getByLabel('Name', { exact: true }).inputValue()], ['', 'Backend two']);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { name: 'Backend two' }).waitFor();
  assert.deepEqual(await call(portico, backend), [200, undefined]);
  assert.deepEqual(faults, []);
});

test('a rolled key works beside its successor until it is ended', async () => {
  const old = await createKey(page, 'Rotating', 'live');
  assert.equal((await call(portico, old))[0], 200);
  await page.goto(`${portico.webUrl}/dashboard/keys`);
  await page.locator('li', { hasText: 'Rotating' }).getByRole('button', { name: 'Roll' }).click();
  await page.getByLabel('Overlap').selectOption({ label: '1 hour' });
  await page.getByRole('button', { name: 'Roll key' }).click();
  const next = await createdKey(page);
  assert.notEqual(next, old);
  assert.deepEqual([await call(portico, old), await call(portico, next)].map(([status]) => status), [200, 200]);
  await page.getByText('The old one was last used').waitFor();
  await page.getByRole('button', { name: 'End the old one now' }).click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: 'End the old one now' }).click();
  await page.getByText('was revoked. It is refused everywhere from now on.').waitFor();
  assert.deepEqual([await call(portico, old), await call(portico, next)], [[401, 'key_revoked'], [200, undefined]]);
});

test('without scripts keys are made with limits, and usage shows with its plot', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const { page: still } = await openPage(plain, portico.webUrl);
  await still.goto(`${portico.webUrl}/dashboard/keys/new`);
  await still.getByLabel('Name', { exact: true }).fill('Typed by hand');
  await still.locator('#field-mode').selectOption('live');
  await still.locator('details', { has: still.locator('input[value=getEcho]') }).evaluate((details) => (details as unknown as { open: boolean }).open = true);
  await still.locator('input[name=scope][value=getEcho]').check();
  await still.getByLabel('Client addresses').fill('nowhere');
  await still.getByRole('button', { name: 'Create key' }).click();
  await still.getByText('"nowhere" is neither an address').first().waitFor();
  assert.equal(await still.locator('input[name=scope][value=getEcho]').isChecked(), true);
  assert.equal(await still.getByLabel('Name', { exact: true }).inputValue(), 'Typed by hand');
  await still.getByLabel('Client addresses').fill('');
  await still.getByRole('button', { name: 'Create key' }).click();
  assert.deepEqual(await call(portico, await createdKey(still), '/echo/v1/status/200'), [403, 'scope_forbids']);
  await still.goto(`${portico.webUrl}/dashboard/usage`);
  assert.ok((await still.locator('figure svg rect').count()) > 0);
  await plain.close();
});

test('calls and metered quantities leave as CSV, with the filters of the page', async () => {
  const lines = async (path: string): Promise<string[]> => (await (await context.request.get(portico.webUrl + path)).text()).trimEnd().split('\r\n');
  const requests = await lines('/dashboard/requests.csv?operation=getStatus&status=404');
  assert.match(requests[0]!, /^id,time_utc,product,/);
  assert.equal(requests.length, 2);
  assert.match(requests[1]!, /,echo,v1,getStatus,GET,404,,404,live,own,/);
  assert.ok((await lines('/dashboard/usage.csv')).some((line) => /,requests,getEcho,v1,live,\d+$/.test(line)));
  const wrong = await context.request.get(`${portico.webUrl}/dashboard/requests.csv?status=bad`);
  assert.equal(wrong.status(), 400);
});

test("another account sees none of it: neither calls, nor keys, nor the file of them", async () => {
  await open('/dashboard/requests');
  const requestPath = (await page.locator('tbody tr a[href*="/dashboard/requests/req_"]').first().getAttribute('href'))!;
  await open('/dashboard/keys');
  const keyPath = (await page.locator('main li a[href*="/dashboard/keys/key_"]').first().getAttribute('href'))!;
  const other = await browser.newContext();
  const { page: theirs } = await openPage(other, portico.webUrl);
  await signUp(theirs, portico, 'bob@example.com');
  for (const path of [requestPath, keyPath]) assert.equal((await theirs.goto(portico.webUrl + path))!.status(), 404, path);
  await theirs.goto(`${portico.webUrl}/dashboard/requests?key=${keyPath.split('/').at(-1)}`);
  await theirs.getByText('No calls match').waitFor();
  const csv = await (await other.request.get(`${portico.webUrl}/dashboard/requests.csv`)).text();
  assert.equal(csv.trimEnd().split('\r\n').length, 1, 'the header alone');
  await other.close();
});
