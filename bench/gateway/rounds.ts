// Rounds of one case, interleaved: each proxy once, then each again, so that what the machine does besides meets all of them.
import type { Case } from './cases.ts';
import { runLoad, type LoadResult } from './load.ts';
import { memoryMb, processorSeconds, type Proxy } from './processes.ts';

export interface Round extends LoadResult {
  /** Processor time a request, us. */
  cpuUs: number;
  /** Of the whole product, what runs beside and after included. */
  treeCpuUs: number;
}

export interface Measured {
  proxy: string;
  rounds: Round[];
  memoryMb: number;
  /** Requests, the warm-up's included. */
  answered: number;
  /** Why a yardstick was left out of the rest of the case. */
  failure?: string;
}

const warmUpSeconds = 3;

export interface RoundsOptions { folder: string; rounds: number; seconds: number; progress(text: string): void; warmUp?: boolean }

export async function runRounds(proxies: Proxy[], test: Case, { folder, rounds, seconds, progress, warmUp = true }: RoundsOptions): Promise<Measured[]> {
  const measured = proxies.map(({ name }): Measured => ({ proxy: name, rounds: [], memoryMb: 0, answered: 0 }));
  // What is compiled while it runs is compiled before it is measured.
  for (const [place, proxy] of warmUp ? proxies.entries() : []) {
    progress(`${test.title}, warming up: ${proxy.name}`);
    const result = await runRound(proxy, test, folder, warmUpSeconds).catch((error: Error) => leaveOut(proxy, measured[place]!, error));
    measured[place]!.answered += result?.requests ?? 0;
  }
  for (let round = 0; round < rounds; round++) {
    for (const [place, proxy] of proxies.entries()) {
      if (measured[place]!.failure !== undefined) continue;
      progress(`${test.title}, round ${round + 1} of ${rounds}: ${proxy.name}`);
      const result = await runRound(proxy, test, folder, seconds).catch((error: Error) => leaveOut(proxy, measured[place]!, error));
      if (result === null) continue;
      measured[place]!.rounds.push(result);
      measured[place]!.answered += result.requests;
      measured[place]!.memoryMb = Math.max(measured[place]!.memoryMb, proxy.pids().length === 0 ? 0 : memoryMb(proxy.pids()));
    }
  }
  return measured;
}

/** A yardstick that fails is left out; Portico may not fail. */
function leaveOut(proxy: Proxy, measured: Measured, error: Error): null {
  if (proxy.treePids !== undefined) throw error;
  measured.failure = error.message;
  return null;
}

async function runRound(proxy: Proxy, test: Case, folder: string, seconds: number): Promise<Round> {
  const tree = proxy.treePids ?? proxy.pids;
  const [before, treeBefore] = [processorSeconds(proxy.pids()), processorSeconds(tree())];
  const result = await runLoad(folder, proxy.url + test.path, { ...test.load, seconds, headers: proxy.headers });
  const after = processorSeconds(proxy.pids());
  await proxy.settled?.();
  const treeAfter = processorSeconds(tree());
  checkAnswers(proxy, test, result);
  return { ...result, cpuUs: ((after - before) * 1e6) / result.requests, treeCpuUs: ((treeAfter - treeBefore) * 1e6) / result.requests };
}

/** @throws when an answer failed or was shorter than it should be */
function checkAnswers(proxy: Proxy, test: Case, { requests, bytes, errors }: LoadResult): void {
  if (errors > 0 || requests === 0) throw new Error(`${proxy.name}, ${test.title}: ${errors} of ${requests} requests failed`);
  if (bytes < requests * test.bodyBytes) throw new Error(`${proxy.name}, ${test.title}: ${bytes} bytes came for ${requests} answers of ${test.bodyBytes} bytes`);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
