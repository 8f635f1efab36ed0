import type { ManagementApi } from './management-api.ts';

const pageMax = 1000;

/** Follows the pages of a list until it ends or `limit` rows are there. */
export async function listPages<Name extends string, Row>(api: ManagementApi, path: string, name: Name, query: Record<string, string | undefined>, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.get<{ nextCursor: string | null } & Record<Name, Row[]>>(path, { ...query, cursor, limit: Math.min(pageMax, limit - rows.length) });
    rows.push(...page[name]);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < limit);
  return rows.slice(0, limit);
}
