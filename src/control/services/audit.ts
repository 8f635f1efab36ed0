import type { Actor } from './actor.ts';

/** One change: who, what, before and after. `actor` is an address, `admin-token` or `system`. */
export interface AuditEntry {
  id: string; at: number; actor: string; actorKind: string; action: string; noun: string; subject: string | null; name: string;
  before: Record<string, unknown> | null; after: Record<string, unknown> | null;
}
export interface AuditFilter { noun?: string | undefined; action?: string | undefined; actor?: string | undefined; subject?: string | undefined; /** `[from, to)`, ms UTC. */ from?: number | undefined; to?: number | undefined }
export interface Audit {
  /** Newest first; at most 1,000 at once. */
  list(actor: Actor, input: AuditFilter & { cursor?: string | undefined; limit?: number | undefined }): Promise<{ entries: AuditEntry[]; nextCursor: string | null }>;
  /** What the newest entries hold, for filters: each list sorted. */
  filters(actor: Actor): Promise<{ nouns: string[]; actions: string[]; actors: string[] }>;
}
