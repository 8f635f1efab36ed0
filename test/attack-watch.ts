// A page that hears every sign of a script that ran, or that the policy kept from running.
import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { drawn, openPage } from './browser.ts';
import type { Portico } from './portico.ts';

export interface AttackWatch {
  context: BrowserContext;
  page: Page;
  open(path: string): Promise<void>;
  /** Presses each visible text that has one of these labels. */
  press(labels: string[]): Promise<void>;
  /** Fails with what ran, and with markup that could; `text` must stand on the page as it is. */
  assertHarmless(what: string, text?: string): Promise<void>;
}

export async function listen(context: BrowserContext, portico: Portico): Promise<AttackWatch> {
  const { page, faults } = await openPage(context, portico.webUrl);
  page.on('dialog', (dialog) => { faults.push(`a dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('framenavigated', (frame) => { if (!frame.url().startsWith(portico.webUrl) && frame.url() !== 'about:blank') faults.push(`went to ${frame.url()}`); });
  page.on('popup', (popup) => { faults.push(`opened ${popup.url()}`); void popup.close(); });
  return {
    context, page,
    open: async (path) => {
      await page.goto(portico.webUrl + path);
      await drawn(page);
    },
    press: async (labels) => {
      const here = page.url();
      await page.evaluate(pressAll, labels);
      assert.equal(page.url(), here, 'nothing that was pressed leads elsewhere');
    },
    assertHarmless: async (what, text) => {
      const { attacked, found, said } = await page.evaluate(inspect);
      assert.equal(attacked, undefined, `${what}: a script ran`);
      assert.deepEqual(found, [], `${what} holds markup of others`);
      assert.deepEqual(faults, [], what);
      if (text !== undefined) assert.ok(said.includes(text), `${what} shows ${text}`);
    },
  };
}

interface ElementLike { tagName: string; textContent: string; attributes: Iterable<{ name: string; value: string }>; closest(selector: string): unknown; click(): void; value?: string }
type World = { attacked?: string; document: { title: string; querySelectorAll(selector: string): Iterable<ElementLike>; body: { textContent: string } } };

/** Runs in the page. */
function pressAll(labels: string[]): void {
  const { document } = globalThis as unknown as World;
  for (const element of document.querySelectorAll('main *')) if (labels.includes(element.textContent.trim())) element.click();
}

/** Runs in the page: what no page has of its own accord. */
function inspect(): { attacked: string | undefined; found: string[]; said: string } {
  const { attacked, document } = globalThis as unknown as World;
  const found: string[] = [];
  const allowed = /^(?:https?:\/\/|mailto:|\/(?![/\\])|[#?]|$)/i;
  for (const element of document.querySelectorAll('*')) {
    const tag = element.tagName.toLowerCase();
    if (/^(?:iframe|object|embed|base|math|animate|foreignobject|marquee|video|audio|template)$/.test(tag)) found.push(`<${tag}>`);
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) found.push(`<${tag} ${name}=${value}>`);
      if (/^(?:href|src|action|formaction|xlink:href|data|poster|background)$/.test(name) && !allowed.test(value) && !(tag === 'link' && /^[a-z]/.test(value))) found.push(`<${tag} ${name}=${value}>`);
    }
  }
  const values = [...document.querySelectorAll('input, textarea')].map(({ value }) => value ?? '');
  return { attacked, found: [...new Set(found)], said: [document.title, document.body.textContent, ...values].join('\n') };
}
