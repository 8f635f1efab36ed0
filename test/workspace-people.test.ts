import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { after, test } from 'node:test';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { becomeOwner, call, newPerson, password, says } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const browser = await startBrowser({ after });

interface Made { key: string; consumer: string }
const make = (email: string) => portico.api<Made>('POST', '/keys', { email, product: 'echo', mode: 'live' });
const ada = await make('ada@northwind.example');
const bo = await make('bo@kestrel.example');
await call(portico, ada.key);

const { page: owner, faults } = await openPage(await browser.newContext(), portico.webUrl);
await becomeOwner(owner, portico, 'owner@example.com');
const go = async (path: string) => owner.goto(`${portico.webUrl}/workspace${path}`);

/** A member of this role, signed in. */
async function member(role: string) {
  const { link } = await portico.api<{ link: string }>('POST', '/members/invitations', { email: `${role}@example.com`, role });
  const page = await newPerson(browser, portico);
  await page.goto(link);
  await page.getByLabel('Password').fill(password);
  await page.locator('main form button[type=submit]').last().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/invitation'));
  return page;
}

test('a consumer is found by the ending of a key, filtered and sorted in the address bar', async () => {
  await go('/consumers');
  await owner.getByLabel('Find').fill(bo.key.slice(-4));
  await owner.getByRole('button', { name: 'Show' }).click();
  await owner.waitForURL(/search=/);
  await waitFor('one row', async () => (await owner.locator('tbody tr').count()) === 1);
  await says(owner, /bo@kestrel\.example/);
  await waitFor('the call to be counted', async () => {
    await go('/consumers?state=active&sort=-calls');
    return (await owner.locator('tbody tr').count()) === 1;
  });
  await says(owner, /ada@northwind\.example/);
});

test('the request log chooses by account, code and key in the address bar, opens in place, and follows new calls', async () => {
  await fetch(`${portico.gatewayUrl}/echo/v1/nothing`, { headers: { authorization: `Bearer ${bo.key}` } });
  await waitFor('the refusal', async () => {
    await go('/requests?code=operation_unknown');
    return (await owner.locator('tbody tr').count()) === 1;
  }, 15_000);
  await owner.getByRole('link', { name: /^Open req_/ }).click();
  await owner.getByText('Why it was refused').waitFor();
  await assertAccessible(owner);
  await go(`/consumers/${ada.consumer}`);
  await owner.getByRole('link', { name: 'All requests' }).click();
  await owner.waitForURL(`**/workspace/requests?consumer=${ada.consumer}`);
  await waitFor('her one call', async () => (await owner.locator('tbody tr').count()) === 1);
  assert.equal(await owner.getByLabel('Account', { exact: true }).inputValue(), ada.consumer);
  await owner.getByLabel('Refusal code').fill('operation_unknown');
  await owner.getByRole('button', { name: 'Show', exact: true }).click();
  await owner.getByText('No calls match').waitFor();
  await owner.getByRole('link', { name: 'Without Account: ada@northwind.example' }).click();
  await waitFor('the refusal', async () => (await owner.locator('tbody tr').count()) === 1);
  await go('/requests?email=nobody@example.com');
  await owner.getByText('Nobody here has the address nobody@example.com.').waitFor();

  await go(`/requests?consumer=${bo.consumer}&live=1`);
  await owner.getByText('Live', { exact: true }).waitFor();
  await call(portico, bo.key);
  await waitFor('his new call without a reload', async () => (await owner.locator('tbody tr').count()) === 2, 10_000);
});

