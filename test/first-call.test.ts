// The page that waits for the first call: whatever goes wrong with it, the page says why and how to mend it, within two seconds.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { freePort } from '../src/store/free-port.testkit.ts';
import { newKey } from '../src/domain/key.ts';
import { startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { walkToFirstCall } from './first-call-journey.ts';
import { newPerson, signUp } from './people.ts';
import { startPortico, waitFor } from './portico.ts';

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
  - slug: quota
    name: Quota API
    upstream: ${upstream.url}
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: free, name: Free, default: true, currency: usd, limits: [ { name: monthly, requests: 1, per: month } ] } ]
  - slug: tested
    name: Tested API
    upstream: ${upstream.url}
    testUpstream: examples
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: free, name: Free, default: true, currency: usd } ]
  - slug: late
    name: Late API
    upstream: ${upstream.url}
    headTimeout: 200ms
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: free, name: Free, default: true, currency: usd } ]
  - slug: down
    name: Down API
    upstream: http://127.0.0.1:${gone}
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans: [ { slug: free, name: Free, default: true, currency: usd } ]
`);
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });

/** Keys of one account, each with a fate of its own. */
interface Keys { live: string; test: string; revoked: string; expired: string; narrow: string }

interface Mistake { name: string; /** Which key is sent; the live one unless it says another. */ key?: keyof Keys; path?: string; method?: string; headers(key: string): Record<string, string>; code: string | null; says: RegExp; web?: boolean }

/** What is done wrong, the code that answers, and words that the page must say to mend it. */
const mistakes: Mistake[] = [
  { name: 'no header', headers: () => ({}), code: 'key_missing', says: /401 The request has no key. Add the header Authorization: Bearer/ },
  { name: 'a header of another name', headers: (key) => ({ 'api-key': key }), code: 'key_missing', says: /The key is in the header api-key, which is not read.*X-API-Key/i },
  { name: 'a misspelt scheme', headers: (key) => ({ authorization: `Bear ${key}` }), code: 'key_malformed', says: /401 The header says "Bear", it must be "Bearer"\. Copy the line above\./ },
  { name: 'another scheme', headers: () => ({ authorization: 'Basic dXNlcjpwYXNz' }), code: 'key_malformed', says: /The header says "Basic", it must be "Bearer"\./ },
  { name: 'a header without Bearer', headers: (key) => ({ authorization: key }), code: 'key_malformed', says: /without the word "Bearer" before it/ },
  { name: 'Bearer with an empty variable', headers: () => ({ authorization: 'Bearer ' }), code: 'key_missing', says: /no key follows. Is the variable that holds the key set/ },
  { name: 'a key in the query', path: '/echo/v1/echo?key=KEY', headers: () => ({}), code: 'key_missing', says: /The key is in the query as "key"/ },
  { name: 'a typo in the key', headers: (key) => bearer(`${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`), code: 'key_malformed', says: /The key has a typo/ },
  { name: 'the placeholder of the samples', headers: () => bearer('YOUR_KEY'), code: 'key_malformed', says: /The placeholder still stands where your key belongs\. Copy the line above/ },
  { name: 'quotes around the key', headers: (key) => bearer(`"${key}"`), code: 'key_malformed', says: /Quotes or brackets stand around the key/ },
  { name: 'a space inside the key', headers: (key) => bearer(`${key.slice(0, 15)} ${key.slice(15)}`), code: 'key_malformed', says: /a space or a line break inside the key/ },
  { name: 'a key that was cut off', headers: (key) => bearer(key.slice(0, -5)), code: 'key_malformed', says: /The key is cut off: 28 characters follow the mode, but a whole key has 33/ },
  { name: 'a live key that says test', headers: (key) => bearer(key.replace('_live_', '_test_')), code: 'key_malformed', says: /The key says "test", but it was made as a live key/ },
  { name: 'a key of another portal', headers: () => bearer(newKey('other', 'live', randomBytes)), code: 'key_unknown', says: /begins with "other_".*Keys of this portal begin with echo_/ },
  { name: 'a path that is not there', path: '/echo/v1/ecco', headers: bearer, code: 'operation_unknown', says: /404 There is no path \/ecco\. Did you mean GET \/echo\?/ },
  { name: 'a slash too many', path: '/echo/v1/echo/', headers: bearer, code: 'operation_unknown', says: /a slash too many in the path\. Write \/echo/ },
  { name: 'a version that is not there', path: '/echo/v9/echo', headers: bearer, code: 'no_route', says: /"v9" is no version of this API\. The right one is v1\./ },
  { name: 'no version', path: '/echo', headers: bearer, code: 'no_route', says: /names no version\. Write \/v1 after/ },
  { name: 'a product that is not there', path: '/eco/v1/echo', headers: bearer, code: 'no_route', says: /No API is called "eco"\. Did you mean \/echo\?/ },
  { name: 'a method that is not there', path: '/echo/v1/echo', method: 'DELETE', headers: bearer, code: 'method_not_allowed', says: /405 This path has no DELETE\. Use GET/ },
  { name: 'a revoked key', key: 'revoked', headers: bearer, code: 'key_revoked', says: /401 The key echo_live_\.\.\.\w{4} was revoked\. Use another key from your dashboard, or create one\./ },
  { name: 'an expired key', key: 'expired', headers: bearer, code: 'key_expired', says: /401 The key echo_live_\.\.\.\w{4} has expired\. Use the key that replaced it, or create a new one/ },
  { name: 'a test key where there is no test mode', key: 'test', headers: bearer, code: 'mode_forbidden', says: /403 echo_test_\.\.\.\w{4} is a test key, and this API has no test mode\. Use a live key/ },
  { name: 'a key limited to other operations', key: 'narrow', headers: bearer, code: 'scope_forbids', says: /403 The key echo_live_\.\.\.\w{4} is limited to other operations\. Use a key without this restriction/ },
  { name: 'an upstream that is late', path: '/late/v1/slow/5000', headers: bearer, code: 'upstream_timeout', says: /504 .*did not answer in time\..*Repeat the call/ },
  { name: 'an upstream that is down', path: '/down/v1/echo', headers: bearer, code: 'upstream_unreachable', says: /502 .*tell the producer the request id/ },
  { name: "the upstream's own refusal", path: '/echo/v1/status/404', headers: bearer, code: null, says: /404 The API itself answered 404\. Your key is accepted/ },
  { name: "the portal's address", web: true, headers: bearer, code: 'no_route', says: /404 The call went to this portal, which only shows pages\. The API answers at http:\/\/127\.0\.0\.1:\d+\/echo\/v1\/echo/ },
];

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

test('each mistake is named with its mending within two seconds, and the mended call is celebrated', async (t) => {
  const page = await newPerson(browser, portico);
  await signUp(page, portico, 'ada@example.com');
  const keys = await makeKeys('ada@example.com');
  const key = keys.live;
  await page.goto(`${portico.webUrl}/start`);
  await page.getByText('Waiting for your first call').waitFor();
  const took: [number, string][] = [];
  for (const mistake of mistakes) {
    const before = await outcomes(page).count();
    const address = (mistake.web ? portico.webUrl : portico.gatewayUrl) + (mistake.path ?? '/echo/v1/echo').replace('KEY', key);
    const response = await fetch(address, { method: mistake.method ?? 'GET', headers: mistake.headers(keys[mistake.key ?? 'live']) });
    const answered = performance.now();
    assert.equal(((await response.json()) as { code?: string }).code ?? null, mistake.code, mistake.name);
    const shown = await newOutcome(page, before, mistake.name);
    assert.match(shown, mistake.says, mistake.name);
    if (mistake.code !== null) assert.match(shown, new RegExp(mistake.code), mistake.name);
    took.push([Math.round(performance.now() - answered), mistake.name]);
  }
  took.sort(([one], [other]) => one - other);
  t.diagnostic(`from answer to page: median ${took[took.length >> 1]![0]} ms, slowest ${took.at(-1)!.join(' ms, ')}`);
  const asked = performance.now();
  assert.equal((await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: bearer(key) })).status, 200);
  await page.getByText('You are live').waitFor({ timeout: noticedMs });
  assert.ok(performance.now() - asked < noticedMs, 'celebrated within two seconds');
  await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: bearer(key) });
  const before = await outcomes(page).count();
  assert.equal((await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: bearer(key) })).status, 429);
  assert.match(await newOutcome(page, before, 'the limit'), /Wait for Retry-After seconds/);
  assert.equal((await fetch(`${portico.gatewayUrl}/quota/v1/echo`, { headers: bearer(key) })).status, 200);
  assert.equal((await fetch(`${portico.gatewayUrl}/quota/v1/echo`, { headers: bearer(key) })).status, 429);
  const exhausted = outcomes(page).filter({ hasText: 'quota_exhausted' });
  await exhausted.waitFor({ timeout: noticedMs });
  assert.match((await exhausted.textContent())!, /429 The quota of this period is used up\..*upgrade the plan/);
});

async function makeKeys(email: string): Promise<Keys> {
  const { consumers } = await portico.api<{ consumers: { id: string }[] }>('GET', `/consumers?search=${email}`);
  const make = (mode: 'live' | 'test', more: object = {}) => portico.api<{ key: string; id: string }>('POST', `/consumers/${consumers[0]!.id}/keys`, { mode, ...more });
  const expiresAt = Date.now() + 1_500;
  const [live, test, revoked, expired, narrow] = [await make('live'), await make('test'), await make('live'), await make('live', { expiresAt: new Date(expiresAt).toISOString() }), await make('live', { operations: ['getSlow'] })];
  await portico.api('POST', `/keys/${revoked.id}/revoke`);
  await waitFor('the key to expire', () => Date.now() > expiresAt);
  return { live: live.key, test: test.key, revoked: revoked.key, expired: expired.key, narrow: narrow.key };
}

test('from the home page to a call that worked, as a person goes', async () => {
  const steps = await walkToFirstCall(browser, portico, { product: 'Echo API', email: 'walker@example.com' });
  assert.equal(Object.keys(steps).length, 6);
});

test("an upstream's own refusal is told apart from one of the gateway, and does not celebrate", async () => {
  const page = await newPerson(browser, portico);
  const key = await signUp(page, portico, 'grace@example.com');
  await page.getByText('Waiting for your first call').waitFor();
  const before = await outcomes(page).count();
  await fetch(`${portico.gatewayUrl}/echo/v1/status/404`, { headers: bearer(key) });
  assert.match(await newOutcome(page, before, 'a 404 of the upstream'), /The API itself answered 404\..*Your key is accepted/);
  assert.equal(await page.getByText('You are live').count(), 0);
});

function outcomes(page: Page) {
  return page.locator('[data-outcomes] > li');
}

async function newOutcome(page: Page, before: number, name: string): Promise<string> {
  await outcomes(page).nth(before).waitFor({ timeout: noticedMs }).catch(() => assert.fail(`${name}: the page did not notice within two seconds`));
  return (await outcomes(page).first().textContent())!;
}
