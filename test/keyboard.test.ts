// The roads of docs/guide/portal.md by keyboard alone: no pointer touches the page.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { drawn, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { call, newPerson, password } from './people.ts';
import { startPortico } from './portico.ts';
import { enterAs, signUpBy, visit, type Visitor } from './visitors.ts';

const upstream = await startEchoUpstream({ after });
const configuration = join(dirname(upstream.configuration), 'keyboard.yaml');
writeFileSync(configuration, `${readFileSync(upstream.configuration, 'utf8')}      - { slug: partner, name: Partner, currency: usd, access: approval }\n`);
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });
const tabsMax = 80;

interface Focused { name: string; tag: string; outline: boolean }

/** What has the focus: its name as a reader of the screen hears it, and whether it is to be seen. */
function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const { document, getComputedStyle } = globalThis as unknown as { document: { activeElement: HTMLElementLike; getElementById(id: string): { textContent: string } | null }; getComputedStyle(element: unknown): { outlineStyle: string; boxShadow: string } };
    interface HTMLElementLike { tagName: string; textContent: string | null; labels?: { textContent: string }[] | null; closest(selector: string): HTMLElementLike | null; getAttribute(name: string): string | null }
    const element = document.activeElement;
    const name = element.getAttribute('aria-label') ?? (element.labels?.[0]?.textContent || element.textContent || element.getAttribute('placeholder') || '');
    const shown = [element, element.closest('label')].some((each) => each !== null && getComputedStyle(each).outlineStyle !== 'none');
    return { name: name.trim().replace(/\s+/g, ' '), tag: element.tagName, outline: shown };
  });
}

async function tabTo(page: Page, name: RegExp, tag?: string): Promise<void> {
  for (let pressed = 0; pressed < tabsMax; pressed += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (!name.test(at.name) || (tag !== undefined && at.tag !== tag)) continue;
    assert.ok(at.outline, `${at.name} shows that it has the focus`);
    return;
  }
  assert.fail(`${name} was not reached in ${tabsMax} steps on ${page.url()}`);
}

