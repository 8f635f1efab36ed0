// Exercises as readers go through them: by keyboard alone, without a line of script, signed out and then signed in, and by real calls.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { shippedSets } from '../src/control/learn/shipped-sets.ts';
import { assertAccessible, drawn, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { call, says } from './people.ts';
import { startPortico } from './portico.ts';
import { enterAs, signUpBy, visit } from './visitors.ts';

const exercise = `sets:
  - id: first-calls
    title: First calls
    published: true
    terms: [rate-limit]
    items:
      - { id: first, task: Get the echo., hint: With your key., check: { product: echo, calls: [ { operation: getEcho, status: 2xx } ] } }
      - { id: mend, task: Fail with 401 and mend it., check: { product: echo, within: 10m, calls: [ { status: 401 }, { status: 2xx } ] } }
      - { id: limit, task: Go over the limit and come back., check: { product: echo, within: 10m, calls: [ { status: 429, code: rate_limited }, { status: 2xx } ] } }
`;
const upstream = await startEchoUpstream({ after });
const folder = dirname(upstream.configuration);
const configuration = join(folder, 'learn.yaml');
mkdirSync(join(folder, 'learn'));
writeFileSync(join(folder, 'learn/exercise.yaml'), exercise);
mkdirSync(join(folder, 'pages'));
writeFileSync(join(folder, 'pages/words.md'), '# Words\n\nThe `quota` of a plan is its quota for a month, and a quota is no rate limit.\n');
writeFileSync(configuration, `learn: ./learn\n${readFileSync(upstream.configuration, 'utf8').replace('keyPrefix: echo }', 'keyPrefix: echo, pages: [ { slug: words, file: ./pages/words.md } ] }')}`);
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });

const [trade] = shippedSets;
const path = `/learn/${trade!.id}`;
const choiceOf = (place: number, right: boolean): string => {
  const item = trade!.items[place]!;
  assert.ok(item.kind === 'question');
  return item.choices.find((choice) => choice.right === right)!.text;
};

test('all five questions are answered by keyboard alone, with a verdict that is announced', async () => {
  const { page, faults } = await openPage(await browser.newContext({ viewport: { width: 390, height: 844 } }), portico.webUrl);
  await page.goto(portico.webUrl + path);
  await drawn(page);
  await says(page, /0 \/ 5 completed/);
  await assertAccessible(page);
  for (let turns = 0; (await focusedName(page)) !== 'choice'; turns++) {
    assert.ok(turns < 40, 'the first choice is reached');
    await page.keyboard.press('Tab');
  }
  const order = await page.locator('fieldset input').evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value));
  for (let question = 1; question <= 5; question++) {
    await page.getByRole('heading', { name: `Question ${question} / 5` }).waitFor();
    await page.locator('fieldset input:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('#question [role=status]').getByText(/That is right\.|Not quite\./).waitFor();
    await says(page, new RegExp(`${question} / 5 completed`));
    if (question === 1) await assertAccessible(page);
    await page.locator('#question a[data-turn]:focus').waitFor();
    await page.keyboard.press('Enter');
  }
  await says(page, /\d of 5 right\./);
  await assertAccessible(page);
  await page.reload();
  await says(page, /5 \/ 5 completed/);
  await page.goto(`${portico.webUrl}${path}?q=${trade!.items[0]!.id}`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await says(page, /4 \/ 5 completed/);
  const again = await page.locator('fieldset input').evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value));
  assert.notDeepEqual(again, order, 'the choices stand in another order');
  await page.reload();
  assert.deepEqual(await page.locator('fieldset input').evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value)), again);
  assert.deepEqual(faults, []);
});

test('without scripts an answer is a form, a cookie that was edited by hand is told of, and signing in joins what was done', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await openPage(context, portico.webUrl);
  const visitor = visit(portico);
  await signUpBy(visitor, 'learner@example.com');
  await page.goto(portico.webUrl + path);
  await answer(page, choiceOf(0, true));
  await says(page, /That is right\./);
  await page.getByRole('link', { name: 'Next', exact: true }).click();
  await answer(page, choiceOf(1, false));
  await says(page, /Not quite\.[\s\S]*The right answer:/);
  await says(page, /2 \/ 5 completed1 right/);
  const [first, second] = (await context.cookies()).filter(({ name }) => name.startsWith('learn.'));
  await context.addCookies([{ ...second!, value: second!.value.replace(/^[^.]*/, 'AAAAAAAAAAAA') }]);
  await page.goto(portico.webUrl + path);
  await says(page, /One saved answer could not be read/);
  await says(page, /1 \/ 5 completed/);
  assert.ok(first);

  assert.match((await visitor.post(`${path}?q=product-manager`, { item: 'product-manager', fingerprint: await fingerprintOf(page, 'product-manager'), choice: '0' })).location ?? '', /q=product-manager/);
  await enterAs(context, portico, visitor);
  await page.goto(portico.webUrl + path);
  await says(page, /2 \/ 5 completed/);
  assert.deepEqual((await context.cookies()).filter(({ name }) => name.startsWith('learn.')), [], 'the account has it');
  await page.goto(portico.webUrl + path);
  await says(page, /2 \/ 5 completed2 right/);
});

