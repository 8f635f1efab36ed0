import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { loadCompileProducts } from '../gateways/compile-input.ts';
import { createPlans } from '../plans/plans.ts';
import { roles } from '../rights.ts';
import type { Actor } from '../services.ts';
import { addConsumer, admin, applyAtlas, atlasDocument, openControl, refusalOf } from '../testkit.ts';
import { createProducts } from './products.ts';

const engineer: Actor = { kind: 'member', memberId: 'mem_1', email: 'e@example.com', role: 'engineer' };

forEachEngine('products by hand', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const query = control.deps.database.kysely;
    const audit = async () => (await query.selectFrom('audit_entry').select(['action', 'noun', 'name']).where('noun', '=', 'version').where('actor_kind', '=', 'member').orderBy('id').execute()).map((row) => `${row.action} ${row.name}`);
    return { ...control, query, audit, products: createProducts(control.deps, control.gateways, control.letters), plans: createPlans(control.deps, control.gateways, control.letters) };
  }

  test('a draft is seen by members alone, until it is published', async () => {
    const { deps, products, audit } = await open();
    await products.publish(engineer, { slug: 'places', version: 'v1', fileName: 'a.yaml', text: atlasDocument, draft: true });
    assert.equal((await refusalOf(products.get(undefined, 'places'))).code, 'not_found');
    assert.ok(!(await products.list(undefined)).some(({ slug }) => slug === 'places'));
    assert.deepEqual((await products.get(engineer, 'places')).versions.map(({ name, status }) => [name, status]), [['v1', 'draft']]);
    assert.deepEqual((await loadCompileProducts(deps.database.kysely)).find(({ config }) => config.slug === 'places')!.versions, []);
    assert.equal((await products.editVersion(engineer, { slug: 'places', version: 'v1', status: 'published' })).status, 'published');
    assert.equal((await products.get(undefined, 'places')).currentVersion, 'v1');
    assert.equal((await refusalOf(products.publish(engineer, { slug: 'places', version: 'v1', fileName: 'a.yaml', text: atlasDocument, draft: true }))).code, 'conflict');
    assert.equal((await refusalOf(products.discardDraft(engineer, { slug: 'places', version: 'v1' }))).code, 'conflict');
    await products.discardDraft(engineer, { slug: 'atlas', version: 'v3' });
    assert.deepEqual((await products.get(engineer, 'atlas')).versions.map(({ name }) => name), ['v1', 'v2']);
    assert.deepEqual((await audit()).sort(), ['created places v1', 'discarded atlas v3', 'published places v1']);
  });

  test('versions are deprecated and retired by the rules of portico.yaml', async () => {
    const { products } = await open();
    const edit = (edit: object) => products.editVersion(engineer, { slug: 'atlas', version: 'v2', status: 'deprecated', ...edit });
    const mistakes: [string, object, string][] = [
      ['a sunset before the notice', { deprecated: '2026-10-01', sunset: '2026-09-01' }, '/sunset'],
      ['a date that the calendar lacks', { deprecated: '2026-02-30' }, '/deprecated'],
      ['no date at all', { deprecated: 'soon' }, '/deprecated'],
      ['a successor that does not exist', { deprecated: '2026-10-01', successor: 'v9' }, '/successor'],
    ];
    for (const [what, wrong, pointer] of mistakes) {
      const refused = await refusalOf(edit(wrong));
      assert.equal(refused.code, 'input_invalid', what);
      assert.deepEqual(refused.errors.map((place) => place.pointer), [pointer], what);
    }
    const deprecated = await edit({ sunset: '2027-03-01', successor: 'v3' });
    assert.deepEqual([deprecated.status, deprecated.deprecatedAt, deprecated.sunsetAt, deprecated.successor], ['deprecated', Date.UTC(2026, 8, 1), Date.UTC(2027, 2, 1), 'v3']);
    assert.equal((await edit({ status: 'retired' })).status, 'retired');
    const again = await edit({ status: 'published' });
    assert.deepEqual([again.status, again.deprecatedAt, again.sunsetAt, again.successor], ['published', null, null, null]);
    assert.equal((await refusalOf(edit({ status: 'draft' }))).code, 'conflict');
    assert.equal((await refusalOf(products.editVersion(engineer, { slug: 'atlas', version: 'v9', status: 'retired' }))).code, 'not_found');
  });

  test('who calls a version is named, most calls first', async () => {
    const { deps, query, plans, products } = await open();
    for (const [name, calls] of [['ada', '12'], ['bob', '300']] as const) {
      const actor = await addConsumer(deps, name);
      const { id } = await plans.subscribe(actor, { productSlug: 'atlas' });
      await query.insertInto('usage').values([
        { subscription_id: id, meter: 'requests', operation: 'getCity', version: 'v1', mode: 'live', hour: deps.clock.now() - 7_200_000, quantity: calls },
        { subscription_id: id, meter: 'requests', operation: 'getCity', version: 'v2', mode: 'live', hour: deps.clock.now() - 7_200_000, quantity: '9' },
        { subscription_id: id, meter: 'requests', operation: 'listCities', version: 'v1', mode: 'live', hour: deps.clock.now() - 40 * 86_400_000, quantity: '999' },
      ]).execute();
    }
    const { callers, total } = await products.listCallers(engineer, { slug: 'atlas', version: 'v1' });
    assert.deepEqual([callers.map(({ name, calls }) => [name, calls]), total], [[['bob', '300'], ['ada', '12']], 2]);
    assert.deepEqual(await products.listCallers(engineer, { slug: 'atlas', version: 'v3' }), { callers: [], total: 0 });
  });

  test('settings are edited by the rules of portico.yaml, and the trail says what changed', async () => {
    const { query, products } = await open();
    const facts = await products.edit(engineer, { slug: 'atlas', name: ' Atlas of the world ', upstream: 'https://api.atlas.example/v3', testUpstream: null });
    assert.deepEqual([facts.name, facts.upstream, facts.testUpstream, facts.access], ['Atlas of the world', 'https://api.atlas.example/v3', null, 'public']);
    const [entry] = await query.selectFrom('audit_entry').select(['actor', 'action', 'before', 'after']).where('actor_kind', '=', 'member').execute();
    assert.deepEqual([entry!.actor, entry!.action, JSON.parse(entry!.before!), JSON.parse(entry!.after!)], ['e@example.com', 'changed', { name: 'Atlas API', upstream: 'http://127.0.0.1:4010', testUpstream: 'examples' }, { name: 'Atlas of the world', upstream: 'https://api.atlas.example/v3', testUpstream: null }]);
    for (const [field, value] of [['upstream', 'nowhere'], ['upstream', 'ftp://x'], ['name', ''], ['testUpstream', 'sometimes']] as const) {
      assert.deepEqual((await refusalOf(products.edit(engineer, { slug: 'atlas', [field]: value }))).errors.map(({ pointer }) => pointer), [`/${field}`]);
    }
  });

  test('of two edits from the same facts the second is refused', async () => {
    const { products, advance } = await open();
    const { updatedAt: editedFrom } = await products.facts(engineer, 'atlas');
    advance(1);
    const { updatedAt } = await products.edit(engineer, { slug: 'atlas', name: 'First', editedFrom });
    assert.equal((await refusalOf(products.edit(engineer, { slug: 'atlas', name: 'Second', editedFrom }))).code, 'conflict');
    assert.equal((await products.facts(engineer, 'atlas')).name, 'First');
    assert.equal((await products.edit(engineer, { slug: 'atlas', name: 'Second', editedFrom: updatedAt })).name, 'Second');
  });

  test('a product is made by hand and removed while nobody subscribes', async () => {
    const { deps, plans, products } = await open();
    const made = await products.create(engineer, { slug: 'places', upstream: 'https://places.example' });
    assert.deepEqual([made.name, made.versions, made.access], ['places', [], 'public']);
    assert.equal((await refusalOf(products.create(engineer, { slug: 'places', upstream: 'https://places.example' }))).code, 'conflict');
    assert.deepEqual((await refusalOf(products.create(engineer, { slug: 'workspace', upstream: 'https://places.example' }))).errors.map(({ pointer }) => pointer), ['/slug']);
    await products.remove(engineer, { slug: 'places' });
    assert.equal((await refusalOf(products.facts(engineer, 'places'))).code, 'not_found');
    await plans.subscribe(await addConsumer(deps, 'ada'), { productSlug: 'atlas' });
    assert.equal((await refusalOf(products.remove(engineer, { slug: 'atlas' }))).code, 'has_subscriptions');
  });

  test('replacing a document is told by operation before it is done', async () => {
    const { products } = await open();
    const text = atlasDocument.replace('/cities/{id}', '/towns/{id}').replace('enum: [name, population]', 'enum: [name]').replace('name: { type: string }', 'name: { type: string, maxLength: 5 }');
    const told = await products.compareDocument(engineer, { slug: 'atlas', version: 'v1', fileName: 'a.yaml', text });
    assert.deepEqual(told.added.map(({ path }) => path), ['/towns/{id}']);
    assert.deepEqual(told.removed.map(({ path }) => path), ['/cities/{id}']);
    assert.deepEqual(told.changed.map(({ operation, changes }) => [operation.operation, changes]), [['listCities', ['query parameter order changed']], ['addCity', ['request body changed, in City']]]);
    const same = await products.compareDocument(engineer, { slug: 'atlas', version: 'v1', fileName: 'a.yaml', text: atlasDocument });
    assert.deepEqual([same.added, same.removed, same.changed, same.unchanged], [[], [], [], 3]);
    assert.equal((await products.compareDocument(engineer, { slug: 'atlas', version: 'v1', fileName: 'a.yaml', text: 'openapi: 3.1.0\npaths: []\n' })).problems[0]!.file, 'a.yaml');
  });

  test('the upstream is called, whatever it answers', async () => {
    const { products } = await open();
    const server = createServer((_request, response) => void response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    after(() => server.close());
    const { port } = server.address() as AddressInfo;
    await products.edit(engineer, { slug: 'atlas', upstream: `http://127.0.0.1:${port}/api`, testUpstream: 'http://127.0.0.1:1/' });
    const checks = await products.checkUpstream(engineer, { slug: 'atlas' });
    assert.deepEqual(checks.map(({ use, reachable, status }) => [use, reachable, status]), [['upstream', true, 404], ['test upstream', false, null]]);
    assert.match(checks[1]!.detail, /refused/);
  });

  test('who may not change products is refused everywhere', async () => {
    const { products } = await open();
    for (const role of roles) {
      const who: Actor = { ...engineer, role };
      const changes: Promise<unknown>[] = [
        products.create(who, { slug: `made-by-${role}`, upstream: 'https://places.example' }), products.edit(who, { slug: 'atlas', name: role }), products.editVersion(who, { slug: 'atlas', version: 'v3', status: 'draft' }),
        products.compareDocument(who, { slug: 'atlas', version: 'v1', fileName: 'a.yaml', text: atlasDocument }), products.invite(who, { slug: 'secret', email: `${role}@example.com` }), products.checkUpstream(who, { slug: 'relief' }),
      ];
      const outcomes = await Promise.allSettled(changes);
      const may = ['owner', 'product-manager', 'engineer'].includes(role);
      assert.deepEqual(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : (outcome.reason as { code: string }).code)), changes.map(() => (may ? 'done' : 'role_forbids')), role);
      for (const read of [products.facts(who, 'atlas'), products.listCallers(who, { slug: 'atlas', version: 'v1' }), products.listInvitations(who, { slug: 'secret' })]) await read;
    }
  });
});

