// Guides as readers use them: requests that are sent from the page, and the question at its foot.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertAccessible, openPage, startBrowser } from './browser.ts';
import { becomeOwner, signIn, signUp } from './people.ts';
import { startPortico } from './portico.ts';

/** The demo, with a product that only invited consumers see, whose guide shows a picture. */
const folder = mkdtempSync(join(tmpdir(), 'portico-guides-'));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(new URL('../demo', import.meta.url), folder, { recursive: true });
mkdirSync(join(folder, 'private'));
writeFileSync(join(folder, 'private/soundings.md'), '# Soundings of the sea\n\n![Depths](depths.svg)\n\n```request listCountries\n```\n');
writeFileSync(join(folder, 'private/depths.svg'), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1H0z"/></svg>');
appendFileSync(join(folder, 'portico.yaml'), `
  - slug: depths
    name: Depths API
    access: private
    upstream: http://127.0.0.1:4010
    testUpstream: examples
    guides: ./private
    versions: [{ name: v1, openapi: ./openapi/atlas-v2.yaml }]
`);

const portico = await startPortico({ after }, { configuration: join(folder, 'portico.yaml') });
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
    await page.goto(guide, { waitUntil: 'networkidle' });
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

test('a member finds a private product, its guide and its picture; strangers, other consumers and a look as one of them do not', async () => {
  const member = (await openPage(await browser.newContext(), portico.webUrl)).page;
  await signIn(member, portico, 'owner@example.com');
  await member.waitForURL((url) => url.pathname !== '/sign-in');
  await member.goto(`${portico.webUrl}/search?q=soundings`);
  await member.getByRole('link', { name: /Soundings of the sea/ }).first().click();
  await member.getByRole('heading', { level: 1, name: 'Soundings of the sea' }).waitFor();
  const picture = (await member.getByRole('img', { name: 'Depths' }).getAttribute('src'))!;
  const read = async (reader: typeof member) => {
    const answer = await reader.request.get(portico.webUrl + picture);
    return [answer.status(), answer.headers()['cache-control']];
  };
  assert.deepEqual(await read(member), [200, 'private, no-cache']);

  const ada = (await openPage(await browser.newContext(), portico.webUrl)).page;
  await signUp(ada, portico, 'ada-reads@example.com');
  const stranger = await browser.newPage();
  for (const other of [ada, stranger]) {
    assert.deepEqual(await read(other), [404, 'private, no-store']);
    await other.goto(`${portico.webUrl}/search?q=soundings`);
    assert.equal(await other.getByRole('link', { name: /Soundings of the sea/ }).count(), 0);
  }
  const unknown = await stranger.request.get(`${portico.webUrl}/brand/${'0'.repeat(64)}/image`);
  const hidden = await stranger.request.get(portico.webUrl + picture);
  const withoutIds = (text: string): string => text.replaceAll(/[0-9a-f-]{36}|nonce="[^"]*"|[0-9a-f]{64}/g, '');
  assert.equal(withoutIds(await hidden.text()), withoutIds(await unknown.text()), 'as of a file that does not exist');

  const { consumers } = await portico.api<{ consumers: { id: string }[] }>('GET', '/consumers?search=ada-reads');
  await member.goto(`${portico.webUrl}/workspace/consumers/${consumers[0]!.id}`);
  await member.getByRole('button', { name: 'See the portal as they do' }).click();
  await member.waitForURL((url) => !url.pathname.startsWith('/workspace'));
  assert.deepEqual(await read(member), [404, 'private, no-store']);
  assert.equal((await member.goto(`${portico.webUrl}/depths/guides/soundings`))!.status(), 404);
});
