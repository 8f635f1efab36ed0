// Port to the relational store. Storage types are the same on SQLite and Postgres: integer milliseconds, 0/1, decimal text, JSON text.
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export interface Database {
  readonly engine: 'sqlite' | 'postgres';
  readonly kysely: Kysely<Tables>;
  /**
   * Runs `work` as if no other transaction ran beside it, so that it may read, decide and write. Anything it throws rolls back.
   * SQLite takes the write lock at the start; Postgres runs SERIALIZABLE and repeats `work` when another transaction
   * collided, so `work` must do nothing outside the store. Inside, use only the given `query`: the whole store may be one connection.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** A consistent copy at this path (SQLite file); on Postgres a logical dump of our tables. */
  backup(file: string): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}

/** A connection that only reads. */
export interface Reader { readonly kysely: Kysely<Tables>; close(): Promise<void> }

export type Query = Kysely<Tables> | Transaction<Tables>;
