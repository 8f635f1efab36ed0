// What control's own tests stand on: a real store, the real contract loader, a bridge on a socket of its own, and a clock to move.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { openAnswerCheckHere } from '../contract/answer-check.ts';
import { loadContract } from '../contract/load.ts';
import type { RequestEvent } from '../domain/request-event.ts';
import type { EventStore } from '../events/event-store.ts';
import { isAppError, type AppError } from '../errors.ts';
import { compileOwnPolicy } from '../snapshot/compile-own-policy.ts';
import type { Database } from '../store/database.ts';
import { createConfiguration } from './configuration/configuration.ts';
import type { ControlDeps } from './deps.ts';
import { openBridge } from './gateways/bridge-server.ts';
import type { Gateways } from './gateways/gateways.ts';
import { openMailbox, type Mailbox } from './mail/mailbox.ts';
import { buildSearchIndex } from './search/build-search-index.ts';
import type { Actor } from './services.ts';
import { replayHere } from './simulator/replay-here.ts';

export interface ControlUnderTest {
  deps: ControlDeps;
  gateways: Gateways;
  bridge: { path: string; token: string };
  /** Mail is kept: read it with `mailbox.outbox`. */
  letters: { mailbox: Mailbox; portalName(): Promise<string> };
  /** Moves the clock, ms. */
  advance(ms: number): void;
  /** As if the ledger had committed these. */
  committed(events: RequestEvent[]): void;
  /** As if the event store had made calls of these consumers readable. */
  readable(consumerIds: string[]): void;
}

const interFile = (name: string): string => fileURLToPath(new URL(`../../node_modules/@expo-google-fonts/inter/${name}`, import.meta.url));
export const documentFonts = { regular: interFile('400Regular/Inter_400Regular.ttf'), semibold: interFile('600SemiBold/Inter_600SemiBold.ttf') };

export const startOfTests = Date.UTC(2026, 8, 1, 12);

/** Everything opened here is closed at the end of the test file. `events` is only needed where request events are read. */
export async function openControl(database: Database, events?: EventStore): Promise<ControlUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-control-'));
  let now = startOfTests;
  const listeners = new Set<Parameters<ControlDeps['onCalls']>[0]>();
  const watched: string[] = [];
  const readers = new Set<(consumerIds: string[]) => void>();
  const deps: ControlDeps = {
    config: { ...readConfig({}), dataFolder: folder, webUrl: 'http://portal.example', gatewayUrl: 'http://gateway.example' },
    version: '1.2.3',
    secret: 'a secret of tests that is long enough',
    database,
    events: events as EventStore,
    clock: { now: () => now, monotonicNs: () => BigInt(now) * 1_000_000n },
    random: randomBytes,
    log: pino({ level: 'silent' }),
    loadContract, compilePolicy: compileOwnPolicy,
    buildSearchIndex: async (source) => buildSearchIndex(source), openAnswerCheck: openAnswerCheckHere, replayPrices: replayHere(database.kysely),
    watchConsumer: (consumerId) => {
      watched.push(consumerId);
      return () => void watched.splice(watched.indexOf(consumerId), 1);
    },
    onCalls: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReadable: (listener) => {
      readers.add(listener);
      return () => readers.delete(listener);
    },
    fonts: documentFonts, takeBackup: async () => ({ bytes: 0 }),
    ingestStatus: async () => ({ lagBytes: 0, lagMs: 0, corruptRecords: 0, ledger: { readUpTo: Number.MAX_SAFE_INTEGER, unread: [], failing: null } }),
  };
  const bridge = { path: join(folder, 'bridge.sock'), token: 'bridge-token' };
  const gateways = await openBridge(deps, { ...bridge, confirmMs: 300 });
  after(async () => {
    await gateways.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    deps, gateways, bridge,
    letters: { mailbox: openMailbox(deps), portalName: async () => 'Atlas Developers' },
    advance: (ms) => void (now += ms),
    committed: (batch) => {
      for (const listener of listeners) listener({ consumerIds: [...new Set(batch.map(({ consumerId }) => consumerId))], events: batch.filter(({ consumerId }) => watched.includes(consumerId)) });
    },
    readable: (consumerIds) => {
      for (const listener of readers) listener(consumerIds);
    },
  };
}

