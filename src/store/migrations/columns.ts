// What the migrations build tables with: the same storage types on both engines.
import { sql } from 'kysely';
import type { ColumnDataType, ColumnDefinitionBuilder, CreateTableBuilder, Kysely, RawBuilder } from 'kysely';
import type { Engine } from '../migrate.ts';

export type Type = ColumnDataType | RawBuilder<unknown>;
export type Build = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
export interface Types { text: Type; integer: Type; flag: Type; time: Type }
export type Table = (name: string) => CreateTableBuilder<string, never>;

export const required: Build = (column) => column.notNull();
export const primary: Build = (column) => column.primaryKey().notNull();
export const optional: Build = (column) => column;
export const references = (target: string, onDelete: 'cascade' | 'restrict' | 'set null', build: Build = required): Build => (column) => build(column).references(target).onDelete(onDelete);

export function typesOf(engine: Engine): Types {
  const postgres = engine === 'postgres';
  return {
    // Byte order, as in SQLite, so that both engines sort and page alike.
    text: postgres ? sql`text collate "C"` : 'text',
    integer: postgres ? 'bigint' : 'integer',
    flag: postgres ? 'smallint' : 'integer',
    time: postgres ? 'bigint' : 'integer',
  };
}

/** STRICT refuses a value of another type, as Postgres does. */
export function tableIn(db: Kysely<unknown>, engine: Engine): Table {
  return (name) => {
    const builder = db.schema.createTable(name) as CreateTableBuilder<string, never>;
    return engine === 'postgres' ? builder : builder.modifyEnd(sql`strict`);
  };
}
