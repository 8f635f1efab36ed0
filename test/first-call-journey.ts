// The road that Portico is built for, as a person walks it: from the home page to a call of their own that worked.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { drawn, openPage } from './browser.ts';
import { password } from './people.ts';

export type Steps = Record<'home' | 'product' | 'signUp' | 'key' | 'call' | 'told', number>;

/** Walks it as a new person and answers how long each step took, in ms. The machine's time alone: nobody reads or types slowly. */
export async function walkToFirstCall(browser: Browser, { webUrl }: { webUrl: string }, { product, email }: { product: string; email: string }): Promise<Steps> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, faults } = await openPage(context, webUrl);
  let last = performance.now();
  const lap = (): number => {
    const now = performance.now();
    const took = now - last;
    last = now;
    return took;
  };
  await page.goto(webUrl);
  const link = page.getByRole('main').getByRole('link', { name: product, exact: true }).first();
  await link.waitFor();
  await drawn(page);
  const home = lap();
  await link.click();
  await page.getByRole('heading', { level: 1, name: product }).waitFor();
  assert.match((await page.getByRole('main').textContent())!, /curl/, 'the product shows its quickstart');
  const toProduct = lap();
  await page.getByRole('main').getByRole('link', { name: 'Get a key' }).first().click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  const signUp = lap();
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Waiting for your first call').waitFor();
  await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
  await page.getByText('Copied').first().waitFor();
  const line = await page.evaluate(() => (globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }).navigator.clipboard.readText());
  assert.match(line, /^curl '.+'/s);
  const key = lap();
  const { stdout } = await promisify(execFile)('bash', ['-c', `${line} --silent --output /dev/null --write-out '%{http_code}'`]);
  assert.match(stdout, /^2\d\d$/, 'the copied line works as it is');
  const call = lap();
  await page.getByText('You are live').waitFor();
  const told = lap();
  assert.deepEqual(faults, []);
  await context.close();
  return { home, product: toProduct, signUp, key, call, told };
}
