// Port to the relational store. Storage types are the same on SQLite and Postgres: integer milliseconds, 0/1, decimal text, JSON text.
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export interface Database {
  readonly engine: 'sqlite' | 'postgres';
  readonly kysely: Kysely<Tables>;
  /** A consistent copy at this path (SQLite file); on Postgres a logical dump of our tables. */
  backup(file: string): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}

export type Query = Kysely<Tables> | Transaction<Tables>;
