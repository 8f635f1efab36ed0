// Subscriptions as people meet them: a plan changed in two clicks without scripts, a page for a manager, the calculator. That a cap holds is in limits.test.ts.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { signUp } from './people.ts';
import { startPortico } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const plans = `      - { slug: metered, name: Metered, currency: usd, interval: month, fee: "2", prices: [ { meter: requests, model: unit, unitPrice: "0.50" } ] }
      - { slug: octets, name: Octets, currency: usd, interval: month, fee: "0", prices: [ { meter: bytes, model: unit, unitPrice: "1" } ] }
      - { slug: large, name: Large, currency: usd, interval: month, fee: "20" }
`;
writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8') + plans);
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const browser = await startBrowser({ after });

test('without scripts: a plan is changed in two clicks with a look at the bills, taken back, capped, and approved by a manager', { timeout: 60_000 }, async () => {
  const scripted = await browser.newContext();
  await signUp((await openPage(scripted, portico.webUrl)).page, portico, 'ada@example.com');
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: await scripted.storageState() });
  const { page } = await openPage(context, portico.webUrl);
  const main = () => page.locator('main');
  await page.goto(`${portico.webUrl}/dashboard/plan`);
  await page.getByRole('link', { name: 'Choose Metered' }).click();
  await page.getByText('Move from Free to Metered').waitFor();
  assert.match((await main().textContent())!, /Next bill.*\$2\.00/s);
  await page.getByRole('button', { name: 'Move to Metered now' }).click();
  await page.getByRole('heading', { name: /Metered/ }).waitFor();
  assert.match((await main().textContent())!, /Running bill.*So far/s);

  await page.getByRole('link', { name: 'Choose Free' }).click();
  await page.getByRole('button', { name: 'Move to Free then' }).click();
  await page.getByText('You move to Free').waitFor();
  await page.getByRole('button', { name: 'Stay on Metered' }).click();
  await page.getByText('You move to Free').waitFor({ state: 'detached' });

  await page.getByText('Spend cap', { exact: true }).first().click();
  await page.getByLabel('Cap in USD').fill('lots');
  await page.getByRole('button', { name: 'Save cap' }).click();
  await page.getByText('must be a plain amount such as 25.00').first().waitFor();
  assert.equal(await page.getByLabel('Cap in USD').inputValue(), 'lots', 'nothing is typed twice');
  await page.getByLabel('Cap in USD').fill('50');
  await page.getByRole('button', { name: 'Save cap' }).click();
  await page.getByText('$50.00').first().waitFor();

  await page.getByText('A case for your manager').click();
  await page.getByLabel('What should they know?').fill('Please.');
  await page.getByRole('button', { name: 'Make the page' }).click();
  const link = (await page.locator('[role=status] code').first().textContent())!;
  const stranger = await openPage(await browser.newContext({ javaScriptEnabled: false }), portico.webUrl);
  const response = await stranger.page.goto(link);
  assert.deepEqual([response!.status(), response!.headers()['x-robots-tag'], response!.headers()['cache-control']], [200, 'noindex, nofollow', 'no-store']);
  await stranger.page.getByLabel('Plan').selectOption('large');
  await stranger.page.getByLabel('Your e-mail address').fill('boss@example.com');
  await stranger.page.getByRole('button', { name: 'Approve the upgrade' }).click();
  await stranger.page.getByText('Large is approved').waitFor();
  await page.goto(`${portico.webUrl}/dashboard/plan`);
  await page.getByRole('heading', { name: /Large/ }).waitFor();
  assert.equal((await fetch(`${portico.webUrl}/upgrade-case?token=a-guess`)).status, 404);
});

test('the calculator reckons by keyboard, keeps its numbers in the address, and works without scripts', { timeout: 60_000 }, async () => {
  const plain = await (await fetch(`${portico.webUrl}/echo?use.requests=1,000&use.bytes=-2`)).text();
  assert.match(plain, /&quot;-2&quot; is no quantity/);
  assert.match(plain, />\$502\.00</, 'a fee of 2 and 1,000 calls at 0.50');
  const { page, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(`${portico.webUrl}/echo`);
  const requests = page.getByRole('slider', { name: 'requests a month, by slider' });
  await requests.focus();
  await requests.press('Home');
  await requests.press('ArrowRight');
  await requests.press('ArrowRight');
  assert.equal(await page.getByRole('textbox', { name: 'requests a month' }).inputValue(), '2');
  assert.deepEqual(await page.locator('li', { hasText: 'Metered' }).locator('.text-2xl').allTextContents(), ['$3.00']);
  await page.getByText('Lowest bill: ', { exact: false }).waitFor({ state: 'attached' });
  await page.waitForURL((url) => url.searchParams.get('use.requests') === '2');
  await page.getByRole('textbox', { name: 'requests a month' }).fill('many');
  await page.getByText('"many" is no quantity').waitFor();
  await page.reload();
  assert.equal(await page.getByRole('textbox', { name: 'requests a month' }).inputValue(), '2');
  assert.deepEqual(faults, []);
});
