// What gateway tests stand on: snapshots and keys made from a few words, a gateway in this thread, and raw sockets.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { hashKey, maskKey, newKey, type Mode } from '../domain/key.ts';
import type { SpoolRecord } from '../domain/request-event.ts';
import type { CredentialEntry, Snapshot, SnapshotOperation, SnapshotPlan, SnapshotProduct, SnapshotVersion, ToControl } from '../snapshot/snapshot.ts';
import { CredentialKeeper } from './credential-keeper.ts';
import { TrustedProxies } from './client-origin.ts';
import type { Gateway } from './gateway.ts';
import { createHttpServer, type HttpServer, type TlsIdentity } from './http-server.ts';
import type { ConnectionTimes } from './http1/connections.ts';
import { OpenBodies } from './open-bodies.ts';
import { pooledRandom } from './pooled-random.ts';
import { PolicyFaults, type PolicyFault } from './own-policy/policy-faults.ts';
import { openAfterMs } from './relay.ts';
import { compileRoutes } from './routing/compile-routes.ts';
import { prepareOwnPolicies } from './routing/own-policies.ts';
import { prepareChecks } from './routing/request-checks.ts';
import { AddressGenerations, createAddressGenerations } from './shared/address-generations.ts';
import { CredentialTable } from './shared/credential-table.ts';
import { LimitCounters } from './shared/limit-counters.ts';
import { QuotaWindowCache } from './shared/quota-windows.ts';
import { createReservations, Reservations } from './shared/reservations.ts';
import { SpendCounters } from './shared/spend-counters.ts';
import { createThreadPulse, ThreadPulse } from './shared/thread-pulse.ts';
import { StrangerCount } from './stranger-count.ts';
import { UncountedCount } from './uncounted-count.ts';
import { UpstreamPools } from './upstream/upstream-pools.ts';

export function operation(method: string, path: string, more: Partial<SnapshotOperation> = {}): SnapshotOperation {
  return { id: `${method} ${path}`, method, path, enumParameters: [], example: null, ...more };
}

export function version(name: string, operations: SnapshotOperation[], more: Partial<SnapshotVersion> = {}): SnapshotVersion {
  return { name, status: 'published', deprecatedAt: null, sunsetAt: null, successor: null, operations, ...more };
}

export function plan(limits: SnapshotPlan['limits'], more: Partial<SnapshotPlan> = {}): SnapshotPlan {
  return { revisionId: 'rev_1', slug: 'free', name: 'Free', limits, operations: null, upgradeUrl: 'http://portal.test/atlas#plans', ...more };
}

export function product(upstream: string, more: Partial<SnapshotProduct> = {}): SnapshotProduct {
  return {
    id: 'prd_atlas', slug: 'atlas', name: 'Atlas API', private: false, hosts: [], versioning: { by: 'path' }, defaultVersion: null, upstream, testUpstream: null, meters: [],
    bodyBytesMax: 10 * 1024 * 1024, connectTimeoutMs: 1_000, headTimeoutMs: 5_000,
    versions: [version('v1', ['GET', 'POST', 'PUT', 'DELETE'].flatMap((method) => [operation(method, '/echo'), operation(method, '/items/{id}')]))],
    plans: [plan([])], ...more,
  };
}

export function snapshot(products: SnapshotProduct[], version = 1): Snapshot {
  return { version, publishedAt: 0, webUrl: 'http://portal.test', gatewayUrl: 'http://gateway.test', products };
}

export interface TestKey { key: string; entry: CredentialEntry }

export function testKey(more: Partial<CredentialEntry> = {}, mode: Mode = 'live'): TestKey {
  const key = newKey('atlas', mode, randomBytes);
  const entry: CredentialEntry = {
    keyId: `key_${key.slice(-6)}`, hash: hashKey(key), masked: maskKey(key), mode, origin: 'own', state: 'active', revokedAt: null, expiresAt: null,
    consumerId: 'con_1', developerId: 'dev_1', unverified: false, scopes: null, addresses: null,
    subscriptions: [{ subscriptionId: 'sub_1', productId: 'prd_atlas', planRevisionId: 'rev_1', anchorAt: 0, active: true }], ...more,
  };
  return { key, entry };
}

