// Policies are a part of the product's configuration: shown before they change, audited, handed to gateways.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { buildSnapshot } from '../gateways/publish-snapshot.ts';
import { createProducts } from '../products/products.ts';
import { compileOwnPolicy } from '../../snapshot/compile-own-policy.ts';
import { forEachEngine } from '../../store/testkit.ts';
import type { Actor, ConfigBundle } from '../services.ts';
import { admin, atlasDocument, openControl, refusalOf } from '../testkit.ts';
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

  test('what a document says of requests is in the snapshot only where requests are checked', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const apply = (policies: string) => configuration.apply(admin, { bundle: bundle(policies), dryRun: false, prune: false });
    const requests = async () => (await buildSnapshot(deps)).products[0]!.versions[0]!.requests;
    await apply('');
    assert.equal(await requests(), undefined);
    await apply('    policies: { validate: {} }\n');
    const found = (await requests())!;
    assert.deepEqual(Object.keys(found.operations), ['getCity', 'listCities', 'addCity']);
    assert.match(found.operations['addCity']!, /"required":true,"content":\[\{"mediaType":"application\/json","schema":\{"\$ref":"#\/\$defs\/s0"\}/);
    assert.match(found.definitions['s0']!, /"twin":\{"\$ref":"#\/\$defs\/s0"\}/);
    assert.equal((await refusalOf(apply('    policies: { validate: { except: [addTown] } }\n'))).errors[0]!.pointer, '/products/0/policies/validate/except/0');
  });

  test('an own policy goes to gateways as JavaScript, and a change of its text is named; where it was read from is no change', async () => {
    const { deps, gateways, letters } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    let compiled = 0;
    deps.compilePolicy = (source) => compileOwnPolicy(source).finally(() => compiled++);
    const apply = (policies: string, path: string, text: string) => configuration.apply(admin, { bundle: { ...bundle(policies), files: [...bundle('').files, { path, text }] }, dryRun: false, prune: false });
    const changed = async (...input: Parameters<typeof apply>) => (await apply(...input)).changes.flatMap(({ action, detail }) => (action === 'keep' ? [] : detail));
    const text = "const word: string = 'a';\nexport default { onRequest() { return { refuse: { detail: word } }; } };\n";
    const hash = (source: string): string => createHash('sha256').update(source).digest('hex');
    await apply('', 'none.md', '');
    assert.deepEqual(await changed('    policies: { own: { file: ./policies/a.ts } }\n', 'policies/a.ts', text), [`policy own: none -> {"sha256":"${hash(text)}","timeLimitMs":1000}`]);
    const { own } = (await buildSnapshot(deps)).products[0]!.policies!;
    assert.deepEqual([own!.file, own!.source, own!.timeLimitMs, own!.code.split('\n')[0]], ['./policies/a.ts', '', 1_000, "const word         = 'a';"]);
    assert.deepEqual(await changed('    policies: { own: { file: other.ts } }\n', 'other.ts', text), []);
    assert.equal(compiled, 1);
    const next = text.replace("'a'", "'b'");
    assert.deepEqual(await changed('    policies: { own: { file: other.ts, timeLimit: 5s } }\n', 'other.ts', next), [`policy own: {"sha256":"${hash(text)}","timeLimitMs":1000} -> {"sha256":"${hash(next)}","timeLimitMs":5000}`]);
    assert.deepEqual((await createProducts(deps, gateways, letters).facts(admin, 'atlas')).policies, [{ name: 'own', settings: 'file: other.ts\ntimeLimit: 5s\n' }]);
    const exported = await configuration.export(admin);
    assert.match(exported.text, /own:\n +file: \.\/policies\/atlas\.ts\n/);
    assert.equal(exported.files.find(({ path }) => path === 'policies/atlas.ts')!.text, next);
    assert.deepEqual((await configuration.apply(admin, { bundle: exported, dryRun: false, prune: false })).changes.filter(({ action }) => action !== 'keep'), []);
  });

  test('an own policy that is missing or wrong is refused with its place, and nothing is changed', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const apply = (own: string, text: string) => refusalOf(configuration.apply(admin, { bundle: { ...bundle(`    policies: { own: ${own} }\n`), files: [...bundle('').files, { path: 'stamp.ts', text }] }, dryRun: false, prune: false }));
    const fine = 'export default { onRequest() {} };';
    for (const [own, text, file, line, column, detail] of [
      ['{ file: absent.ts }', fine, 'portico.yaml', 5, 30, /^There is no file absent\.ts\./],
      ['{ file: stamp.ts }', 'export default {\n  onReqest() {},\n};', 'stamp.ts', 2, 3, /has no "onReqest"/],
      ['{ file: stamp.ts }', `// ${'x'.repeat(262_144)}\n${fine}`, 'stamp.ts', 1, 1, /at most 262144 characters/],
      ['{ file: stamp.py }', fine, 'portico.yaml', 5, 30, /Write the path of one file/],
      ['{ file: stamp.ts, timeLimit: 31s }', fine, 'portico.yaml', 5, 51, /at most `30s`/],
    ] as [string, string, string, number, number, RegExp][]) {
      const refused = await apply(own, text);
      assert.deepEqual([refused.code, refused.errors[0]!.file, refused.errors[0]!.line, refused.errors[0]!.column], ['config_invalid', file, line, column], own);
      assert.match(refused.errors[0]!.detail, detail);
    }
    assert.deepEqual((await buildSnapshot(deps)).products, []);
  });

  test('only owners bring code into the gateway; others may go on with what runs', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    let compiled = 0;
    deps.compilePolicy = (source) => compileOwnPolicy(source).finally(() => compiled++);
    const member = (role: 'owner' | 'engineer'): Actor => ({ kind: 'member', memberId: 'mem_1', email: 'm@example.com', role });
    const apply = (actor: Actor, text: string, limit = '1s', dryRun = false) => configuration.apply(actor, { bundle: { ...bundle(`    policies: { own: { file: a.ts, timeLimit: ${limit} } }\n`), files: [...bundle('').files, { path: 'a.ts', text }] }, dryRun, prune: false });
    const text = 'export default { onRequest() {} };';
    for (const dryRun of [true, false]) assert.equal((await refusalOf(apply(member('engineer'), text, '1s', dryRun))).message, 'Your role is engineer; this needs owner.');
    assert.equal(compiled, 0);
    await apply(member('owner'), text);
    await apply(member('engineer'), text, '2s');
    assert.equal((await refusalOf(apply(member('engineer'), `${text}\n`, '2s'))).code, 'role_forbids');
    assert.deepEqual([compiled, (await buildSnapshot(deps)).products[0]!.policies!.own!.timeLimitMs], [1, 2_000]);
  });

  test('client certificates are wanted only where the gateway asks for them', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const fingerprint = 'AB:'.repeat(31) + 'cd';
    const apply = () => configuration.apply(admin, { bundle: bundle(`    policies: { clientCertificate: { subjects: ["CN=partner, O=Acme"], fingerprints: ["${fingerprint}"] } }\n`), dryRun: false, prune: false });
    const refused = await refusalOf(apply());
    assert.deepEqual([refused.code, refused.errors[0]!.line, refused.errors[0]!.pointer], ['config_invalid', 5, '/products/0/policies/clientCertificate']);
    assert.match(refused.message, /"atlas" wants client certificates, but the gateway asks for none\. Start it with PORTICO_TLS_CLIENT_CA/);
    const { config } = deps;
    deps.config = { ...config, role: 'control' };
    await apply();
    deps.config = { ...config, tls: { cert: '', key: '', clientCa: 'some' } };
    assert.deepEqual((await apply()).changes.filter(({ action }) => action !== 'keep'), []);
    assert.deepEqual((await buildSnapshot(deps)).products[0]!.policies!.clientCertificate, { subjects: ['CN=partner, O=Acme'], fingerprints: [`${'ab'.repeat(31)}cd`] });
    assert.deepEqual((await configuration.apply(admin, { bundle: await configuration.export(admin), dryRun: false, prune: false })).changes.filter(({ action }) => action !== 'keep'), []);
  });

  test('a document whose requests cannot be checked is refused, from a file and from an upload, unless the operation is excepted', async () => {
    const { deps, gateways, letters } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const broken = atlasDocument.replace('name: { type: string }', "name: { type: string, pattern: '(' }");
    const apply = (policies: string) => configuration.apply(admin, { bundle: { ...bundle(policies), files: [{ path: 'atlas.yaml', text: broken }] }, dryRun: false, prune: false });
    const refused = await refusalOf(apply('    policies: { validate: {} }\n'));
    assert.deepEqual([refused.code, refused.errors[0]!.line, refused.errors[0]!.pointer], ['config_invalid', 5, '/products/0/policies/validate']);
    assert.match(refused.errors[0]!.detail, /^Requests of "addCity" \(atlas v1\) cannot be checked: Invalid regular expression/);
    await apply('');
    // The document is in the store already, and is looked at again.
    assert.equal((await refusalOf(apply('    policies: { validate: {} }\n'))).code, 'config_invalid');
    await apply('    policies: { validate: { except: [addCity] } }\n');
    const products = createProducts(deps, gateways, letters);
    const upload = (text: string) => products.publish(admin, { slug: 'atlas', version: 'v2', fileName: 'a.yaml', text });
    await upload(broken);
    assert.match((await refusalOf(upload(broken.replaceAll('addCity', 'addTown')))).message, /"addTown" \(atlas v2\)/);
  });
});
