import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract } from '../../contract/load.ts';
import { serveDocument } from '../../contract/served-document.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { admin, applyAtlas, openControl, refusalOf } from '../testkit.ts';
import { createReference } from './reference.ts';

forEachEngine('reference', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    return { ...control, reference: createReference(control.deps) };
  }
  const read = async (chunks: AsyncIterable<string>): Promise<string> => (await Array.fromAsync(chunks)).join('');

  test('an operation comes with its neighbours, its tree and its page in other versions', async () => {
    const { reference } = await open();
    const page = await reference.getOperation(undefined, 'atlas', 'v2', 'get-city');
    assert.deepEqual([page.operation.path, page.previous, page.next?.slug], ['/cities/{id}', null, 'list-cities']);
    assert.deepEqual(await reference.getElsewhere(undefined, 'atlas', 'v2', 'get-city'), { v1: 'get-city', v3: 'get-city' });
    assert.deepEqual(await reference.getElsewhere(undefined, 'atlas', 'v2', 'nothing'), {});
    const [content] = page.responses[0]!.content;
    assert.deepEqual(content!.schema!.children!.map(({ name, types, circle }) => [name, types, circle]), [['name', ['string'], undefined], ['twin', [], 'City']]);
    assert.equal((await refusalOf(reference.getOperation(undefined, 'atlas', 'v2', 'nothing'))).code, 'not_found');
    assert.equal((await refusalOf(reference.getOperation(undefined, 'secret', 'v1', 'get-city'))).code, 'not_found');
  });

  test('a branch is read by its pointer; what is no schema is not found', async () => {
    const { reference } = await open();
    const branch = await reference.getSchema(undefined, 'atlas', 'v2', { at: '/components/schemas/City', from: 1, within: [] });
    assert.deepEqual(branch.children!.map(({ name }) => name), ['twin']);
    const inside = await reference.getSchema(undefined, 'atlas', 'v2', { at: '/components/schemas/City/properties/twin', from: 0, within: ['City'] });
    assert.deepEqual([inside.circle, inside.children], ['City', undefined]);
    for (const at of ['/components/schemas/Nobody', '/info/title', 'no pointer', '/__proto__', '']) assert.equal((await refusalOf(reference.getSchema(undefined, 'atlas', 'v2', { at, from: 0, within: [] }))).code, 'not_found', at);
  });

  test('the served document, made piece by piece, is the one made at once, and loads', async () => {
    const { reference, deps } = await open();
    const text = await read(await reference.getServedDocument(undefined, 'atlas', 'v2'));
    const { json: document } = await deps.database.kysely.selectFrom('version').innerJoin('product', 'product.id', 'version.product_id').innerJoin('version_document', 'version_document.version_id', 'version.id').select('version_document.json').where('product.slug', '=', 'atlas').where('version.name', '=', 'v2').executeTakeFirstOrThrow();
    const { plans, baseUrl } = await reference.getVersion(undefined, 'atlas', 'v2');
    assert.deepEqual(JSON.parse(text), serveDocument(JSON.parse(document) as Record<string, unknown>, { serverUrl: baseUrl, webUrl: 'http://portal.example', status: 'published', versionHeader: null, tokens: null, policies: [], plans }));
    assert.equal((await loadContract({ file: 'served.json', text, files: [] })).operations.length, 3);
    assert.doesNotMatch(text, /hidden/, 'a private plan stays private');
    assert.match(await read(await reference.getServedDocument(admin, 'atlas', 'v2')), /"slug":"hidden"/);
  });

  test('a whole example is read by its status', async () => {
    const { reference } = await open();
    assert.deepEqual(await reference.getExample(undefined, 'atlas', 'v2', { operationSlug: 'list-cities', status: '200', mediaType: null }), { contentType: 'application/json', body: JSON.stringify([{ name: 'Paris' }], null, 2) });
    assert.equal((await refusalOf(reference.getExample(undefined, 'atlas', 'v2', { operationSlug: 'list-cities', status: '404', mediaType: null }))).code, 'not_found');
  });
});
