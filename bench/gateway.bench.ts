// What a request costs Portico's gateway with everything on, beside proxies that do less: `npm run bench -- gateway`.
//   --quick                 two short rounds of the first two cases
//   --cases small,scale     only these          --only Portico,nginx    only these proxies
//   --rounds 5 --seconds 3  how long
//   --profile               only the gateway's profile: its widest frames, and bench/results/tmp/gateway.cpuprofile
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from './gateway/cases.ts';
import { throwawayFolder, type Proxy, type Scope } from './gateway/processes.ts';
import { startPorticoProxy, type PorticoProxy } from './gateway/portico-proxy.ts';
import { profileGateway } from './gateway/profile.ts';
import { caseTable, figuresText, findTargets, plot, scaleText, summarize, targetTable, type BenchResult, type CaseResult } from './gateway/report.ts';
import { runRounds } from './gateway/rounds.ts';
import { checkMetered, measureScale } from './gateway/scale.ts';
import { smallBody, startCaddy, startFastify, startHaproxy, startNginxLua, startNginxProxy, startUpstream, type Upstream } from './gateway/yardsticks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, cases: { type: 'string' }, only: { type: 'string' }, rounds: { type: 'string' }, seconds: { type: 'string' }, profile: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
const seconds = Number(values.seconds ?? (values.quick ? 1 : 3));
const names = values.cases?.split(',') ?? (values.quick ? ['small', 'latency'] : [...cases.map(({ name }) => name), 'scale']);
const chosen = cases.filter(({ name }) => names.includes(name));
const starts: Record<string, (scope: Scope, upstream: Upstream) => Promise<Proxy>> = {
  'Portico': startPorticoProxy, 'nginx': startNginxProxy, 'nginx + Lua': startNginxLua, 'haproxy': startHaproxy, 'Caddy': startCaddy, '@fastify/http-proxy': startFastify,
};

const cleanups: (() => unknown)[] = [];
const scope: Scope = { after: (end: () => unknown) => { cleanups.unshift(end); } };
const progress = (text: string): void => { process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : ''); };
try {
  const folder = throwawayFolder(scope);
  const upstream = await startUpstream(scope);
  if (values.profile) process.stdout.write(`${await profileGateway(scope, upstream, { seconds: 2 * seconds, results: join(root, 'bench/results/tmp') })}\n`);
  else await compare(folder, upstream);
} finally {
  for (const cleanup of cleanups) await cleanup();
}

async function compare(folder: string, upstream: Upstream): Promise<void> {
  const proxies: Proxy[] = [];
  for (const [name, start] of Object.entries(starts)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    progress(`Starting ${name}`);
    proxies.push(await start(scope, upstream));
  }
  for (const proxy of proxies) await checkOne(proxy);
  const portico = proxies.find(({ name }) => name === 'Portico') as PorticoProxy | undefined;
  const results: CaseResult[] = [];
  let sent = 0;
  for (const test of chosen) {
    const asked: Proxy[] = test.direct ? [{ name: 'direct', url: `http://127.0.0.1:${upstream.port}`, headers: {}, pids: () => [] }, ...proxies] : proxies;
    const measured = await runRounds(asked, test, { folder, rounds, seconds, progress });
    sent += measured.find(({ proxy }) => proxy === 'Portico')?.answered ?? 0;
    results.push(summarize(test, measured));
    progress('');
    process.stdout.write(`\n${test.title} (load of the machine ${loadavg()[0]!.toFixed(1)})\n\n${caseTable(results.at(-1)!)}\n`);
  }
  if (portico) await sayMetered(portico, sent);
  const scale = portico && names.includes('scale') ? await measureScale(scope, upstream, portico, { folder, rounds, seconds, progress }) : undefined;
  progress('');
  if (scale) process.stdout.write(`\n${scaleText(scale)}`);
  const targets = findTargets(results, scale);
  process.stdout.write(`\n${targetTable(targets)}\n`);
  write({ node: process.version, rounds, seconds, load: loadavg()[0]!, results, scale, targets });
}

/** The answer is the upstream's, octet for octet. */
async function checkOne({ name, url, headers }: Proxy): Promise<void> {
  const response = await fetch(`${url}/small`, { headers });
  const text = await response.text();
  if (response.status !== 200 || text !== smallBody) throw new Error(`${name} answers ${response.status} ${text.slice(0, 200)}`);
}

async function sayMetered(portico: PorticoProxy, sent: number): Promise<void> {
  const metered = await checkMetered(portico, 0, sent + 1, (rounds + 1) * chosen.reduce((sum, { load }) => sum + load.connections, 0));
  process.stdout.write(`\n${metered} requests are metered: ${sent + 1} that were counted as answered, and ${metered - sent - 1} that were on their way when a round ended.\n`);
}

function write(result: BenchResult): void {
  if (values.only !== undefined || values.quick) return;
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'gateway.json');
  const former = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as typeof result) : undefined;
  // A run of some cases leaves the others' figures as they were.
  const merged = { ...result, results: cases.flatMap(({ name }) => result.results.find((one) => one.name === name) ?? former?.results.find((one) => one.name === name) ?? []), scale: result.scale ?? former?.scale };
  writeFileSync(file, `${JSON.stringify(merged, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value), 2)}\n`);
  const small = merged.results.find(({ name }) => name === 'small');
  if (small) writeFileSync(join(folder, 'gateway.svg'), plot(small));
  const page = join(root, 'docs/performance.md');
  const said = figuresText({ ...merged, targets: findTargets(merged.results, merged.scale) });
  writeFileSync(page, readFileSync(page, 'utf8').replace(/(<!-- figures -->\n)[^]*(<!-- end of figures -->)/, (_, before: string, after: string) => `${before}${said}${after}`));
}
