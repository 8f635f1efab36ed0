import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import type { ConfigBundle } from '../services.ts';
import { admin, atlasDocument, openControl, refusalOf } from '../testkit.ts';
import { loadLearnState } from './learn-rows.ts';

const yaml = (learn: string): string => `learn: ${learn}\nproducts:\n  - { slug: atlas, upstream: "http://127.0.0.1:1", versions: [ { name: v2, openapi: atlas.yaml } ] }\n`;
const terms = 'terms:\n  - { id: tile, name: Tile, definition: A square of the map., related: [quota] }\n';
const question = `sets:
  - id: maps
    title: Maps
    published: true
    terms: [tile, rate-limit]
    items:
      - id: what
        question: What is a tile?
        read: [tile]
        choices:
          - { text: A square, right: true, why: It is. }
          - { text: A circle, why: It is not. }
      - id: call
        task: List the cities.
        check:
          product: atlas
          version: v2
          within: 10m
          calls:
            - { operation: listCities, status: 200 }
            - { status: 4xx, code: rate_limited, query: [order] }
`;
const bundleOf = (files: Record<string, string>, learn = './learn'): ConfigBundle => ({ file: 'portico.yaml', text: yaml(learn), files: [{ path: 'atlas.yaml', text: atlasDocument }, ...Object.entries(files).map(([path, text]) => ({ path, text }))] });
const whole = { 'learn/01-terms.yaml': terms, 'learn/02-maps.yaml': question };

