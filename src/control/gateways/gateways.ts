// What the rest of control asks of the connected gateways. bridge-server.ts answers it.
import type { UncountedCalls } from '../../domain/uncounted.ts';
import type { ToControl, UpstreamReport } from '../../snapshot/snapshot.ts';

export interface Gateways {
  /**
   * Compiles the store as it is, gives it the next version and hands it to every gateway. Answers once each has
   * confirmed, or after `confirmMs` with the names of those that have not.
   */
  publishSnapshot(): Promise<Confirmation & { version: number }>;
  /** Call after the commit of a transaction that wrote recordCredentialChanges. Answers as above. */
  credentialsChanged(): Promise<Confirmation>;
  /** Refusals of strangers from this address are reported until `until` (ms UTC). */
  watch(address: string, until: number): void;
  /** Answers how to stop. */
  onStranger(listener: (refusal: StrangerRefusal) => void): () => void;
  /** Called after every publication: products, versions, plans or pages may have changed. Answers how to stop. */
  onPublished(listener: () => void): () => void;
  /** What refused calls with a known key got wrong, from watched addresses. Answers how to stop. */
  onHint(listener: (hint: RefusalHint) => void): () => void;
  /** For a refusal that no gateway saw: a call that went to the portal's own address. */
  tellStranger(refusal: StrangerRefusal): void;
  snapshotVersion(): number;
  list(): GatewayStatus[];
  /** What was served and could not be recorded, newest first. */
  uncounted(): Promise<UncountedCalls[]>;
  close(): Promise<void>;
}

export type StrangerRefusal = Extract<ToControl, { type: 'stranger' }>;
export type RefusalHint = Extract<ToControl, { type: 'hint' }>;

/** `unconfirmed` names gateways that are connected but did not confirm in time, or whose connection is cut while their process lives. */
export interface Confirmation { unconfirmed: string[] }

export interface GatewayStatus {
  id: string;
  pid: number;
  threads: number;
  connected: boolean;
  accepting: boolean;
  snapshotVersion: number;
  credentialSeq: number;
  /** 0 while connected, else ms since the connection was lost. */
  staleMs: number;
  unmeterable: boolean;
  upstreams: UpstreamReport[];
}
