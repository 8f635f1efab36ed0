import type { Actor } from './actor.ts';
import type { UpstreamReport } from '../../snapshot/snapshot.ts';

export interface OperationsService {
  /** For /readyz and the workspace: what runs, how stale, how much disk. */
  status(): Promise<{ ready: boolean; reasons: string[]; snapshotVersion: number; gateways: { id: string; pid: number; threads: number; connected: boolean; snapshotVersion: number; credentialSeq: number; staleMs: number; unmeterable: boolean; upstreams: UpstreamReport[] }[]; uncounted: { product: string; calls: number; bytes: number; from: number; to: number }[]; ingest: { lagBytes: number; lagMs: number; corruptRecords: number }; disk: { store: number; events: number; spool: number } }>;
  /** What was set at the start, and what follows from it; no secret among it. */
  settings(actor: Actor): Promise<{ version: string; webUrl: string; gatewayUrl: string; engine: 'sqlite' | 'postgres'; dataFolder: string; mailServer: string | null; retention: { eventDays: number; spoolHours: number; auditDays: number } }>;
  /** Streams one archive: both stores, positions and unread spool as one cut. */
  backup(actor: Actor, file: string): Promise<{ bytes: number }>;
}
