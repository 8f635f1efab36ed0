import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Services } from '../control/services.ts';

export interface Metrics {
  contentType: string;
  /** Prometheus text exposition format 0.0.4. */
  text(): Promise<string>;
}

/** The event loop's delay is measured so often: each time wakes an idle process. */
const loopMonitoringMs = 100;

export function createMetrics(services: Pick<Services, 'operations'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'portico_control_', eventLoopMonitoringPrecision: loopMonitoringMs });
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge => new Gauge({ name, help, labelNames, registers: [registry] });
  const lagBytes = gauge('portico_ingest_lag_bytes', 'Spool bytes that the ledger has not read yet.');
  const lagMs = gauge('portico_ingest_lag_milliseconds', 'Age of the oldest spool record that the ledger has not read yet.');
  const corrupt = gauge('portico_spool_corrupt_records', 'Spool records that could not be read.');
  const disk = gauge('portico_disk_bytes', 'Bytes on disk by store.', ['store']);
  const gateways = gauge('portico_gateway_threads', 'Threads of each connected gateway that accept connections.', ['gateway']);
  const stale = gauge('portico_gateway_stale_milliseconds', 'How long each gateway has been without control.', ['gateway']);
  const upstreamLabels = ['gateway', 'product', 'address'];
  const upstreams = {
    inFlight: gauge('portico_upstream_in_flight', 'Requests on their way to each upstream address.', upstreamLabels),
    away: gauge('portico_upstream_away_threads', 'Threads that leave an upstream address alone, because it failed or is not well.', upstreamLabels),
    failed: gauge('portico_upstream_failures', 'Exchanges with each upstream address that failed, since its gateway started.', upstreamLabels),
    refused: gauge('portico_upstream_refusals', 'Requests refused because too many were in flight to the upstream, since its gateway started.', upstreamLabels),
  };
  const uncounted = gauge('portico_uncounted_calls', 'Calls that were served and not counted, because their records could not be written.', ['product']);
  const version = gauge('portico_snapshot_version', 'Version of the published configuration.');
  return {
    contentType: registry.contentType,
    text: async () => {
      const status = await services.operations.status();
      lagBytes.set(status.ingest.lagBytes);
      lagMs.set(status.ingest.lagMs);
      corrupt.set(status.ingest.corruptRecords);
      for (const [store, bytes] of Object.entries(status.disk)) disk.set({ store }, bytes);
      gateways.reset();
      stale.reset();
      for (const one of Object.values(upstreams)) one.reset();
      for (const { id, threads, staleMs, upstreams: reports } of status.gateways) {
        for (const { product, address, ...counts } of reports) {
          for (const [name, one] of Object.entries(upstreams)) one.set({ gateway: id, product, address }, counts[name as keyof typeof counts]);
        }
        gateways.set({ gateway: id }, threads);
        stale.set({ gateway: id }, staleMs);
      }
      uncounted.reset();
      for (const { product, calls } of status.uncounted) uncounted.inc({ product }, calls);
      version.set(status.snapshotVersion);
      return registry.metrics();
    },
  };
}
