// Subscriptions as people meet them: a plan changed in two clicks without scripts, a cap that holds, a page for a manager.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { signUp } from './people.ts';
import { freePort, startPortico } from './portico.ts';

const plans = `      - { slug: metered, name: Metered, currency: usd, interval: month, fee: "2", prices: [ { meter: requests, model: unit, unitPrice: "0.50" } ] }
      - { slug: octets, name: Octets, currency: usd, interval: month, fee: "0", prices: [ { meter: bytes, model: unit, unitPrice: "1" } ] }
`;

test('a spend cap lets pass what it pays for, of 40 calls at once too, also after everything was killed; what is counted behind a call stops the next', { timeout: 90_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8') + plans);
  const dataFolder = mkdtempSync(join(tmpdir(), 'portico-caps-'));
  t.after(() => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const options = { configuration: upstream.configuration, dataFolder, ports: { web: await freePort(), gateway: await freePort() } };
  let portico = await startPortico(t, options);
  const make = (plan: string) => portico.cli<{ key: string; subscription: string }>('keys', 'create', '--product', 'echo', '--plan', plan, '--email', `${plan}@example.com`);
  const calls = async (key: string, path: string, count: number): Promise<Response[]> => Promise.all(Array.from({ length: count }, async () => {
    const response = await fetch(`${portico.gatewayUrl}/echo/v1${path}`, { headers: { 'x-api-key': key, connection: 'close' } });
    await response.arrayBuffer();
    return response;
  }));
  const statuses = (responses: Response[]): Record<string, number> => Object.fromEntries([...Map.groupBy(responses, ({ status }) => String(status))].map(([status, all]) => [status, all.length]));
  const cap = (subscription: string, amount: string) => portico.cli('subscriptions', 'cap', subscription, '--amount', amount);

  const metered = await make('metered');
  assert.deepEqual(statuses(await calls(metered.key, '/echo', 2)), { 200: 2 });
  await cap(metered.subscription, '6.25');
  // 2 of fee and 8 calls at 0.50 are 6.00: two are made already.
  assert.deepEqual(statuses(await calls(metered.key, '/slow/100', 40)), { 200: 6, 429: 34 });
  const [refused] = await calls(metered.key, '/echo', 1);
  assert.ok(Number(refused!.headers.get('retry-after')) > 3_600);
  await cap(metered.subscription, '8.25');
  assert.deepEqual(statuses(await calls(metered.key, '/echo', 1)), { 200: 1 });
  const octets = await make('octets');
  await cap(octets.subscription, '500');
  let passed = 0;
  while (passed < 20 && statuses(await calls(octets.key, '/echo', 1))['200'] === 1) passed++;
  assert.ok(passed > 0 && passed < 10, `${passed} calls of some 200 octets took the bill above 500`);
  const pids = portico.pids();
  for (const pid of [pids.gateway, pids.control, portico.supervisor.pid!]) process.kill(pid, 'SIGKILL');
  portico = await startPortico(t, options);
  assert.deepEqual(statuses(await calls(metered.key, '/echo', 40)), { 200: 3, 429: 37 }, '12 calls in all, before and after');
  assert.deepEqual(statuses(await calls(octets.key, '/echo', 1)), { 429: 1 }, 'octets are remembered too');
  await portico.cli('subscriptions', 'cap', metered.subscription, '--none');
  assert.deepEqual(statuses(await calls(metered.key, '/echo', 5)), { 200: 5 });
});

test('without scripts: a plan is changed in two clicks with a look at the bills, taken back, capped, and approved by a manager', { timeout: 60_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  writeFileSync(upstream.configuration, `${readFileSync(upstream.configuration, 'utf8')}${plans}      - { slug: large, name: Large, currency: usd, interval: month, fee: "20" }\n`);
  const portico = await startPortico(t, { configuration: upstream.configuration });
  const browser = await startBrowser(t);
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

test('the calculator reckons by keyboard, keeps its numbers in the address, and works without scripts', { timeout: 60_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8') + plans);
  const portico = await startPortico(t, { configuration: upstream.configuration });
  const plain = await (await fetch(`${portico.webUrl}/echo?use.requests=1,000&use.bytes=-2`)).text();
  assert.match(plain, /&quot;-2&quot; is no quantity/);
  assert.match(plain, />\$502\.00</, 'a fee of 2 and 1,000 calls at 0.50');
  const browser = await startBrowser(t);
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
