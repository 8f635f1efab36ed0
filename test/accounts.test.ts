import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { becomeOwner, call, mailedLink, mainText, newPerson, openDialog, password, says, signIn, signOut, signUp } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const configuration = join(dirname(upstream.configuration), 'accounts.yaml');
writeFileSync(configuration, `${readFileSync(upstream.configuration, 'utf8')}
      - { slug: partner, name: Partner, currency: usd, access: approval, limits: [ { name: burst, requests: 50, per: second } ] }
  - slug: hidden
    name: Hidden API
    access: private
    upstream: ${upstream.url}
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: invited, name: Invited, currency: usd } ]
`);
const portico = await startPortico({ after }, { configuration, environment: { PORTICO_TRUSTED_PROXIES: '127.0.0.1' } });
const browser = await startBrowser({ after });
let owner: Page;
before(async () => {
  owner = await newPerson(browser, portico);
  await becomeOwner(owner, portico, 'owner@echo.example');
});

test('a developer invites another, who accepts by the mailed link, and is removed again', async () => {
  const ada = await newPerson(browser, portico);
  await signUp(ada, portico, 'ada@team.example');
  await ada.goto(`${portico.webUrl}/dashboard/team`);
  await ada.getByLabel('E-mail address').fill('bob@team.example');
  await ada.getByRole('button', { name: 'Invite' }).click();
  await ada.getByText('bob@team.example is invited').waitFor();
  const bob = await newPerson(browser, portico);
  const link = await mailedLink(bob, portico, 'bob@team.example', /invited you/);
  await bob.goto(link);
  await bob.getByLabel('Password').fill(password);
  await bob.getByRole('button', { name: 'Join' }).click();
  await bob.waitForURL('**/dashboard');
  await bob.goto(`${portico.webUrl}/dashboard/keys`);
  await says(bob, /First key.*ada@team\.example/s);
  await (await newPerson(browser, portico)).goto(link).then((answer) => assert.equal(answer?.status(), 404, 'the link works once'));

  await ada.goto(`${portico.webUrl}/dashboard/team`);
  const row = ada.locator('li', { hasText: 'bob@team.example' });
  await openDialog(row, 'Remove');
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Remove developer' }).click();
  await row.waitFor({ state: 'detached' });
  await bob.goto(`${portico.webUrl}/dashboard/keys`);
  await bob.getByText('belongs to no account any more').waitFor();
  await bob.getByRole('button', { name: 'Create an account and a key' }).click();
  await bob.waitForURL('**/start');
  await bob.goto(`${portico.webUrl}/dashboard/keys`);
  assert.doesNotMatch(await mainText(bob), /ada@team\.example/);
});

test('a mailed link signs in once, to the page that was asked for', async () => {
  const page = await newPerson(browser, portico);
  await signUp(page, portico, 'link@example.com');
  await signOut(page);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await page.goto(`${portico.webUrl}/dashboard/team`);
  await page.waitForURL('**/sign-in?**');
  await page.getByLabel('E-mail address').fill('link@example.com');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByText('Look into your mailbox').waitFor();
  const link = await mailedLink(page, portico, 'link@example.com', /sign-in link/);
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard/team');
  const again = await newPerson(browser, portico);
  await again.goto(link);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.getByText('was used or has expired').waitFor();
});

test('a forgotten password is set anew by mail, and the old one ends', async () => {
  const page = await newPerson(browser, portico);
  await signUp(page, portico, 'forgot@example.com');
  const other = await newPerson(browser, portico);
  await other.goto(`${portico.webUrl}/sign-in`);
  await other.getByRole('link', { name: /password/ }).click();
  await other.getByRole('heading', { name: 'Set a new password' }).waitFor();
  await other.getByLabel('E-mail address').fill('forgot@example.com');
  await other.getByRole('button', { name: 'Send the link' }).click();
  await other.getByText('Look into your mailbox').waitFor();
  const link = await mailedLink(other, portico, 'forgot@example.com', /new password/);
  await other.goto(link);
  await other.getByLabel('New password').fill('another horse battery');
  await other.getByRole('button', { name: 'Save the password' }).click();
  await other.getByText('Your password was changed').waitFor();
  await page.goto(`${portico.webUrl}/dashboard`);
  await page.waitForURL('**/sign-in?**');
  await signIn(other, portico, 'forgot@example.com');
  await other.getByText('This did not sign you in').waitFor();
  await signIn(other, portico, 'forgot@example.com', 'another horse battery');
  await other.waitForURL('**/dashboard');
});

