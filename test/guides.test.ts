// Guides as readers use them: requests that are sent from the page, and the question at its foot.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { becomeOwner, signUp } from './people.ts';
import { startPortico } from './portico.ts';

const portico = await startPortico({ after }, { configuration: new URL('../demo/portico.yaml', import.meta.url).pathname });
const browser = await startBrowser({ after });
const guide = `${portico.webUrl}/atlas/guides/first-steps`;
const beyondGateway = (faults: string[]): string[] => faults.filter((fault) => !fault.startsWith(`a request to ${portico.gatewayUrl}/`));

for (const [colorScheme, width] of [['light', 1280], ['dark', 390]] as const) {
  test(`a developer sends the request of a guide, changes it and sends it again, ${colorScheme}, ${width} px`, async () => {
    const { page, faults } = await openPage(await browser.newContext({ colorScheme, viewport: { width, height: 900 } }), portico.webUrl);
    await signUp(page, portico, `ada-${width}@example.com`);
    await page.goto(guide, { waitUntil: 'networkidle' });
    const request = page.getByRole('group', { name: 'Request: List countries' });
    assert.match((await request.locator('pre').first().textContent())!, /countries\?region=europe&limit=2' \\\n {2}-H 'Authorization: Bearer atlas_test_[0-9A-Za-z]+/);
    for (const language of ['curl', 'TypeScript', 'Python', 'Go', 'PHP', 'Java']) assert.equal(await request.getByText(language, { exact: true }).count(), 1, language);

    await request.getByRole('button', { name: 'Send request' }).press('Enter');
    const answer = request.getByRole('region', { name: 'Answer: List countries' });
    await answer.waitFor();
    assert.equal(await request.locator('button:focus').textContent(), 'Send again', 'the focus stays where it was');
    assert.match((await answer.textContent())!, /200\d* ms.*Request id req_/s);
    assert.match((await answer.locator('pre').textContent())!, /"items"/);
    await answer.getByText('Header fields').click();
    assert.match((await answer.textContent())!, /ratelimit: /);

    await request.getByText('Change the request').click();
    await request.getByLabel('limit').fill('many');
    await request.getByLabel('limit').press('Enter');
    await request.getByText('Write a whole number.').waitFor();
    await request.getByLabel('limit').fill('5');
    assert.match((await request.locator('pre').first().textContent())!, /limit=5/, 'the code follows');
    await assertAccessible(page);
    assert.deepEqual(beyondGateway(faults), []);
    await page.context().close();
  });
}

test('a stranger is led to a key and back, with and without script', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { page, faults } = await openPage(await browser.newContext({ javaScriptEnabled }), portico.webUrl);
    await page.goto(guide);
    const request = page.getByRole('group', { name: 'Request: List countries' });
    assert.equal(await request.getByRole('link', { name: 'Get a key' }).getAttribute('href'), '/sign-up?next=%2Fatlas%2Fguides%2Ffirst-steps');
    assert.equal(await request.getByRole('button', { name: /send/i }).count(), 0);
    await request.getByText('Python', { exact: true }).click();
    await request.getByText('import urllib.request').waitFor();
    assert.deepEqual(faults, []);
  }
});

test('what sends a request is loaded when it is asked for', async () => {
  const page = await browser.newPage();
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(request.url()));
  await page.goto(guide, { waitUntil: 'networkidle' });
  assert.deepEqual(scripts.filter((address) => /request-run|use-try-it|answer-view/.test(address)), []);
});

test('what readers say of a guide stands on the workspace\'s page', async () => {
  const { page, faults } = await openPage(await browser.newContext(), portico.webUrl);
  await page.goto(guide, { waitUntil: 'networkidle' });
  await page.getByText('Add a comment').click();
  await page.getByLabel('What was missing or wrong? (optional)').fill('Where is the Rust example?');
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByText('Thank you.').waitFor();
  await assertAccessible(page);
  await becomeOwner(page, portico, 'owner@example.com');
  await page.goto(`${portico.webUrl}/workspace/documentation/feedback`);
  await page.getByRole('row', { name: /\/atlas\/guides\/first-steps/ }).waitFor();
  await page.getByText('Where is the Rust example?').waitFor();
  assert.deepEqual(faults, []);
});
