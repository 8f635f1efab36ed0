import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../store/database.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createProducts } from '../products/products.ts';
import { admin, applyAtlas, openControl } from '../testkit.ts';
import { readReach, splitStoredDocuments } from './document-parts.ts';

const versionId = async ({ kysely }: Database, name: string): Promise<string> => (await kysely.selectFrom('version').innerJoin('product', 'product.id', 'version.product_id').select('version.id').where('product.slug', '=', 'atlas').where('version.name', '=', name).executeTakeFirstOrThrow()).id;

forEachEngine('documents in pieces', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    return { ...control, query: control.deps.database.kysely, id: await versionId(control.deps.database, 'v2') };
  }

  test('a page reads what its operation reaches, in any number of steps, and no more', async () => {
    const { query, id } = await open();
    const city = await readReach(query, id, ['/paths/~1cities~1{id}']);
    assert.deepEqual([Object.keys(city['paths'] as object), Object.keys((city['components'] as { schemas: object }).schemas), (city['info'] as { title: string }).title], [['/cities/{id}'], ['City'], 'Atlas']);
    const schema = await readReach(query, id, ['/components/schemas/City/properties/name']);
    assert.deepEqual(Object.keys(schema['paths'] as object), []);
    assert.deepEqual((await readReach(query, id, ['/components/schemas/Nobody']))['components'], { schemas: {} });
  });

  test('a store that is older than the pieces gets them, and its pages are the same', async () => {
    const { deps, gateways, letters, query, id } = await open();
    const products = createProducts(deps, gateways, letters);
    const before = await products.getOperation(admin, 'atlas', 'v2', 'get-city');
    await query.deleteFrom('document_part').execute();
    await splitStoredDocuments(deps.database);
    assert.deepEqual(await products.getOperation(admin, 'atlas', 'v2', 'get-city'), before);
    const rows = await query.selectFrom('document_part').select('pointer').where('version_id', '=', id).orderBy('pointer').execute();
    assert.deepEqual(rows.map(({ pointer }) => pointer), ['', '/components/schemas/City', '/paths/~1cities', '/paths/~1cities~1{id}']);
    await splitStoredDocuments(deps.database);
  });

  test('the pieces go with their version', async () => {
    const { query, id } = await open();
    await query.deleteFrom('version').where('id', '=', id).execute();
    assert.equal(await query.selectFrom('document_part').select('pointer').where('version_id', '=', id).executeTakeFirst(), undefined);
  });
});
