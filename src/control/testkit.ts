// What control's own tests stand on: a real store, the real contract loader, a bridge on a socket of its own, and a clock to move.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { loadContract } from '../contract/load.ts';
import type { RequestEvent } from '../domain/request-event.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import type { ControlDeps } from './deps.ts';
import { openBridge } from './gateways/bridge-server.ts';
import type { Gateways } from './gateways/gateways.ts';

export interface ControlUnderTest {
  deps: ControlDeps;
  gateways: Gateways;
  bridge: { path: string; token: string };
  /** Moves the clock, ms. */
  advance(ms: number): void;
  /** As if ingest had committed these. */
  committed(events: RequestEvent[]): void;
}

export const startOfTests = Date.UTC(2026, 8, 1, 12);

/** Everything opened here is closed at the end of the test file. `events` is only needed where request events are read. */
export async function openControl(database: Database, events?: EventStore): Promise<ControlUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-control-'));
  let now = startOfTests;
  const listeners = new Set<(events: RequestEvent[]) => void>();
  const deps: ControlDeps = {
    config: { ...readConfig({}), dataFolder: folder, webUrl: 'http://portal.example', gatewayUrl: 'http://gateway.example' },
    secret: 'a secret of tests that is long enough',
    database,
    events: events as EventStore,
    clock: { now: () => now, monotonicNs: () => BigInt(now) * 1_000_000n },
    random: randomBytes,
    log: pino({ level: 'silent' }),
    loadContract,
    onCalls: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    takeBackup: async () => ({ bytes: 0 }),
    ingestStatus: async () => ({ lagBytes: 0, lagMs: 0, corruptRecords: 0 }),
  };
  const bridge = { path: join(folder, 'bridge.sock'), token: 'bridge-token' };
  const gateways = await openBridge(deps, { ...bridge, confirmMs: 300 });
  after(async () => {
    await gateways.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    deps, gateways, bridge,
    advance: (ms) => void (now += ms),
    committed: (batch) => {
      for (const listener of listeners) listener(batch);
    },
  };
}
