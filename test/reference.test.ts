import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadContract } from '../src/contract/load.ts';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { signUp } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const browser = await startBrowser({ after });
const page = `${portico.webUrl}/echo/v1/get-status`;

/** Calls to the gateway are what these pages are for. */
const beyondGateway = (faults: string[]): string[] => faults.filter((fault) => fault !== `a request to ${portico.gatewayUrl}` && !fault.startsWith(`a request to ${portico.gatewayUrl}/`));

test('a developer sends a request from the page, by keyboard alone, and reads the answer', async () => {
  const { page: tab, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await signUp(tab, portico, 'ada@example.com');
  await tab.goto(page);
  const code = tab.locator('aside pre').first();
  assert.match((await code.textContent())!, /\/echo\/v1\/status\/200' \\\n {2}-H 'Authorization: Bearer echo_test_/, 'the code holds a working key');

  const field = tab.locator('aside').getByLabel('code required');
  await field.fill('many');
  await field.press('Enter');
  await tab.getByText('Write a whole number.').waitFor();
  assert.equal(await tab.locator('aside [aria-invalid=true]:focus').count(), 1, 'the wrong field has the focus');
  assert.match((await code.textContent())!, /status\/many/, 'the code follows the form');

  await field.fill('201');
  await field.press('Enter');
  const answer = tab.getByRole('region', { name: 'Answer' });
  await answer.waitFor();
  assert.match((await answer.textContent())!, /200\d* ms.*Request id req_/s);
  assert.match((await answer.locator('pre').textContent())!, /"method": "GET"/);
  await answer.getByText('Header fields').click();
  assert.match((await answer.textContent())!, /ratelimit: /);
  await assertAccessible(tab);
  assert.deepEqual(beyondGateway(faults), []);

  await waitFor('the call in the log', async () => (await portico.cli<{ requests: object[] }>('requests', '--email', 'ada@example.com')).requests.length > 0, 15_000);
  const { consumers } = await portico.api<{ consumers: { firstSuccessAt: string | null }[] }>('GET', '/consumers?search=ada');
  assert.equal(consumers[0]!.firstSuccessAt, null, 'a call from the page is no first call of its own');
});

test('a key that has ended is made anew, and a gateway that is away is said in words', async () => {
  const { page: tab } = await openPage(await browser.newContext(), portico.webUrl);
  await signUp(tab, portico, 'grace@example.com');
  await tab.goto(page);
  const ended = JSON.stringify({ type: '', title: 'This key has expired', status: 401, detail: '', code: 'key_expired', requestId: 'req_1' });
  await tab.route(`${portico.gatewayUrl}/**`, (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', headers: { 'access-control-allow-origin': '*' }, body: ended }), { times: 1 });
  await tab.getByRole('button', { name: 'Send request' }).click();
  await tab.getByText('sent again with a new one').waitFor();
  await tab.route(`${portico.gatewayUrl}/**`, (route) => route.abort('connectionrefused'));
  await tab.getByRole('button', { name: 'Send again' }).click();
  await tab.getByText('No answer came.').waitFor();
});

test('a stranger reads everything without scripts, and is led to a key and back', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page: tab } = await openPage(context, portico.webUrl);
  await tab.goto(page);
  const text = (await tab.locator('main').textContent())!;
  for (const said of ['/status/{code}', 'required', 'What the server saw.', '5 per second', 'no charge per call', 'curl', 'TypeScript', 'Java', 'echo_test_YOUR_KEY']) assert.ok(text.includes(said), said);
  assert.equal(await tab.locator('aside').getByRole('link', { name: 'Get a key' }).getAttribute('href'), '/sign-up?next=%2Fecho%2Fv1%2Fget-status');
  await tab.getByText('Show all').click();
  await tab.getByRole('link', { name: 'key_revoked' }).waitFor();
});

test('the served document names the gateway and loads', async () => {
  const response = await fetch(`${portico.webUrl}/echo/v1/openapi.json`);
  const text = await response.text();
  const { document } = await loadContract({ file: 'openapi.json', text, files: [] });
  assert.deepEqual((document['servers'] as { url: string }[]).map(({ url }) => url), [`${portico.gatewayUrl}/echo/v1`]);
  assert.match(text, /rate_limited/);
});
