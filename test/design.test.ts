// The design system in a real browser: every component by keyboard, without script, in both themes and within the policy.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const browser = await startBrowser({ after });
const design = `${portico.webUrl}/design`;

test('every component passes axe and keeps to the policy, light and dark, from 390 to 2560 pixels', async () => {
  for (const [colorScheme, width] of [['light', 390], ['dark', 1280], ['light', 2560]] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const { page, faults } = await openPage(context, portico.webUrl);
    await page.goto(design);
    await page.getByRole('button', { name: 'Open dialog' }).first().waitFor();
    await assertAccessible(page);
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test('a dialog takes the focus, keeps it, and gives it back; a menu and a definition open by keyboard', async () => {
  const { page, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(design);
  const opener = page.getByRole('button', { name: 'Open dialog' }).first();
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Rename this key' });
  await dialog.waitFor();
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press('Tab');
    assert.equal(await page.locator(':focus').evaluate((focused) => (focused as unknown as { closest(selector: string): unknown }).closest('[role=dialog]') !== null), true, 'Tab stays inside');
  }
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.locator(':focus').textContent(), 'Open dialog');

  await page.getByRole('button', { name: 'Revoke key' }).nth(1).click();
  await page.getByRole('alertdialog', { name: 'Revoke this key?' }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByLabel('Open menu').first().focus();
  await page.getByRole('button', { name: 'Open menu' }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menuitem', { name: 'Error codes' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Last call' }).first().focus();
  await page.getByRole('tooltip').getByText('last admitted a call').waitFor();
  assert.deepEqual(faults, []);
});

test('the exact figures of a plot show on hover and by arrow keys', async () => {
  const { page } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(design);
  const plot = page.getByRole('slider', { name: /^Calls by status, calls per day/ }).first();
  await plot.focus();
  assert.match((await plot.getAttribute('aria-valuetext'))!, /^22 Nov 2026: 2xx \d+, 4xx \d+, 5xx \d+, Total \d+, Period before \d+$/);
  await page.keyboard.press('ArrowLeft');
  assert.match((await plot.getAttribute('aria-valuetext'))!, /^21 Nov 2026: /);
  await plot.getByText('21 Nov 2026').waitFor();
  await page.keyboard.press('Home');
  assert.match((await plot.getAttribute('aria-valuetext'))!, /^24 Oct 2026: /);
  await page.keyboard.press('Escape');
  await plot.getByText('24 Oct 2026').waitFor({ state: 'detached' });
  await plot.hover({ position: { x: 5, y: 60 } });
  await plot.getByText('24 Oct 2026').waitFor();
});

test('times stand in the zone of the reader, who tells the server by cookie; UTC without script', async () => {
  const context = await browser.newContext({ timezoneId: 'Europe/Vienna' });
  const { page } = await openPage(context, portico.webUrl);
  await page.goto(design);
  await page.locator('time', { hasText: '22 Nov 2026, 15:03 CET' }).first().waitFor();
  const html = async (cookie: string): Promise<string> => (await fetch(design, { headers: { cookie } })).text();
  const { value } = (await context.cookies()).find(({ name }) => name === 'zone')!;
  assert.match(await html(`zone=${value}`), /22 Nov 2026, 15:03 CET/);
  assert.match(await html(''), /22 Nov 2026, 14:03 UTC/);
  for (const wrong of ['Europe%2FNowhere', '%E0%A4%A', '../../etc', 'x'.repeat(200)]) assert.match(await html(`zone=${wrong}`), /22 Nov 2026, 14:03 UTC/, wrong);
});

test('without script samples change by their radio buttons, and dialogs unfold', async () => {
  const { page } = await openPage(await browser.newContext({ javaScriptEnabled: false }), portico.webUrl);
  await page.goto(design);
  assert.equal(await page.getByText('import requests').first().isVisible(), false);
  await page.getByRole('radio', { name: 'Python' }).first().check({ force: true });
  await page.locator('pre', { hasText: 'requests.get' }).first().waitFor();
  await page.locator('summary', { hasText: 'Open dialog' }).first().click();
  await page.getByText('The name is yours alone').first().waitFor();
});

test('sorting lives in the address', async () => {
  const { page } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(design);
  const header = page.getByRole('table', { name: 'Operations, light' }).getByRole('columnheader', { name: 'Calls' });
  assert.equal(await header.getAttribute('aria-sort'), 'descending');
  await header.getByRole('link').click();
  await page.waitForURL('**/design?sort=calls');
  await header.and(page.locator('[aria-sort=ascending]')).waitFor();
});

test('the language of code that was chosen once is the language of every block from then on', async () => {
  const { page } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(design, { waitUntil: 'networkidle' });
  await page.getByRole('radio', { name: 'Go' }).first().check({ force: true });
  await page.reload();
  assert.equal(await page.getByRole('radio', { name: 'Go' }).nth(1).isChecked(), true);
});

test('no page leaves the server with a style attribute or a script without the nonce', async () => {
  for (const path of ['/', '/design', '/errors', '/errors/key_missing', '/echo', '/echo/v1', '/sign-in', '/sign-up', '/search?q=echo', '/nothing-here']) {
    const answer = await fetch(portico.webUrl + path);
    const html = await answer.text();
    assert.doesNotMatch(html, /<[^>]+\sstyle=/, path);
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy')!)![1]!;
    for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g)) assert.ok(tag.includes(`nonce="${nonce}"`), `${path}: ${tag}`);
    assert.doesNotMatch(answer.headers.get('content-security-policy')!, /unsafe/);
  }
});
