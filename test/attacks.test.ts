// Whatever a producer's documents and a stranger's texts hold, a page shows it as text. Portal and workspace are walked with every
// text an attack, under the content security policy, which must have nothing to report; the documentation once more without it, so that nothing leans on it alone.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { listen } from './attack-watch.ts';
import { attackedDocument, links, logo, long, short } from './attack-texts.ts';
import { startBrowser } from './browser.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { password } from './people.ts';
import { startPortico, waitFor, type Portico } from './portico.ts';
import { enterAs, signUpBy, visit, type Visitor } from './visitors.ts';

const upstream = await startEchoUpstream({ after });
const folder = dirname(upstream.configuration);
const quoted = JSON.stringify;
mkdirSync(join(folder, 'guides'));
writeFileSync(join(folder, 'guides/start.md'), `# ${short('guide title')}\n\n${long('guide')}\n`);
writeFileSync(join(folder, 'terms.md'), `# ${short('page title')}\n\n${long('page')}\n`);
writeFileSync(join(folder, 'logo.svg'), logo);
writeFileSync(join(folder, 'attack.json'), JSON.stringify(attackedDocument));
const configuration = join(folder, 'attacks.yaml');
writeFileSync(configuration, `
portal:
  name: ${quoted(short('portal name'))}
  keyPrefix: echo
  headline: ${quoted(short('headline'))}
  logo: ./logo.svg
  footer: [ { label: '<svg/onload=attacked=1>', url: https://example.com } ]
  pages: [ { slug: terms, file: ./terms.md } ]
products:
  - slug: echo
    name: ${quoted(short('product name'))}
    description: ${quoted(long('product'))}
    highlights: [ ${quoted(short('highlight'))} ]
    owner: ${quoted(short('owner'))}
    upstream: ${upstream.url}
    testUpstream: examples
    guides: ./guides
    versions: [ { name: v1, openapi: ./attack.json } ]
    plans:
      - { slug: free, name: ${quoted(short('plan name'))}, description: ${quoted(long('plan'))}, default: true, currency: usd, limits: [ { name: burst, requests: 50, per: second } ] }
      - { slug: partner, name: ${quoted(short('other plan'))}, currency: usd, access: approval }
`);
const portico = await startPortico({ after }, { configuration });
const browser = await startBrowser({ after });
const owner = visit(portico);
const ada = visit(portico);
let operations: string[];
let ids: { consumer: string; key: string; request: string };

before(async () => {
  const link = new URL(portico.firstOwnerLink!);
  assert.equal((await owner.post(link.pathname + link.search, { token: link.searchParams.get('token')!, email: 'owner@echo.example', password, name: short('member') })).status, 302);
  const secret = await signUpBy(ada, 'ada@example.com');
  operations = [...new Set([...(await ada.get('/echo/v1')).text.matchAll(/href="(\/echo\/v1\/[a-z0-9-]+)"/g)].map(([, path]) => path!))];
  assert.equal(operations.length, 2, operations.join());
  await strangersTexts(secret);
  ids = await idsOf(portico);
});

/** What everybody may write: names, comments, header fields and paths of calls. */
async function strangersTexts(secret: string): Promise<void> {
  for (const [visitor, path, form] of [
    [ada, '/dashboard/account', { intent: 'rename', name: short('consumer name') }],
    [ada, '/dashboard/team', { intent: 'invite', email: 'friend@example.com' }],
    [ada, '/dashboard/keys', { intent: 'create', name: short('key name'), mode: 'test', product: 'echo' }],
    [ada, '/feedback', { path: operations[0]!, helpful: 'no', comment: long('feedback') }],
    [visit(portico), '/feedback', { path: '/echo/guides/start', helpful: 'yes', comment: short('feedback of a stranger') }],
    [ada, '/echo', { plan: 'partner' }],
  ] as [Visitor, string, Record<string, string>][]) {
    const { status, text } = await visitor.post(path, form);
    assert.ok(status < 400, `${path} answers ${status}: ${text.slice(0, 300)}`);
  }
  const headers = { authorization: `Bearer ${secret}`, 'user-agent': short('user agent'), 'content-type': 'application/json' };
  const named = encodeURIComponent(short('query name'));
  const choice = encodeURIComponent(short('choice'));
  for (const [path, init] of [
    [`/things?kind=${choice}&${named}=1`, {}], ['/things', { method: 'POST', body: JSON.stringify({ [short('body name')]: 1 }) }], [`/${named}`, {}],
  ] as [string, RequestInit][]) await (await fetch(`${portico.gatewayUrl}/echo/v1${path}`, { ...init, headers })).text();
  await (await fetch(`${portico.gatewayUrl}/echo/v1/things`, { headers: { ...headers, authorization: short('scheme') } })).text();
}

async function idsOf({ api }: Portico): Promise<typeof ids> {
  const consumer = (await api<{ consumers: { id: string }[] }>('GET', '/consumers?search=ada')).consumers[0]!.id;
  const { keys } = await api<{ keys: { id: string }[] }>('GET', `/consumers/${consumer}`);
  let requests: { id: string }[] = [];
  await waitFor('the calls in the log', async () => {
    ({ requests } = await api<{ requests: { id: string }[] }>('GET', '/requests?email=ada@example.com'));
    return requests.length >= 3;
  }, 15_000);
  return { consumer, key: keys[0]!.id, request: requests.at(-1)!.id };
}

