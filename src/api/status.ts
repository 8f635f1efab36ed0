import { z } from '@hono/zod-openapi';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const bytes = z.number().openapi({ description: 'Bytes.', example: 4_096_000 });
const upstream = z.object({
  product: z.string(), address: z.string(), inFlight: z.number().int(), away: z.number().int().openapi({ description: 'Threads that leave it alone, because it failed or is not well.' }),
  failed: z.number().int().openapi({ description: 'Exchanges that failed.' }), refused: z.number().int().openapi({ description: 'Requests refused because too many were in flight to the upstream.' }),
}).openapi('Upstream');
const statusSchema = z.object({
  ready: z.boolean(),
  reasons: z.array(z.string()).openapi({ description: 'Why it is not ready.', example: [] }),
  snapshotVersion: z.number().int().openapi({ description: 'Of the configuration that gateways should serve.', example: 12 }),
  gateways: z.array(z.object({ id: z.string(), pid: z.number().int(), threads: z.number().int(), connected: z.boolean(), snapshotVersion: z.number().int(), credentialSeq: z.number().int(), staleMs: z.number(), unmeterable: z.boolean(), upstreams: z.array(upstream).openapi({ description: 'How each address of an upstream does.' }) }).openapi('Gateway')),
  uncounted: z.array(z.object({ product: z.string(), calls: z.number().int(), bytes: z.number(), from: z.number().openapi({ description: 'ms since 1970.' }), to: z.number() })).openapi({ description: 'Calls that were served and not counted, because their records could not be written: periods by product, newest first.' }),
  ingest: z.object({ lagBytes: z.number(), lagMs: z.number(), corruptRecords: z.number().int() }).openapi({ description: 'How far the ledger is behind the spool.' }),
  disk: z.object({ store: bytes, events: bytes, spool: bytes }),
}).openapi('Status');

export function addStatusRoute(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/status', operation: 'getStatus', tag: 'System', summary: 'Get the status', description: 'What runs, how stale each gateway is, how far ingest is behind, and how much disk is used.',
    answer: { description: 'The status.', schema: statusSchema, example: {
      ready: true, reasons: [], snapshotVersion: 12, gateways: [{ id: 'gateway-1', pid: 4242, threads: 2, connected: true, snapshotVersion: 12, credentialSeq: 58, staleMs: 0, unmeterable: false, upstreams: [{ product: 'atlas', address: 'http://127.0.0.1:4010', inFlight: 3, away: 0, failed: 0, refused: 0 }] }],
      uncounted: [], ingest: { lagBytes: 0, lagMs: 0, corruptRecords: 0 }, disk: { store: 4_096_000, events: 12_288_000, spool: 65_536 },
    } },
  }, async () => api.services.operations.status());
}
