// How long Portico takes to start with the Atlas demo, and what its processes hold in memory at rest.
// Memory is the proportional set size (PSS, /proc/<pid>/smaps_rollup): shared pages count once for the whole tree.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { childPids, startPortico } from '../test/portico.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const starts = 5;
const restMs = 20_000;

const cleanups: (() => unknown)[] = [];
const scope = { after: (fn: () => unknown) => { cleanups.unshift(fn); } };
const dataFolder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
const upstream = fork(join(root, 'demo/upstream/server.ts'), ['--port', '4010'], { stdio: 'ignore' });
try {
  const startMs: number[] = [];
  let processes: { name: string; pssMb: number }[] = [];
  for (let i = 0; i < starts; i++) {
    const begun = performance.now();
    const portico = await startPortico(scope, { configuration: join(root, 'demo/portico.yaml'), dataFolder });
    startMs.push(Math.round(performance.now() - begun));
    if (i === starts - 1) {
      await useOnce(portico.webUrl);
      await wait(restMs);
      processes = measure(portico.supervisor.pid!);
    }
    await portico.stop();
  }
  const totalMb = processes.reduce((sum, { pssMb }) => sum + pssMb, 0);
  const [first, ...later] = startMs;
  const result = { firstStartMs: first, laterStartsMs: later, processes, totalPssMb: Math.round(totalMb * 10) / 10 };
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/rest.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  process.stdout.write(`first start ${first} ms, later starts ${later.join(', ')} ms\n`);
  for (const { name, pssMb } of processes) process.stdout.write(`${name.padEnd(12)} ${pssMb.toFixed(1).padStart(7)} MB PSS\n`);
  process.stdout.write(`${'whole tree'.padEnd(12)} ${totalMb.toFixed(1).padStart(7)} MB PSS\n`);
} finally {
  for (const cleanup of cleanups) await cleanup();
  upstream.kill('SIGTERM');
  rmSync(dataFolder, { recursive: true, force: true });
}

/** At rest after use, not before it: what pages load lazily counts. */
async function useOnce(webUrl: string): Promise<void> {
  for (const path of ['/', '/atlas', '/sign-up', '/readyz', '/api/openapi.json']) await (await fetch(webUrl + path)).text();
}

function measure(supervisor: number): { name: string; pssMb: number }[] {
  return [supervisor, ...childPids(supervisor)].map((pid) => {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter((part) => part !== '');
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1];
    return { name: commandLine.at(-2) === '--child' ? commandLine.at(-1)! : 'supervisor', pssMb: Number(pss) / 1_024 };
  });
}
