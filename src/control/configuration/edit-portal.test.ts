import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createAudit } from '../audit/audit.ts';
import type { PortalEdit } from '../services.ts';
import { admin, applyAtlas, openControl, refusalOf } from '../testkit.ts';
import { createConfiguration } from './configuration.ts';

const logo = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>');
const font = Buffer.from('wOF2 and the rest');
const file = (fileName: string, bytes: Buffer) => ({ fileName, bytes: new Uint8Array(bytes) });

forEachEngine('editing the portal', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    return { ...control, configuration: createConfiguration(control.deps, control.gateways) };
  }

  test('colour, headline, links and files are kept, exported such that applying changes nothing, and audited', async () => {
    const { configuration, deps } = await open();
    await configuration.editPortal(admin, { headline: ' Build on places ', accent: '#0Af', footer: [{ label: 'Terms', url: '/pages/terms' }], files: { 'logo': file('mark.svg', logo), 'font-code': file('mono.woff2', font) } });
    const { fingerprint, ...settings } = await configuration.portalSettings(admin);
    assert.deepEqual({ ...settings, files: Object.entries(settings.files).filter(([, hash]) => hash !== null).map(([name]) => name) }, { name: 'Atlas Developers', keyPrefix: 'atlas', headline: 'Build on places', accent: '#00aaff', footer: [{ label: 'Terms', url: '/pages/terms' }], files: ['logo', 'font-code'] });
    const exported = await configuration.export(admin);
    assert.match(exported.text, /accent: "#00aaff"[\s\S]*label: Terms/);
    assert.deepEqual(exported.files.filter(({ path }) => path.startsWith('brand/')).map(({ path }) => path), ['brand/font-code.woff2', 'brand/logo.svg']);
    const { changes, drift } = await configuration.apply(admin, { bundle: exported, dryRun: true, prune: false });
    assert.deepEqual(changes.filter(({ action }) => action !== 'keep'), []);
    assert.deepEqual(drift.map(({ action, noun, name }) => `${action} ${noun} ${name}`), ['change portal Atlas Developers', 'add asset font-code', 'add asset logo']);
    const { entries } = await createAudit(deps).list(admin, { noun: 'asset' });
    assert.deepEqual(entries.map(({ action, name }) => [action, name]).sort(), [['created', 'font-code'], ['created', 'logo']]);
    await configuration.editPortal(admin, { accent: null, files: { logo: null }, editedFrom: fingerprint });
    assert.equal((await refusalOf(configuration.editPortal(admin, { headline: 'Late', editedFrom: fingerprint }))).code, 'conflict');
    const after = await configuration.portalSettings(admin);
    assert.deepEqual([after.accent, after.files.logo, after.files['font-code'] !== null, after.headline], [null, null, true, 'Build on places']);
  });

  const refused: [string, PortalEdit, string][] = [
    ['an empty name', { name: ' ' }, '/name'],
    ['a colour in words', { accent: 'teal' }, '/accent'],
    ['a headline that is too long', { headline: 'x'.repeat(161) }, '/headline'],
    ['a link to a script', { footer: [{ label: 'Run', url: 'javascript:alert(1)' }] }, '/footer/0/url'],
    ['two links of one label', { footer: [{ label: 'Terms', url: '/a' }, { label: 'Terms', url: '/b' }] }, '/footer/1/label'],
    ['a logo of another kind', { files: { logo: file('logo.gif', Buffer.from('GIF89a')) } }, '/logo'],
    ['a logo that is no picture', { files: { logo: file('logo.svg', Buffer.from('<html></html>')) } }, '/logo'],
    ['a font that is too large', { files: { 'font-text': file('text.woff2', Buffer.concat([Buffer.from('wOF2'), Buffer.alloc(1_048_576)])) } }, '/font-text'],
  ];
  for (const [title, edit, pointer] of refused) {
    test(`${title} is refused at its field, and changes nothing`, async () => {
      const { configuration } = await open();
      const before = await configuration.export(admin);
      const { code, errors } = await refusalOf(configuration.editPortal(admin, { headline: 'Other', ...edit }));
      assert.deepEqual([code, errors.map((place) => place.pointer)], ['input_invalid', [pointer]]);
      assert.deepEqual(await configuration.export(admin), before);
    });
  }
});
