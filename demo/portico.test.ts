import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readLearn } from '../src/control/learn/read-learn.ts';
import { parseConfig } from '../src/control/configuration/parse-config.ts';

it('the configuration of the demo is valid and says what the demo promises', async () => {
  const file = fileURLToPath(new URL('portico.yaml', import.meta.url));
  const { config } = parseConfig(file, await readFile(file, 'utf8'));
  const [atlas] = config.products;
  assert.deepEqual(config.portal, { name: 'Atlas Developers', keyPrefix: 'atlas', headline: 'Put every country and city into your product.', accent: '#0f766e', footer: [{ label: 'GeoNames', url: 'https://www.geonames.org' }] });
  assert.equal(config.products.length, 1);
  assert.deepEqual(atlas!.versions.map(({ name, status, deprecated, sunset, successor, upstream }) => ({ name, status, deprecated, sunset, successor, upstream })), [
    { name: 'v1', status: 'deprecated', deprecated: '2026-09-01', sunset: '2027-03-01', successor: 'v2', upstream: 'http://127.0.0.1:4010/v1' },
    { name: 'v2', status: 'published', deprecated: null, sunset: null, successor: null, upstream: 'http://127.0.0.1:4010/v2' },
  ]);
  assert.deepEqual(atlas!.plans.map(({ slug, default: standard, access, fee }) => ({ slug, standard, access, fee })), [
    { slug: 'free', standard: true, access: 'public', fee: '0' },
    { slug: 'growth', standard: false, access: 'public', fee: '49.00' },
    { slug: 'partner', standard: false, access: 'approval', fee: '0' },
  ]);
  assert.equal(atlas!.testUpstream, 'examples');
});

it('what the demo teaches is valid, and leads from the first call to a handled 429', async () => {
  const folder = new URL('learn/', import.meta.url);
  const files = await Promise.all((await readdir(folder)).toSorted().map(async (path) => ({ path, text: await readFile(new URL(path, folder), 'utf8') })));
  const { problems, sets } = readLearn(files, { shipped: true });
  assert.deepEqual(problems, []);
  assert.deepEqual(sets.map(({ set: { id, published, items } }) => [id, published, items.map(({ kind }) => kind)]), [['first-hour', true, ['task', 'task', 'question', 'task', 'task', 'task', 'question']]]);
});
