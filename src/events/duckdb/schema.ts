import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../../errors.ts';

/** Each entry brings the file from the schema of its index to the next; frozen once released. */
const migrations: string[][] = [
  [
    `create table request (
      id varchar not null, admitted_at bigint not null, product_id varchar not null, version varchar, operation varchar, method varchar not null,
      status smallint not null, code varchar, upstream_status smallint, key_id varchar not null, consumer_id varchar not null, developer_id varchar not null,
      subscription_id varchar, plan_revision_id varchar, mode varchar not null, origin varchar not null, request_bytes bigint not null, response_bytes bigint not null,
      duration_ms double not null, upstream_ms double, user_agent varchar, fields varchar[] not null, units varchar not null, open boolean not null)`,
    'create table refusal (minute bigint not null, product_id varchar, operation varchar, code varchar not null, count bigint not null)',
    'create table spool_position (segment varchar primary key, position bigint not null)',
  ],
];

/** @throws AppError `start_refused` when the file was made by a newer Portico. */
export async function migrateEvents(connection: DuckDBConnection, file: string): Promise<void> {
  await connection.run('create table if not exists schema_migration (number integer not null)');
  const rows = await connection.runAndReadAll('select coalesce(max(number), 0) from schema_migration');
  const present = Number(rows.getRows()[0]![0]);
  if (present > migrations.length) {
    throw new AppError('start_refused', `The event store ${file} has schema ${present}; this Portico knows ${migrations.length}. Start the Portico that made it, or a newer one.`);
  }
  for (let number = present; number < migrations.length; number++) {
    await connection.run('begin');
    for (const statement of migrations[number]!) await connection.run(statement);
    await connection.run('insert into schema_migration values ($1)', [number + 1]);
    await connection.run('commit');
  }
}