test('an unverified address passes 100 calls a day; the mailed link lifts the cap', async () => {
  const page = await newPerson(browser, portico);
  const key = await signUp(page, portico, 'capped@example.com');
  await portico.api('POST', `/consumers/${await consumerOf('capped@example.com')}/subscriptions`, { product: 'echo', plan: 'unlimited' });
  for (let made = 0; made < 100; made += 1) assert.equal((await call(portico, key))[0], 200, `call ${made + 1}`);
  assert.deepEqual(await call(portico, key), [429, 'quota_exhausted']);
  await page.getByText('You are live').waitFor();
  await waitFor('the refusal on the page', async () => { await page.goto(`${portico.webUrl}/dashboard/requests?status=429`); return (await page.locator('tbody tr').count()) === 1; });
  await page.locator('tbody a').first().click();
  await says(page, /verify your e-mail address/i);
  const link = await mailedLink(page, portico, 'capped@example.com', /Confirm your address/);
  await page.goto(link);
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/verify-email'));
  assert.equal((await call(portico, key))[0], 200);
  await page.goto(`${portico.webUrl}/dashboard/account`);
  assert.doesNotMatch(await mainText(page), /not verified/);
});

test('members join by mail with a role; a viewer sees no buttons and is refused what they would do', async () => {
  await owner.goto(`${portico.webUrl}/workspace/members`);
  await owner.getByLabel('E-mail address').fill('eye@echo.example');
  await owner.getByRole('combobox', { name: 'Role' }).last().selectOption('viewer');
  await owner.getByRole('button', { name: 'Send invitation' }).click();
  await owner.getByText('eye@echo.example is invited').waitFor();
  const viewer = await newPerson(browser, portico);
  await viewer.goto(await mailedLink(viewer, portico, 'eye@echo.example', /workspace/));
  await viewer.getByLabel('Password').fill(password);
  await viewer.getByRole('button', { name: 'Join' }).click();
  await viewer.waitForURL('**/workspace');
  const stranger = await newPerson(browser, portico);
  await signUp(stranger, portico, 'watched@example.com');
  const consumerPage = `${portico.webUrl}/workspace/consumers/${await consumerOf('watched@example.com')}`;
  for (const [path, button] of [[consumerPage, 'Block'], [`${portico.webUrl}/workspace/products`, 'Publish from a file'], [`${portico.webUrl}/workspace/products/echo`, 'Publish a version'], [`${portico.webUrl}/workspace/members`, 'Change role']] as const) {
    await viewer.goto(path);
    assert.equal(await viewer.getByText(button, { exact: true }).count(), 0, `${button} is not for viewers`);
    await owner.goto(path);
    assert.ok((await owner.getByText(button, { exact: true }).count()) > 0, `${button} is for owners`);
  }
  const refused = await viewer.request.post(consumerPage, { form: { intent: 'block' }, headers: { origin: portico.webUrl } });
  assert.equal(refused.status(), 403);
  assert.match(await refused.text(), /Your role is viewer/);
  assert.equal((await stranger.goto(`${portico.webUrl}/workspace/consumers`))?.status(), 403);

  await owner.goto(`${portico.webUrl}/workspace/members`);
  const row = owner.locator('tr', { hasText: 'eye@echo.example' });
  await openDialog(row, 'Change role');
  await owner.getByRole('dialog').getByRole('combobox', { name: 'Role' }).selectOption('support');
  await owner.getByRole('dialog').getByRole('button', { name: 'Save role' }).click();
  await row.getByText('Support', { exact: true }).waitFor();
  await viewer.goto(consumerPage);
  await viewer.getByRole('button', { name: 'Block', exact: true }).waitFor();
});

test('a blocked consumer is refused at once, and served again when it is unblocked', async () => {
  const page = await newPerson(browser, portico);
  const key = await signUp(page, portico, 'blocked@example.com');
  assert.equal((await call(portico, key))[0], 200);
  await owner.goto(`${portico.webUrl}/workspace/consumers/${await consumerOf('blocked@example.com')}`);
  await openDialog(owner, 'Block');
  await owner.getByRole('alertdialog').getByRole('button', { name: 'Block consumer' }).click();
  await owner.getByRole('button', { name: 'Unblock consumer' }).waitFor();
  assert.deepEqual(await call(portico, key), [403, 'consumer_blocked']);
  await page.goto(`${portico.webUrl}/dashboard`);
  await says(page, /blocked/);
  await owner.getByRole('button', { name: 'Unblock consumer' }).click();
  await owner.getByRole('button', { name: 'Block', exact: true }).waitFor();
  assert.equal((await call(portico, key))[0], 200);
});

test('a private product is not there for strangers, and there for who is invited', async () => {
  const page = await newPerson(browser, portico);
  await signUp(page, portico, 'invited@example.com');
  for (const path of ['/hidden', '/hidden/v1', '/hidden/v1/openapi.json']) assert.equal((await page.goto(portico.webUrl + path))?.status(), 404, path);
  assert.doesNotMatch(await (await fetch(`${portico.webUrl}/llms.txt`)).text(), /Hidden/);
  await portico.api('POST', `/consumers/${await consumerOf('invited@example.com')}/subscriptions`, { product: 'hidden', plan: 'invited' });
  assert.equal((await page.goto(`${portico.webUrl}/hidden`))?.status(), 200);
  await page.goto(portico.webUrl);
  await page.getByRole('link', { name: 'Hidden API', exact: true }).waitFor();
});

