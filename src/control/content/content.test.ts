import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '../../errors.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import type { Actor, BundledFile, ConfigBundle } from '../services.ts';
import { addConsumer, openControl } from '../testkit.ts';
import { createContent } from './content.ts';

const admin: Actor = { kind: 'admin-token' };
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>';
const png = `${Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')}`;
const openapi = JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: { '/things': { get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } } } } });
const yaml = `portal:
  name: Atlas
  headline: Put the world in your product.
  logo: ./logo.svg
  accent: "#0F766E"
  fonts: { text: ./text.woff2 }
  footer: [{ label: Status, url: "https://status.example.com" }]
  pages: [{ slug: terms, title: Terms of use, file: pages/t.md }]
products:
  - slug: atlas
    upstream: http://127.0.0.1:1
    highlights: [Shop search by place]
    guides: ./guides
    versions: [{ name: v1, openapi: a.json }]
  - slug: hidden
    upstream: http://127.0.0.1:1
    access: private
    guides: [secret.md]
    versions: [{ name: v1, openapi: a.json }]
`;
const files: BundledFile[] = [
  { path: 'conf/a.json', text: openapi },
  { path: 'conf/logo.svg', text: svg },
  { path: 'conf/text.woff2', text: Buffer.from('wOF2....').toString('base64'), encoding: 'base64' },
  { path: 'conf/pages/t.md', text: 'Be kind.\n' },
  { path: 'conf/guides/02-paging.md', text: '# Page by page\n\n![How](pictures/how.png)\n\n```\n![no](image.png)\n```\n' },
  { path: 'conf/guides/01-first-steps.md', text: '---\ntitle: First steps\ndescription: From a key to an answer.\n---\n# Another heading\n' },
  { path: 'conf/guides/pictures/how.png', text: png, encoding: 'base64' },
  { path: 'conf/secret.md', text: '# Secret\n' },
];
const bundle: ConfigBundle = { file: 'conf/portico.yaml', text: yaml, files };
const replaced = (path: string, text: string, encoding?: 'base64'): ConfigBundle => ({ ...bundle, files: [...files.filter((file) => file.path !== path), { path, text, encoding }] });

