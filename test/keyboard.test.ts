// The roads of docs/guide/portal.md by keyboard alone: no pointer touches the page.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { call, newPerson, password } from './people.ts';
import { startPortico } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
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