test('the first use of a term opens its definition by keyboard, without a line of script, and leads on to its page', async () => {
  const { page } = await openPage(await browser.newContext({ javaScriptEnabled: false }), portico.webUrl);
  await page.goto(`${portico.webUrl}/pages/words`);
  assert.deepEqual(await page.locator('button.term').allTextContents(), ['quota', 'rate limit']);
  const definition = page.locator('#term-quota');
  assert.equal(await definition.isVisible(), false);
  await page.locator('button.term').first().focus();
  await page.keyboard.press('Enter');
  await definition.waitFor();
  await page.keyboard.press('Escape');
  await definition.waitFor({ state: 'hidden' });
  await page.locator('button.term').first().click();
  await definition.getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'Quota' }).waitFor();
});

test('an answer to a question that is another one by now, and one of nothing, are refused in words', async () => {
  const visitor = visit(portico);
  const stale = await visitor.post(`${path}?q=consumer`, { item: 'consumer', fingerprint: 'another', choice: '0' });
  assert.deepEqual([stale.status, /was changed while you were reading it/.test(stale.text)], [409, true]);
  const { page } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(portico.webUrl + path);
  const empty = await visitor.post(`${path}?q=consumer`, { item: 'consumer', fingerprint: await fingerprintOf(page, 'consumer'), choice: '' });
  assert.deepEqual([empty.status, /Choose one of the answers/.test(empty.text)], [400, true]);
});

test('a guided exercise ticks itself off as the calls arrive, and says what was almost right', async () => {
  const visitor = visit(portico);
  const key = await signUpBy(visitor, 'practical@example.com');
  const context = await browser.newContext();
  await enterAs(context, portico, visitor);
  const { page, faults } = await openPage(context, portico.webUrl);
  await page.goto(`${portico.webUrl}/learn/first-calls`);
  await says(page, /Waiting for your call/);
  await page.getByText('Live', { exact: true }).waitFor();
  await assertAccessible(page);
  await call(portico, key, '/echo/v1/status/404');
  await says(page, /Almost[\s\S]*the task needs getEcho/);
  assert.equal((await call(portico, key))[0], 200);
  await says(page, /Done: your calls arrived/);
  await page.goto(`${portico.webUrl}/learn/first-calls?q=mend`);
  await page.getByText('Live', { exact: true }).waitFor();
  assert.equal((await call(portico, `${key.slice(0, -1)}?`))[0], 401);
  await says(page, /1 of 2 calls arrived/);
  assert.equal((await call(portico, key))[0], 200);
  await says(page, /Done: your calls arrived/);
  await page.getByRole('link', { name: 'Next', exact: true }).click();
  const statuses = await Promise.all(Array.from({ length: 12 }, () => call(portico, key)));
  assert.ok(statuses.some(([status]) => status === 429));
  await says(page, /1 of 2 calls arrived|Done/);
  for (let tries = 0; (await call(portico, key))[0] !== 200; tries++) assert.ok(tries < 2_000, 'the limit passes');
  await says(page, /Done: your calls arrived/);
  await page.getByRole('link', { name: 'See the result' }).click();
  await says(page, /3 of 3 right\./);
  assert.deepEqual(faults, []);
});

function focusedName(page: Page): Promise<string | null> {
  return page.evaluate(() => (globalThis as unknown as { document: { activeElement: { getAttribute(name: string): string | null } } }).document.activeElement.getAttribute('name'));
}

async function answer(page: Page, text: string): Promise<void> {
  await page.getByRole('radio', { name: text.replaceAll('`', '') }).check();
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
}

async function fingerprintOf(page: Page, item: string): Promise<string> {
  await page.goto(`${portico.webUrl}${path}?q=${item}`);
  return (await page.locator('input[name=fingerprint]').getAttribute('value'))!;
}