test('signing up, the first call, keys and search need no pointer', async () => {
  const page = await newPerson(browser, portico);
  await page.goto(portico.webUrl);
  await page.keyboard.press('Tab');
  assert.match((await focused(page)).name, /Skip to the content/);
  await page.goto(`${portico.webUrl}/sign-up`);
  await page.getByRole('button', { name: 'Show password' }).waitFor();
  await tabTo(page, /^E-mail address/, 'INPUT');
  await page.keyboard.type('keys@only.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await tabTo(page, /^Show password$/);
  await page.keyboard.press('Enter');
  assert.equal(await page.getByLabel('Password').getAttribute('type'), 'text');
  await tabTo(page, /^Create account$/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/start');
  await page.getByText('Waiting for your first call').waitFor();
  const key = /echo_test_[0-9A-Za-z]+/.exec((await page.locator('pre').first().textContent())!)![0];

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await tabTo(page, /^Copy$/);
  await page.keyboard.press('Enter');
  await page.getByText('Copied').first().waitFor();
  const copied = await page.evaluate(() => (globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }).navigator.clipboard.readText());
  assert.match(copied, /^curl '.+Bearer echo_test_/s);
  assert.equal((await call(portico, key))[0], 200);
  await page.getByText('You are live').waitFor();
  await tabTo(page, /^Open your dashboard$/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/dashboard');

  await page.goto(`${portico.webUrl}/search`);
  await tabTo(page, /search/i, 'INPUT');
  await page.keyboard.type('echo');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/search?**echo**');
  await page.locator('main').getByRole('link', { name: /echo/i }).first().waitFor();
});

/** What is open keeps the focus inside, and gives it back to where it came from. */
async function inside(page: Page, role: 'dialog' | 'alertdialog'): Promise<void> {
  await page.getByRole(role).waitFor();
  await page.waitForFunction((wanted) => (globalThis as unknown as { document: { activeElement: { closest(selector: string): unknown } } }).document.activeElement.closest(`[role=${wanted}]`) !== null, role);
}

/** The focus is on something, not lost to the page. */
async function assertKept(page: Page, after: string): Promise<void> {
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as { document: { activeElement: { tagName: string } | null } };
    return document.activeElement !== null && document.activeElement.tagName !== 'BODY';
  }, undefined, { timeout: 2_000 }).catch(() => assert.fail(`the focus is lost after ${after}`));
}

test('a key is made, rolled and revoked, requests are filtered, and figures of a plot are read', async () => {
  const page = await enter('ada@only.example');
  await go(page, '/dashboard/keys');
  await tabTo(page, /^Name$/, 'INPUT');
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  const key = (await page.locator('[role=status] code').first().textContent())!;
  assert.equal((await call(portico, key))[0], 200);
  await go(page, '/dashboard/keys');
  await tabTo(page, /^Roll$/);
  await page.keyboard.press('Enter');
  await inside(page, 'alertdialog');
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  assert.match((await focused(page)).name, /^Roll$/, 'the focus is back where it was');
  await page.keyboard.press('Enter');
  await inside(page, 'alertdialog');
  await tabTo(page, /^Roll key$/);
  await page.keyboard.press('Enter');
  await page.getByText('Copy it now').waitFor();
  await assertKept(page, 'rolling');
  await go(page, '/dashboard/keys');
  await tabTo(page, /^Revoke$/);
  await page.keyboard.press('Enter');
  await inside(page, 'alertdialog');
  await tabTo(page, /^Revoke key$/);
  await page.keyboard.press('Enter');
  await page.getByText('was revoked').first().waitFor();
  await assertKept(page, 'revoking');

  await go(page, '/dashboard/requests');
  await tabTo(page, /^Status/, 'SELECT');
  await page.keyboard.type('2xx');
  await tabTo(page, /^Show$/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/status=2xx/);

  await go(page, '/dashboard/usage');
  await tabTo(page, /calls/i, 'DIV');
  const at = () => page.locator(':focus').getAttribute('aria-valuetext');
  const last = await at();
  await page.keyboard.press('ArrowLeft');
  assert.notEqual(await at(), last);
});

test('an operation is tried: the form filled in, sent, and its answer read', async () => {
  const page = await enter('grace@only.example');
  await go(page, '/echo/v1/get-status');
  await tabTo(page, /^code/, 'INPUT');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('201');
  await tabTo(page, /^Send request$/);
  await page.keyboard.press('Enter');
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.waitFor();
  await tabTo(page, /^Header fields$/, 'SUMMARY');
  await page.keyboard.press('Enter');
  await answer.getByText('x-request-id').waitFor();
  await tabTo(page, /^Answer$/, 'PRE');
});

test('a member goes by the palette, publishes a version and approves a plan', async () => {
  const owner = visit(portico);
  const link = new URL(portico.firstOwnerLink!);
  assert.equal((await owner.post(link.pathname + link.search, { token: link.searchParams.get('token')!, email: 'owner@only.example', password })).status, 302);
  const ada = visit(portico);
  await signUpBy(ada, 'asks@only.example');
  assert.equal((await ada.post('/echo', { plan: 'partner' })).status, 302);
  const page = await enterWith(owner);
  await go(page, '/workspace');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await page.keyboard.type('approvals');
  await page.getByRole('option', { name: 'Approvals' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workspace/approvals');
  await drawn(page);
  await tabTo(page, /^Decide$/);
  await page.keyboard.press('Enter');
  await inside(page, 'dialog');
  await tabTo(page, /^Approve$/);
  await page.keyboard.press('Enter');
  await page.getByText('Nothing waits for you').waitFor();
  await assertKept(page, 'approving');

  await go(page, '/workspace/products/publish');
  await tabTo(page, /^OpenAPI document/, 'INPUT');
  // The file chooser belongs to the system: Space opens it, and what it hands over is given here.
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles({ name: 'shop.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ openapi: '3.1.0', info: { title: 'Shop', version: '1' }, paths: { '/items': { get: { operationId: 'listItems', responses: { 200: { description: 'Items.' } } } } } })) });
  await tabTo(page, /^Check the document$/);
  await page.keyboard.press('Enter');
  await page.getByLabel('Upstream').waitFor();
  await tabTo(page, /^Upstream/, 'INPUT');
  await page.keyboard.type('http://127.0.0.1:9');
  await tabTo(page, /^Publish version$/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workspace/products/shop');
});

async function enter(email: string): Promise<Page> {
  const visitor = visit(portico);
  await signUpBy(visitor, email);
  return enterWith(visitor);
}

async function enterWith(visitor: Visitor): Promise<Page> {
  const context = await browser.newContext();
  await enterAs(context, portico, visitor);
  return (await openPage(context, portico.webUrl)).page;
}

async function go(page: Page, path: string): Promise<void> {
  await page.goto(portico.webUrl + path);
  await drawn(page);
}
