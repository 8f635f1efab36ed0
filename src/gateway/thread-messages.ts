// What the gateway's main thread and its workers say to each other. Nothing is said on a request.
import type { Config } from '../config.ts';
import type { Snapshot, ToControl, UpstreamReport } from '../snapshot/snapshot.ts';

/** What is in flight when a drain begins may take this long. */
export const drainMs = 10_000;

export interface GatewayThreadData {
  thread: number;
  /** How many serve beside it, itself included. */
  threads: number;
  epoch: number;
  spoolFolder: string;
  spoolSyncMs: number;
  host: string;
  port: number;
  reusePort: boolean;
  /** Null for plain connections. */
  tls: Config['tls'];
  trustedProxies: string[];
  whenUnmeterable: Config['whenUnmeterable'];
  /** Origin of the time that rates are counted in, monotonic ns. */
  baseNs: bigint;
  credentials: SharedArrayBuffer;
  counters: SharedArrayBuffer;
  reservations: SharedArrayBuffer;
  generations: SharedArrayBuffer;
  snapshot: Snapshot;
  watched: { address: string; until: number }[];
}

export type ToThread =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'watch'; address: string; until: number }
  | { type: 'drain' };

export type FromThread =
  | { type: 'listening'; port: number }
  | { type: 'serving'; snapshotVersion: number }
  | { type: 'unmeterable'; value: boolean }
  | { type: 'refused'; reason: string }
  | { type: 'upstreams'; reports: UpstreamReport[] }
  | Extract<ToControl, { type: 'stranger' | 'hint' }>;