forEachEngine('content', (stores) => {
  test('brand, pages and guides are kept, exported and applied again without a change', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const content = createContent(deps);
    const { changes } = await configuration.apply(admin, { bundle, dryRun: false, prune: false });
    assert.deepEqual(changes.filter(({ noun }) => ['guide', 'page', 'asset'].includes(noun)).map(({ action, noun, name }) => `${action} ${noun} ${name}`), [
      'add asset font-text', 'add asset image atlas pictures/how.png', 'add asset logo', 'add page terms', 'add guide atlas first-steps', 'add guide atlas paging', 'add guide hidden secret',
    ]);
    assert.deepEqual((await content.listGuides(undefined, 'atlas')).map(({ slug, title, description }) => [slug, title, description]), [['first-steps', 'First steps', 'From a key to an answer.'], ['paging', 'Page by page', '']]);
    const guide = await content.getGuide(undefined, 'atlas', 'first-steps');
    assert.equal(guide.markdown, '# Another heading\n');
    assert.equal(guide.next?.slug, 'paging');
    const paging = await content.getGuide(undefined, 'atlas', 'paging');
    const image = await content.findAsset(undefined, paging.images['pictures/how.png']!.split('/')[2]!);
    assert.equal(image?.mediaType, 'image/png');
    assert.equal((await content.getPage('terms')).title, 'Terms of use');
    const brand = await content.brand();
    assert.equal(brand.accent?.light, '#0f766e');
    assert.match((await content.stylesheet())!.text, /--accent:light-dark\(#0f766e,.*font-family:'Brand Text'/s);

    const exported = await configuration.export(admin);
    assert.ok(exported.files.some(({ path, text }) => path === 'guides/atlas/first-steps.md' && text.startsWith('---\ntitle')));
    const again = await configuration.apply(admin, { bundle: exported, dryRun: false, prune: true });
    assert.deepEqual(again.changes.filter(({ action }) => action !== 'keep'), []);
    assert.deepEqual((await configuration.apply(admin, { bundle: await configuration.export(admin), dryRun: false, prune: true })).drift, []);
  });

  test('apply shows a changed text, a new order and what is removed', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    await configuration.apply(admin, { bundle, dryRun: false, prune: false });
    const changed = replaced('conf/guides/02-paging.md', '# Pages\n');
    const { changes } = await configuration.apply(admin, { bundle: { ...changed, text: yaml.replace('guides: ./guides', 'guides: [guides/02-paging.md, guides/01-first-steps.md]').replace('  logo: ./logo.svg\n', '').replace('0F766E', '00f') }, dryRun: false, prune: false });
    assert.deepEqual(changes.filter(({ action }) => action !== 'keep').map(({ action, noun, name, detail }) => [action, noun, name, detail]), [
      ['change', 'portal', 'Atlas', ['accent: #0f766e -> #0000ff']],
      ['remove', 'asset', 'image atlas pictures/how.png', []],
      ['remove', 'asset', 'logo', []],
      ['change', 'guide', 'atlas paging', ['text: changed', 'title: Page by page -> Pages']],
      ['change', 'product', 'atlas', ['order of guides: paging, first-steps']],
    ]);
    assert.deepEqual((await createContent(deps).listGuides(undefined, 'atlas')).map(({ slug }) => slug), ['paging', 'first-steps']);
    assert.equal((await createContent(deps).brand()).logo, null);
  });

  test('a private product\'s guides are not there for strangers', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    await createConfiguration(deps, gateways).apply(admin, { bundle, dryRun: false, prune: false });
    const content = createContent(deps);
    assert.equal((await content.getGuide(admin, 'hidden', 'secret')).title, 'Secret');
    for (const asked of [() => content.listGuides(undefined, 'hidden'), () => content.getGuide(undefined, 'hidden', 'secret')]) {
      await assert.rejects(asked, (error: unknown) => isAppError(error) && error.code === 'not_found');
    }
  });

  test('an image of a private product is there for who may see the product, and the same bytes elsewhere for everybody', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const own = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64');
    const secret = replaced('conf/secret.md', '# Secret\n\n![Map](secret.png) ![How](pictures/how.png)\n');
    secret.files.push({ path: 'conf/secret.png', text: own, encoding: 'base64' }, { path: 'conf/pictures/how.png', text: png, encoding: 'base64' });
    await configuration.apply(admin, { bundle: secret, dryRun: false, prune: false });
    const content = createContent(deps);
    const ada = await addConsumer(deps, 'ada');
    const hashes = Object.values((await content.getGuide(admin, 'hidden', 'secret')).images).map((address) => address.split('/')[2]!);
    const seen = async (actor: Actor | undefined) => Promise.all(hashes.map(async (hash) => (await content.findAsset(actor, hash))?.open));
    const [alone, shared] = [undefined, true];
    assert.deepEqual((await seen(undefined)).toSorted(), [shared, alone].toSorted(), 'a stranger');
    assert.deepEqual((await seen(ada)).toSorted(), [shared, alone].toSorted(), 'another consumer');
    assert.deepEqual((await seen(admin)).toSorted(), [false, true]);
    assert.equal(await content.findAsset(admin, '0'.repeat(64)), undefined);
  });

  const refused: [string, ConfigBundle, string, number, RegExp][] = [
    ['a logo that is not there', { ...bundle, files: files.filter(({ path }) => !path.endsWith('.svg')) }, 'conf/portico.yaml', 4, /There is no file \.\/logo\.svg/],
    ['a logo that is no SVG', replaced('conf/logo.svg', '<html><script>1</script>'), 'conf/portico.yaml', 4, /its content is not/],
    ['a logo too large', replaced('conf/logo.svg', `${svg}<!--${'x'.repeat(300_000)}-->`), 'conf/portico.yaml', 4, /at most 262144/],
    ['a font of another format', replaced('conf/text.woff2', 'dGVzdA==', 'base64'), 'conf/portico.yaml', 6, /A font is a WOFF2 file/],
    ['a colour with transparency', { ...bundle, text: yaml.replace('#0F766E', '#0F766E80') }, 'conf/portico.yaml', 5, /opaque colour/],
    ['a footer link that runs script', { ...bundle, text: yaml.replace('https://status.example.com', 'javascript:alert(1)') }, 'conf/portico.yaml', 7, /path of this site/],
    ['a footer link to another host without a scheme', { ...bundle, text: yaml.replace('https://status.example.com', '//evil.example') }, 'conf/portico.yaml', 7, /path of this site/],
    ['a version called guides', { ...bundle, text: yaml.replace('name: v1', 'name: guides') }, 'conf/portico.yaml', 14, /the address \/atlas\/guides/],
    ['a folder without guides', { ...bundle, text: yaml.replace('./guides', './nothing') }, 'conf/portico.yaml', 13, /no folder of that name/],
    ['front matter with an unknown key', replaced('conf/guides/01-first-steps.md', '---\ntitle: A\nlayout: wide\n---\n'), 'conf/guides/01-first-steps.md', 3, /no key `layout`/],
    ['front matter with a quote that stays open', replaced('conf/guides/01-first-steps.md', '---\ntitle: "A\ndescription: B\n---\n'), 'conf/guides/01-first-steps.md', 2, /opens here is never closed/],
    ['front matter that is not YAML', replaced('conf/guides/01-first-steps.md', '---\ntitle: A\ntitle: B\n---\n'), 'conf/guides/01-first-steps.md', 3, /stands twice/],
    ['a guide without a title', replaced('conf/guides/01-first-steps.md', 'Text only.\n'), 'conf/guides/01-first-steps.md', 1, /no title/],
    ['an image that is not there', { ...bundle, files: files.filter(({ path }) => !path.endsWith('.png')) }, 'conf/guides/02-paging.md', 3, /There is no image/],
    ['an image outside the folder', replaced('conf/guides/02-paging.md', '# A\n\n![x](../../etc/x.png)\n'), 'conf/guides/02-paging.md', 3, /outside the folder/],
    ['a guide whose name makes no address', replaced('conf/guides/Erste Schritte.md', '# A\n'), 'conf/guides/Erste Schritte.md', 1, /cannot/],
  ];
  for (const [name, wrong, file, line, detail] of refused) {
    test(`${name} is refused with its place`, async () => {
      const { deps, gateways } = await openControl(await stores.open());
      await assert.rejects(createConfiguration(deps, gateways).apply(admin, { bundle: wrong, dryRun: false, prune: false }), (error: unknown) => {
        assert.ok(isAppError(error));
        const place = error.errors.find((candidate) => detail.test(candidate.detail));
        assert.ok(place, JSON.stringify(error.errors));
        assert.deepEqual([place.file, place.line], [file, line]);
        return true;
      });
    });
  }
});
