// The system's Chromium, held offline: the only addresses that a page may reach are those of the Portico under test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function startBrowser(t: { after(fn: () => unknown): void }): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  t.after(() => browser.close());
  return browser;
}

/** A page that collects what went wrong on it: script errors, policy violations, requests to other hosts. */
export async function openPage(context: BrowserContext, webUrl: string): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => { if (/Content.Security.Policy|hydrat/i.test(message.text())) faults.push(message.text()); });
  await page.addInitScript(() => {
    const { document } = globalThis as unknown as { document: { addEventListener(name: string, listener: (event: { violatedDirective: string; blockedURI: string; sample: string }) => void): void } };
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => console.warn(`Content-Security-Policy: ${violatedDirective} ${blockedURI} ${sample}`));
  });
  page.on('request', (request) => { if (!request.url().startsWith(webUrl)) faults.push(`a request to ${request.url()}`); });
  return { page, faults };
}

/** Waits until React has taken the page over, so that whatever its scripts draw stands there. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as { document: { querySelector(selector: string): object | null } };
    const main = document.querySelector('main');
    return main !== null && Object.keys(main).some((name) => name.startsWith('__reactFiber'));
  });
}

/** Fails with every finding of axe on the page as it is, and when it is wider than its window. */
export async function assertAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: { resultTypes: string[] }): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }> } };
    const { violations, passes } = await axe.run({ resultTypes: ['violations'] });
    return passes.length === 0 ? ['axe checked nothing'] : violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  assert.deepEqual(findings, [], `axe on ${page.url()}`);
  await assertFits(page);
}

/** Fails when the document is wider than its window. */
export async function assertFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => {
    const { document, innerWidth } = globalThis as unknown as { document: { documentElement: { scrollWidth: number } }; innerWidth: number };
    return document.documentElement.scrollWidth - innerWidth;
  });
  assert.ok(overflow <= 0, `${page.url()} is ${overflow} px wider than its window of ${page.viewportSize()?.width} px`);
}