test('blocking names what stops, stops it, and stands in the trail with before and after', async () => {
  await go(`/consumers/${bo.consumer}`);
  await owner.getByRole('button', { name: 'Block', exact: true }).click();
  const dialog = owner.getByRole('alertdialog');
  assert.match((await dialog.textContent())!, /The one key of bo@kestrel\.example stops working.*consumer_blocked/);
  await dialog.getByRole('button', { name: 'Block consumer' }).click();
  await owner.getByRole('button', { name: 'Unblock consumer' }).waitFor();
  assert.deepEqual(await call(portico, bo.key), [403, 'consumer_blocked']);

  await go('/audit?noun=consumer&action=blocked');
  await owner.locator('main details summary', { hasText: 'bo@kestrel.example' }).click();
  assert.match((await owner.locator('main details[open] table').textContent())!, /blockednoyes/);
  const csv = await owner.request.get(`${portico.webUrl}/workspace/audit.csv?noun=consumer&action=blocked`);
  assert.match(await csv.text(), /^id,at,actor.*\r\naud_.*,owner@example\.com,member,blocked,consumer,con_/);
  const json = (await (await owner.request.get(`${portico.webUrl}/workspace/audit.json?noun=consumer`)).json()) as { noun: string }[];
  assert.ok(json.length >= 3 && json.every(({ noun }) => noun === 'consumer'));
});

test('a member sees the portal as a consumer does, changes nothing, and leaves', async () => {
  await go(`/consumers/${ada.consumer}`);
  await owner.getByRole('button', { name: 'See the portal as they do' }).click();
  await owner.waitForURL('**/dashboard');
  await owner.getByText('You see the portal as ada@northwind.example does').waitFor();
  const cookie = (await owner.context().cookies()).find(({ name }) => name === 'portico_view')!;
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.expires - Date.now() / 1_000 <= 900], [true, 'Lax', true]);
  await owner.goto(`${portico.webUrl}/dashboard/keys`);
  assert.ok(!(await owner.content()).includes(ada.key));
  const refused = await owner.request.post(`${portico.webUrl}/dashboard/account`, { headers: { origin: portico.webUrl }, form: { intent: 'rename', name: 'Changed' } });
  assert.notEqual(refused.status(), 500);
  assert.equal((await portico.api<{ name: string }>('GET', `/consumers/${ada.consumer}`)).name, 'ada@northwind.example');
  await owner.getByRole('button', { name: 'Leave' }).click();
  await owner.waitForURL(`**/workspace/consumers/${ada.consumer}`);
  assert.equal((await owner.context().cookies()).some(({ name }) => name === 'portico_view'), false);
});

test('a note stands on the timeline and in the trail', async () => {
  await go(`/consumers/${ada.consumer}`);
  await owner.getByLabel('Note', { exact: true }).fill('Called: moves to v2 in May.');
  await owner.getByRole('button', { name: 'Add note' }).click();
  await owner.getByText('The note stands on the timeline.').waitFor();
  await owner.locator('ol li', { hasText: 'Called: moves to v2 in May.' }).waitFor();
  await assertAccessible(owner);
  await go('/audit?noun=note');
  await owner.locator('main details summary', { hasText: 'ada@northwind.example' }).waitFor();
});

test('the palette goes anywhere by keyboard alone', async () => {
  await go('/audit');
  await owner.getByRole('button', { name: 'Go to or find' }).waitFor();
  await owner.waitForLoadState('networkidle');
  await owner.keyboard.press('Control+k');
  await owner.getByRole('dialog').getByRole('combobox').waitFor();
  await assertAccessible(owner);
  await owner.keyboard.type('northwind');
  await owner.getByRole('option', { name: /ada@northwind/ }).waitFor();
  await owner.keyboard.press('Enter');
  await owner.waitForURL(`**/workspace/consumers/${ada.consumer}`);
  await owner.keyboard.press('Control+k');
  await owner.keyboard.type('settings');
  await owner.getByRole('option', { name: 'Settings' }).waitFor();
  await owner.keyboard.press('Enter');
  await owner.waitForURL('**/workspace/settings');
  await owner.keyboard.press('Control+k');
  await owner.keyboard.press('Escape');
  await owner.getByRole('combobox').waitFor({ state: 'detached' });
});

