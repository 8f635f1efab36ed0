import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '../../errors.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import type { Actor, ConfigBundle } from '../services.ts';
import { openControl } from '../testkit.ts';
import { createContent } from './content.ts';
import { findRequestBlocks } from './request-blocks.ts';

const admin: Actor = { kind: 'admin-token' };
const response = { responses: { 200: { description: 'It worked' } } };
const openapi = (more: object = {}): string => JSON.stringify({
  openapi: '3.1.0', info: { title: 'A', version: '1' },
  paths: {
    '/cities': {
      get: { operationId: 'listCities', parameters: [{ name: 'region', in: 'query', schema: { enum: ['europe', 'asia'] } }, { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 50 } }], ...response },
      post: { operationId: 'addCity', requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/City' } } } }, ...response },
    },
    '/cities/{id}': { get: { operationId: 'getCity', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }, { name: 'fields', in: 'query', schema: { type: 'array', items: { type: 'string' } } }], ...response } },
    ...more,
  },
  components: { schemas: { City: { type: 'object', required: ['id', 'name'], additionalProperties: false, properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string' } } } } },
});
const yaml = `products:
  - slug: atlas
    upstream: http://127.0.0.1:1
    guides: ./guides
    versions: [{ name: v1, openapi: a.json }, { name: v2, openapi: a.json, status: draft }]
  - slug: plan
    upstream: http://127.0.0.1:1
    versions: [{ name: v1, openapi: a.json, status: draft }]
`;
const bundleOf = (guide: string, { text = yaml, document = openapi() } = {}): ConfigBundle => ({ file: 'portico.yaml', text, files: [{ path: 'a.json', text: document }, { path: 'guides/first.md', text: guide }] });
const request = (words: string, text = ''): string => `---\ntitle: First\n---\n\nText.\n\n\`\`\`request ${words}\n${text}\n\`\`\`\n`;

const refused: [string, string, number, RegExp][] = [
  ['an operation that does not exist', request('listTowns'), 7, /^atlas v1 has no operation "listTowns"\.$/],
  ['an operation with a typing error', request('listCites'), 7, /Did you mean "listCities"\?/],
  ['a version that does not exist', request('v9 listCities'), 7, /^"atlas" has no version "v9"\. Did you mean "v1"\?/],
  ['a product that does not exist', request('atlass v1 listCities'), 7, /^There is no product "atlass"\. Did you mean "atlas"\?/],
  ['a product without a current version', request('plan x listCities'), 7, /"plan" has no version "x"/],
  ['no operation', request(''), 7, /names an operation/],
  ['too many words', request('a b c d'), 7, /names an operation/],
  ['text that is no JSON', request('listCities', '{ region: europe }'), 7, /JSON object/],
  ['a list', request('listCities', '[1]'), 7, /JSON object/],
  ['a parameter that does not exist', request('listCities', '{ "regoin": "europe" }'), 7, /^GET \/cities has no parameter "regoin"; it has "region", "limit"\.$/],
  ['a parameter that is missing', request('getCity', '{ "fields": ["name"] }'), 7, /^The parameter "id" is missing: GET \/cities\/\{id\} requires it\.$/],
  ['a value that is not allowed', request('listCities', '{ "region": "mars" }'), 7, /^The parameter "region" is "mars", which the contract does not allow: must be one of "europe", "asia"\.$/],
  ['a value of another type', request('getCity', '{ "id": "Lisbon" }'), 7, /must be integer/],
  ['a value that is too large', request('listCities', '{ "limit": 51 }'), 7, /must be <= 50/],
  ['a body without a required field', request('addCity', '{ "body": {} }'), 7, /^The body is not what POST \/cities takes: at its top, the field "name" is missing\.$/],
  ['a body with a field that is not there', request('addCity', '{ "body": { "name": "Porto", "size": 1 } }'), 7, /the field "size" is not in the contract/],
  ['a body of another type', request('addCity', '{ "body": { "name": 4 } }'), 7, /at \/name, must be string/],
  ['a body where none is taken', request('listCities', '{ "body": {} }'), 7, /^GET \/cities takes no body\.$/],
  ['a wrong request in a callout', '# A\n\n> [!NOTE]\n> ```request listTowns\n> ```\n', 4, /no operation/],
  ['a wrong request in a tab', '# A\n\n:::tabs\n== one\n\n~~~~request listTowns\n{}\n~~~~\n:::\n', 6, /no operation/],
  ['a request that never ends', '# A\n\n```request listCities\n{ "limit": 51 }\n', 3, /must be <= 50/],
  ['more requests than a page shows', `# A\n${'```request listCities\n```\n'.repeat(41)}`, 82, /at most 40/],
];

const taken: [string, string][] = [
  ['the sample', request('listCities')],
  ['an operation by its address', request('list-cities', '{ "limit": 2 }')],
  ['a number written as text', request('getCity', '{ "id": "7" }')],
  ['a list', request('getCity', '{ "id": 7, "fields": ["id", "name"] }')],
  ['a body without what only answers have', request('addCity', '{ "body": { "name": "Porto" } }')],
  ['a draft that is named', request('v2 listCities')],
  ['other code', '# A\n\n```json\n{ nothing }\n```\n\n````markdown\n```request nothing\n```\n````\n'],
  ['a request in words', '# A\n\nWrite `request listTowns`.\n\nrequest listTowns\n'],
];

forEachEngine('requests of guides', (stores) => {
  const open = async () => {
    const { deps, gateways } = await openControl(await stores.open());
    return { deps, configuration: createConfiguration(deps, gateways) };
  };
  const placesOf = (applying: Promise<unknown>) => applying.then(() => assert.fail('it was applied'), (error: unknown) => {
    assert.ok(isAppError(error) && error.code === 'config_invalid', String(error));
    return error.errors;
  });

  test('each mistake is refused with file and line before anything changes', async () => {
    const { deps, configuration } = await open();
    for (const [name, guide, line, detail] of refused) {
      const places = await placesOf(configuration.apply(admin, { bundle: bundleOf(guide), dryRun: false, prune: false }));
      assert.equal(places.length, 1, name);
      assert.deepEqual([places[0]!.file, places[0]!.line], ['guides/first.md', line], name);
      assert.match(places[0]!.detail, detail, name);
    }
    assert.deepEqual(await deps.database.kysely.selectFrom('product').select('id').execute(), []);
  });

  test('what works is applied', async () => {
    const { configuration } = await open();
    for (const [name, guide] of taken) assert.equal((await configuration.apply(admin, { bundle: bundleOf(guide), dryRun: true, prune: false })).applied, false, name);
  });

  test('a guide is checked against the document that comes with it, and against the stored one when that is unchanged', async () => {
    const { deps, configuration } = await open();
    await configuration.apply(admin, { bundle: bundleOf(request('listCities')), dryRun: false, prune: false });
    assert.match((await placesOf(configuration.apply(admin, { bundle: bundleOf(request('listRivers', '{ "name": "Douro" }')), dryRun: false, prune: false })))[0]!.detail, /no operation "listRivers"/);
    assert.match((await placesOf(configuration.apply(admin, { bundle: bundleOf(request('listCities', '{ "limit": 99 }')), dryRun: false, prune: false })))[0]!.detail, /<= 50/, 'the stored document');
    const rivers = openapi({ '/rivers': { get: { operationId: 'listRivers', parameters: [{ name: 'name', in: 'query', schema: { type: 'string' } }], ...response } } });
    await configuration.apply(admin, { bundle: bundleOf(request('listRivers', '{ "name": "Douro" }'), { document: rivers }), dryRun: false, prune: false });
    assert.match((await createContent(deps).getGuide(undefined, 'atlas', 'first')).markdown, /listRivers/);
    const places = await placesOf(configuration.apply(admin, { bundle: bundleOf(request('listRivers')), dryRun: false, prune: false }));
    assert.match(places[0]!.detail, /no operation/, 'a document may not lose what a guide sends');
  });

  test('a page of the portal names the product', async () => {
    const { configuration } = await open();
    const text = `portal: { pages: [{ slug: about, title: About, file: guides/first.md }] }\n${yaml.replace('    guides: ./guides\n', '')}`;
    assert.match((await placesOf(configuration.apply(admin, { bundle: bundleOf(request('listCities'), { text }), dryRun: false, prune: false })))[0]!.detail, /names its product/);
    await configuration.apply(admin, { bundle: bundleOf(request('atlas v1 listCities'), { text }), dryRun: false, prune: false });
  });
});

test('fences are found as pages draw them', () => {
  assert.deepEqual(findRequestBlocks('> ```request a\n> {"x":\n> 1}\n> ```\n\n```request b\n```'), [{ words: ['a'], text: '{"x":\n1}', line: 1 }, { words: ['b'], text: '', line: 6 }]);
});
