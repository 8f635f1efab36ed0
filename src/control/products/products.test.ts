import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { loadCompileProducts } from '../gateways/compile-input.ts';
import { createPlans } from '../plans/plans.ts';
import type { Actor } from '../services.ts';
import { addConsumer, admin, applyAtlas, atlasDocument, openControl, refusalOf } from '../testkit.ts';
import { createProducts } from './products.ts';

const viewer: Actor = { kind: 'member', memberId: 'mem_1', email: 'v@example.com', role: 'viewer' };
const engineer: Actor = { ...viewer, email: 'e@example.com', role: 'engineer' };
const upload = { fileName: 'atlas.yaml', text: atlasDocument };

forEachEngine('products', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    return { ...control, products: createProducts(control.deps, control.gateways, control.letters) };
  }

  test('strangers see public products without drafts, the producer sees all, a subscriber also the private one', async () => {
    const { deps, gateways, letters, products } = await open();
    const seen = async (actor: Actor | undefined) => (await products.list(actor)).map(({ slug, versions, currentVersion, testMode }) => [slug, versions.map(({ name }) => name).join(), currentVersion, testMode]);
    assert.deepEqual(await seen(undefined), [['atlas', 'v1,v2', 'v2', true], ['relief', 'v1', 'v1', false]]);
    assert.deepEqual(await seen(viewer), [['atlas', 'v1,v2,v3', 'v2', true], ['relief', 'v1', 'v1', false], ['secret', 'v1', 'v1', false]]);
    const ada = await addConsumer(deps, 'ada');
    assert.equal((await refusalOf(products.get(ada, 'secret'))).code, 'not_found');
    await createPlans(deps, gateways, letters).subscribe(admin, { consumerId: 'con_ada', productSlug: 'secret' });
    assert.equal((await products.get(ada, 'secret')).slug, 'secret');
    for (const hidden of [() => products.get(undefined, 'secret'), () => products.get(undefined, 'none'), () => products.listOperations(undefined, 'atlas', 'v3'), () => products.getDocument(undefined, 'secret', 'v1')]) assert.equal((await refusalOf(hidden())).code, 'not_found');
  });

  test('a product page begins with a call that works as it stands', async () => {
    const { products } = await open();
    const page = await products.get(undefined, 'atlas');
    assert.deepEqual(page.baseUrls, { v1: 'http://gateway.example/atlas/v1', v2: 'http://gateway.example/atlas/v2' });
    assert.equal(page.quickstart!.version, 'v2');
    assert.equal(page.quickstart!.operation.operation, 'listCities');
    assert.match(page.quickstart!.sample.path, /^\/cities\?order=(name|population)$/);
    assert.deepEqual(page.plans.map(({ slug }) => slug), ['free', 'growth', 'partner']);
  });

  test('an operation page has its neighbours, its schema and a sample', async () => {
    const { products } = await open();
    const operations = await products.listOperations(undefined, 'atlas', 'v2');
    assert.deepEqual(operations.map(({ operation, method, path, tag }) => [operation, method, path, tag]), [['getCity', 'GET', '/cities/{id}', 'Cities'], ['listCities', 'GET', '/cities', 'Cities'], ['addCity', 'POST', '/cities', null]]);
    const page = await products.getOperation(undefined, 'atlas', 'v2', operations[1]!.slug);
    assert.deepEqual([page.previous?.operation, page.next?.operation], ['getCity', 'addCity']);
    assert.equal(page.parameters[0]!.name, 'order');
    const post = await products.getOperation(undefined, 'atlas', 'v2', operations[2]!.slug);
    assert.equal(post.next, null);
    assert.deepEqual(JSON.parse(post.sample.body!), { name: 'Oslo' });
    assert.equal((await refusalOf(products.getOperation(undefined, 'atlas', 'v2', 'nothing'))).code, 'not_found');
    assert.equal(((await products.getDocument(undefined, 'atlas', 'v2')) as { info: { title: string } }).info.title, 'Atlas');
  });

  test('a new product from an upload runs at once, with a free plan', async () => {
    const { deps, gateways, products } = await open();
    const version = gateways.snapshotVersion();
    const { product, problems } = await products.publish(engineer, { slug: 'places', version: 'v1', ...upload });
    assert.deepEqual(problems, []);
    assert.deepEqual([product!.name, product!.description, product!.currentVersion, product!.testMode], ['Atlas', 'Places of the world.', 'v1', true]);
    assert.equal(gateways.snapshotVersion(), version + 1);
    const compiled = (await loadCompileProducts(deps.database.kysely)).find(({ config }) => config.slug === 'places')!;
    assert.equal(compiled.config.upstream, 'https://atlas.example/api');
    assert.deepEqual(compiled.versions[0]!.operations.map(({ id, enumParameters, example }) => [id, enumParameters, example?.status]), [['getCity', [], 200], ['listCities', ['order'], 200], ['addCity', [], 201]]);
    assert.deepEqual((await products.get(undefined, 'places')).plans.map(({ slug, default: first }) => [slug, first]), [['free', true]]);
  });

  test('an upload replaces a version and keeps what else is known of it', async () => {
    const { products } = await open();
    const before = (await products.list(admin))[0]!.versions;
    await products.publish(engineer, { slug: 'atlas', version: 'v1', fileName: 'x.json', text: atlasDocument.replace('List cities', 'List all cities') });
    const after = (await products.list(admin))[0]!.versions;
    assert.deepEqual(after[0], before[0]);
    assert.equal((await products.listOperations(undefined, 'atlas', 'v1'))[1]!.summary, 'List all cities');
    await products.publish(engineer, { slug: 'atlas', version: 'v3', ...upload });
    assert.equal((await products.get(undefined, 'atlas')).currentVersion, 'v3');
  });

  test('a dry run tells what would be, or what is wrong, and changes nothing', async () => {
    const { deps, gateways, products } = await open();
    const configuration = createConfiguration(deps, gateways);
    const before = await configuration.current();
    const good = await products.publish(engineer, { slug: 'places', version: 'v1', ...upload, dryRun: true });
    assert.equal(good.product!.currentVersion, 'v1');
    const bad = await products.publish(engineer, { slug: 'places', version: 'v1', fileName: 'bad.yaml', text: 'openapi: 3.1.0\ninfo: { title: x, version: "1" }\npaths: []\n', dryRun: true });
    assert.equal(bad.product, null);
    assert.equal(bad.problems[0]!.file, 'bad.yaml');
    assert.equal(bad.problems[0]!.line, 3);
    assert.deepEqual(await configuration.current(), before);
  });

  test('bad input and bad documents are refused, and so are those who may not publish', async () => {
    const { deps, gateways, products } = await open();
    const before = await createConfiguration(deps, gateways).current();
    const invalid = await refusalOf(products.publish(engineer, { slug: 'Places!', version: 'v 1', upstream: 'ftp://x', ...upload }));
    assert.equal(invalid.code, 'input_invalid');
    assert.deepEqual(invalid.errors.map(({ pointer }) => pointer).sort(), ['/slug', '/upstream', '/version']);
    const nowhere = await refusalOf(products.publish(engineer, { slug: 'places', version: 'v1', fileName: 'a.yaml', text: atlasDocument.replace(/servers.*\n/, '') }));
    assert.deepEqual(nowhere.errors.map(({ pointer }) => pointer), ['/upstream']);
    assert.equal((await refusalOf(products.publish(engineer, { slug: 'places', version: 'v1', fileName: 'a.yaml', text: '{' }))).code, 'contract_invalid');
    assert.equal((await refusalOf(products.publish(viewer, { slug: 'places', version: 'v1', ...upload }))).code, 'role_forbids');
    assert.equal((await refusalOf(products.inspectDocument(viewer, upload))).code, 'role_forbids');
    assert.deepEqual(await createConfiguration(deps, gateways).current(), before);
  });

  test('inspecting a document tells what it holds, or what is wrong', async () => {
    const { products } = await open();
    const found = await products.inspectDocument(engineer, upload);
    assert.deepEqual([found.title, found.version, found.openapi, found.operations.length, found.servers, found.problems], ['Atlas', '2.0', '3.1.0', 3, ['https://atlas.example/api/'], []]);
    assert.ok((await products.inspectDocument(engineer, { fileName: 'x.yaml', text: 'swagger: "2.0"\n' })).problems[0]!.detail.length > 0);
  });
});
