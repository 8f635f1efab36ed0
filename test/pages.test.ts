// Every page of the table of routes in Chromium, as the person it is for: axe in both themes, the content security policy, errors of scripts,
// requests to other hosts, and its width from 390 to 2560 pixels. Each page is loaded once.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertAccessible, assertFits, drawn, openPage, startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { call, password } from './people.ts';
import { startPortico, waitFor } from './portico.ts';
import { makeInvoices } from './invoices.ts';
import { routePaths, routes } from './routes.ts';
import { makeSimulation } from './simulations.ts';
import { enterAs, signUpBy, visit, type Visitor } from './visitors.ts';

const upstream = await startEchoUpstream({ after });
const folder = dirname(upstream.configuration);
const configuration = join(folder, 'pages.yaml');
mkdirSync(join(folder, 'guides'));
writeFileSync(join(folder, 'guides/start.md'), '# First steps\n\n> [!NOTE]\n> A note.\n\n```request getEcho\n{}\n```\n\n| field | what |\n|---|---|\n| `url` | The address. |\n');
writeFileSync(join(folder, 'terms.md'), '# Terms\n\n## Use\n\nA page of its own, with [a link](/echo).\n');
writeFileSync(configuration, readFileSync(upstream.configuration, 'utf8')
  .replace('keyPrefix: echo }', 'keyPrefix: echo, pages: [ { slug: terms, file: ./terms.md } ], footer: [ { label: Status, url: https://example.com } ] }')
  .replace('    testUpstream: examples', '    testUpstream: examples\n    description: Answers with what it saw.\n    highlights: [ Tests of clients ]\n    guides: ./guides'));
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });
const widths = [390, 2560];
const owner = visit(portico);
const ada = visit(portico);
let ids: { consumer: string; key: string; request: string; invoice: string; simulation: string };

before(async () => {
  const link = new URL(portico.firstOwnerLink!);
  assert.equal((await owner.post(link.pathname + link.search, { token: link.searchParams.get('token')!, email: 'owner@echo.example', password })).status, 302);
  const first = await signUpBy(ada, 'ada@echo.example');
  const { key } = await portico.api<{ key: string }>('POST', '/keys', { email: 'ada@echo.example', product: 'echo', mode: 'live', name: 'Backend' });
  for (const path of ['/echo/v1/echo', '/echo/v1/status/404', '/echo/v1/nothing']) for (const secret of [first, key]) await call(portico, secret, path);
  await ada.post('/dashboard/team', { intent: 'invite', email: 'friend@echo.example' });
  await ada.post('/feedback', { path: '/echo/v1/get-echo', helpful: 'no', comment: 'What are the header fields?' });
  const consumer = (await portico.api<{ consumers: { id: string }[] }>('GET', '/consumers?search=ada')).consumers[0]!.id;
  let request = '';
  await waitFor('the calls in the log', async () => {
    request = (await portico.api<{ requests: { id: string }[] }>('GET', '/requests?email=ada@echo.example&status=404')).requests[0]?.id ?? '';
    return request !== '';
  }, 15_000);
  const invoice = await makeInvoices(portico, consumer);
  ids = { consumer, key: (await portico.api<{ keys: { id: string }[] }>('GET', `/consumers/${consumer}`)).keys[0]!.id, request, invoice, simulation: await makeSimulation(portico) };
});

/** Views of a page that show more than its address alone. */
const views: Record<string, string[]> = {
  '/': ['/', '/nothing-here'], '/search': ['/search', '/search?q=echo', '/search?q=nothing-like-it'], '/:product': ['/echo', '/echo?plan=unlimited'], '/dashboard/usage': ['/dashboard/usage?by=operation', '/dashboard/usage?range=custom'], '/dashboard/keys': ['/dashboard/keys?state=all'],
  '/dashboard/requests': ['/dashboard/requests', '/dashboard/requests?open=ID', '/dashboard/requests?status=bad'], '/errors/:code': ['/errors/key_missing', '/errors/no_such_code'], '/:product/:version/:operation': ['/echo/v1/get-status', '/echo/v1/post-echo', '/echo/v1/no-operation'],
  '/workspace/requests': ['/workspace/requests', '/workspace/requests?status=404'], '/reset-password': ['/reset-password?token=x'], '/verify-email': ['/verify-email?token=x'], '/magic-link': ['/magic-link?token=x'], '/invitation': ['/invitation?token=x'],
};

function addresses(pattern: string): string[] {
  const names: Record<string, string> = { product: 'echo', version: 'v1', plan: 'free', guide: 'start', slug: 'terms', invoice: ids.invoice, coupon: 'WELCOME-20', simulation: ids.simulation, position: '1', id: pattern.includes('/requests/') ? ids.request : pattern.includes('/keys/') ? ids.key : ids.consumer };
  return (views[pattern] ?? [pattern.replaceAll(/:([a-z]+)/g, (_, name: string) => names[name]!)]).map((path) => path.replace('=ID', `=${ids.request}`));
}

const people: [string, (who: string) => boolean, Visitor | undefined][] = [
  ['a stranger', (who) => who === 'everyone' || who === 'signed-out', undefined],
  ['a developer', (who) => who === 'developer', ada],
  ['a member', (who) => who === 'member', owner],
];

for (const [name, meant, visitor] of people) {
  test(`each page for ${name} is clean: axe, policy, errors, hosts, widths`, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' });
    if (visitor) await enterAs(context, portico, visitor);
    const { page, faults } = await openPage(context, portico.webUrl);
    page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text()); });
    const patterns = [...new Set(routePaths())].filter((pattern) => routes[pattern]!.kind === 'page' && meant(routes[pattern]!.who));
    assert.ok(patterns.length >= 12, `${patterns.length} pages`);
    for (const path of patterns.flatMap(addresses)) {
      await page.setViewportSize({ width: 1280, height: 860 });
      await page.emulateMedia({ colorScheme: 'light' });
      const answer = await page.goto(portico.webUrl + path);
      assert.ok(answer!.status() < 500, `${path} answers ${answer!.status()}`);
      await drawn(page);
      await assertAccessible(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 860 });
        await assertFits(page);
        if (width === 390) await assertAccessible(page);
      }
      assert.deepEqual(faults, [], path);
    }
    await context.close();
  });
}