/** A consumer with one developer, as sign-up leaves them; `verified` says whether an address was proven. */
export async function addConsumer({ database, clock }: ControlDeps, name: string, { origin = 'sign-up', verified = true }: { origin?: 'sign-up' | 'command' | 'import'; verified?: boolean } = {}): Promise<Extract<Actor, { kind: 'developer' }>> {
  const now = clock.now();
  await database.kysely.insertInto('consumer').values({ id: `con_${name}`, name, origin, created_at: now, blocked_at: null, verified_at: verified ? now : null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
  await database.kysely.insertInto('developer').values({ id: `dev_${name}`, consumer_id: `con_${name}`, user_id: null, email: `${name}@example.com`, created_at: now, removed_at: null }).execute();
  return { kind: 'developer', developerId: `dev_${name}`, consumerId: `con_${name}`, email: `${name}@example.com`, verified };
}

/** The refusal that `work` ends with. */
export async function refusalOf(work: Promise<unknown>): Promise<AppError> {
  const outcome = await work.then(() => undefined, (reason: unknown) => reason);
  if (!isAppError(outcome)) throw outcome ?? new Error('This was not refused.');
  return outcome;
}

export const admin: Actor = { kind: 'admin-token' };

export const atlasDocument = `openapi: 3.1.0
info: { title: Atlas, version: '2.0', description: Places of the world. }
servers: [ { url: https://atlas.example/api/ } ]
tags: [ { name: Cities } ]
paths:
  /cities/{id}:
    get:
      operationId: getCity
      summary: Get a city
      tags: [Cities]
      parameters: [ { name: id, in: path, required: true, schema: { type: integer } } ]
      responses: { '200': { description: A city, content: { application/json: { schema: { $ref: '#/components/schemas/City' } } } } }
  /cities:
    get:
      operationId: listCities
      summary: List cities
      tags: [Cities]
      parameters:
        - { name: order, in: query, required: true, schema: { type: string, enum: [name, population] } }
      responses: { '200': { description: Cities, content: { application/json: { example: [ { name: Paris } ] } } } }
    post:
      operationId: addCity
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/City' }, example: { name: Oslo } } } }
      responses: { '201': { description: Made } }
components:
  schemas:
    City: { type: object, properties: { name: { type: string }, twin: { $ref: '#/components/schemas/City' } } }
`;

/** `atlas` (test mode, plans free, growth, partner, hidden), `relief` (no test mode) and `secret` (private), applied. */
export async function applyAtlas({ deps, gateways }: ControlUnderTest): Promise<void> {
  const text = `portal: { name: Atlas Developers }
products:
  - slug: atlas
    name: Atlas API
    upstream: http://127.0.0.1:4010
    testUpstream: examples
    versions: [ { name: v1, openapi: atlas.yaml, deprecated: 2026-09-01, successor: v2 }, { name: v2, openapi: atlas.yaml }, { name: v3, openapi: atlas.yaml, status: draft } ]
    plans:
      - { slug: free, name: Free, default: true, currency: usd, limits: [ { name: burst, requests: 5, per: second }, { name: monthly, requests: 100, per: month } ] }
      - { slug: growth, currency: usd, interval: month, fee: "49.00" }
      - { slug: partner, currency: usd, access: approval }
      - { slug: hidden, currency: usd, access: private }
  - { slug: relief, upstream: "http://127.0.0.1:4011", versions: [ { name: v1, openapi: atlas.yaml } ], plans: [ { slug: basic, currency: usd } ] }
  - { slug: secret, access: private, upstream: "http://127.0.0.1:4012", versions: [ { name: v1, openapi: atlas.yaml } ], plans: [ { slug: basic, currency: usd } ] }
`;
  await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
}
