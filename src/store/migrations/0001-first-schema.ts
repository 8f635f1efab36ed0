import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Engine } from '../migrate.ts';
import { optional, primary, references, required, tableIn, typesOf, type Build, type Table, type Type, type Types } from './columns.ts';

/** All tables of the first release. */
export async function createFirstSchema(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const postgres = engine === 'postgres';
  const types = typesOf(engine);
  const table = tableIn(db, engine);
  await table('schema_migration').addColumn('number', types.integer, primary).addColumn('name', types.text, required).addColumn('applied_at', types.time, required).execute();
  await createSignInTables(db, postgres);
  await createPeopleTables(db, table, types);
  await createProductTables(db, table, types);
  await createKeyTables(db, table, types, postgres);
  await createLedgerTables(db, table, types);
}

/** The tables of better-auth, column for column as its own generator makes them. */
async function createSignInTables(db: Kysely<unknown>, postgres: boolean): Promise<void> {
  const date: Type = postgres ? 'timestamptz' : 'date';
  const now: Build = (column) => (postgres ? column.notNull().defaultTo(sql`current_timestamp`) : column.notNull());
  await db.schema.createTable('user').addColumn('id', 'text', primary).addColumn('name', 'text', required).addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('emailVerified', postgres ? 'boolean' : 'integer', required).addColumn('image', 'text').addColumn('createdAt', date, now).addColumn('updatedAt', date, now).execute();
  await db.schema.createTable('session').addColumn('id', 'text', primary).addColumn('expiresAt', date, required).addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', date, now).addColumn('updatedAt', date, required).addColumn('ipAddress', 'text').addColumn('userAgent', 'text').addColumn('userId', 'text', references('user.id', 'cascade')).execute();
  await db.schema.createTable('account').addColumn('id', 'text', primary).addColumn('accountId', 'text', required).addColumn('providerId', 'text', required).addColumn('userId', 'text', references('user.id', 'cascade'))
    .addColumn('accessToken', 'text').addColumn('refreshToken', 'text').addColumn('idToken', 'text').addColumn('accessTokenExpiresAt', date).addColumn('refreshTokenExpiresAt', date)
    .addColumn('scope', 'text').addColumn('password', 'text').addColumn('createdAt', date, now).addColumn('updatedAt', date, required).execute();
  await db.schema.createTable('verification').addColumn('id', 'text', primary).addColumn('identifier', 'text', required).addColumn('value', 'text', required)
    .addColumn('expiresAt', date, required).addColumn('createdAt', date, now).addColumn('updatedAt', date, now).execute();
  await db.schema.createTable('rateLimit').addColumn('id', 'text', primary).addColumn('key', 'text', (column) => column.notNull().unique()).addColumn('count', 'integer', required).addColumn('lastRequest', 'bigint', required).execute();
  await db.schema.createIndex('session_userId_idx').on('session').column('userId').execute();
  await db.schema.createIndex('account_userId_idx').on('account').column('userId').execute();
  await db.schema.createIndex('verification_identifier_idx').on('verification').column('identifier').execute();
}

