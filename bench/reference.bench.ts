// GitHub's document as a product: the first view of each reference page after a start, what it weighs, and what scripts it loads.
// Limits: 100 ms on the server, 120 kB of HTML, 150 kB of compressed script. The load of the machine stands beside the times.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { githubDocument } from '../test/github-document.ts';
import { startPortico } from '../test/portico.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const limits = { ms: 100, htmlBytes: 120_000, scriptBytes: 150_000 };
const heaviest = 30;
const every = 10;

interface View { path: string; ms: number; bytes: number }

const cleanups: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => { cleanups.unshift(fn); } };
const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
try {
  const document = await githubDocument();
  const configuration = join(folder, 'portico.yaml');
  writeFileSync(configuration, `products:\n  - slug: github\n    upstream: http://127.0.0.1:9\n    testUpstream: examples\n    versions: [{ name: v3, openapi: ${document} }]\n    plans: [{ slug: free, default: true, currency: usd, limits: [{ name: burst, requests: 5, per: second }] }]\n`);
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  await (await startPortico(scope, { configuration, dataFolder })).stop();
  const portico = await startPortico(scope, { dataFolder });
  const { operations } = await portico.api<{ operations: { slug: string; path: string; method: string }[] }>('GET', '/products/github/versions/v3/operations');
  const paths = (JSON.parse(readFileSync(document, 'utf8')) as { paths: Record<string, Record<string, unknown>> }).paths;
  const weight = ({ path, method }: { path: string; method: string }): number => JSON.stringify(paths[path]![method.toLowerCase()]).length;
  const chosen = new Set([...operations.filter((_, index) => index % every === 0), ...operations.toSorted((a, b) => weight(b) - weight(a)).slice(0, heaviest)].map(({ slug }) => `/github/v3/${slug}`));
  const views: View[] = [];
  for (const path of [...chosen, '/github/v3', '/github/v3?tag=repos', '/github']) views.push(await view(portico.webUrl, path));
  const scripts = await scriptBytes(portico.webUrl, [...chosen][0]!);
  report(views, scripts);
} finally {
  for (const cleanup of cleanups) await cleanup();
  rmSync(folder, { recursive: true, force: true });
}

async function view(webUrl: string, path: string): Promise<View> {
  const begun = performance.now();
  const response = await fetch(webUrl + path);
  const { byteLength } = await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return { path, ms: performance.now() - begun, bytes: byteLength };
}

/** Of every module that the page preloads or starts, compressed by brotli as the server does. */
async function scriptBytes(webUrl: string, path: string): Promise<number> {
  const html = await (await fetch(webUrl + path)).text();
  const addresses = new Set([...html.matchAll(/\/assets\/[\w.-]+\.js/g)].map(([address]) => address));
  let bytes = 0;
  for (const address of addresses) {
    const response = await fetch(webUrl + address);
    if (response.ok) bytes += brotliCompressSync(await response.text()).length;
  }
  return bytes;
}

function report(views: View[], scripts: number): void {
  const times = views.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const sizes = views.map(({ bytes }) => bytes).toSorted((a, b) => a - b);
  const result = {
    views: views.length, load: loadavg()[0], limits,
    ms: { first: round(views[0]!.ms), median: round(at(times, 0.5)), p95: round(at(times, 0.95)), slowest: round(times.at(-1)!), over: times.filter((ms) => ms > limits.ms).length },
    htmlBytes: { median: at(sizes, 0.5), largest: sizes.at(-1), over: views.filter(({ bytes }) => bytes > limits.htmlBytes).map(({ path, bytes }) => ({ path, bytes })) },
    scriptBytes: scripts,
    slowest: views.toSorted((a, b) => b.ms - a.ms).slice(0, 5).map(({ path, ms }) => ({ path, ms: round(ms) })),
  };
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/reference.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  process.stdout.write(`${views.length} pages, each viewed once after a start, at a load of ${result.load!.toFixed(1)}\n`);
  process.stdout.write(`on the server: first ${result.ms.first} ms, median ${result.ms.median} ms, p95 ${result.ms.p95} ms, slowest ${result.ms.slowest} ms; ${result.ms.over} over ${limits.ms} ms\n`);
  process.stdout.write(`HTML: median ${result.htmlBytes.median} bytes, largest ${result.htmlBytes.largest}; ${result.htmlBytes.over.length} over ${limits.htmlBytes}\n`);
  process.stdout.write(`scripts: ${scripts} bytes compressed, limit ${limits.scriptBytes}\n`);
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
