// Policies are a part of the product's configuration: shown before they change, audited, handed to gateways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSnapshot } from '../gateways/publish-snapshot.ts';
import { createProducts } from '../products/products.ts';
import { forEachEngine } from '../../store/testkit.ts';
import type { ConfigBundle } from '../services.ts';
import { admin, atlasDocument, openControl } from '../testkit.ts';
import { createConfiguration } from './configuration.ts';

function bundle(policies: string): ConfigBundle {
  return { file: 'portico.yaml', text: `products:\n  - slug: atlas\n    upstream: http://127.0.0.1:4010\n    versions: [ { name: v1, openapi: atlas.yaml } ]\n${policies}`, files: [{ path: 'atlas.yaml', text: atlasDocument }] };
}

const first = '    policies: { cors: { origins: ["https://app.example"] }, addresses: { allow: [10.0.0.0/8] } }\n';
const second = '    policies: { cors: { origins: ["https://app.example"], maxAge: 1h }, requestHeaders: { remove: [Cookie] } }\n';

forEachEngine('policies', (stores) => {
  test('each that changes is named, audited and in the next snapshot; without any the snapshot has none', async () => {
    const { deps, gateways, letters } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const apply = (policies: string) => configuration.apply(admin, { bundle: bundle(policies), dryRun: false, prune: false });
    const changed = async (policies: string) => (await apply(policies)).changes.filter(({ action }) => action !== 'keep').map(({ noun, name, detail }) => [noun, name, ...detail]);
    assert.deepEqual((await apply(first)).changes.find(({ noun }) => noun === 'product')!.detail, ['upstream http://127.0.0.1:4010', 'policies cors, addresses']);
    assert.deepEqual(await changed(first), []);
    assert.deepEqual(await changed(second), [['product', 'atlas',
      'policy cors: {"origins":["https://app.example"],"methods":null,"headers":null,"expose":[],"credentials":false,"maxAgeMs":600000} -> {"origins":["https://app.example"],"methods":null,"headers":null,"expose":[],"credentials":false,"maxAgeMs":3600000}',
      'policy addresses: {"allow":["10.0.0.0/8"],"deny":[]} -> none',
      'policy requestHeaders: none -> {"set":{},"remove":["Cookie"]}']]);
    assert.deepEqual((await createProducts(deps, gateways, letters).facts(admin, 'atlas')).policies, [{ name: 'cors', settings: 'origins:\n  - https://app.example\nmaxAge: 3600s\n' }, { name: 'requestHeaders', settings: 'remove:\n  - Cookie\n' }]);
    assert.deepEqual((await buildSnapshot(deps)).products[0]!.policies?.requestHeaders, { set: {}, remove: ['Cookie'] });
    const audited = await deps.database.kysely.selectFrom('audit_entry').select(['before', 'after']).where('noun', '=', 'product').where('action', '=', 'changed').executeTakeFirstOrThrow();
    assert.deepEqual([JSON.parse(audited.before!).policies.addresses, JSON.parse(audited.after!).policies.addresses], [{ allow: ['10.0.0.0/8'], deny: [] }, null]);
    await apply('');
    assert.equal('policies' in (await buildSnapshot(deps)).products[0]!, false);
  });
});
