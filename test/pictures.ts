// Pictures of every page in both themes and two widths, from real calls: `npm run pictures [name ...]`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { startDemoScene, type DemoScene } from './demo-scene.ts';
import { withPalette } from './palette-png.ts';
import { pictures, type Picture } from './picture-list.ts';
import type { Visitor } from './visitors.ts';

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const heightMax = 2_000;
/** After which a page's scripts have taken it over: streams keep the network from ever being idle. */
const settledMs = 400;
const views = [{ width: 1280, height: 860, colorScheme: 'light' }, { width: 1280, height: 860, colorScheme: 'dark' }, { width: 390, height: 844, colorScheme: 'light' }, { width: 390, height: 844, colorScheme: 'dark' }] as const;

const cleanups: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => { cleanups.unshift(fn); } };
const wanted = process.argv.slice(2);
const list = pictures().filter(({ name }) => wanted.length === 0 || wanted.includes(name));
try {
  const scene = await startDemoScene(scope);
  const browser = await startBrowser(scope);
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { colorScheme, width, height } of views) {
    for (const who of ['everyone', 'developer', 'newcomer', 'owner'] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height }, reducedMotion: 'reduce', timezoneId: 'UTC' });
      const visitor = { everyone: undefined, developer: scene.developer, newcomer: scene.newcomer, owner: scene.owner }[who];
      if (visitor) await signIn(context, scene, visitor);
      for (const picture of list.filter((candidate) => candidate.who === who)) await take(context, scene, picture, `${width}-${colorScheme}`);
      await context.close();
    }
  }
} finally {
  for (const cleanup of cleanups) await cleanup();
}

async function signIn(context: BrowserContext, { portico }: DemoScene, visitor: Visitor): Promise<void> {
  await context.addCookies(visitor.cookie().split('; ').filter((pair) => !pair.startsWith('theme=')).map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: portico.webUrl })));
}

async function take(context: BrowserContext, scene: DemoScene, { name, path }: Picture, view: string): Promise<void> {
  const page = await context.newPage();
  const answer = await page.goto(scene.portico.webUrl + path(scene), { waitUntil: 'load' });
  await page.evaluate(() => (globalThis as unknown as { document: { fonts: { ready: Promise<unknown> } } }).document.fonts.ready);
  await page.waitForTimeout(settledMs);
  const { width } = page.viewportSize()!;
  const height = await page.evaluate(() => (globalThis as unknown as { document: { documentElement: { scrollHeight: number } } }).document.documentElement.scrollHeight);
  const file = join(folder, `${name}-${view}.png`);
  writeFileSync(file, withPalette(await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, heightMax) } })));
  process.stdout.write(`${String(answer?.status() ?? 0)} ${name}-${view}.png\n`);
  await page.close();
}
