// The page that waits for the first call: whatever goes wrong with it, the page says why and how to mend it, within two seconds.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { newPerson, signUp } from './people.ts';
import { freePort, startPortico } from './portico.ts';

const noticedMs = 2_000;
const upstream = await startEchoUpstream({ after });
const gone = await freePort();
const configuration = join(dirname(upstream.configuration), 'first-call.yaml');
writeFileSync(configuration, `
portal: { name: Echo Developers, keyPrefix: echo }
products:
  - slug: echo
    name: Echo API
    upstream: ${upstream.url}
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: free, name: Free, default: true, currency: usd, limits: [ { name: burst, requests: 2, per: hour } ] } ]
  - slug: down
    name: Down API
    upstream: http://127.0.0.1:${gone}
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: free, name: Free, default: true, currency: usd } ]
`);
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });

/** What is done wrong, the code that answers, and words that the page must say to mend it. */
const mistakes: { name: string; path?: string; method?: string; headers(key: string): Record<string, string>; code: string; says: RegExp }[] = [
  { name: 'no header', headers: () => ({}), code: 'key_missing', says: /Add the header Authorization: Bearer/ },
  { name: 'a header of another name', headers: (key) => ({ 'api-key': key }), code: 'key_missing', says: /X-API-Key/ },
  { name: 'a header without Bearer', headers: (key) => ({ authorization: key }), code: 'key_malformed', says: /write Bearer, one space/ },
  { name: 'a typo in the key', headers: (key) => ({ authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}` }), code: 'key_malformed', says: /Copy the key again/ },
  { name: 'the placeholder of the samples', headers: () => ({ authorization: 'Bearer YOUR_KEY' }), code: 'key_malformed', says: /Copy the key again/ },
  { name: 'a path that is not there', path: '/echo/v1/ecco', headers: bearer, code: 'operation_unknown', says: /Find the operation in the reference/ },
  { name: 'a version that is not there', path: '/echo/v9/echo', headers: bearer, code: 'no_route', says: /Compare the address with the quickstart/ },
  { name: 'a product that is not there', path: '/eko/v1/echo', headers: bearer, code: 'no_route', says: /Compare the address with the quickstart/ },
  { name: 'a method that is not there', path: '/echo/v1/echo', method: 'DELETE', headers: bearer, code: 'method_not_allowed', says: /Use one of the methods in the Allow header/ },
  { name: 'an upstream that is down', path: '/down/v1/echo', headers: bearer, code: 'upstream_unreachable', says: /tell the producer the request id/ },
];

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

test('each mistake is named with its mending within two seconds, and the mended call is celebrated', async () => {
  const page = await newPerson(browser, portico);
  await signUp(page, portico, 'ada@example.com');
  await page.goto(`${portico.webUrl}/dashboard/keys`);
  await page.getByLabel('API').selectOption({ label: 'All subscriptions' });
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('Copy it now').waitFor();
  const key = (await page.locator('[role=status] code').first().textContent())!;
  await page.goto(`${portico.webUrl}/start`);
  await page.getByText('Waiting for your first call').waitFor();
  for (const mistake of mistakes) {
    const before = await outcomes(page).count();
    const response = await fetch(portico.gatewayUrl + (mistake.path ?? '/echo/v1/echo'), { method: mistake.method ?? 'GET', headers: mistake.headers(key) });
    assert.equal(((await response.json()) as { code: string }).code, mistake.code, mistake.name);
    const shown = await newOutcome(page, before, mistake.name);
    assert.match(shown, mistake.says, mistake.name);
    assert.match(shown, new RegExp(mistake.code), mistake.name);
  }
  const asked = performance.now();
  assert.equal((await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: bearer(key) })).status, 200);
  await page.getByText('You are live').waitFor({ timeout: noticedMs });
  assert.ok(performance.now() - asked < noticedMs, 'celebrated within two seconds');
  await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: bearer(key) });
  const before = await outcomes(page).count();
  assert.equal((await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: bearer(key) })).status, 429);
  assert.match(await newOutcome(page, before, 'the limit'), /Wait for Retry-After seconds/);
});

test("an upstream's own refusal is told apart from one of the gateway, and does not celebrate", async () => {
  const page = await newPerson(browser, portico);
  const key = await signUp(page, portico, 'grace@example.com');
  await page.getByText('Waiting for your first call').waitFor();
  const before = await outcomes(page).count();
  await fetch(`${portico.gatewayUrl}/echo/v1/status/404`, { headers: bearer(key) });
  assert.match(await newOutcome(page, before, 'a 404 of the upstream'), /The API itself answered so.*The key is accepted/);
  assert.equal(await page.getByText('You are live').count(), 0);
});

function outcomes(page: Page) {
  return page.locator('[aria-live] li', { has: page.locator('time') });
}

async function newOutcome(page: Page, before: number, name: string): Promise<string> {
  await outcomes(page).nth(before).waitFor({ timeout: noticedMs }).catch(() => assert.fail(`${name}: the page did not notice within two seconds`));
  return (await outcomes(page).first().textContent())!;
}