test('a developer chooses another plan, asks for one with approval, and a member approves it', async () => {
  const page = await newPerson(browser, portico);
  const key = await signUp(page, portico, 'planner@example.com');
  await page.goto(`${portico.webUrl}/echo`);
  await page.getByRole('link', { name: 'Choose Unlimited' }).click();
  await page.getByText('Move from Free to Unlimited').waitFor();
  await page.getByRole('button', { name: 'Choose Unlimited' }).click();
  await page.getByRole('link', { name: 'Choose Free' }).waitFor();
  const answer = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 200);
  assert.doesNotMatch(answer.headers.get('ratelimit-policy') ?? '', /burst/, 'the new plan is in force');

  await page.getByRole('link', { name: 'Ask for Partner' }).click();
  await page.getByRole('button', { name: 'Ask for Partner' }).click();
  await page.getByText('waits for approval').waitFor();
  assert.equal((await call(portico, key))[0], 200, 'the present plan serves on');
  await owner.goto(`${portico.webUrl}/workspace/consumers`);
  await owner.getByRole('listitem').filter({ hasText: 'asks for Partner of Echo API' }).getByRole('link').click();
  await owner.getByText('asks for the plan Partner').waitFor();
  await owner.getByRole('button', { name: 'Approve' }).click();
  await owner.getByText('asks for the plan Partner').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('columnheader', { name: 'Partner' }).waitFor();
  assert.match(await page.getByRole('row', { name: 'Your choice' }).textContent() ?? '', /your plan/);
  assert.match((await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bearer ${key}` } })).headers.get('ratelimit-policy') ?? '', /"burst";q=50/);
});

test('a key is rolled with overlap and revoked; both are said and done', async () => {
  const page = await newPerson(browser, portico);
  const first = await signUp(page, portico, 'roll@example.com');
  await page.goto(`${portico.webUrl}/dashboard/keys`);
  await openDialog(page, 'Roll');
  await page.getByRole('alertdialog').getByLabel('Overlap').selectOption({ label: '1 hour' });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Roll key' }).click();
  await page.getByText('The previous key works until').waitFor();
  const second = (await page.locator('[role=status] code').first().textContent())!;
  assert.equal((await call(portico, first))[0], 200);
  assert.equal((await call(portico, second))[0], 200);
  const row = page.locator('li', { hasText: second.slice(-4) }).first();
  await openDialog(row, 'Revoke');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('was revoked.').waitFor();
  assert.deepEqual(await call(portico, second), [401, 'key_revoked']);
  assert.equal((await call(portico, first))[0], 200);
});

test('guessing a password ends after ten tries, also with the right one, while a mailed link still signs in', async () => {
  const page = await newPerson(browser, portico);
  await signUp(page, portico, 'guessed@example.com');
  const guesser = await newPerson(browser, portico);
  for (let guess = 0; guess < 10; guess += 1) {
    await signIn(guesser, portico, 'guessed@example.com', `wrong guess ${guess}`);
    await guesser.getByText('This did not sign you in').waitFor();
  }
  await signIn(guesser, portico, 'guessed@example.com');
  await guesser.getByText('Too many sign-ins').waitFor();
  await guesser.getByRole('button', { name: 'Send me a link' }).click();
  await guesser.getByText('Look into your mailbox').waitFor();
  await guesser.goto(await mailedLink(guesser, portico, 'guessed@example.com', /sign-in link/));
  await guesser.getByRole('button', { name: 'Sign in' }).click();
  await guesser.waitForURL('**/dashboard');
});

/** With a Host field that fetch would not send. */
async function statusOf(address: string, host: string): Promise<number | undefined> {
  const [response] = (await once(get(address, { headers: { host } }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test('kept mail is for this machine and for owners: who comes from elsewhere finds no outbox', async () => {
  const outbox = `${portico.webUrl}/outbox`;
  const elsewhere = { 'x-forwarded-for': '203.0.113.9' };
  assert.equal((await fetch(outbox)).status, 200);
  assert.equal((await fetch(outbox, { headers: elsewhere })).status, 404);
  // A proxy on this machine, or a page of another site whose name was made to mean this machine.
  assert.equal(await statusOf(outbox, 'portal.example'), 404);
  assert.equal((await owner.request.get(outbox, { headers: elsewhere })).status(), 200);
});

test('a form of another site changes nothing, also with the session of who sent it', async () => {
  const page = await newPerson(browser, portico);
  const key = await signUp(page, portico, 'forged@example.com');
  const { keys } = await portico.api<{ keys: { id: string }[] }>('GET', `/keys?consumer=${await consumerOf('forged@example.com')}`);
  const forged = await page.request.post(`${portico.webUrl}/dashboard/keys`, { form: { intent: 'revoke', id: keys[0]!.id }, headers: { origin: 'https://evil.example' } });
  assert.equal(forged.status(), 403);
  assert.match(await forged.text(), /csrf_refused/);
  assert.equal((await call(portico, key))[0], 200);
});

async function consumerOf(email: string): Promise<string> {
  const { consumers } = await portico.api<{ consumers: { id: string }[] }>('GET', `/consumers?search=${encodeURIComponent(email)}`);
  assert.equal(consumers.length, 1, email);
  return consumers[0]!.id;
}
