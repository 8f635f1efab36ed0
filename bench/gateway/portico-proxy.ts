// Portico as it is shipped: a whole process tree with everything on, one worker, and a key with two limits that refuse nothing here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startPortico, waitFor, type Portico } from '../../test/portico.ts';
import { processTree, throwawayFolder, type Proxy, type Scope } from './processes.ts';
import type { Upstream } from './yardsticks.ts';

export const operationCount = 1_000;

export interface PorticoProxy extends Proxy {
  portico: Portico;
  key: string;
  configuration: string;
  /** `requests` of the ledger. */
  metered(): Promise<number>;
}

const answer = { responses: { 200: { description: 'It worked' } } };
const operation = (operationId: string, parameters: string[] = []) => ({ operationId, parameters: parameters.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })), ...answer });

export async function startPorticoProxy(scope: Scope, upstream: Upstream, { name = 'Portico', workers = 1, dataFolder }: { name?: string; workers?: number; dataFolder?: string } = {}): Promise<PorticoProxy> {
  const configuration = writeConfiguration(throwawayFolder(scope), upstream);
  const portico = await startPortico(scope, { configuration, environment: { PORTICO_WORKERS: String(workers) }, ...(dataFolder === undefined ? {} : { dataFolder }) });
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'bench', '--plan', 'standard', '--email', 'load@example.com');
  return {
    name, portico, key, configuration,
    url: `${portico.gatewayUrl}/bench/v1`,
    headers: { Authorization: `Bearer ${key}` },
    pids: () => [portico.pids().gateway],
    treePids: () => processTree(portico.supervisor.pid!),
    settled: () => drained(portico),
    metered: async () => Number((await portico.cli<{ total: { requests?: string } }>('usage', '--since', '24h')).total.requests ?? 0),
  };
}

/** Ingest has taken over what the load left, and has had its pause. */
async function drained(portico: Portico): Promise<void> {
  const behind = async (): Promise<number> => (await portico.api<{ ingest: { lagBytes: number } }>('GET', '/status')).ingest.lagBytes;
  await waitFor('ingest to catch up', async () => {
    await wait(200);
    return (await behind()) === 0;
  }, 120_000);
}

export function writeConfiguration(folder: string, upstream: Upstream): string {
  mkdirSync(folder, { recursive: true });
  const paths: Record<string, unknown> = { '/small': { get: operation('getSmall'), post: operation('postSmall') }, '/100k': { get: operation('get100k') }, '/10m': { get: operation('get10m') } };
  for (let index = 0; index < operationCount; index++) paths[`/group${index % 10}/things${index}/{id}`] = { get: operation(`getThing${index}`, ['id']) };
  writeFileSync(join(folder, 'bench.json'), JSON.stringify({ openapi: '3.1.0', info: { title: 'Bench', version: '1' }, paths }));
  const file = join(folder, 'portico.yaml');
  writeFileSync(file, `products:
  - slug: bench
    upstream: http://127.0.0.1:${upstream.port}
    versions: [ { name: v1, openapi: bench.json } ]
    plans:
      - { slug: standard, default: true, currency: usd, limits: [ { name: burst, requests: 1000000, per: second }, { name: monthly, requests: 1000000000, per: month } ] }
`);
  return file;
}
