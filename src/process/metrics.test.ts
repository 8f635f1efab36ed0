import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from './metrics.ts';

test('each upstream address stands in the metrics of its gateway', async () => {
  const upstreams = [{ product: 'atlas', address: 'https://a.internal', inFlight: 3, away: 0, failed: 0, refused: 7 }, { product: 'atlas', address: 'https://b.internal', inFlight: 0, away: 2, failed: 12, refused: 0 }];
  const gateways = [{ id: 'g1', pid: 1, threads: 2, connected: true, accepting: true, snapshotVersion: 4, credentialSeq: 1, staleMs: 0, unmeterable: false, upstreams }];
  const status = { ready: true, reasons: [], snapshotVersion: 4, gateways, uncounted: [{ product: 'atlas', calls: 5, bytes: 10, from: 1, to: 2 }, { product: 'atlas', calls: 2, bytes: 10, from: 9, to: 9 }], ingest: { lagBytes: 0, lagMs: 0, corruptRecords: 0 }, disk: { store: 1, events: 1, spool: 1 } };
  const unused = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const metrics = createMetrics({ operations: { status: () => Promise.resolve(status), settings: unused, backup: unused } });
  const text = await metrics.text();
  for (const line of [
    'portico_upstream_in_flight{gateway="g1",product="atlas",address="https://a.internal"} 3',
    'portico_upstream_away_threads{gateway="g1",product="atlas",address="https://b.internal"} 2',
    'portico_upstream_failures{gateway="g1",product="atlas",address="https://b.internal"} 12',
    'portico_uncounted_calls{product="atlas"} 7',
    'portico_upstream_refusals{gateway="g1",product="atlas",address="https://a.internal"} 7',
  ]) assert.ok(text.includes(`${line}\n`), `${line} is not in\n${text}`);
  upstreams.pop();
  assert.ok(!(await metrics.text()).includes('b.internal'), 'an address that is no more is gone');
});
