// The job: looks for samples that are due, and runs them through the gateway, a few at a time. What is due follows from the store alone, so that it goes on after a restart.
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { GivenAnswer } from '../../contract/check-answer.ts';
import { sampleRequest } from '../../contract/sample.ts';
import type { ControlDeps } from '../deps.ts';
import { pathPointer, readReach } from '../versions/document-parts.ts';
import { judgeFailure, judgeSample } from './judge-sample.ts';
import { sampleKey } from './sample-key.ts';
import { countDue, forgetOldRuns, listDue, listSampledVersions, writeRun, type DueSample, type SampledVersion } from './sample-rows.ts';
import { GatewayAway, sendSample } from './send-sample.ts';

export interface SampleGateway {
  /** Where the gateway can be reached from here. */
  address: string;
  /** Whether a gateway serves what was published last. */
  isReady(): boolean;
}

export interface SampleProgress { versionId: string; done: number; of: number; waiting: boolean }

export interface SampleRunner {
  /** Runs all that is due; resolves when nothing is, or when the gateway is away. */
  look(): Promise<void>;
  /** Of the version that is running now, or that waits for the gateway. */
  progress(): SampleProgress | null;
  close(): Promise<void>;
}

export interface SampleRunnerOptions { lookEveryMs?: number; againMs?: number; perSecond?: number; atOnce?: number; timeoutMs?: number }

export function createSampleRunner(deps: ControlDeps, gateway: SampleGateway, { lookEveryMs = 60_000, againMs = 1_000, perSecond = 20, atOnce = 3, timeoutMs = 30_000 }: SampleRunnerOptions = {}): SampleRunner {
  const query = deps.database.kysely;
  const key = sampleKey(deps.secret);
  const stop = new AbortController();
  let running: SampleProgress | null = null;
  let looking: Promise<void> | undefined;
  let again = false;
  let retry: NodeJS.Timeout | undefined;
  let nextTurn = 0;

  /** Evenly spread, whatever the answers take. */
  async function turn(): Promise<void> {
    const now = performance.now();
    nextTurn = Math.max(now, nextTurn + 1000 / perSecond);
    if (nextTurn > now) await wait(nextTurn - now, undefined, { signal: stop.signal });
  }

  async function runOne(version: SampledVersion, due: DueSample, agent: Agent, check: ReturnType<ControlDeps['openAnswerCheck']>['check']): Promise<void> {
    const document = await readReach(query, version.id, [pathPointer(due.path)]);
    const { versioning, slug, name } = version;
    const sample = sampleRequest(document, due);
    const headers = versioning.by === 'path' ? sample.headers : { [versioning.header]: name, ...sample.headers };
    const base = `${gateway.address}/${slug}${versioning.by === 'path' ? `/${name}` : ''}`;
    await turn();
    const at = deps.clock.now();
    const checked = (answer: GivenAnswer): Promise<string | undefined> => check({ document, named: due, answer }).catch((error: unknown) => {
      deps.log.error({ err: error, version: version.id, operation: due.operation }, 'an answer could not be compared with its contract');
      return undefined;
    });
    const judgement = await sendSample({ base, key, agent, timeoutMs, signal: stop.signal }, { ...sample, headers }).then((sent) => judgeSample(document, due, sent, checked), (error: Error) => {
      if (error instanceof GatewayAway || stop.signal.aborted) throw error;
      return judgeFailure(error, timeoutMs);
    });
    if (judgement === undefined) throw new GatewayAway('the gateway is too busy');
    await deps.database.transaction((inside) => writeRun(inside, { versionId: version.id, operation: due.operation, at }, judgement));
  }

  async function runVersion(version: SampledVersion): Promise<void> {
    const progress = { versionId: version.id, done: 0, of: await countDue(query, version, deps.clock.now()), waiting: !gateway.isReady() };
    if (progress.of === 0) return;
    running = progress;
    if (progress.waiting) throw new GatewayAway('no gateway serves this configuration yet');
    const checker = deps.openAnswerCheck();
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    try {
      for (let due = await listDue(query, version, deps.clock.now(), 100); due.length > 0 && !stop.signal.aborted; due = await listDue(query, version, deps.clock.now(), 100)) {
        await eachOf(due, atOnce, async (one) => {
          await runOne(version, one, agent, checker.check);
          progress.done++;
        });
        if (await changed(version)) return;
      }
    } finally {
      agent.destroy();
      await checker.close();
    }
  }

  /** Published anew while it ran: then what is due is looked for anew. */
  async function changed({ id, since }: SampledVersion): Promise<boolean> {
    const present = (await listSampledVersions(query)).find((version) => version.id === id);
    if (present?.since === since) return false;
    again = true;
    return true;
  }

  async function lookOnce(): Promise<void> {
    await forgetOldRuns(query);
    for (const version of await listSampledVersions(query)) {
      if (stop.signal.aborted) return;
      await runVersion(version);
      running = null;
    }
  }

  function look(): Promise<void> {
    again = true;
    clearTimeout(retry);
    return (looking ??= (async () => {
      while (again && !stop.signal.aborted) {
        again = false;
        await lookOnce();
      }
    })().catch((error: unknown) => {
      if (stop.signal.aborted) return;
      if (running) running.waiting = true;
      if (!(error instanceof GatewayAway)) deps.log.error({ err: error }, 'the samples of the documentation could not be run');
      retry = setTimeout(() => void look(), error instanceof GatewayAway ? againMs : lookEveryMs).unref();
    }).finally(() => { looking = undefined; }));
  }

  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return {
    look,
    progress: () => running,
    async close() {
      clearInterval(timer);
      clearTimeout(retry);
      stop.abort();
      await looking;
      clearTimeout(retry);
    },
  };
}

/** A few at a time; after the first failure no further one begins, and it is thrown when the others have ended. */
async function eachOf<Item>(items: Item[], atOnce: number, work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const failures: unknown[] = [];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const item of waiting) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  }));
  if (failures.length > 0) throw failures[0];
}
