// Where the gateway's thread spends its time under load: the widest frames of V8's profile, and the profile itself for a flame graph.
import { mkdirSync, readFileSync, readdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from './cases.ts';
import { runLoad } from './load.ts';
import { startPorticoProxy } from './portico-proxy.ts';
import { throwawayFolder, type Scope } from './processes.ts';
import { table } from './report.ts';
import type { Upstream } from './yardsticks.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

interface Frame { name: string; own: number; whole: number }

const shown = 20;

/** @returns a table of frames, widest first; the profile is left in `results`, to be opened in the browser's developer tools */
export async function profileGateway(scope: Scope, upstream: Upstream, { seconds, results }: { seconds: number; results: string }): Promise<string> {
  const folder = throwawayFolder(scope);
  const before = process.env['NODE_OPTIONS'];
  process.env['NODE_OPTIONS'] = `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=500`;
  const portico = await startPorticoProxy(scope, upstream);
  if (before === undefined) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = before;
  const { path, load } = cases[0]!;
  await runLoad(folder, portico.url + path, { ...load, seconds, headers: portico.headers });
  await portico.portico.stop();
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile')).map((name) => join(folder, name));
  const profiles = files.map((file) => ({ file, frames: framesOf(JSON.parse(readFileSync(file, 'utf8')) as Profile) }));
  const gateway = profiles.find(({ frames }) => frames.some(({ name }) => name.includes('gateway/relay.ts')));
  if (!gateway) throw new Error('no profile of the gateway was written');
  mkdirSync(results, { recursive: true });
  copyFileSync(gateway.file, join(results, 'gateway.cpuprofile'));
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return table(['frame', 'with what it calls', 'itself'], gateway.frames.toSorted((a, b) => b.whole - a.whole).slice(0, shown).map(({ name, own, whole }) => [name, percent(whole), percent(own)]));
}

/** Shares of the time that the thread was busy. */
function framesOf({ nodes, samples, timeDeltas }: Profile): Frame[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const nameOf = (id: number): string => {
    const { functionName, url, lineNumber } = byId.get(id)!.callFrame;
    return `${functionName || '(anonymous)'} ${url.replace(/^.*\/src\//, '')}${url === '' ? '' : `:${lineNumber + 1}`}`.trim();
  };
  const frames = new Map<string, Frame>();
  let total = 0;
  for (const [place, sample] of samples.entries()) {
    const time = timeDeltas[place]!;
    if (nameOf(sample) === '(idle)') continue;
    total += time;
    const seen = new Set<string>();
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const name = nameOf(id);
      const frame = frames.get(name) ?? { name, own: 0, whole: 0 };
      frames.set(name, frame);
      if (id === sample) frame.own += time;
      if (!seen.has(name)) frame.whole += time;
      seen.add(name);
    }
  }
  return [...frames.values()].filter(({ name }) => name !== '(root)').map(({ name, own, whole }) => ({ name, own: own / total, whole: whole / total }));
}
