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
  page.on('request', (request) => { if (!request.url().startsWith(webUrl)) faults.push(`a request to ${request.url()}`); });
  return { page, faults };
}

/** Fails with every finding of axe on the page as it is, and when it is wider than its window. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    const { violations, passes } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }> } }).axe.run();
    return passes.length === 0 ? ['axe checked nothing'] : violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  assert.deepEqual(findings, [], `axe on ${page.url()}`);
  const overflow = await page.evaluate(() => {
    const { document, innerWidth } = globalThis as unknown as { document: { documentElement: { scrollWidth: number } }; innerWidth: number };
    return document.documentElement.scrollWidth - innerWidth;
  });
  assert.ok(overflow <= 0, `${page.url()} is ${overflow} px wider than its window`);
}
