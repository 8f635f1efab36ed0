// What the gateway's main thread and its workers say to each other. Nothing is said on a request.
import type { Config } from '../config.ts';
import type { PolicyFault } from './own-policy/policy-faults.ts';
import type { Snapshot, ToControl, UpstreamReport } from '../snapshot/snapshot.ts';

/** What is in flight when a drain begins may take this long. */
export const drainMs = 10_000;
/** How often a thread shows that it is alive. */
export const beatMs = 250;

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
  spending: SharedArrayBuffer;
  reservations: SharedArrayBuffer;
  generations: SharedArrayBuffer;
  snapshot: Snapshot;
  /** Of a ThreadPulse. */
  pulse: SharedArrayBuffer;
  /** Marks of own policies that have hung a thread. */
  guarded: number[];
  watched: { address: string; until: number }[];
}

export type ToThread =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'watch'; address: string; until: number }
  | { type: 'tls'; identity: NonNullable<Config['tls']> }
  | { type: 'guard'; mark: number }
  | { type: 'drain' };

export type FromThread =
  | { type: 'listening'; port: number }
  | { type: 'serving'; snapshotVersion: number }
  | { type: 'unmeterable'; value: boolean }
  | Extract<ToControl, { type: 'uncounted' }>
  | { type: 'refused'; reason: string }
  | { type: 'policy-fault'; fault: PolicyFault }
  | { type: 'upstreams'; reports: UpstreamReport[] }
  | Extract<ToControl, { type: 'stranger' | 'hint' }>;
