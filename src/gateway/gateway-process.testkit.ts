// A whole gateway with its threads, and a control that it follows.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { pino, type Logger } from 'pino';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import type { RebuiltCounters } from '../metering/rebuild-counters.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { baseOf, snapshotLine, TestControl } from './control.testkit.ts';
import { runGatewayProcess, type RunningGateway } from './gateway-process.ts';
import type { TestKey } from './gateway.testkit.ts';

const entry = new URL('./gateway-thread.testkit.ts', import.meta.url);

export interface Run { folder: string; control: TestControl; gateway: RunningGateway; workers: Worker[]; url: string }

export async function startGateway(folder: string, rebuilt: RebuiltCounters = { days: [], recent: [], spending: [] }, workers = '2', epoch = 1, environment: Record<string, string> = {}, log: Logger = pino({ level: 'silent' })): Promise<{ gateway: RunningGateway; workers: Worker[]; url: string }> {
  const started: Worker[] = [];
  const gateway = await runGatewayProcess({
    config: readConfig({ PORTICO_DATA: folder, PORTICO_GATEWAY_PORT: '0', PORTICO_WORKERS: workers, ...environment }),
    clock: systemClock,
    log,
    dataFolder: folder,
    epoch,
    startThread: (_name, data) => {
      const worker = new Worker(entry, { workerData: data });
      started.push(worker);
      return worker;
    },
    bridgePath: join(folder, 'bridge.sock'),
    bridgeToken: 'secret',
    rebuildCounters: () => Promise.resolve(rebuilt),
  });
  return { gateway, workers: started, url: `http://127.0.0.1:${gateway.port}` };
}

export async function open(t: TestContext, present: Snapshot, keys: TestKey[], rebuilt?: RebuiltCounters, log?: Logger): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-gateway-'));
  const control = new TestControl(join(folder, 'bridge.sock'));
  await control.open(() => [snapshotLine(present), baseOf(1, keys.map((key) => key.entry))]);
  const run = { folder, control, ...(await startGateway(folder, rebuilt, '2', 1, {}, log)) };
  t.after(async () => {
    await run.gateway.stop();
    await control.close();
    rmSync(folder, { recursive: true });
  });
  return run;
}

/** One call on a connection of its own, so that the kernel spreads calls over the threads. */
export function call(url: string, key: string): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, headers: { authorization: `Bearer ${key}` } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      response.on('error', reject);
    });
    outgoing.on('error', reject).end();
  });
}
