// Medians and ratios of what was measured: as a table, as a plot, and against the limits that Portico sets itself.
import type { Case } from './cases.ts';
import { median, type Measured } from './rounds.ts';
import type { Scale } from './scale.ts';

export interface Line {
  proxy: string;
  cpuUs: number;
  treeCpuUs: number;
  perSecond: number;
  p50Us: number;
  p99Us: number;
  /** Beyond the upstream's own, in the median of rounds; null where the upstream was not asked directly. */
  addedP50Us: number | null;
  addedP99Us: number | null;
  memoryMb: number;
}

export interface CaseResult { name: string; title: string; lines: Line[]; failures?: string[] }

export interface Target { name: string; limit: number; unit: string; measured: number | null; met: boolean | null }

export function summarize(test: Case, measured: Measured[]): CaseResult {
  const direct = measured.find(({ proxy }) => proxy === 'direct');
  const added = ({ rounds }: Measured, field: 'p50Us' | 'p99Us'): number | null => (direct ? median(rounds.map((round, index) => round[field] - direct.rounds[index]![field])) : null);
  return {
    name: test.name, title: test.title,
    failures: measured.flatMap(({ failure }) => failure ?? []),
    lines: measured.filter(({ failure }) => failure === undefined).map((one) => {
      const of = (field: 'cpuUs' | 'treeCpuUs' | 'p50Us' | 'p99Us'): number => median(one.rounds.map((round) => round[field]));
      return {
        proxy: one.proxy, cpuUs: of('cpuUs'), treeCpuUs: of('treeCpuUs'), perSecond: median(one.rounds.map(({ requests, seconds }) => requests / seconds)), p50Us: of('p50Us'), p99Us: of('p99Us'),
        addedP50Us: added(one, 'p50Us'), addedP99Us: added(one, 'p99Us'), memoryMb: one.memoryMb,
      };
    }),
  };
}

export function findTargets(results: CaseResult[], scale: Scale | undefined): Target[] {
  const line = (name: string, proxy: string): Line | undefined => results.find((result) => result.name === name)?.lines.find((one) => one.proxy === proxy);
  const ratio = (value: number | undefined, by: number | undefined): number | null => (value === undefined || by === undefined ? null : value / by);
  const most = (name: string, limit: number, measured: number | null, unit = ''): Target => ({ name, limit, unit, measured, met: measured === null ? null : measured <= limit });
  const portico = line('small', 'Portico');
  return [
    most('Gateway’s processor time a request, times bare nginx', 1.6, ratio(portico?.cpuUs, line('small', 'nginx')?.cpuUs)),
    most('The same, times nginx with Lua', 1.15, ratio(portico?.cpuUs, line('small', 'nginx + Lua')?.cpuUs)),
    most('Whole process tree’s, ingest included, times bare nginx', 1.8, ratio(portico?.treeCpuUs, line('small', 'nginx')?.cpuUs)),
    most('Gateway’s, as a share of Caddy’s', 1 / 4, ratio(portico?.cpuUs, line('small', 'Caddy')?.cpuUs)),
    most('Gateway’s, as a share of @fastify/http-proxy’s', 1 / 3, ratio(portico?.cpuUs, line('small', '@fastify/http-proxy')?.cpuUs)),
    most('Added p50 latency at one connection', 120, line('latency', 'Portico')?.addedP50Us ?? null, 'us'),
    most('Added p99 latency at one connection', 600, line('latency', 'Portico')?.addedP99Us ?? null, 'us'),
    most('100,000 keys and 1,000 operations drawn at random, times one of each', 1.1, scale?.manyKeysRatio ?? null),
    most('Gateway’s memory with two threads and those keys', 250, scale?.twoThreadsMemoryMb ?? null, 'MB'),
    most('Processor time a request with two threads, times one', 1.15, scale?.twoThreadsCpuRatio ?? null),
    most('Requests that failed while configuration and keys changed at half load', 0, scale?.failedWhileChanging ?? null),
    most('Longest latency meanwhile, beyond the same load without changes', 20, scale === undefined ? null : scale.maxMsWith - scale.maxMsWithout, 'ms'),
  ];
}

