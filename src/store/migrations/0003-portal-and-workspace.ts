import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Engine } from '../migrate.ts';
import { optional, primary, references, required, tableIn, typesOf, type Table, type Types } from './columns.ts';

/** What the portal shows beside the contract, and what the workspace keeps of its people's work. */
export async function addPortalAndWorkspace(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const types = typesOf(engine);
  const table = tableIn(db, engine);
  await createContentTables(db, table, types);
  await createDocumentTables(db, table, types);
  await createWorkTables(db, table, types);
  await moveDocuments(db, table, types);
}

async function createContentTables(db: Kysely<unknown>, table: Table, { text, integer, time }: Types): Promise<void> {
  await table('asset').addColumn('name', text, primary).addColumn('media_type', text, required).addColumn('content', text, required).addColumn('hash', text, required).addColumn('source', text, required).execute();
  await table('article').addColumn('id', text, primary).addColumn('product_id', text, references('product.id', 'cascade', optional)).addColumn('slug', text, required).addColumn('title', text, required)
    .addColumn('description', text, required).addColumn('position', integer, required).addColumn('source', text, required).addColumn('markdown', text, required).addColumn('updated_at', time, required).execute();
  await db.schema.createIndex('article_of_product').on('article').columns(['product_id', 'slug']).execute();
}

async function createDocumentTables(db: Kysely<unknown>, table: Table, { text, integer, flag, time }: Types): Promise<void> {
  await table('document_part').addColumn('version_id', text, references('version.id', 'cascade')).addColumn('pointer', text, required).addColumn('json', text, required)
    .addPrimaryKeyConstraint('document_part_of_version', ['version_id', 'pointer'] as never).execute();
  await table('search_index').addColumn('scope', text, primary).addColumn('product_id', text, references('product.id', 'cascade', optional)).addColumn('hash', text, required).addColumn('json', text, required).execute();
  await table('sample_run').addColumn('version_id', text, references('version.id', 'cascade')).addColumn('operation', text, required).addColumn('at', time, required).addColumn('worked', flag, required)
    .addColumn('worked_at', time).addColumn('status', integer).addColumn('duration_us', integer).addColumn('reason', text).addColumn('answer', text)
    .addPrimaryKeyConstraint('sample_run_of_operation', ['version_id', 'operation'] as never).execute();
  await table('page_feedback').addColumn('id', text, primary).addColumn('at', time, required).addColumn('path', text, required).addColumn('helpful', flag, required).addColumn('comment', text)
    .addColumn('product_id', text, references('product.id', 'cascade', optional)).addColumn('developer_id', text, references('developer.id', 'set null', optional)).execute();
  await db.schema.createIndex('page_feedback_product').on('page_feedback').columns(['product_id', 'at']).execute();
}

async function createWorkTables(db: Kysely<unknown>, table: Table, { text, flag, time }: Types): Promise<void> {
  await table('notice').addColumn('id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'cascade')).addColumn('at', time, required).addColumn('kind', text, required)
    .addColumn('occasion', text, required).addColumn('detail', text, required).addColumn('read_at', time).addColumn('mailed_at', time)
    .addUniqueConstraint('notice_once', ['consumer_id', 'occasion'] as never).execute();
  await db.schema.createIndex('notice_consumer').on('notice').columns(['consumer_id', 'id']).execute();
  await db.schema.createIndex('notice_mail').on('notice').columns(['mailed_at', 'id']).execute();
  await table('product_invitation').addColumn('id', text, primary).addColumn('product_id', text, references('product.id', 'cascade')).addColumn('email', text, required).addColumn('invited_by', text, required).addColumn('created_at', time, required)
    .addUniqueConstraint('product_invitation_once', ['product_id', 'email'] as never).execute();
  await db.schema.createIndex('product_invitation_email').on('product_invitation').column('email').execute();
  await table('audit_entry').addColumn('id', text, primary).addColumn('at', time, required).addColumn('actor', text, required).addColumn('actor_kind', text, required).addColumn('action', text, required)
    .addColumn('noun', text, required).addColumn('subject', text).addColumn('name', text, required).addColumn('before', text).addColumn('after', text).execute();
  await db.schema.createIndex('audit_entry_noun').on('audit_entry').columns(['noun', 'id']).execute();
  await db.schema.createIndex('audit_entry_actor').on('audit_entry').columns(['actor', 'id']).execute();
  await db.schema.alterTable('developer').addColumn('mail_notices', flag, (column) => column.notNull().defaultTo(1)).execute();
}

/**
 * Documents to a table of their own, and their SHA-256, hex, to their versions: nobody reads a document to see whether it changed,
 * and no row of a version is megabytes long. SQLite walks through a row to its last column that is asked for (sqlite.org/fileformat2.html, 1.6).
 */
export async function moveDocuments(db: Kysely<unknown>, table: Table, { text }: Types): Promise<void> {
  await table('version_document').addColumn('version_id', text, (column) => references('version.id', 'cascade')(column).primaryKey()).addColumn('json', text, required).execute();
  await db.schema.alterTable('version').addColumn('fingerprint', text, (column) => column.notNull().defaultTo('')).execute();
  const versions = await sql<{ id: string }>`select id from version`.execute(db);
  for (const { id } of versions.rows) {
    const { rows } = await sql<{ document: string }>`select document from version where id = ${id}`.execute(db);
    await sql`update version set fingerprint = ${createHash('sha256').update(rows[0]!.document).digest('hex')} where id = ${id}`.execute(db);
  }
  await sql`insert into version_document (version_id, json) select id, document from version`.execute(db);
  await db.schema.alterTable('version').dropColumn('document').execute();
}