forEachEngine('private products', (stores) => {
  test('an invitation opens a private product to who proved that address, and to nobody else', async () => {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const { deps, gateways, letters } = control;
    const query = deps.database.kysely;
    const products = createProducts(deps, gateways, letters);
    const plans = createPlans(deps, gateways, letters);
    const sees = async (actor: Actor | undefined): Promise<boolean> => {
      const listed = (await products.list(actor)).some(({ slug }) => slug === 'secret');
      for (const read of [() => products.get(actor, 'secret'), () => products.listOperations(actor, 'secret', 'v1'), () => products.getDocument(actor, 'secret', 'v1'), () => plans.list(actor, 'secret')]) {
        if (listed) await read();
        else assert.equal((await refusalOf(read())).code, 'not_found');
      }
      return listed;
    };
    const signedUp = async (name: string, verified: boolean) => {
      const actor = await addConsumer(deps, name);
      const flag = stores.engine === 'postgres' ? verified : verified ? 1 : 0;
      const at = stores.engine === 'postgres' ? new Date() : new Date().toISOString();
      await query.insertInto('user').values({ id: `usr_${name}`, name, email: `${name}@example.com`, emailVerified: flag as never, image: null, createdAt: at as never, updatedAt: at as never }).execute();
      await query.updateTable('developer').set({ user_id: `usr_${name}` }).where('id', '=', actor.developerId).execute();
      return actor;
    };
    const ada = await signedUp('ada', true);
    const eve = await signedUp('eve', false);
    const bob = await signedUp('bob', true);
    assert.equal(await sees(ada), false);
    const invitation = await products.invite(engineer, { slug: 'secret', email: ' Ada@Example.com ' });
    assert.equal((await products.invite(engineer, { slug: 'secret', email: 'ada@example.com' })).id, invitation.id);
    control.advance(1);
    await products.invite(engineer, { slug: 'secret', email: 'eve@example.com' });
    assert.deepEqual([await sees(ada), await sees(eve), await sees(bob), await sees(undefined)], [true, false, false, false]);
    assert.deepEqual((await products.listInvitations(engineer, { slug: 'secret' })).invitations.map(({ email, accounts }) => [email, accounts.map(({ name }) => name)]), [['eve@example.com', []], ['ada@example.com', ['ada']]]);
    const first = await products.listInvitations(engineer, { slug: 'secret', limit: 1 });
    assert.deepEqual((await products.listInvitations(engineer, { slug: 'secret', limit: 1, cursor: first.nextCursor! })).invitations.map(({ email }) => email), ['ada@example.com']);
    const mail = await letters.mailbox.outbox();
    assert.deepEqual(mail.map(({ to }) => to).sort(), ['ada@example.com', 'eve@example.com']);
    assert.match(mail[0]!.text, /http:\/\/portal\.example\/secret/);

    await products.withdrawInvitation(engineer, { slug: 'secret', id: invitation.id });
    assert.equal(await sees(ada), false);
    assert.equal((await refusalOf(products.withdrawInvitation(engineer, { slug: 'secret', id: invitation.id }))).code, 'not_found');
    assert.equal((await refusalOf(plans.subscribe(ada, { productSlug: 'secret' }))).code, 'not_found');
    await products.invite(engineer, { slug: 'secret', email: 'ada@example.com' });
    await plans.subscribe(ada, { productSlug: 'secret' });
    const { invitations } = await products.listInvitations(admin, { slug: 'secret' });
    await products.withdrawInvitation(admin, { slug: 'secret', id: invitations.find(({ email }) => email === 'ada@example.com')!.id });
    assert.equal(await sees(ada), true, 'a subscriber goes on seeing it');
    assert.equal((await refusalOf(products.invite(engineer, { slug: 'secret', email: 'nobody' }))).code, 'input_invalid');
  });
});