/** Keeps records in memory, and writes them with the next turn of the event loop, as the real one does. */
export class MemorySpool {
  records: SpoolRecord[] = [];
  unmeterable = false;
  failing = false;
  /** While set, records wait here to be released. */
  waiting: (() => void)[] | null = null;

  write(record: SpoolRecord, onWritten: (error?: Error) => void): void {
    const finish = (): void => {
      if (this.failing) {
        onWritten(new Error('no space left on device'));
        return;
      }
      this.records.push(record);
      onWritten();
    };
    if (this.waiting) this.waiting.push(finish);
    else setImmediate(finish);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get requests(): Extract<SpoolRecord, { kind: 'request' }>[] {
    return this.records.filter((record) => record.kind === 'request');
  }
}

export interface TestGateway {
  url: string;
  port: number;
  gateway: Gateway;
  server: HttpServer;
  spool: MemorySpool;
  keeper: CredentialKeeper;
  strangers: Extract<ToControl, { type: 'stranger' }>[];
  hints: Extract<ToControl, { type: 'hint' }>[];
  policyFaults: PolicyFault[];
  publish(snapshot: Snapshot): void;
  put(...keys: TestKey[]): void;
  close(): Promise<void>;
}

export async function openTestGateway(options: { snapshot: Snapshot; keys?: TestKey[]; clock?: Clock; trustedProxies?: string[]; inFlightMax?: number; whenUnmeterable?: 'refuse' | 'serve'; times?: Partial<ConnectionTimes>; tls?: TlsIdentity }): Promise<TestGateway> {
  const clock = options.clock ?? systemClock;
  const baseNs = clock.monotonicNs() - 10n ** 9n;
  const elapsedNs = (): number => Number(clock.monotonicNs() - baseNs);
  const spool = new MemorySpool();
  const strangers: TestGateway['strangers'] = [];
  const hints: TestGateway['hints'] = [];
  const policyFaults: PolicyFault[] = [];
  await prepareChecks(options.snapshot);
  await prepareOwnPolicies(options.snapshot);
  const routes = compileRoutes(options.snapshot);
  const keeper = new CredentialKeeper({ clock, elapsedNs, routes: () => routes }, { days: [], recent: [], spending: [] });
  const put = (...keys: TestKey[]): void => keeper.apply({ first: false, reset: false, last: true, entries: keys.map((made) => made.entry) });
  put(...(options.keys ?? []));
  const gateway: Gateway = {
    clock, random: pooledRandom(), elapsedNs, routes,
    credentials: new CredentialTable(keeper.table.buffer),
    counters: new LimitCounters(keeper.countersBuffer), spending: new SpendCounters(keeper.spending.buffer),
    reservations: new Reservations(createReservations(options.inFlightMax ?? 1024)),
    generations: new AddressGenerations(createAddressGenerations()), windows: new QuotaWindowCache(), openBodies: new OpenBodies(openAfterMs), pools: new UpstreamPools(), spool,
    pulse: new ThreadPulse(createThreadPulse()), guarded: new Set(), faults: new PolicyFaults((fault) => void policyFaults.push(fault)),
    uncounted: new UncountedCount(),
    strangers: new StrangerCount((message) => void (message.type === 'stranger' ? strangers.push(message) : hints.push(message))),
    trustedProxies: new TrustedProxies(options.trustedProxies ?? []), whenUnmeterable: options.whenUnmeterable ?? 'refuse',
  };
  const server = createHttpServer(gateway, options);
  const port = await server.listen({ host: '127.0.0.1', port: 0, reusePort: false });
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, gateway, server, spool, keeper, strangers, hints, policyFaults, put,
    publish: (next) => { gateway.routes = compileRoutes(next, 1, gateway.routes); },
    close: async () => {
      await server.close(200);
      gateway.openBodies.close();
      await gateway.pools.destroy();
    },
  };
}

export interface TestUpstream { url: string; server: Server; close(): Promise<void> }

export async function openUpstream(listener: RequestListener): Promise<TestUpstream> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: addressOf(server), server, close: () => closeServer(server) };
}

export function addressOf(server: { address(): AddressInfo | string | null }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Sends octets and answers all that came back before the connection closed. */
export async function rawExchange(port: number, text: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** Waits for a condition, at most 5 s. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`did not happen in 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