/** The pages that show texts of others, and one text that proves it. */
function walk(): [Visitor | undefined, string, string?][] {
  const q = encodeURIComponent(short('search'));
  const workspace = '/workspace/products/echo';
  return [
    [undefined, '/', 'product name'], [undefined, '/echo', 'highlight'], [undefined, '/echo/guides/start', 'guide title'], [undefined, '/pages/terms', 'page title'], [undefined, '/echo/v1', 'summary'],
    ...operations.map((path): [undefined, string] => [undefined, path]), [undefined, `/echo/v1?tag=${encodeURIComponent(short('tag'))}`],
    [undefined, `/search?q=${q}`, 'search'], [undefined, '/search?q=things', 'summary'], [undefined, '/search?q=attack'], [undefined, `/echo?plan=${q}`], [undefined, `/errors/${q}`], [undefined, `/${q}`], [undefined, `/sign-in?next=${q}`], [undefined, '/outbox'],
    [ada, '/start', 'product name'], ...operations.map((path): [Visitor, string] => [ada, path]), [ada, '/dashboard'], [ada, '/dashboard/usage?by=key', 'key name'], [ada, '/dashboard/keys', 'key name'], [ada, `/dashboard/keys/${ids.key}`, 'key name'], [ada, '/dashboard/keys/new'],
    [ada, '/dashboard/requests'], [ada, `/dashboard/requests/${ids.request}`, 'user agent'], [ada, `/dashboard/requests?operation=${q}&id=${q}&code=${q}`], [ada, '/dashboard/plan', 'plan name'], [ada, '/dashboard/team'], [ada, '/dashboard/notices'], [ada, '/dashboard/account', 'consumer name'],
    [owner, '/workspace'], [owner, '/workspace/products', 'product name'], [owner, workspace, 'product name'], [owner, `${workspace}/edit`], [owner, `${workspace}/versions/v1`], [owner, `${workspace}/plans/free`, 'plan name'], [owner, '/workspace/approvals', 'consumer name'],
    [owner, '/workspace/consumers', 'consumer name'], [owner, `/workspace/consumers/${ids.consumer}`, 'consumer name'], [owner, '/workspace/requests', 'consumer name'], [owner, `/workspace/requests/${ids.request}`], [owner, '/workspace/documentation'], [owner, '/workspace/documentation/feedback', 'feedback of a stranger'],
    [owner, '/workspace/members', 'member'], [owner, '/workspace/settings', 'portal name'], [owner, '/workspace/audit', 'consumer name'], [owner, `/workspace/consumers?search=${q}`],
  ];
}

for (const [name, bypassCSP] of [['under the policy, which has nothing to report', false], ['without the policy', true]] as const) {
  test(`no text of others runs on any page: ${name}`, async () => {
    const watches = new Map<Visitor | undefined, Awaited<ReturnType<typeof listen>>>();
    for (const [visitor, path, proof] of walk().filter((step) => !bypassCSP || step[0] === undefined)) {
      if (!watches.has(visitor)) {
        const context = await browser.newContext({ bypassCSP });
        if (visitor) await enterAs(context, portico, visitor);
        watches.set(visitor, await listen(context, portico));
      }
      const watch = watches.get(visitor)!;
      await watch.open(path);
      await watch.assertHarmless(path, proof === undefined ? undefined : short(proof));
      if (!bypassCSP) continue;
      await watch.press(links.map(([label]) => label));
      await watch.assertHarmless(`${path} with its links pressed`);
    }
    for (const { context } of watches.values()) await context.close();
  });
}

test('an address that is a script is refused, or is no link', async () => {
  for (const [name, address] of links) {
    const file = join(folder, 'footer.yaml');
    writeFileSync(file, `portal: { name: Echo, keyPrefix: echo, footer: [ { label: Bad, url: ${quoted(address)} } ] }\nproducts: []\n`);
    const { code, stdout, stderr } = await portico.run('apply', '-f', file, '--dry-run');
    assert.notEqual(code, 0, `${name} is taken as a footer's address: ${stdout}`);
    assert.match(stderr + stdout, /footer\.yaml:1/, name);
  }
});

test("texts beside the pages have types that no browser takes for a page", async () => {
  for (const path of ['/llms.txt', '/llms-full.txt', '/index.md', '/echo.md', '/echo/guides/start.md', '/pages/terms.md', '/echo/v1/openapi.json', '/sitemap.xml', '/.well-known/api-catalog', ...operations.map((address) => `${address}.md`)]) {
    const response = await fetch(portico.webUrl + path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
    assert.doesNotMatch(response.headers.get('content-type')!, /html|svg|xhtml/, path);
    if (/xml/.test(response.headers.get('content-type')!)) assert.doesNotMatch(await response.text(), /<(?:script|img|svg)\b/, path);
  }
  const logoPath = /src="(\/brand\/[0-9a-f]{64}\/logo)"/.exec((await ada.get('/')).text)![1]!;
  const context = await browser.newContext({ bypassCSP: false });
  const watch = await listen(context, portico);
  await watch.page.goto(portico.webUrl + logoPath);
  assert.equal(await watch.page.evaluate(() => (globalThis as { attacked?: string }).attacked), undefined, 'the logo, opened by itself, runs nothing');
  await context.close();
});