export function table(head: string[], rows: string[][]): string {
  const text = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return text.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function caseTable({ lines, failures = [] }: CaseResult): string {
  const nginx = lines.find(({ proxy }) => proxy === 'nginx')?.cpuUs;
  const times = (value: number): string => (nginx === undefined ? '' : (value / nginx).toFixed(2));
  const added = (value: number | null): string => (value === null ? '' : String(Math.round(value)));
  const rows = table(
    ['', 'CPU a request, us', 'times nginx', 'whole tree, us', 'times nginx', 'requests/s', 'p50, us', 'p99, us', 'added p50', 'added p99', 'memory, MB'],
    lines.filter(({ proxy }) => proxy !== 'direct').map((line) => [
      line.proxy, line.cpuUs.toFixed(1), times(line.cpuUs), line.treeCpuUs.toFixed(1), times(line.treeCpuUs), String(Math.round(line.perSecond)), String(Math.round(line.p50Us)), String(Math.round(line.p99Us)),
      added(line.addedP50Us), added(line.addedP99Us), line.memoryMb.toFixed(0),
    ]),
  );
  return rows + failures.map((failure) => `\n\nLeft out: ${failure}.`).join('');
}

export function targetTable(targets: Target[]): string {
  const said = ({ met }: Target): string => (met === null ? 'not measured' : met ? 'met' : 'missed');
  const number = (value: number, unit: string): string => `${value >= 10 ? Math.round(value) : value.toFixed(2)}${unit === '' ? '' : ` ${unit}`}`;
  return table(['Target', 'at most', 'measured', ''], targets.map((target) => [target.name, number(target.limit, target.unit), target.measured === null ? '' : number(target.measured, target.unit), said(target)]));
}

export interface BenchResult { node: string; rounds: number; seconds: number; load: number; results: CaseResult[]; scale?: Scale | undefined; targets: Target[] }

/** The figures as docs/performance.md holds them. */
export function figuresText({ node, rounds, seconds, load, results, scale, targets }: BenchResult): string {
  const parts = results.map((result) => `### ${result.title}\n\n${caseTable(result)}\n`);
  return `
Node ${node}, ${rounds} rounds of ${seconds} s, load of the machine ${load.toFixed(1)} at the end.

${targetTable(targets)}

![Processor time a request](../bench/results/gateway.svg)

${parts.join('\n')}
${scale === undefined ? '' : scaleText(scale)}`;
}

export function scaleText(scale: Scale): string {
  return `### Many keys, two threads, changes under way

With 100,000 keys of 1,000 consumers and 1,000 operations, all drawn at random, a request costs ${scale.manyKeysRatio.toFixed(2)} times what it costs with one of each; the gateway with two threads and those keys holds ${scale.twoThreadsMemoryMb.toFixed(0)} MB. Two threads cost ${scale.twoThreadsCpuRatio.toFixed(2)} times one thread's processor time a request and answer ${scale.twoThreadsThroughputRatio.toFixed(2)} times as many, where load, upstream and gateway share the processors.

At half load, ${scale.configurationSwaps} configurations and ${scale.keyChanges} changes of keys arrived while ${scale.answeredWhileChanging} requests were answered; ${scale.failedWhileChanging} failed. The longest took ${scale.maxMsWith.toFixed(1)} ms, and ${scale.maxMsWithout.toFixed(1)} ms in the rounds without changes (medians of rounds).
`;
}

/** Bars of processor time a request, the whole tree's beyond the gateway's own in a lighter shade. */
export function plot({ title, lines }: CaseResult): string {
  const bars = lines.filter(({ proxy }) => proxy !== 'direct').toSorted((a, b) => a.treeCpuUs - b.treeCpuUs);
  const [left, barHeight, gap, width] = [170, 22, 12, 760];
  const height = 64 + bars.length * (barHeight + gap) + 40;
  const most = Math.max(...bars.map(({ treeCpuUs }) => treeCpuUs));
  const step = [5, 10, 20, 25, 50, 100, 200, 500].find((candidate) => most / candidate <= 8) ?? 1000;
  const scale = (width - left - 90) / most;
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  const rows = bars.map((bar, index) => {
    const y = 56 + index * (barHeight + gap);
    const own = bar.proxy.startsWith('Portico') ? 'own' : 'other';
    const beyond = bar.treeCpuUs > bar.cpuUs * 1.005;
    const label = `${bar.cpuUs.toFixed(1)}${beyond ? ` (whole tree ${bar.treeCpuUs.toFixed(1)})` : ''}`;
    const whole = beyond ? `<rect class="${own} beyond" x="${left}" y="${y}" width="${(bar.treeCpuUs * scale).toFixed(1)}" height="${barHeight}"/>` : '';
    return `<text class="name" x="${left - 10}" y="${y + 15}" text-anchor="end">${bar.proxy}</text>${whole}<rect class="${own}" x="${left}" y="${y}" width="${(bar.cpuUs * scale).toFixed(1)}" height="${barHeight}"/><text x="${(left + (beyond ? bar.treeCpuUs : bar.cpuUs) * scale + 6).toFixed(1)}" y="${y + 15}">${label}</text>`;
  });
  const axis = ticks.map((tick) => `<line class="grid" x1="${(left + tick * scale).toFixed(1)}" x2="${(left + tick * scale).toFixed(1)}" y1="48" y2="${height - 36}"/><text class="tick" x="${(left + tick * scale).toFixed(1)}" y="${height - 20}" text-anchor="middle">${tick}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 60} ${height}" role="img" aria-label="Processor time a request: ${title}">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2937; } .title { font-weight: 600; font-size: 15px; } .tick { fill: #6b7280; font-size: 12px; }
.grid { stroke: #e5e7eb; } .own { fill: #0f766e; } .other { fill: #94a3b8; } .beyond { opacity: 0.35; } .paper { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e5e7eb; } .tick { fill: #9ca3af; } .grid { stroke: #374151; } .own { fill: #2dd4bf; } .other { fill: #64748b; } .paper { fill: #0d131f; } }
</style>
<rect class="paper" width="100%" height="100%"/>
<text class="title" x="16" y="26">Processor time a request, us: ${title}</text>
${axis.join('\n')}
${rows.join('\n')}
</svg>
`;
}