test('settings rename the portal, test the mail, and give the configuration as a file', async () => {
  await go('/settings');
  await owner.getByRole('button', { name: 'Send a test mail' }).click();
  await owner.getByText('The letter to owner@example.com is in the outbox.').waitFor();
  await owner.getByLabel('Name of the portal').fill('Renamed Developers');
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  await owner.getByText('The portal has its new name.').waitFor();
  assert.match(await (await owner.request.get(`${portico.webUrl}/workspace/portico.yaml`)).text(), /name: Renamed Developers/);
});

test('the brand is edited with a preview of its colour, worn by every page, and a mistake stands at its field', async () => {
  await owner.goto(`${portico.webUrl}/workspace/settings/brand`, { waitUntil: 'networkidle' });
  await owner.getByLabel('Accent', { exact: true }).fill('#ffee00');
  await owner.getByText('Moved in lightness alone').waitFor();
  await owner.getByText('#ffee00, contrast at least').waitFor();
  await assertAccessible(owner);
  await owner.getByLabel('Logo', { exact: true }).setInputFiles({ name: 'mark.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>') });
  await owner.getByLabel('Label 1').fill('Terms');
  await owner.getByLabel('Address 1').fill('terms');
  await owner.getByRole('button', { name: 'Save brand' }).click();
  await owner.getByText('Write an address that starts with https://').first().waitFor();
  await owner.getByLabel('Address 1').fill('https://example.com/terms');
  await owner.getByLabel('Logo', { exact: true }).setInputFiles({ name: 'mark.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>') });
  await owner.getByRole('button', { name: 'Save brand' }).click();
  await owner.getByText('The brand is saved.').waitFor();
  await owner.locator('main img[src^="/brand/"]').waitFor();
  const yaml = await (await owner.request.get(`${portico.webUrl}/workspace/portico.yaml`)).text();
  assert.match(yaml, /logo: \.\/brand\/logo\.svg[\s\S]*accent: "#ffee00"[\s\S]*label: Terms/);
  const stranger = await newPerson(browser, portico);
  await stranger.goto(portico.webUrl);
  await stranger.getByRole('link', { name: 'Terms' }).waitFor();
  await stranger.locator('header img[src^="/brand/"]').first().waitFor();
  assert.deepEqual(faults, []);
});

test('an invitation is sent again and withdrawn; roles may do what the table says', async () => {
  await go('/members');
  await owner.getByLabel('E-mail address').fill('late@example.com');
  await owner.getByRole('button', { name: 'Send invitation' }).click();
  await owner.getByText('late@example.com is invited').waitFor();
  await Promise.all([owner.waitForResponse((response) => response.request().method() === 'POST'), owner.getByRole('button', { name: 'Send again' }).click()]);
  await go('/members');
  await owner.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await owner.getByRole('button', { name: 'Withdraw invitation' }).click();
  await owner.getByText('The invitation is withdrawn.').waitFor();

  const viewer = await member('viewer');
  for (const [path, status] of [['/consumers', 200], ['/members', 200], ['/settings', 200], ['/audit', 403], ['/audit.csv', 403], ['/consumers/new', 403]] as const) {
    assert.equal((await viewer.request.get(`${portico.webUrl}/workspace${path}`)).status(), status, `a viewer at ${path}`);
  }
  await viewer.goto(`${portico.webUrl}/workspace/consumers/${ada.consumer}`);
  assert.equal(await viewer.getByRole('button', { name: /Block|See the portal|Revoke/ }).count(), 0);
  const view = await viewer.request.post(`${portico.webUrl}/workspace/consumers/${ada.consumer}/view`, { headers: { origin: portico.webUrl }, form: {} });
  assert.equal(view.headers()['set-cookie']?.includes('portico_view=ey') ?? false, false);
});

test('an opened entry of the trail is accessible', async () => {
  await go('/audit');
  await owner.locator('main details summary').first().click();
  await assertAccessible(owner);
  assert.deepEqual(faults, []);
});
