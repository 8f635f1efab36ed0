import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Audit, AuditEntry } from '../services.ts';

const pageMax = 1_000;
/** Filters offer what this many of the newest entries hold. */
const lookedAt = 5_000;

export function createAudit({ database }: Pick<ControlDeps, 'database'>): Audit {
  return {
    list: async (actor, input) => {
      requireRight(actor, 'audit.read');
      const size = Math.min(Math.max(Math.trunc(input.limit ?? 50), 1), pageMax);
      const entries = await listEntries(database.kysely, { ...input, limit: size + 1 });
      const page = entries.slice(0, size);
      return { entries: page, nextCursor: entries.length > size ? page.at(-1)!.id : null };
    },
    filters: async (actor) => {
      requireRight(actor, 'audit.read');
      const newest = database.kysely.selectFrom('audit_entry').select(['noun', 'action', 'actor']).orderBy('id', 'desc').limit(lookedAt).as('newest');
      const rows = await database.kysely.selectFrom(newest).select(['noun', 'action', 'actor']).distinct().execute();
      const sorted = (field: 'noun' | 'action' | 'actor') => [...new Set(rows.map((row) => row[field]))].sort();
      return { nouns: sorted('noun'), actions: sorted('action'), actors: sorted('actor') };
    },
  };
}

async function listEntries(query: Query, input: Parameters<Audit['list']>[1] & { limit: number }): Promise<AuditEntry[]> {
  let select = query.selectFrom('audit_entry').select(['id', 'at', 'actor', 'actor_kind as actorKind', 'action', 'noun', 'subject', 'name', 'before', 'after']);
  for (const field of ['noun', 'action', 'actor', 'subject'] as const) {
    const wanted = input[field];
    if (wanted !== undefined) select = select.where(field, '=', wanted);
  }
  if (input.from !== undefined) select = select.where('at', '>=', input.from);
  if (input.to !== undefined) select = select.where('at', '<', input.to);
  if (input.cursor !== undefined) select = select.where('id', '<', input.cursor);
  const rows = await select.orderBy('id', 'desc').limit(input.limit).execute();
  return rows.map((row) => ({ ...row, before: fieldsOf(row.before), after: fieldsOf(row.after) }));
}

const fieldsOf = (json: string | null): Record<string, unknown> | null => (json === null ? null : (JSON.parse(json) as Record<string, unknown>));
