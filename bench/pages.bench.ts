// What Lighthouse says of the deciding pages, what they weigh and how long the server takes: `npm run bench -- pages`.
// Lighthouse lives in a package of its own under bench/lighthouse, installed here when it is missing.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { startDemoScene, type DemoScene } from '../test/demo-scene.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const lighthouseFolder = join(root, 'bench/lighthouse');
const reports = join(root, 'bench/results/tmp');
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const least = 95;
const timings = 15;

interface Report { categories: Record<string, { score: number | null }>; audits: Record<string, { id: string; title: string; score: number | null; scoreDisplayMode: string; displayValue?: string }> }

const cleanups: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => { cleanups.unshift(fn); } };
try {
  if (!existsSync(join(lighthouseFolder, 'node_modules'))) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: lighthouseFolder, stdio: 'inherit' });
  mkdirSync(reports, { recursive: true });
  const scene = await startDemoScene(scope);
  const pages = { home: '/', product: '/atlas', reference: `/atlas/v2/${scene.operation}`, dashboard: '/dashboard' };
  const results = [];
  for (const [name, path] of Object.entries(pages)) {
    const cookie = name === 'dashboard' ? scene.developer.cookie() : '';
    results.push({ page: name, ...(await runLighthouse(name, scene.portico.webUrl + path, cookie)), ...(await weigh(scene, path, cookie)) });
  }
  writeFileSync(join(root, 'bench/results/pages.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  for (const { page, scores, htmlKb, scriptKb, serverMs, findings } of results) {
    process.stdout.write(`${page.padEnd(10)} ${categories.map((category) => `${category} ${scores[category]}`).join(', ')}; HTML ${htmlKb} kB, script ${scriptKb} kB, server ${serverMs} ms\n`);
    for (const finding of findings) process.stdout.write(`           ${finding}\n`);
  }
  const below = results.flatMap(({ page, scores }) => categories.filter((category) => scores[category]! < least).map((category) => `${page} ${category} ${scores[category]}`));
  process.stdout.write(below.length === 0 ? `all at least ${least}\n` : `below ${least}: ${below.join(', ')}\n`);
  process.exitCode = below.length === 0 ? 0 : 1;
} finally {
  for (const cleanup of cleanups) await cleanup();
  rmSync(reports, { recursive: true, force: true });
}

async function runLighthouse(name: string, url: string, cookie: string): Promise<{ scores: Record<string, number>; findings: string[] }> {
  const file = join(reports, `${name}.json`);
  await promisify(execFile)(process.execPath, [
    join(lighthouseFolder, 'node_modules/lighthouse/cli/index.js'), url, '--quiet', '--output=json', `--output-path=${file}`, `--only-categories=${categories.join(',')}`, '--preset=desktop',
    '--chrome-flags=--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run',
    ...(cookie === '' ? [] : [`--extra-headers=${JSON.stringify({ cookie })}`]),
  ], { env: { ...process.env, CHROME_PATH: '/usr/bin/chromium' }, timeout: 180_000 });
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const findings = Object.values(report.audits).filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && ['binary', 'numeric'].includes(scoreDisplayMode)).map(({ id, displayValue }) => `${id}${displayValue === undefined ? '' : ` ${displayValue}`}`);
  return { scores: Object.fromEntries(categories.map((category) => [category, Math.round((report.categories[category]?.score ?? 0) * 100)])), findings };
}

/** HTML uncompressed, every script that the page names compressed by brotli as the server does, and the median time of the server; kB are 1,000 octets. */
async function weigh({ portico }: DemoScene, path: string, cookie: string): Promise<{ htmlKb: number; scriptKb: number; serverMs: number }> {
  const times: number[] = [];
  let html = '';
  for (let i = 0; i < timings; i++) {
    const begun = performance.now();
    html = await (await fetch(portico.webUrl + path, { headers: { accept: 'text/html', cookie } })).text();
    times.push(performance.now() - begun);
  }
  const scripts = new Set([...html.matchAll(/"(\/assets\/[^"]+\.js)"/g)].filter(([whole, address]) => html.includes(`href="${address}"`) || html.includes(`src="${address}"`) || html.includes(`import ${whole}`)).map(([, address]) => address!));
  let octets = 0;
  for (const script of scripts) octets += brotliCompressSync(Buffer.from(await (await fetch(portico.webUrl + script)).arrayBuffer())).length;
  const kb = (value: number): number => Math.round(value / 100) / 10;
  return { htmlKb: kb(Buffer.byteLength(html)), scriptKb: kb(octets), serverMs: Math.round(times.sort((a, b) => a - b)[timings >> 1]! * 10) / 10 };
}
