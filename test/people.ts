// What people do in a browser against a Portico under test: sign up, sign in, read their mail.
import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { openPage } from './browser.ts';
import { waitFor } from './portico.ts';
import type { Portico } from './portico.ts';

export const password = 'correct horse battery';

/** A person with a browser of their own. */
export async function newPerson(browser: Browser, portico: Portico): Promise<Page> {
  return (await openPage(await browser.newContext(), portico.webUrl)).page;
}

/** Signs up in the portal and answers the first key. */
export async function signUp(page: Page, portico: Portico, email: string): Promise<string> {
  await page.goto(`${portico.webUrl}/sign-up`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/start');
  return /[a-z0-9]+_(live|test)_[0-9A-Za-z]+/.exec((await page.locator('pre').first().textContent())!)![0];
}

export async function signIn(page: Page, portico: Portico, email: string, secret = password): Promise<void> {
  await page.goto(`${portico.webUrl}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function becomeOwner(page: Page, portico: Portico, email: string): Promise<void> {
  await page.goto(portico.firstOwnerLink!);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Become owner' }).click();
  await page.waitForURL('**/workspace');
}

/** The link in the newest mail to this address whose subject matches, as the outbox page shows it. */
export async function mailedLink(page: Page, portico: Portico, email: string, subject: RegExp): Promise<string> {
  const found = page.locator('article').filter({ hasText: `To ${email},` }).filter({ has: page.getByRole('heading', { name: subject }) }).first();
  await waitFor(`a mail to ${email}`, async () => {
    await page.goto(`${portico.webUrl}/outbox`);
    return (await found.count()) > 0;
  });
  return (await found.getByRole('link').first().getAttribute('href'))!;
}

/** Calls the gateway and answers the status and the problem's code. */
export async function call(portico: Portico, key: string, path = '/echo/v1/echo'): Promise<[number, string | undefined]> {
  const response = await fetch(portico.gatewayUrl + path, { headers: { authorization: `Bearer ${key}` } });
  const body = (await response.json()) as { code?: string };
  return [response.status, body.code];
}

export async function mainText(page: Page): Promise<string> {
  const text = await page.locator('main').textContent();
  assert.ok(text, `${page.url()} has a main part`);
  return text;
}

/** Waits until the page's main part says it: an address may change a moment before its page is drawn. */
export async function says(page: Page, text: RegExp): Promise<void> {
  await page.locator('main', { hasText: text }).waitFor();
}

/** Opens the account menu and leaves; with and without scripts. */
export async function signOut(page: Page): Promise<void> {
  await page.getByLabel(/^Account: /).click();
  await page.getByText('Sign out', { exact: true }).click();
}

/** Presses the button that opens a dialog; scripts must run. */
export async function openDialog(scope: Page | Locator, name: string): Promise<void> {
  await scope.getByRole('button', { name, exact: true }).click();
}
