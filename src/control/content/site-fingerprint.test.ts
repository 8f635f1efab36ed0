import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import type { Actor, ConfigBundle } from '../services.ts';
import { openControl } from '../testkit.ts';
import { createContent } from './content.ts';

const admin: Actor = { kind: 'admin-token' };
const openapi = (summary: string): string => JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: { '/things': { get: { operationId: 'listThings', summary, responses: { 200: { description: 'Things' } } } } } });
const yaml = `portal: { name: Atlas, pages: [{ slug: terms, title: Terms, file: terms.md }] }
products:
  - slug: atlas
    name: Atlas
    upstream: http://127.0.0.1:1
    guides: [first.md]
    versions: [{ name: v1, openapi: a.json }, { name: v2, openapi: a.json, status: draft }]
    plans: [{ slug: free, name: Free, default: true, currency: usd, limits: [{ name: burst, requests: 5, per: second }] }]
  - slug: hidden
    name: Hidden
    upstream: http://127.0.0.1:1
    access: private
    guides: [secret.md]
    versions: [{ name: v1, openapi: b.json }]
`;
const files: Record<string, string> = { 'a.json': openapi('List'), 'b.json': openapi('List'), 'terms.md': 'Be kind.', 'first.md': '# First', 'secret.md': '# Secret' };
const bundleOf = (changed: Record<string, string> = {}, text = yaml): ConfigBundle => ({ file: 'portico.yaml', text, files: Object.entries({ ...files, ...changed }).map(([path, content]) => ({ path, text: content })) });

forEachEngine('the fingerprint of what strangers read', (stores) => {
  test('changes with what they can see, and with nothing else', async () => {
    const { deps, gateways, advance } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const { siteFingerprint } = createContent(deps);
    await configuration.apply(admin, { bundle: bundleOf(), dryRun: false, prune: true });
    const rows: [string, ConfigBundle, boolean][] = [
      ['the same again', bundleOf(), false],
      ['a guide', bundleOf({ 'first.md': '# First steps' }), true],
      ['a page', bundleOf({ 'terms.md': 'Be very kind.' }), true],
      ['a document', bundleOf({ 'a.json': openapi('List all') }), true],
      ['the portal', bundleOf({}, yaml.replace('name: Atlas,', 'name: Globe,')), true],
      ['a name', bundleOf({}, yaml.replace('    name: Atlas\n', '    name: Globe\n')), true],
      ['a limit', bundleOf({}, yaml.replace('requests: 5', 'requests: 6')), true],
      ['a draft that is published', bundleOf({}, yaml.replace(', status: draft', '')), true],
      ['a version that is deprecated', bundleOf({}, yaml.replace('{ name: v1, openapi: a.json }', '{ name: v1, openapi: a.json, deprecated: 2026-01-01 }').replace('name: v2, openapi: a.json, status: draft', 'name: v2, openapi: a.json')), true],
      ['a guide of a private product', bundleOf({ 'secret.md': '# Big secret' }), false],
      ['the document of a private product', bundleOf({ 'b.json': openapi('List secrets') }), false],
      ['the name of a private product', bundleOf({}, yaml.replace('name: Hidden', 'name: Very hidden')), false],
      ['a private product that becomes public', bundleOf({}, yaml.replace('    access: private\n', '')), true],
    ];
    for (const [name, bundle, differs] of rows) {
      advance(1);
      await configuration.apply(admin, { bundle: bundleOf(), dryRun: false, prune: true });
      const before = await siteFingerprint();
      advance(1);
      await configuration.apply(admin, { bundle, dryRun: false, prune: true });
      assert.equal((await siteFingerprint()) !== before, differs, name);
    }
  });
});