async function createPeopleTables(db: Kysely<unknown>, table: Table, { text, integer, time }: Types): Promise<void> {
  await table('setting').addColumn('name', text, primary).addColumn('value', text, required).execute();
  await table('attempt').addColumn('key', text, primary).addColumn('count', integer, required).addColumn('since', time, required).execute();
  await db.schema.createIndex('attempt_since').on('attempt').column('since').execute();
  await table('member').addColumn('id', text, primary).addColumn('user_id', 'text', references('user.id', 'restrict', (column) => column.notNull().unique())).addColumn('role', text, required).addColumn('created_at', time, required).execute();
  await table('consumer').addColumn('id', text, primary).addColumn('name', text, required).addColumn('origin', text, required).addColumn('created_at', time, required)
    .addColumn('blocked_at', time).addColumn('verified_at', time).addColumn('first_success_at', time).addColumn('first_live_success_at', time).addColumn('first_key_at', time).execute();
  await db.schema.createIndex('consumer_created_at').on('consumer').columns(['created_at', 'id']).execute();
  await table('invitation').addColumn('id', text, primary).addColumn('token_hash', text, (column) => column.notNull().unique()).addColumn('email', text, required).addColumn('consumer_id', text, references('consumer.id', 'cascade', optional))
    .addColumn('role', text).addColumn('invited_by', text, required).addColumn('created_at', time, required).addColumn('expires_at', time, required).addColumn('accepted_at', time).execute();
  await db.schema.createIndex('invitation_consumer').on('invitation').column('consumer_id').execute();
  await table('developer').addColumn('id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'cascade')).addColumn('user_id', 'text', references('user.id', 'restrict', optional))
    .addColumn('email', text, required).addColumn('created_at', time, required).addColumn('removed_at', time).addUniqueConstraint('developer_of_consumer', ['consumer_id', 'email'] as never).execute();
  await db.schema.createIndex('developer_user').unique().on('developer').column('user_id').where(sql.ref('removed_at'), 'is', null).execute();
  await db.schema.createIndex('developer_email').on('developer').column('email').execute();
  await table('activity').addColumn('id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'cascade', optional)).addColumn('at', time, required)
    .addColumn('actor', text, required).addColumn('kind', text, required).addColumn('subject', text).addColumn('detail', text, required).execute();
  await db.schema.createIndex('activity_consumer').on('activity').columns(['consumer_id', 'id']).execute();
  await table('mail').addColumn('id', text, primary).addColumn('to', text, required).addColumn('subject', text, required).addColumn('text', text, required).addColumn('html', text, required)
    .addColumn('created_at', time, required).addColumn('sent_at', time).addColumn('error', text).addColumn('attempts', integer, (column) => column.notNull().defaultTo(0)).addColumn('next_attempt_at', time).execute();
  await db.schema.createIndex('mail_next_attempt').on('mail').column('next_attempt_at').execute();
}

async function createProductTables(db: Kysely<unknown>, table: Table, { text, integer, flag, time }: Types): Promise<void> {
  await table('product').addColumn('id', text, primary).addColumn('slug', text, (column) => column.notNull().unique()).addColumn('name', text, required).addColumn('description', text, required)
    .addColumn('layer', text).addColumn('owner', text).addColumn('access', text, required).addColumn('position', integer, required).addColumn('upstream', text, required).addColumn('test_upstream', text)
    .addColumn('config', text, required).addColumn('created_at', time, required).addColumn('updated_at', time, required).addColumn('removed_at', time).execute();
  await table('version').addColumn('id', text, primary).addColumn('product_id', text, references('product.id', 'cascade')).addColumn('name', text, required).addColumn('status', text, required).addColumn('position', integer, required)
    .addColumn('title', text, required).addColumn('openapi', text, required).addColumn('document', text, required).addColumn('source_hash', text, required).addColumn('source', text, required).addColumn('upstream', text)
    .addColumn('deprecated_at', time).addColumn('sunset_at', time).addColumn('successor', text).addColumn('published_at', time, required).addColumn('updated_at', time, required)
    .addUniqueConstraint('version_of_product', ['product_id', 'name'] as never).execute();
  await table('operation').addColumn('version_id', text, references('version.id', 'cascade')).addColumn('position', integer, required).addColumn('operation', text, required).addColumn('slug', text, required)
    .addColumn('method', text, required).addColumn('path', text, required).addColumn('summary', text, required).addColumn('tag', text).addColumn('deprecated', flag, required).addColumn('enum_parameters', text, required).addColumn('example', text)
    .addPrimaryKeyConstraint('operation_of_version', ['version_id', 'position'] as never).addUniqueConstraint('operation_id', ['version_id', 'operation'] as never).addUniqueConstraint('operation_slug', ['version_id', 'slug'] as never).execute();
  // No foreign key on the current revision: plan and revision name each other.
  await table('plan').addColumn('id', text, primary).addColumn('product_id', text, references('product.id', 'cascade')).addColumn('slug', text, required).addColumn('name', text, required).addColumn('position', integer, required)
    .addColumn('access', text, required).addColumn('is_default', flag, required).addColumn('current_revision_id', text, required).addColumn('archived_at', time).addColumn('created_at', time, required)
    .addUniqueConstraint('plan_of_product', ['product_id', 'slug'] as never).execute();
  await table('plan_revision').addColumn('id', text, primary).addColumn('plan_id', text, references('plan.id', 'cascade')).addColumn('number', integer, required).addColumn('config', text, required).addColumn('created_at', time, required)
    .addUniqueConstraint('revision_of_plan', ['plan_id', 'number'] as never).execute();
  await table('subscription').addColumn('id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'restrict')).addColumn('product_id', text, references('product.id', 'restrict')).addColumn('plan_id', text, references('plan.id', 'restrict'))
    .addColumn('plan_revision_id', text, references('plan_revision.id', 'restrict')).addColumn('state', text, required).addColumn('anchor_at', time, required).addColumn('created_at', time, required).addColumn('ended_at', time).execute();
  await db.schema.createIndex('subscription_consumer').on('subscription').columns(['consumer_id', 'product_id']).execute();
  await db.schema.createIndex('subscription_plan').on('subscription').column('plan_id').execute();
}

async function createKeyTables(db: Kysely<unknown>, table: Table, { text, integer, time }: Types, postgres: boolean): Promise<void> {
  await table('key').addColumn('id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'restrict')).addColumn('developer_id', text, references('developer.id', 'restrict')).addColumn('name', text, required)
    .addColumn('mode', text, required).addColumn('origin', text, required).addColumn('hash', text, (column) => column.notNull().unique()).addColumn('masked', text, required).addColumn('scopes', text).addColumn('addresses', text)
    .addColumn('created_at', time, required).addColumn('expires_at', time).addColumn('revoked_at', time).addColumn('revoked_by', text).addColumn('replaced_by', text).addColumn('last_used_at', time).execute();
  await db.schema.createIndex('key_consumer').on('key').columns(['consumer_id', 'id']).execute();
  await db.schema.createIndex('key_developer').on('key').column('developer_id').execute();
  await table('key_subscription').addColumn('key_id', text, references('key.id', 'cascade')).addColumn('subscription_id', text, references('subscription.id', 'cascade'))
    .addPrimaryKeyConstraint('key_subscription_pair', ['key_id', 'subscription_id'] as never).execute();
  await db.schema.createIndex('key_subscription_subscription').on('key_subscription').column('subscription_id').execute();
  const sequence: Build = postgres ? (column) => column.generatedByDefaultAsIdentity().primaryKey() : (column) => column.primaryKey().autoIncrement();
  await table('credential_change').addColumn('seq', integer, sequence).addColumn('key_id', text, required).addColumn('at', time, required).execute();
  if (postgres) await orderCredentialChanges(db);
}

/**
 * A follower that has seen change 6 never looks for change 5 again, so the numbers must appear in the order of commits.
 * The lock is taken before the rows get their numbers and held to the end of the transaction.
 */
async function orderCredentialChanges(db: Kysely<unknown>): Promise<void> {
  await sql`create function credential_change_in_turn() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7678427);
  return null;
end $$`.execute(db);
  await sql`create trigger credential_change_in_turn before insert on credential_change for each statement execute function credential_change_in_turn()`.execute(db);
}

async function createLedgerTables(db: Kysely<unknown>, table: Table, { text, integer, flag, time }: Types): Promise<void> {
  // No foreign key on the subscription: the ledger must take what was answered, whatever became of the configuration since.
  await table('usage').addColumn('subscription_id', text, required).addColumn('meter', text, required).addColumn('operation', text, required).addColumn('version', text, required).addColumn('mode', text, required)
    .addColumn('hour', time, required).addColumn('quantity', text, required)
    .addPrimaryKeyConstraint('usage_of_hour', ['subscription_id', 'meter', 'operation', 'version', 'mode', 'hour'] as never).execute();
  await db.schema.createIndex('usage_hour').on('usage').columns(['subscription_id', 'hour']).execute();
  await table('spool_position').addColumn('segment', text, primary).addColumn('offset', integer, required).addColumn('finished', flag, required).addColumn('corrupt_records', integer, required).addColumn('updated_at', time, required).execute();
}
