// How long the machine takes between the home page and a first call that worked, step by step: `npm run bench -- first-call [ROUNDS]`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../test/browser.ts';
import { startEchoUpstream } from '../test/echo-upstream.ts';
import { walkToFirstCall, type Steps } from '../test/first-call-journey.ts';
import { startPortico } from '../test/portico.ts';

const rounds = Number(process.argv[2] ?? 10);
const cleanups: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => { cleanups.unshift(fn); } };
try {
  const upstream = await startEchoUpstream(scope);
  const portico = await startPortico(scope, { configuration: upstream.configuration });
  const browser = await startBrowser(scope);
  const walks: Steps[] = [];
  for (let round = 0; round < rounds; round += 1) walks.push(await walkToFirstCall(browser, portico, { product: 'Echo API', email: `walker-${round}@example.com` }));
  const steps = Object.keys(walks[0]!) as (keyof Steps)[];
  const results = [...steps.map((step) => ({ step: step as string, ...figures(walks.map((walk) => walk[step])) })), { step: 'whole', ...figures(walks.map((walk) => steps.reduce((sum, step) => sum + walk[step], 0))) }];
  const folder = fileURLToPath(new URL('results', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/first-call.json`, `${JSON.stringify({ rounds, unit: 'ms', results }, undefined, 2)}\n`);
  for (const { step, median, p90 } of results) process.stdout.write(`${step.padEnd(8)} median ${String(median).padStart(5)} ms, p90 ${String(p90).padStart(5)} ms\n`);
} finally {
  for (const cleanup of cleanups) await cleanup();
}

function figures(times: number[]): { median: number; p90: number } {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: Math.round(sorted[sorted.length >> 1]!), p90: Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.9))]!) };
}
