import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Octokit } from 'octokit';
import { loadContract } from '../src/contract/load.ts';
import { sampleRequest } from '../src/contract/sample.ts';
import { operationPage } from '../src/contract/shape.ts';
import { openPage, startBrowser } from './browser.ts';
import { githubDocument, startPrism } from './github-document.ts';
import { startPortico, waitFor } from './portico.ts';
import { signUp } from './people.ts';

/** How many times slower than alone a test runs that shares the machine: bounds on time hold for a machine of its own. */
const busy = (): number => Math.max(1, loadavg()[0]! / availableParallelism());

test("GitHub's own document loads in under 10 s and 1.5 GB, and each of its pages in milliseconds", { timeout: 120_000 }, async (t) => {
  const file = await githubDocument();
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  const { document, operations } = await loadContract({ file, text: readFileSync(file, 'utf8'), files: [] });
  const elapsed = performance.now() - begun;
  const peakMb = (process.resourceUsage().maxRSS * 1024 - before) / 1e6;
  assert.ok(operations.length > 1200, String(operations.length));
  assert.equal(new Set(operations.map(({ slug }) => slug)).size, operations.length);
  const times = operations.map((operation) => {
    const start = performance.now();
    operationPage(document, operation);
    sampleRequest(document, operation);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const [median, slowest] = [times[times.length >> 1]!, times.at(-1)!];
  t.diagnostic(`${operations.length} operations in ${Math.round(elapsed)} ms and ${Math.round(peakMb)} MB; a page in ${median.toFixed(2)} ms (median), ${slowest.toFixed(1)} ms (slowest)`);
  assert.ok(elapsed < 10_000 * busy(), `${elapsed} ms`);
  assert.ok(peakMb < 1_500, `${peakMb} MB`);
  assert.ok(median < 20, `${median} ms`);
});

test("GitHub's own document becomes a product, and its own client calls it", { timeout: 180_000 }, async (t) => {
  const document = await githubDocument();
  const [prism, portico] = await Promise.all([startPrism(t, document), startPortico(t)]);
  const folder = mkdtempSync(join(tmpdir(), 'portico-github-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'portico.yaml');
  writeFileSync(file, `products:\n  - slug: github\n    upstream: ${prism.url}\n    versions: [{ name: v3, openapi: ${document} }]\n    plans: [{ slug: free, default: true, currency: usd }]\n`);

  await t.test('it is ingested in under 10 s, while the web answers', async () => {
    const latencies: number[] = [];
    let applied = false;
    const watching = (async () => {
      while (!applied) {
        const begun = performance.now();
        await (await fetch(`${portico.webUrl}/healthz`)).arrayBuffer();
        latencies.push(performance.now() - begun);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const begun = performance.now();
    const { code, stderr } = await portico.run('apply', '-f', file, '--json').finally(() => { applied = true; });
    const elapsed = performance.now() - begun;
    await watching;
    t.diagnostic(`applied in ${Math.round(elapsed)} ms; slowest of ${latencies.length} health checks meanwhile ${Math.round(Math.max(...latencies))} ms`);
    assert.equal(code, 0, stderr);
    assert.ok(elapsed < 10_000 * busy(), `${elapsed} ms`);
    assert.ok(Math.max(...latencies) < 1_000 * busy(), `${Math.max(...latencies)} ms`);
  });

  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'github', '--plan', 'free', '--email', 'octocat@example.com');
  const octokit = new Octokit({ baseUrl: `${portico.gatewayUrl}/github/v3`, retry: { enabled: false }, throttle: { enabled: false }, log: { debug() {}, info() {}, warn() {}, error() {} } });
  octokit.hook.before('request', (options) => {
    // Prism takes the document at its word, which knows application/json and not the vendor type that the client asks for.
    Object.assign(options.headers, { 'x-api-key': key, accept: 'application/json, text/html;q=0.9' });
  });
  const repo = { owner: 'octocat', repo: 'hello-world' };

  await t.test('the client reads, writes, deletes and renders', async () => {
    assert.equal((await octokit.rest.repos.get(repo)).data.full_name, 'octocat/Hello-World');
    assert.equal((await octokit.rest.users.getByUsername({ username: 'octocat' })).data.login, 'octocat');
    assert.equal((await octokit.rest.issues.listForRepo({ ...repo, state: 'open', per_page: 5 })).data[0]!.number, 1347);
    assert.equal((await octokit.rest.issues.create({ ...repo, title: 'Found a bug', labels: ['bug'] })).status, 201);
    assert.equal((await octokit.rest.repos.delete(repo)).status, 204);
    assert.match(String((await octokit.rest.markdown.render({ text: '**hi**' })).headers['content-type']), /^text\/html/);
    assert.equal((await octokit.rest.git.getRef({ ...repo, ref: 'heads/feature' })).status, 200);
  });

  await t.test('templates that differ by parameter name only are told apart by method', async () => {
    const path = '/orgs/octo/attestations/sha256%3Aabc';
    const [listed, deleted] = [await octokit.request(`GET ${path}`), await octokit.request(`DELETE ${path.replace('sha256%3Aabc', '7')}`)];
    assert.deepEqual([listed.status, deleted.status], [200, 200]);
  });

  await t.test('what the document does not have is refused by Portico, in words', async () => {
    const refused = await octokit.request('GET /no/such/thing').then(() => undefined, (error: unknown) => error as { status: number; response: { data: ArrayBuffer } });
    assert.equal(refused?.status, 404);
    assert.match(Buffer.from(refused.response.data).toString(), /"code": "operation_unknown"/);
  });

  await t.test('every call is in the ledger under the name of its operation', async () => {
    await waitFor('the ledger', async () => {
      const { total } = await portico.cli<{ total: Record<string, string> }>('usage', '--email', 'octocat@example.com');
      return total['requests'] === '9';
    }, 10_000);
    const { usage } = await portico.cli<{ usage: { operation: string; quantity: string }[] }>('usage', '--email', 'octocat@example.com');
    const operations = new Set(usage.map(({ operation }) => operation));
    const known = JSON.parse(readFileSync(document, 'utf8')) as { paths: Record<string, Record<string, { operationId?: string }>> };
    const ids = new Set(Object.values(known.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId)));
    for (const operation of ['repos/get', 'users/get-by-username', 'issues/create', 'git/get-ref']) assert.ok(operations.has(operation), operation);
    for (const operation of operations) assert.ok(ids.has(operation), operation);
  });

  await t.test('a signed-in developer gets light pages, and limits a key to an operation of any group', async (inner) => {
    const { page } = await openPage(await (await startBrowser(inner)).newContext(), portico.webUrl);
    await signUp(page, portico, 'mona@example.com');
    for (const path of ['/github/v3', '/github/v3/issues-create', '/github/v3/repos-get', '/github/v3/dependabot-list-alerts-for-org', '/dashboard/keys/new']) {
      const html = await (await page.request.get(portico.webUrl + path)).text();
      assert.ok(html.length < 120_000, `${path}: ${html.length}`);
    }
    const plain = await (await page.request.get(`${portico.webUrl}/dashboard/keys/new?product=github&open=gists`)).text();
    assert.match(plain, /<input[^>]* value="gists\/get"/, 'a group opens without script');
    await page.goto(`${portico.webUrl}/dashboard/keys/new?product=github`);
    await page.locator('#filter-operations').fill('gists/get-comment');
    await page.locator('input[name=scope][value="gists/get-comment"]').check();
    await page.getByLabel('Name', { exact: true }).fill('Narrow');
    await page.locator('#field-mode').selectOption('live');
    await page.getByLabel('Client addresses').fill('nonsense');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('is neither an address nor a CIDR range').first().waitFor();
    assert.equal(await page.locator('input[name=scope]:checked').count(), 1, 'the choice survives a refusal');
    await page.getByLabel('Client addresses').fill('');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('Narrow').first().waitFor();
    await page.goto(`${portico.webUrl}/dashboard/keys`);
    await page.getByText('1 operation').first().waitFor();
  });
});
