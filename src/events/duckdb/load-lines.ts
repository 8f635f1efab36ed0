// Requests as lines of columns enter; DuckDB reads them by itself, from a file that lasts as long as that takes.
import { rm, writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { lineColumns, type RequestLines } from '../event-store.ts';

const types: Partial<Record<(typeof lineColumns)[number], string>> = {
  at: 'BIGINT', upstreamStatus: 'SMALLINT', requestBytes: 'BIGINT', responseBytes: 'BIGINT', status: 'SMALLINT', durationMs: 'DOUBLE', upstreamMs: 'DOUBLE', open: 'BOOLEAN',
};
const columns = lineColumns.map((name) => `'${name}_': '${types[name] ?? 'VARCHAR'}'`).join(', ');

/** Rows whose id is there already are left out: the range of admission lets DuckDB look at a few blocks alone. */
function insertStatement(file: string): string {
  return `insert into request
    select id_, at_, coalesce(productId_, ''), version_, operation_, method_, status_, code_, upstreamStatus_, keyId_, consumerId_, developerId_, subscriptionId_, planRevisionId_, mode_, origin_,
      requestBytes_, responseBytes_, durationMs_, upstreamMs_, userAgent_, case when fields_ is null then [] else string_split(fields_, chr(31)) end, coalesce(units_, '{}'), open_
    from read_csv('${file.replaceAll("'", "''")}', delim='\t', quote='', escape='', header=false, auto_detect=false, nullstr='', strict_mode=false, max_line_size=1000000, columns={${columns}})
    where id_ not in (select id from request where admitted_at between $1 and $2)`;
}

/** Inside the caller's transaction. @param file beside the store, free to be written */
export async function loadLines(connection: DuckDBConnection, { runs, from, to }: RequestLines, file: string): Promise<void> {
  try {
    await writeFile(file, runs, { mode: 0o600 });
    await connection.run(insertStatement(file), [BigInt(Math.floor(from)), BigInt(Math.floor(to))]);
  } finally {
    await rm(file, { force: true });
  }
}
