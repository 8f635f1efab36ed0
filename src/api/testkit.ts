// A management API as it runs: real services on real stores, behind a real HTTP server. Only the gateway is away: what it would meter is put into both stores.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { pino } from 'pino';
import { systemClock } from '../clock.ts';
import { readConfig, type StripeAccount } from '../config.ts';
import { openAnswerCheckHere } from '../contract/answer-check.ts';
import { loadContract } from '../contract/load.ts';
import { compileOwnPolicy } from '../snapshot/compile-own-policy.ts';
import { createServices } from '../control/create-services.ts';
import { buildSearchIndex } from '../control/search/build-search-index.ts';
import { replayHere } from '../control/simulator/replay-here.ts';
import { documentFonts } from '../control/testkit.ts';
import type { CreatedKey, Services } from '../control/services.ts';
import { newId } from '../domain/id.ts';
import type { RequestEvent } from '../domain/request-event.ts';
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import { ledgerSink } from '../metering/ledger.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createApi } from './create-api.ts';

export interface ServedApi {
  url: string;
  token: string;
  services: Services;
  folder: string;
  close(): Promise<void>;
  /** As if the gateway had answered a call of this key. */
  call(key: CreatedKey, more?: Partial<RequestEvent>): Promise<RequestEvent>;
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

export const archive = Buffer.from('a backup of tests, as the process would pack it');

/** @param stripe an account whose server runs on this machine */
export async function serveApi({ stripe = null }: { stripe?: StripeAccount | null } = {}): Promise<ServedApi> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-api-'));
  await mkdir(join(folder, 'spool'));
  const database = await openSqlite({ file: join(folder, 'portico.db') });
  const events = await openDuckdbEventStore({ file: join(folder, 'events.duckdb'), threads: 1, memoryMb: 64 });
  const log = pino({ level: 'silent' });
  const token = 'padm_of_tests';
  const config = { ...readConfig({}), stripe, dataFolder: folder, webUrl: 'http://portal.example', gatewayUrl: 'http://gateway.example' };
  const services = await createServices({
    config, version: '1.2.3', secret: 'a secret of tests that is long enough', database, events, clock: systemClock, random: randomBytes, log, loadContract, compilePolicy: compileOwnPolicy,
    buildSearchIndex: async (source) => buildSearchIndex(source), openAnswerCheck: openAnswerCheckHere, replayPrices: replayHere(database.kysely),
    onCalls: () => () => undefined, watchConsumer: () => () => undefined, onReadable: () => () => undefined,
    ingestStatus: async () => ({ lagBytes: 0, lagMs: 0, corruptRecords: 0, ledger: { readUpTo: Number.MAX_SAFE_INTEGER, unread: [], failing: null } }),
    fonts: documentFonts, takeBackup: async (file) => writeFile(file, archive).then(() => ({ bytes: archive.length })),
  }, { bridgePath: join(folder, 'bridge.sock'), bridgeToken: 'bridge' });
  const app = createApi({ services, adminToken: token, log, version: '1.2.3', webUrl: config.webUrl, temporaryFolder: folder });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await services.close();
    await events.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ledger = ledgerSink({ database, clock: systemClock, random: randomBytes, log });
  return {
    url, token, services, folder, close,
    call: async (key, more = {}) => {
      const { id: productId } = await database.kysely.selectFrom('product').select('id').where('slug', '=', 'atlas').executeTakeFirstOrThrow();
      const event: RequestEvent = {
        id: newId('request', systemClock.now(), randomBytes), at: systemClock.now(), productId, version: 'v1', operation: 'listCities', method: 'GET', status: 200, code: null, upstreamStatus: 200, keyId: key.id,
        consumerId: key.consumer, developerId: key.summary.developerId, subscriptionId: key.subscription, planRevisionId: null, mode: key.summary.mode, origin: 'own', requestBytes: 0, responseBytes: 10, durationMs: 5.25,
        upstreamMs: 4, userAgent: 'curl/8', fields: ['limit'], units: {}, open: false, ...more,
      };
      await ledger.apply({ records: [{ kind: 'request', ...event }], lines: [], runs: [], advances: [] });
      await events.load({ requests: [event], completions: [], refusals: [], positions: [] });
      return event;
    },
    send: async (method, path, body) => {
      const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await response.text();
      return { status: response.status, body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text };
    },
  };
}

export const atlas = {
  file: 'portico.yaml',
  text: `portal: { name: Atlas Developers, keyPrefix: atlas }
products:
  - slug: atlas
    name: Atlas API
    upstream: http://127.0.0.1:4010
    testUpstream: examples
    versions: [ { name: v1, openapi: ./openapi/v1.yaml } ]
    plans:
      - slug: free
        name: Free
        default: true
        currency: usd
        limits: [ { name: burst, requests: 5, per: second }, { name: monthly, requests: 10000, per: month } ]
      - { slug: partner, name: Partner, currency: usd, access: approval }
`,
  files: [{ path: 'openapi/v1.yaml', text: `openapi: 3.1.0
info: { title: Atlas, version: '1' }
paths:
  /cities:
    get:
      operationId: listCities
      summary: List cities
      parameters: [ { name: limit, in: query, schema: { type: integer }, example: 5 } ]
      responses: { '200': { description: Cities, content: { application/json: { example: [ { name: Paris } ] } } } }
  /cities/{id}:
    get:
      operationId: getCity
      summary: Get a city
      parameters: [ { name: id, in: path, required: true, schema: { type: integer }, example: 7 } ]
      responses: { '200': { description: One city } }
` }],
};
