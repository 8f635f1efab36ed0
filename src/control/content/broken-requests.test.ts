import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { createProducts } from '../products/products.ts';
import type { ConfigBundle } from '../services.ts';
import { admin, openControl, refusalOf } from '../testkit.ts';
import { rememberBrokenRequests } from './broken-requests.ts';

const document = (...names: string[]): string => JSON.stringify({
  openapi: '3.1.0', info: { title: 'A', version: '1' },
  paths: Object.fromEntries(names.map((name) => [`/${name}`, { get: { operationId: name, responses: { 200: { description: 'It worked' } } } }])),
});
const guide = (words: string): string => `# First\n\n\`\`\`request ${words}\n\`\`\`\n`;
const bundleOf = (text: string): ConfigBundle => ({
  file: 'portico.yaml',
  text: 'products:\n  - slug: atlas\n    upstream: http://127.0.0.1:1\n    guides: ./guides\n    versions: [{ name: v1, openapi: a.json }]\n',
  files: [{ path: 'a.json', text: document('listCities', 'listRivers') }, { path: 'guides/first.md', text }],
});
const upload = { slug: 'atlas', version: 'v2', fileName: 'b.json', text: document('listRivers'), draft: false, dryRun: false };

forEachEngine('requests of guides, when somebody publishes by hand', (stores) => {
  async function open(words: string) {
    const { deps, gateways, letters } = await openControl(await stores.open());
    await createConfiguration(deps, gateways).apply(admin, { bundle: bundleOf(guide(words)), dryRun: false, prune: false });
    const broken = rememberBrokenRequests(deps);
    return { deps, products: createProducts(deps, gateways, letters), broken: () => broken(deps.database.kysely) };
  }
  const versionsOf = async ({ products }: Pick<Awaited<ReturnType<typeof open>>, 'products'>) => (await products.get(admin, 'atlas')).versions.map(({ name, status }) => `${name} ${status}`);

  test('a version without the operation that a guide sends is refused, with the place, and changes nothing', async () => {
    const atlas = await open('listCities');
    const refusal = await refusalOf(atlas.products.publish(admin, upload));
    assert.equal(refusal.code, 'input_invalid');
    assert.match(refusal.message, /^Readers of "First" could not send a request any more\./);
    assert.deepEqual(refusal.errors, [{ file: 'guides/atlas/first.md', line: 3, column: 1, detail: 'atlas v2 has no operation "listCities".' }]);
    assert.deepEqual(await versionsOf(atlas), ['v1 published']);
    const dry = await atlas.products.publish(admin, { ...upload, dryRun: true });
    assert.deepEqual([dry.product, dry.problems], [null, refusal.errors], 'a dry run says the same');
  });

  for (const [name, words, version] of [['a guide that names its version', 'v1 listCities', {}], ['an operation that the new version has', 'listRivers', {}], ['a draft, which no reader is sent to', 'listCities', { draft: true }]] as const) {
    test(`${name} is published beside`, async () => {
      const atlas = await open(words);
      await atlas.products.publish(admin, { ...upload, ...version });
      assert.equal((await versionsOf(atlas)).length, 2);
      assert.deepEqual(await atlas.broken(), []);
    });
  }

  test('a draft that would break a guide stays a draft', async () => {
    const atlas = await open('listCities');
    await atlas.products.publish(admin, { ...upload, draft: true });
    const refusal = await refusalOf(atlas.products.editVersion(admin, { slug: 'atlas', version: 'v2', status: 'published' }));
    assert.equal(refusal.errors[0]!.file, 'guides/atlas/first.md');
    assert.deepEqual(await versionsOf(atlas), ['v1 published', 'v2 draft']);
  });

  test('what a guide cannot send is listed, and what was broken before does not hold up a publication', async () => {
    const atlas = await open('v1 listCities');
    assert.deepEqual(await atlas.broken(), []);
    await atlas.products.publish(admin, { ...upload, version: 'v1', text: document('listCities', 'listRivers', 'listSeas') });
    await atlas.deps.database.kysely.deleteFrom('operation').where('operation', '=', 'listCities').execute();
    await atlas.deps.database.kysely.updateTable('version').set({ fingerprint: 'of another document' }).execute();
    const [broken] = await atlas.broken();
    assert.deepEqual([broken!.article, broken!.line], [{ product: 'atlas', slug: 'first', title: 'First' }, 3]);
    await atlas.products.publish(admin, upload);
    assert.deepEqual(await versionsOf(atlas), ['v1 published', 'v2 published']);
  });
});
