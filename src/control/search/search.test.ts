import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { addConsumer, admin, applyAtlas, atlasDocument, openControl } from '../testkit.ts';
import type { Actor, SearchAnswer } from '../services.ts';
import { createSearch } from './search.ts';

const shown = ({ results }: SearchAnswer): string[] => results.map(({ kind, title, name, path }) => `${kind} ${[name.length > 0 ? name : title, path].map((part) => part.map(({ text }) => text).join('')).join(' ').trim()}`);

forEachEngine('search', (stores) => {
  async function openAtlas() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const search = createSearch(control.deps, control.gateways);
    await search.settled();
    return { ...control, search };
  }

  test('finds operations, schemas, error codes and products, the exact one first', async () => {
    const { search } = await openAtlas();
    const rows: [string, { text: string; product?: string; version?: string; kind?: 'schema' }, string][] = [
      ['an operation by its id', { text: 'getCity', product: 'atlas' }, 'operation getCity /cities/{id}'],
      ['an operation by its id in small letters', { text: 'getcity', product: 'atlas' }, 'operation getCity /cities/{id}'],
      ['an operation by its path', { text: '/cities/{id}', product: 'atlas' }, 'operation getCity /cities/{id}'],
      ['an operation by method and path', { text: 'POST /cities', product: 'atlas' }, 'operation addCity /cities'],
      ['an operation by its summary', { text: 'list cities', product: 'atlas' }, 'operation listCities /cities'],
      ['an operation with a typing error', { text: 'lsit citeis', product: 'atlas' }, 'operation listCities /cities'],
      ['an operation while it is typed', { text: 'list cit', product: 'atlas' }, 'operation listCities /cities'],
      ['a schema by its name', { text: 'city', kind: 'schema', product: 'atlas' }, 'schema City'],
      ['a schema by a property', { text: 'twin', product: 'atlas', kind: 'schema' }, 'schema City'],
      ['an error by its code', { text: 'key_revoked' }, 'error key_revoked'],
      ['an error in words', { text: 'this key was revoked' }, 'error key_revoked'],
      ['a product', { text: 'atlas' }, 'product Atlas API'],
    ];
    for (const [name, input, first] of rows) assert.equal(shown(await search.query(undefined, input))[0], first, name);
    const { results } = await search.query(undefined, { text: 'getCity', product: 'atlas' });
    assert.deepEqual({ href: results[0]!.href, product: results[0]!.product, version: results[0]!.version }, { href: '/atlas/v2/get-city', product: { slug: 'atlas', name: 'Atlas API' }, version: 'v2' });
    const [schema] = (await search.query(undefined, { text: 'twin', product: 'atlas', version: 'v1', kind: 'schema' })).results;
    assert.deepEqual([schema!.href, schema!.fields], ['/atlas/v1/get-city', ['twin']]);
  });

  test('marks what was met', async () => {
    const { search } = await openAtlas();
    const { results } = await search.query(undefined, { text: 'citi', product: 'atlas' });
    const list = results.find(({ href }) => href.endsWith('list-cities'))!;
    assert.deepEqual(list.title, [{ text: 'List ', hit: false }, { text: 'cities', hit: true }]);
  });

  test('a private product and a draft are found only by who may see them, and are counted for nobody else', async () => {
    const { search, deps } = await openAtlas();
    const ada = await addConsumer(deps, 'ada');
    const seen = async (actor: Actor | undefined): Promise<{ secret: boolean; scopes: string[]; operations: number | undefined }> => {
      const { results, counts, scopes } = await search.query(actor, { text: 'list cities', limit: 50 });
      return { secret: results.some(({ href }) => href.startsWith('/secret')), scopes: scopes.map(({ product }) => product), operations: counts.operation };
    };
    const stranger = await seen(undefined);
    assert.deepEqual(stranger, { secret: false, scopes: ['atlas', 'relief'], operations: 2 });
    assert.deepEqual(await seen(ada), stranger);
    assert.deepEqual(await seen(admin), { secret: true, scopes: ['atlas', 'relief', 'secret'], operations: 3 });
    for (const version of ['v3', 'v9']) assert.equal((await search.query(ada, { text: 'list cities', product: 'atlas', version })).counts.operation, undefined, version);
    assert.equal((await search.query(admin, { text: 'list cities', product: 'atlas', version: 'v3' })).counts.operation, 1);
    assert.deepEqual((await search.query(ada, { text: 'list cities', product: 'secret' })).results, []);
  });

  test('whatever is typed is answered', async () => {
    const { search } = await openAtlas();
    const texts: [string, string, SearchAnswer['match']][] = [
      ['nothing', '', 'none'],
      ['space', ' \t\n ', 'none'],
      ['signs', '/{}[]()*+?.\\^$|', 'none'],
      ['a lone surrogate', '\ud800', 'none'],
      ['control characters', '\u0000\u0007', 'none'],
      ['another script', '都市 город', 'none'],
      ['markup', '<script>alert(1)</script>', 'none'],
      ['words that say nothing', 'how to do it', 'none'],
    ];
    for (const [name, text, match] of texts) {
      const answer = await search.query(undefined, { text });
      assert.ok(['none', 'near', 'some', 'all'].includes(answer.match), name);
      if (match === 'none' && answer.match === 'none') assert.deepEqual(answer.results, [], name);
    }
    const long = await search.query(undefined, { text: 'city '.repeat(2_000) });
    assert.equal(long.text.length, 200);
    assert.ok(long.results.length > 0);
    const accents = await search.query(undefined, { text: 'Cíty' });
    assert.equal(accents.match, 'all');
    assert.equal((await search.query(undefined, { text: 'city', cursor: 'x', limit: Number.NaN })).results.length > 0, true);
  });

  test('what nearly fits is offered when nothing fits', async () => {
    const { search } = await openAtlas();
    const some = await search.query(undefined, { text: 'cities zebra', product: 'atlas' });
    assert.equal(some.match, 'some');
    assert.ok(some.results.length > 0);
    const near = await search.query(undefined, { text: 'sities', product: 'atlas' });
    assert.ok(near.results.some(({ href }) => href === '/atlas/v2/list-cities'), near.match);
    assert.equal((await search.query(undefined, { text: 'xylophone' })).match, 'none');
  });

  test('results page', async () => {
    const { search } = await openAtlas();
    const hrefs: string[] = [];
    let cursor: string | null = null;
    do {
      const page: SearchAnswer = await search.query(admin, { text: 'city', limit: 2, ...(cursor === null ? {} : { cursor }) });
      hrefs.push(...page.results.map(({ href, kind }) => `${kind} ${href}`));
      assert.equal(page.total, (await search.query(admin, { text: 'city', limit: 50 })).results.length);
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(hrefs, (await search.query(admin, { text: 'city', limit: 50 })).results.map(({ href, kind }) => `${kind} ${href}`));
  });

  test('the index follows what is published, and what was built is not built again', async () => {
    const { search, deps, gateways } = await openAtlas();
    let built = 0;
    const counted = { ...deps, buildSearchIndex: (source: Parameters<typeof deps.buildSearchIndex>[0]) => { built++; return deps.buildSearchIndex(source); } };
    await search.close();
    const again = createSearch(counted, gateways);
    await again.settled();
    assert.equal(built, 0);
    const text = 'products:\n  - { slug: relief, upstream: "http://127.0.0.1:4011", versions: [ { name: v1, openapi: relief.yaml } ], plans: [ { slug: basic, currency: usd } ] }\n';
    await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'relief.yaml', text: atlasDocument.replace('List cities', 'List shelters') }] }, dryRun: false, prune: true });
    await again.settled();
    assert.equal(built, 1);
    assert.equal((await again.query(undefined, { text: 'shelters' })).results[0]!.href, '/relief/v1/list-cities');
    assert.deepEqual((await again.query(undefined, { text: 'getCity', product: 'atlas' })).results, []);
    assert.equal((await deps.database.kysely.selectFrom('search_index').select('scope').execute()).length, 1);
    await again.close();
  });

  test('what an older version alone has is found in it, and what both have in the newer one', async () => {
    const { search, deps, gateways } = await openAtlas();
    const text = 'products:\n  - { slug: relief, upstream: "http://127.0.0.1:4011", versions: [ { name: v1, openapi: old.yaml }, { name: v2, openapi: new.yaml } ], plans: [ { slug: basic, currency: usd } ] }\n';
    const old = atlasDocument.replaceAll('listCities', 'listShelters').replace('List cities', 'List shelters');
    await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'old.yaml', text: old }, { path: 'new.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
    await search.settled();
    assert.equal((await search.query(undefined, { text: 'shelters' })).results[0]!.href, '/relief/v1/list-shelters');
    assert.deepEqual((await search.query(undefined, { text: 'getCity' })).results.filter(({ kind }) => kind === 'operation').map(({ href }) => href), ['/relief/v2/get-city']);
  });

  test('guides and own pages are found by what they say', async () => {
    const { search, deps } = await openAtlas();
    const query = deps.database.kysely;
    const { id } = await query.selectFrom('product').select('id').where('slug', '=', 'secret').executeTakeFirstOrThrow();
    const article = { description: '', position: 0, source: 'a.md', updated_at: 1 };
    await query.insertInto('article').values([
      { id: 'art_1', product_id: id, slug: 'paging', title: 'Paging through lists', markdown: '# Paging\n\nFollow the **cursor** until [nothing](https://example.com) is left.', ...article },
      { id: 'art_2', product_id: null, slug: 'support', title: 'Support', markdown: 'Write to us about invoices.', ...article },
    ]).execute();
    await search.close();
    const again = createSearch(deps, { onPublished: () => () => undefined });
    await again.settled();
    const [guide] = (await again.query(admin, { text: 'cursor' })).results;
    assert.deepEqual([guide!.kind, guide!.href, guide!.summary.map(({ text }) => text).join('')], ['guide', '/secret/guides/paging', 'Paging Follow the cursor until nothing is left.']);
    assert.ok((await again.query(undefined, { text: 'cursor' })).results.every(({ kind }) => kind !== 'guide'));
    assert.equal((await again.query(undefined, { text: 'invoices' })).results[0]!.href, '/pages/support');
    assert.deepEqual([...new Set((await again.query(undefined, { text: 'idempotency' })).results.map(({ kind, href }) => `${kind} ${href}`))].slice(0, 1), ['term /learn/glossary/idempotency']);
    assert.equal((await again.query(undefined, { text: 'API as a product', kind: 'exercise' })).results[0]!.href, '/learn/api-as-a-product');
    await again.close();
  });
});
