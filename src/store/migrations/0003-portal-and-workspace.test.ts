import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Kysely } from 'kysely';
import { forEachEngine } from '../testkit.ts';
import { addFingerprints } from './0003-portal-and-workspace.ts';
import { typesOf } from './columns.ts';

forEachEngine('the schema of portal and workspace', ({ engine, open }) => {
  test('versions of an older store get the fingerprints of their documents', async () => {
    const { kysely } = await open();
    const times = { created_at: 1, updated_at: 1 };
    await kysely.insertInto('product').values({ id: 'prd_1', slug: 'atlas', name: 'Atlas', description: '', layer: null, owner: null, access: 'public', position: 0, upstream: 'http://127.0.0.1:1', test_upstream: null, config: '{}', removed_at: null, ...times }).execute();
    const documents = { v1: '{"openapi":"3.1.0"}', v2: '{"openapi":"3.0.3","info":{"title":"Städte"}}' };
    for (const [name, document] of Object.entries(documents)) {
      await kysely.insertInto('version').values({ id: `ver_${name}`, product_id: 'prd_1', name, status: 'published', position: 0, title: '', openapi: '3.1.0', document, fingerprint: '', source_hash: '', source: '', upstream: null, deprecated_at: null, sunset_at: null, successor: null, published_at: 1, updated_at: 1 }).execute();
    }
    await kysely.schema.alterTable('version').dropColumn('fingerprint').execute();
    await addFingerprints(kysely as unknown as Kysely<unknown>, typesOf(engine));
    const rows = await kysely.selectFrom('version').select(['name', 'fingerprint']).orderBy('name').execute();
    assert.deepEqual(rows, Object.entries(documents).map(([name, document]) => ({ name, fingerprint: createHash('sha256').update(document, 'utf8').digest('hex') })));
  });
});
