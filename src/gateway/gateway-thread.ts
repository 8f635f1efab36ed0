// One worker of the gateway: listens by itself on the shared port and serves with the memory that all threads share.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { openSpoolWriter } from '../metering/spool-writer.ts';
import { TrustedProxies } from './client-origin.ts';
import type { Gateway } from './gateway.ts';
import { createHttpServer } from './http-server.ts';
import { OpenBodies } from './open-bodies.ts';
import { pooledRandom } from './pooled-random.ts';
import { PolicyFaults } from './own-policy/policy-faults.ts';
import { openAfterMs } from './relay.ts';
import { compileRoutes, upstreamsOf } from './routing/compile-routes.ts';
import { prepareOwnPolicies } from './routing/own-policies.ts';
import { prepareChecks } from './routing/request-checks.ts';
import { AddressGenerations } from './shared/address-generations.ts';
import { CredentialTable } from './shared/credential-table.ts';
import { LimitCounters } from './shared/limit-counters.ts';
import { QuotaWindowCache } from './shared/quota-windows.ts';
import { Reservations } from './shared/reservations.ts';
import { SpendCounters } from './shared/spend-counters.ts';
import { ThreadPulse } from './shared/thread-pulse.ts';
import { StrangerCount } from './stranger-count.ts';
import { beatMs, drainMs, type FromThread, type GatewayThreadData, type ToThread } from './thread-messages.ts';
import { UncountedCount } from './uncounted-count.ts';
import { UpstreamPools } from './upstream/upstream-pools.ts';

const strangersMs = 2_000;
const reportMs = 2_000;
const segmentBytes = 64 * 1024 * 1024;
const reserveBytes = 1024 * 1024;
/** Calls that were cut off when the time to drain was over still write their records. */
const lastRecordsMs = 50;

export async function runGatewayThread(data: GatewayThreadData): Promise<void> {
  const port = parentPort!;
  const tell = (message: FromThread): void => port.postMessage(message);
  await prepareChecks(data.snapshot);
  await prepareOwnPolicies(data.snapshot);
  const { gateway, strangers } = openGateway(data, tell);
  gateway.pools.keepOnly(upstreamsOf(gateway.routes));
  process.on('unhandledRejection', (error) => outliveRejection(gateway, error));
  const server = createHttpServer(gateway, { tls: data.tls });
  const flushStrangers = (): void => {
    for (const record of strangers.take()) gateway.spool.write(record, () => undefined);
  };
  const strangersTimer = setInterval(flushStrangers, strangersMs);
  let reported = '';
  const reportTimer = setInterval(() => {
    const reports = gateway.pools.reports();
    const text = JSON.stringify(reports);
    if (text !== reported) tell({ type: 'upstreams', reports });
    reported = text;
  }, reportMs);
  let unmeterable = false;
  const tellUncounted = (): void => {
    const calls = gateway.uncounted.take();
    if (calls.length > 0) tell({ type: 'uncounted', calls });
  };
  const watchTimer = setInterval(() => {
    gateway.pulse.beat();
    tellUncounted();
    if (gateway.spool.unmeterable === unmeterable) return;
    unmeterable = gateway.spool.unmeterable;
    tell({ type: 'unmeterable', value: unmeterable });
  }, beatMs);

  const drain = async (): Promise<void> => {
    await server.close(drainMs);
    await delay(lastRecordsMs);
    clearInterval(strangersTimer);
    clearInterval(watchTimer);
    clearInterval(reportTimer);
    flushStrangers();
    await gateway.spool.close();
    tellUncounted();
    gateway.openBodies.close();
    gateway.pools.destroy();
    port.close();
  };
  const serve = async (snapshot: Snapshot): Promise<void> => {
    await prepareChecks(snapshot);
    await prepareOwnPolicies(snapshot);
    gateway.routes = compileRoutes(snapshot, data.threads, gateway.routes);
    gateway.pools.keepOnly(upstreamsOf(gateway.routes));
    tell({ type: 'serving', snapshotVersion: snapshot.version });
  };
  let serving = Promise.resolve();
  port.on('message', (message: ToThread) => {
    switch (message.type) {
      case 'snapshot':
        // One after the other: the code of a policy may take its time.
        serving = serving.then(() => serve(message.snapshot));
        return;
      case 'watch':
        strangers.watch(message.address, message.until);
        return;
      case 'guard':
        gateway.guarded.add(message.mark);
        return;
      case 'tls':
        server.renew(message.identity);
        return;
      case 'drain':
        void drain();
    }
  });
  try {
    tell({ type: 'listening', port: await server.listen({ host: data.host, port: data.port, reusePort: data.reusePort }) });
  } catch (error) {
    tell({ type: 'refused', reason: (error as Error).message });
    await drain();
  }
}

/** A promise that an own policy has left alone does not end the thread; any other is a fault of ours. */
function outliveRejection({ routes, faults, clock }: Gateway, error: unknown): void {
  const owners = [...routes.bySlug.values()].filter(({ policies }) => policies.own !== null);
  if (owners.length === 0) throw error;
  faults.add({ product: owners.map(({ product }) => product.slug).join(', '), file: owners.map(({ policies }) => policies.own!.file).join(', '), function: 'a promise that nobody waits for', requestId: '' }, error, clock.now());
}

function openGateway(data: GatewayThreadData, tell: (message: FromThread) => void): { gateway: Gateway; strangers: StrangerCount } {
  const strangers = new StrangerCount(tell);
  for (const { address, until } of data.watched) strangers.watch(address, until);
  const gateway: Gateway = {
    clock: systemClock,
    random: pooledRandom(),
    elapsedNs: () => Number(systemClock.monotonicNs() - data.baseNs),
    routes: compileRoutes(data.snapshot, data.threads),
    credentials: new CredentialTable(data.credentials),
    counters: new LimitCounters(data.counters),
    spending: new SpendCounters(data.spending),
    reservations: new Reservations(data.reservations),
    generations: new AddressGenerations(data.generations),
    windows: new QuotaWindowCache(),
    openBodies: new OpenBodies(openAfterMs),
    pulse: new ThreadPulse(data.pulse),
    guarded: new Set(data.guarded),
    faults: new PolicyFaults((fault) => tell({ type: 'policy-fault', fault })),
    pools: new UpstreamPools(),
    spool: openSpoolWriter({ folder: data.spoolFolder, epoch: data.epoch, thread: data.thread, syncMs: data.spoolSyncMs, segmentBytes, reserveBytes }),
    strangers,
    trustedProxies: new TrustedProxies(data.trustedProxies),
    whenUnmeterable: data.whenUnmeterable,
    uncounted: new UncountedCount(),
  };
  return { gateway, strangers };
}
