// How fast search answers with GitHub's document published (about 1,200 operations), the first question after a start included, and what its index holds in memory.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { githubDocument } from '../test/github-document.ts';
import { startPortico, waitFor, type Portico } from '../test/portico.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const questions = [
  'list repositories', 'repos/get', 'pull reqest', 'create an isue', 'webhook', 'a', 'the', 'get branch protection', '/repos/{owner}/{repo}', 'GET /user', 'secret scanning', 'organisation members', 'workfow run logs',
  'pull_number', 'full-repository', 'key_revoked', 'rate limit', 'deploy keys', 'gist', 'codespace machine', 'x', 'zzzzzz', 'list', 'repo', 'dependabot alerts for a repository', 'merge', 'check suite rerequest', 'star', 'emoji', 'package versions',
];
const rounds = 10;

const cleanups: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => { cleanups.unshift(fn); } };
const dataFolder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
try {
  const configuration = join(dataFolder, 'portico.yaml');
  writeFileSync(configuration, `products:\n  - { slug: github, name: GitHub, upstream: "http://127.0.0.1:1", versions: [ { name: v3, openapi: "${await githubDocument()}" } ], plans: [ { slug: free, default: true, currency: usd } ] }\n`);
  const first = await startPortico(scope, { configuration, dataFolder });
  await waitFor('the index to be built', async () => (await ask(first, 'list repositories')).found, 60_000);
  await first.stop();
  const portico = await startPortico(scope, { dataFolder });
  const afterStart = (await ask(portico, 'list repositories')).ms;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) for (const question of questions) times.push((await ask(portico, question)).ms);
  times.sort((a, b) => a - b);
  const at = (share: number): number => round1(times[Math.min(times.length - 1, Math.floor(times.length * share))]!);
  const result = { questions: times.length, firstAfterStartMs: round1(afterStart), p50Ms: at(0.5), p95Ms: at(0.95), worstMs: round1(times.at(-1)!) };
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/search.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  process.stdout.write(`${Object.entries(result).map(([name, value]) => `${name} ${value}`).join(', ')}\n`);
} finally {
  for (const cleanup of cleanups) await cleanup();
  rmSync(dataFolder, { recursive: true, force: true });
}

/** What a search while typing costs: the page's data over HTTP, without its HTML. */
async function ask({ webUrl }: Portico, question: string): Promise<{ ms: number; found: boolean }> {
  const begun = performance.now();
  const response = await fetch(`${webUrl}/search.data?${new URLSearchParams({ q: question, _routes: 'portal/search/search' })}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return { ms: performance.now() - begun, found: text.includes('operation') };
}

function round1(ms: number): number {
  return Math.round(ms * 10) / 10;
}