forEachEngine('what a portal teaches', (stores) => {
  async function open() {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    return { deps, configuration, apply: (bundle: ConfigBundle, prune = false) => configuration.apply(admin, { bundle, dryRun: false, prune }) };
  }

  test('is applied from a folder, exported, and applied again without a change', async () => {
    const { deps, configuration, apply } = await open();
    const { changes } = await apply(bundleOf(whole));
    assert.deepEqual(changes.filter(({ noun }) => noun === 'term' || noun === 'exercise').map(({ action, noun, name, detail }) => [action, noun, name, detail]), [['add', 'term', 'tile', []], ['add', 'exercise', 'maps', []]]);
    const exported = await configuration.export(admin);
    assert.match(exported.text, /^learn: \.\/learn$/m);
    const again = await apply(exported, true);
    assert.deepEqual(again.changes.filter(({ action }) => action !== 'keep'), []);
    assert.deepEqual((await loadLearnState(deps.database.kysely)).entries.map(({ id }) => id), ['tile', 'maps']);
  });

  test('is hidden, changed and removed by its files, and what is said of it tells so', async () => {
    const { deps, apply } = await open();
    await apply(bundleOf(whole));
    const hidden = await apply(bundleOf({ ...whole, 'learn/02-maps.yaml': question.replace('    published: true\n', '') }));
    assert.deepEqual(hidden.changes.filter(({ action }) => action !== 'keep').map(({ noun, name, detail }) => [noun, name, detail]), [['exercise', 'maps', ['hidden']]]);
    const gone = await apply(bundleOf({ 'learn/01-terms.yaml': terms.replace('square', 'piece') }, '{ folder: ./learn, shipped: true }'));
    assert.deepEqual(gone.changes.filter(({ action }) => action !== 'keep').map(({ action, noun, name }) => [action, noun, name]), [['change', 'term', 'tile'], ['remove', 'exercise', 'maps']]);
    const off = await apply(bundleOf({}, 'false'));
    assert.deepEqual(off.changes.filter(({ action }) => action !== 'keep').map(({ action, noun, name }) => [action, noun, name]), [['change', 'portal', 'learn'], ['remove', 'term', 'tile']]);
    assert.deepEqual(await loadLearnState(deps.database.kysely), { shipped: false, entries: [] });
  });

  const maps = 'learn/02-maps.yaml';
  const inMaps = (from: string, to: string) => ({ ...whole, [maps]: question.replace(from, to) });
  const many = (count: number): string => `terms:\n${Array.from({ length: count }, (_, index) => `  - { id: t${index}, name: T${index}, definition: D }\n`).join('')}`;
  const refused: [string, Record<string, string>, string, number, RegExp][] = [
    ['a folder that is not there', {}, 'portico.yaml', 1, /no folder of that name/],
    ['broken YAML', { ...whole, [maps]: 'sets:\n  - id: maps\n   title: [\n' }, maps, 3, /./],
    ['an empty file', { ...whole, [maps]: '# nothing\n' }, maps, 1, /The file is empty/],
    ['an unknown key', inMaps('    title: Maps', '    titel: Maps'), maps, 3, /no key `titel`/],
    ['no right answer', inMaps(', right: true', ''), maps, 10, /No choice is right/],
    ['two right answers', inMaps('A circle,', 'A circle, right: true,'), maps, 12, /Exactly one/],
    ['two equal choices', inMaps('A circle', ' a  SQUARE'), maps, 12, /says the same/],
    ['a question that is a task too', inMaps('        question: What is a tile?', '        question: What is a tile?\n        task: Draw one.'), maps, 7, /either `question`/],
    ['a task without a check', { ...whole, [maps]: question.slice(0, question.indexOf('        check:')) }, maps, 13, /needs `check`/],
    ['an unknown term above a set', inMaps('rate-limit]', 'rate-limits]'), maps, 5, /no term "rate-limits"\. Did you mean "rate-limit"/],
    ['an unknown term to read', inMaps('read: [tile]', 'read: [tyle]'), maps, 9, /Did you mean "tile"/],
    ['an unknown related term', { ...whole, 'learn/01-terms.yaml': terms.replace('[quota]', '[quotum]') }, 'learn/01-terms.yaml', 2, /no term "quotum"/],
    ['a task that names an unknown operation', inMaps('listCities', 'listCites'), maps, 20, /atlas v2 has no operation "listCites"\. Did you mean "listCities"/],
    ['a task that names an unknown product', inMaps('product: atlas', 'product: atlantis'), maps, 16, /no product "atlantis"/],
    ['a task that names an unknown version', inMaps('version: v2', 'version: v9'), maps, 17, /no version "v9"/],
    ['an unknown error code', inMaps('rate_limited', 'rate_limit'), maps, 21, /Did you mean "rate_limited"/],
    ['a status that is none', inMaps('status: 200', 'status: 99'), maps, 20, /such as 429/],
    ['a link to a guide that is not there', inMaps('read: [tile]', 'read: [{ label: More, to: /atlas/guides/tiles }]'), maps, 9, /link \/atlas\/guides\/tiles leads nowhere: there is no guide "tiles"/],
    ['a link to an unknown product', { ...whole, 'learn/01-terms.yaml': terms.replace('A square of the map.', '"A square of [the map](/atlantis/v1)."') }, 'learn/01-terms.yaml', 2, /no product "atlantis"/],
    ['a link to an unknown version', inMaps('why: It is.', 'why: "See [it](/atlas/v7)."'), maps, 11, /no version "v7"\. Did you mean "v2"/],
    ['a link to an unknown operation', inMaps('List the cities.', '"See [here](/atlas/v2/listCites?x=1#top)."'), maps, 14, /no operation "listCites"\. Did you mean "listCities"/],
    ['a link to an unknown error', inMaps('why: It is not.', 'why: "See [it](/errors/rate_limit.md)."'), maps, 12, /no error code "rate_limit"/],
    ['a link to an unknown exercise', inMaps('why: It is not.', 'why: "See [it](/learn/map)."'), maps, 12, /no exercise "map"/],
    ['a term defined twice', { ...whole, 'learn/03.yaml': terms }, 'learn/03.yaml', 2, /stands in learn\/01-terms\.yaml, line 2, already/],
    ['two terms with one name', { ...whole, 'learn/03.yaml': 'terms:\n  - id: other\n    name: TILE\n    definition: D\n' }, 'learn/03.yaml', 3, /"tile" is called "TILE" already/],
    ['an address of the portal as an id', inMaps('id: maps', 'id: glossary'), maps, 2, /\/learn\/glossary/],
    ['two items with one id', inMaps('id: call', 'id: what'), maps, 13, /has an item "what" already/],
    ['10,000 terms', { ...whole, 'learn/03.yaml': many(10_000) }, 'learn/03.yaml', 1, /These are 10001 terms; a portal teaches at most 1000/],
  ];
  test('is refused with file and line, and changes nothing', async () => {
    const { deps, apply } = await open();
    for (const [name, files, file, line, detail] of refused) {
      const refusal = await refusalOf(apply(bundleOf(files)));
      const place = refusal.errors.find((candidate) => detail.test(candidate.detail));
      assert.ok(place, `${name}: ${JSON.stringify(refusal.errors)}`);
      assert.deepEqual([refusal.code, place.file, place.line], ['config_invalid', file, line], `${name}: ${place.detail}`);
    }
    assert.deepEqual((await loadLearnState(deps.database.kysely)).entries, []);
    const links = '[a](/) [b](/atlas) [c](/atlas/v2/listCities) [d](/errors/rate_limited) [e](/learn/glossary/tile) [f](/learn/maps) [g](/dashboard/keys) [h](https://x.example/y) [i](/atlas/v2/openapi.json) [j](/learn/glossary)';
    await apply(bundleOf({ ...whole, 'learn/01-terms.yaml': terms.replace('A square of the map.', `"${links}"`) }));
    await apply(bundleOf({ 'learn/many.yaml': many(1_000) }), true);
    assert.equal((await loadLearnState(deps.database.kysely)).entries.length, 1_000);
  });

  test('without what every portal teaches, its terms are unknown', async () => {
    const { apply } = await open();
    assert.match((await refusalOf(apply(bundleOf(whole, '{ folder: ./learn, shipped: false }')))).message, /no term "quota"/);
  });
});
