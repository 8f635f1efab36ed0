import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { forEachEngine } from '../testkit.ts';
import { moveDocuments } from './0003-portal-and-workspace.ts';
import { required, tableIn, typesOf } from './columns.ts';

forEachEngine('the schema of portal and workspace', ({ engine, open }) => {
  test('versions of an older store keep their documents, and get their fingerprints', async () => {
    const { kysely } = await open();
    const times = { created_at: 1, updated_at: 1 };
    await kysely.insertInto('product').values({ id: 'prd_1', slug: 'atlas', name: 'Atlas', description: '', layer: null, owner: null, access: 'public', position: 0, upstream: 'http://127.0.0.1:1', test_upstream: null, config: '{}', removed_at: null, ...times }).execute();
    const documents = { v1: '{"openapi":"3.1.0"}', v2: '{"openapi":"3.0.3","info":{"title":"Städte"}}' };
    for (const name of Object.keys(documents)) {
      await kysely.insertInto('version').values({ id: `ver_${name}`, product_id: 'prd_1', name, status: 'published', position: 0, title: '', openapi: '3.1.0', fingerprint: '', source_hash: '', source: '', upstream: null, deprecated_at: null, sunset_at: null, successor: null, published_at: 1, updated_at: 1 }).execute();
    }
    const db = kysely as unknown as Kysely<unknown>;
    await db.schema.dropTable('version_document').execute();
    await db.schema.alterTable('version').dropColumn('fingerprint').execute();
    await db.schema.alterTable('version').addColumn('document', typesOf(engine).text, (column) => required(column).defaultTo('')).execute();
    for (const [name, document] of Object.entries(documents)) await sql`update version set document = ${document} where name = ${name}`.execute(db);
    await moveDocuments(db, tableIn(db, engine), typesOf(engine));
    const rows = await kysely.selectFrom('version').innerJoin('version_document', 'version_document.version_id', 'version.id').select(['name', 'json', 'fingerprint']).orderBy('name').execute();
    assert.deepEqual(rows, Object.entries(documents).map(([name, document]) => ({ name, json: document, fingerprint: createHash('sha256').update(document, 'utf8').digest('hex') })));
  });
});
