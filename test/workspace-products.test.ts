// A product manager's day: publish with a mistake, preview, open to an invited person, price, approve.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { becomeOwner, mailedLink, newPerson, signUp } from './people.ts';
import { startPortico, type Portico } from './portico.ts';

let portico: Portico;
let browser: Browser;
let owner: Page;
let faults: string[];
const ends: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => void ends.push(fn) };
after(async () => {
  for (const end of ends.toReversed()) await end();
});

before(async () => {
  portico = await startPortico(scope);
  browser = await startBrowser(scope);
  ({ page: owner, faults } = await openPage(await browser.newContext(), portico.webUrl));
  await becomeOwner(owner, portico, 'owner@example.com');
});

const good = 'openapi: 3.1.0\ninfo:\n  title: Shop\n  version: 1.0.0\npaths:\n  /items:\n    get:\n      operationId: listItems\n      summary: List items\n      responses:\n        "200":\n          description: Items.\n          content:\n            application/json:\n              example: [ 1 ]\n';
const more = good.replace('  /items:\n', '  /orders:\n    get:\n      operationId: listOrders\n      responses:\n        "200":\n          description: Orders.\n  /items:\n');

async function upload(text: string, query = ''): Promise<void> {
  await owner.goto(`${portico.webUrl}/workspace/products/publish${query}`);
  await owner.getByLabel('OpenAPI document').setInputFiles({ name: 'shop.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
  await owner.getByRole('button', { name: 'Check the document' }).click();
}
const status = async (path: string): Promise<number> => (await fetch(portico.webUrl + path)).status;

test('a mistake is named with its line and the lines around it', async () => {
  await upload(good.replace('  /items:', '  items:'));
  const alert = owner.getByRole('alert');
  await alert.getByText('cannot be published').waitFor();
  assert.match((await alert.textContent())!, /shop\.yaml:6:\d+/);
  assert.match((await alert.locator('pre').textContent())!, /6\s*items:/);
  assert.deepEqual(faults, []);
});

test('a draft looks in the portal as it will, for members alone, until it is published', async () => {
  await upload(good);
  await owner.getByLabel('Upstream').fill('http://127.0.0.1:9');
  await owner.getByRole('button', { name: 'Save as a draft' }).click();
  await owner.waitForURL('**/shop/v1');
  await owner.getByText('Draft, only members see this').waitFor();
  for (const path of ['/shop', '/shop/v1', '/shop/v1/list-items', '/shop/v1/openapi.json']) assert.equal(await status(path), 404, path);
  await owner.goto(`${portico.webUrl}/workspace/products/shop/versions/v1`);
  await owner.getByRole('button', { name: 'Publish this draft' }).click();
  await owner.getByRole('alertdialog').getByRole('button', { name: 'Publish this draft' }).click();
  await owner.getByText('shop v1 is published.').waitFor();
  assert.equal(await status('/shop/v1'), 200);
});

test('replacing a published document is told by operation first', async () => {
  await upload(more, '?product=shop&version=v1');
  await owner.getByRole('button', { name: 'Publish version' }).click();
  await owner.getByText('1 added, 0 removed, 0 changed, 1 unchanged').waitFor();
  assert.doesNotMatch(await (await fetch(`${portico.webUrl}/shop/v1`)).text(), /listOrders|orders/);
  await owner.getByRole('button', { name: 'Replace the document' }).click();
  await owner.waitForURL('**/workspace/products/shop');
  assert.match(await (await fetch(`${portico.webUrl}/shop/v1`)).text(), /orders/);
});

test('a private product is seen by who was invited, once their address is proven', async () => {
  await owner.goto(`${portico.webUrl}/workspace/products/shop`);
  await owner.getByRole('button', { name: 'Make private' }).click();
  await owner.getByRole('alertdialog').getByRole('button', { name: 'Make private' }).click();
  await owner.getByRole('button', { name: 'Make public' }).waitFor();
  for (const path of ['/shop', '/shop/v1', '/shop/v1/openapi.json']) assert.equal(await status(path), 404, path);
  assert.doesNotMatch(await (await fetch(`${portico.webUrl}/`)).text(), /\/shop/);
  await owner.getByLabel('E-mail address').fill('ada@example.com');
  await owner.getByRole('button', { name: 'Invite' }).click();
  await owner.getByText('no account has proven this address').waitFor();

  const ada = await newPerson(browser, portico);
  await ada.goto(`${portico.webUrl}/sign-up`);
  await ada.getByLabel('E-mail address').fill('ada@example.com');
  await ada.getByLabel('Password').fill('correct horse battery');
  await ada.getByRole('button', { name: 'Create account' }).click();
  await ada.waitForURL('**/start');
  assert.equal((await ada.goto(`${portico.webUrl}/shop`))!.status(), 404);
  await ada.goto(await mailedLink(owner, portico, 'ada@example.com', /Confirm/));
  await ada.locator('form:has(input[name=token]) button[type=submit]').click();
  await ada.waitForURL((url) => !url.pathname.startsWith('/verify-email'));
  assert.equal((await ada.goto(`${portico.webUrl}/shop`))!.status(), 200);
  const eve = await newPerson(browser, portico);
  await signUp(eve, portico, 'eve@example.com').catch(() => undefined);
  assert.equal((await eve.goto(`${portico.webUrl}/shop`))!.status(), 404);
});

test('a plan is written beside its preview, its mistakes at their fields, and saved', async () => {
  await owner.goto(`${portico.webUrl}/workspace/products/shop/plans/new`);
  await owner.getByLabel('Name', { exact: true }).first().fill('Partner');
  await owner.getByLabel('Short name').fill('partner');
  await owner.getByLabel('Access').selectOption('approval');
  await owner.getByLabel('Fee', { exact: true }).fill('12.50');
  await owner.getByRole('button', { name: 'Make plan' }).click();
  await owner.locator('#field-fee-mistake').getByText('interval').waitFor();
  await owner.getByLabel('Billing interval').selectOption('month');
  await owner.getByRole('cell', { name: '$12.50 per month' }).waitFor();
  await owner.getByRole('button', { name: 'Make plan' }).click();
  await owner.getByText('Partner was saved.').waitFor();
  const { plans } = await portico.api<{ plans: { slug: string; fee: string; access: string }[] }>('GET', '/products/shop/plans');
  assert.deepEqual(plans.map(({ slug, fee, access }) => [slug, fee, access]), [['free', '0', 'public'], ['partner', '12.50', 'approval']]);
});

test('what a colleague saves meanwhile is neither overwritten unseen, nor does it take what was typed', async () => {
  await owner.goto(`${portico.webUrl}/workspace/products/shop/edit`, { waitUntil: 'networkidle' });
  await portico.api('PATCH', '/products/shop/settings', { name: 'Their shop' });
  await owner.getByLabel('Name', { exact: true }).fill('My shop');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('saved by somebody else').waitFor();
  assert.equal(await owner.getByLabel('Name', { exact: true }).inputValue(), 'My shop');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByRole('heading', { name: 'My shop' }).waitFor();

  await owner.goto(`${portico.webUrl}/workspace/products/shop/plans/partner`, { waitUntil: 'networkidle' });
  await portico.api('PUT', '/products/shop/plans/partner', { name: 'Partner', description: 'Theirs', default: false, access: 'approval', currency: 'usd', interval: 'month', fee: '12.50', trialDays: 0, limits: [], operations: null, prices: [] });
  await owner.getByLabel('Fee', { exact: true }).fill('99.00');
  await owner.getByRole('cell', { name: '$99.00 per month' }).waitFor();
  await owner.getByRole('button', { name: 'Save plan', exact: true }).click();
  await owner.getByText('saved by somebody else').waitFor();
  assert.equal(await owner.getByLabel('Fee', { exact: true }).inputValue(), '99.00');
});

test('a request is approved with a message', async () => {
  const { consumer } = await portico.cli<{ consumer: string }>('keys', 'create', '--product', 'shop', '--plan', 'free', '--email', 'bob@example.com');
  const { consumers } = await portico.api<{ consumers: { id: string; name: string }[] }>('GET', '/consumers?search=ada');
  const ada = consumers[0]!;
  assert.ok(consumer && ada);
  const page = await newPerson(browser, portico);
  await page.goto(`${portico.webUrl}/sign-in?next=/shop?plan=partner`);
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(({ pathname }) => pathname === '/shop');
  await page.goto(`${portico.webUrl}/shop?plan=partner`);
  await page.getByRole('button', { name: 'Ask for Partner' }).click();
  await page.getByText('waits for approval').waitFor();
  await owner.goto(`${portico.webUrl}/workspace/approvals`);
  await owner.getByRole('button', { name: 'Decide' }).click();
  await owner.getByRole('dialog').getByLabel('Message to their developers').fill('Welcome to the partners.');
  await owner.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await owner.getByText('Nothing waits for you').waitFor();
  const { subscriptions } = await portico.api<{ subscriptions: { planSlug: string; state: string }[] }>('GET', `/consumers/${ada.id}/subscriptions`);
  assert.deepEqual(subscriptions.map(({ planSlug, state }) => [planSlug, state]), [['partner', 'active']]);
  assert.deepEqual(faults, []);
});

test('a version that would break a guide is not published by hand, and what broke one stands in the documentation', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-guides-'));
  scope.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'guides'));
  writeFileSync(join(folder, 'more.yaml'), more);
  writeFileSync(join(folder, 'guides/orders.md'), '# Your first order\n\n```request listOrders\n```\n');
  writeFileSync(join(folder, 'portico.yaml'), 'products:\n  - { slug: depot, name: Depot, upstream: "http://127.0.0.1:9", guides: ./guides, versions: [{ name: v1, openapi: more.yaml }] }\n');
  await portico.cli('apply', '-f', join(folder, 'portico.yaml'));
  await upload(good, '?product=depot&version=v2');
  await owner.getByRole('button', { name: 'Publish version' }).click();
  await owner.getByText('Readers of "Your first order" could not send a request any more.').waitFor();
  await owner.getByText('guides/depot/orders.md:3:1 depot v2 has no operation "listOrders".').waitFor();
  assert.equal(await status('/depot/v2'), 404);
  await owner.getByRole('button', { name: 'Save as a draft' }).click();
  await owner.waitForURL('**/depot/v2');
  await owner.goto(`${portico.webUrl}/workspace/products/depot/versions/v1`);
  await owner.getByRole('button', { name: 'Retire' }).click();
  await owner.getByRole('alertdialog').getByRole('button', { name: 'Retire' }).click();
  await owner.getByText('depot v1 is retired').waitFor();
  await owner.goto(`${portico.webUrl}/workspace/documentation`);
  await owner.getByRole('heading', { name: 'Requests of guides that cannot be sent' }).waitFor();
  assert.match((await owner.getByRole('row', { name: /Your first order/ }).textContent())!, /guides\/depot\/orders\.md, line 3.*no published version yet/);
  await assertAccessible(owner);
  assert.deepEqual(faults, []);
});

test('a page that reads itself again stays while Portico starts again, and goes on after it', async () => {
  const page = await owner.context().newPage();
  await page.clock.install();
  await page.goto(`${portico.webUrl}/workspace/system`);
  const heading = page.locator('h1');
  const before = await heading.textContent();
  const gone = (url: URL): boolean => url.pathname === '/healthz' || url.pathname.endsWith('.data');
  await page.route(gone, (route) => route.abort());
  const asked = page.waitForEvent('requestfailed');
  await page.clock.runFor(6_000);
  assert.equal(new URL((await asked).url()).pathname, '/healthz');
  await page.clock.runFor(6_000);
  assert.equal(await heading.textContent(), before);
  await page.unroute(gone);
  const read = page.waitForResponse((response) => response.url().includes('.data') && response.ok());
  await page.clock.runFor(6_000);
  await read;
  await page.close();
});
