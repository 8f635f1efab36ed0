import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanConfig } from '../../domain/config.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import { loadCompileProducts } from '../gateways/compile-input.ts';
import { createKeys } from '../keys/keys.ts';
import { roles } from '../rights.ts';
import type { Actor } from '../services.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf } from '../testkit.ts';
import { createPlans } from './plans.ts';

const manager: Actor = { kind: 'member', memberId: 'mem_1', email: 'm@example.com', role: 'product-manager' };
const fresh: PlanConfig = {
  slug: 'scale', name: 'Scale', description: 'For many calls', default: false, access: 'public', currency: 'eur', interval: 'month', fee: '0.30', trialDays: 14,
  limits: [{ name: 'burst', requests: 50, per: 'second' }], operations: ['getCity'],
  prices: [{ meter: 'requests', model: 'graduated', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [{ upTo: '1000', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.000002', flatFee: '1.10' }], minimum: null, maximum: '500' }],
};

forEachEngine('plans by hand', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const plans = createPlans(control.deps, control.gateways, control.letters);
    const detail = async (slug: string) => (await plans.listDetails(manager, 'atlas')).find((plan) => plan.slug === slug)!;
    const configOf = async (slug: string): Promise<PlanConfig> => {
      const { id: _, revisionId: _revision, productSlug: _product, subscribers: _subscribers, position: _position, archivedAt: _archived, revisions: _revisions, ...config } = await detail(slug);
      return config;
    };
    const revisionServed = async (keyId: string) => (await loadCredentialEntries(control.deps.database.kysely, [keyId]))[0]!.subscriptions[0]!.planRevisionId;
    return { ...control, query: control.deps.database.kysely, plans, detail, configOf, revisionServed, ada: await addConsumer(control.deps, 'ada') };
  }

  test('a new plan is offered at once, exact to the last digit, and applying its export changes nothing', async () => {
    const { deps, gateways, plans, query } = await open();
    const saved = await plans.save(manager, { productSlug: 'atlas', planSlug: null, plan: fresh, moveSubscribers: false });
    assert.deepEqual([saved.slug, saved.fee, saved.prices[0]!.tiers[1]!.unitPrice, saved.revisions.map(({ number }) => number)], ['scale', '0.30', '0.000002', [1]]);
    assert.deepEqual((await plans.list(undefined, 'atlas')).map(({ slug }) => slug), ['free', 'growth', 'partner', 'scale']);
    assert.ok((await loadCompileProducts(query))[0]!.plans.some(({ config }) => config.slug === 'scale'));
    const configuration = createConfiguration(deps, gateways);
    const { changes } = await configuration.apply(admin, { bundle: await configuration.export(admin), dryRun: true, prune: true });
    assert.deepEqual(changes.filter(({ action }) => action !== 'keep'), []);
    const [entry] = await query.selectFrom('audit_entry').select(['actor', 'action', 'name', 'before']).where('actor_kind', '=', 'member').execute();
    assert.deepEqual(entry, { actor: 'm@example.com', action: 'created', name: 'atlas scale', before: null });
  });

  test('who subscribes keeps their revision, until they are moved', async () => {
    const { deps, gateways, plans, detail, configOf, revisionServed, ada } = await open();
    const { planRevisionId: first } = await plans.subscribe(ada, { productSlug: 'atlas' });
    const { id: keyId } = await createKeys(deps, gateways).create(ada, { mode: 'live', productSlug: 'atlas' });
    const wider: PlanConfig = { ...(await configOf('free')), limits: [{ name: 'burst', requests: 9, per: 'second' }] };
    await plans.save(manager, { productSlug: 'atlas', planSlug: 'free', plan: wider, moveSubscribers: false });
    assert.equal(await revisionServed(keyId), first);
    assert.deepEqual((await detail('free')).revisions.map(({ number, subscribers, current }) => [number, subscribers, current]), [[2, 0, true], [1, 1, false]]);
    await plans.save(manager, { productSlug: 'atlas', planSlug: 'free', plan: wider, moveSubscribers: true });
    const { revisionId, revisions } = await detail('free');
    assert.equal(await revisionServed(keyId), revisionId);
    assert.deepEqual(revisions.map(({ number, subscribers }) => [number, subscribers]), [[2, 1]], 'moving alone makes no revision');
    await plans.save(manager, { productSlug: 'atlas', planSlug: 'free', plan: { ...wider, fee: '9.00', interval: 'month' }, moveSubscribers: true });
    assert.equal(await revisionServed(keyId), (await detail('free')).revisionId, 'a change of price moves who was told to move');
  });

  const mistakes: [string, Partial<PlanConfig>, string][] = [
    ['a fee without an interval', { interval: null }, '/fee'],
    ['a fee with a comma', { fee: '1,10' }, '/fee'],
    ['a fee below zero', { fee: '-1' }, '/fee'],
    ['a currency that is none', { currency: 'zzz' }, '/currency'],
    ['two limits of one name', { limits: [fresh.limits[0]!, fresh.limits[0]!] }, '/limits/1/name'],
    ['a limit of no calls', { limits: [{ name: 'none', requests: 0, per: 'day' }] }, '/limits/0/requests'],
    ['a limit of half a call', { limits: [{ name: 'half', requests: 0.5, per: 'day' }] }, '/limits/0/requests'],
    ['a meter that the product lacks', { prices: [{ ...fresh.prices[0]!, meter: 'request' }] }, '/prices/0/meter'],
    ['tiers that fall', { prices: [{ ...fresh.prices[0]!, tiers: [{ upTo: '10', unitPrice: '1', flatFee: '0' }, { upTo: '5', unitPrice: '1', flatFee: '0' }, { upTo: null, unitPrice: '1', flatFee: '0' }] }] }, '/prices/0/tiers/1/upTo'],
    ['a last tier that ends', { prices: [{ ...fresh.prices[0]!, tiers: [{ upTo: '10', unitPrice: '1', flatFee: '0' }] }] }, '/prices/0/tiers/0/upTo'],
    ['an operation that no version has', { operations: ['getCities'] }, '/operations'],
    ['a short name with a space', { slug: 'to scale' }, '/slug'],
    ['a short name that is taken', { slug: 'growth' }, '/slug'],
    ['a default plan that not everybody may take', { default: true, access: 'approval' }, '/default'],
    ['a name that is empty', { name: '' }, '/name'],
  ];
  test('a mistake is named at its field, and nothing is saved', async () => {
    const { plans } = await open();
    for (const [what, wrong, pointer] of mistakes) {
      const plan = { ...fresh, ...wrong };
      assert.deepEqual((await plans.check(manager, { productSlug: 'atlas', planSlug: null, plan })).map((place) => place.pointer), [pointer], what);
      const refused = await refusalOf(plans.save(manager, { productSlug: 'atlas', planSlug: null, plan, moveSubscribers: false }));
      assert.deepEqual([refused.code, refused.errors[0]!.pointer], ['input_invalid', pointer], what);
    }
    assert.deepEqual(await plans.check(manager, { productSlug: 'atlas', planSlug: null, plan: fresh }), []);
    assert.equal((await plans.listDetails(manager, 'atlas')).length, 4);
  });

  test('a new default takes the place of the former, whose subscribers stay with it', async () => {
    const { plans, detail, configOf, ada } = await open();
    await plans.subscribe(ada, { productSlug: 'atlas' });
    await plans.save(manager, { productSlug: 'atlas', planSlug: 'growth', plan: { ...(await configOf('growth')), default: true }, moveSubscribers: false });
    assert.deepEqual((await plans.listDetails(manager, 'atlas')).filter((plan) => plan.default).map(({ slug }) => slug), ['growth']);
    assert.deepEqual((await detail('free')).revisions.map(({ number, subscribers }) => [number, subscribers]), [[2, 1]]);
    assert.deepEqual((await refusalOf(plans.save(manager, { productSlug: 'atlas', planSlug: 'growth', plan: { ...(await configOf('growth')), default: false }, moveSubscribers: false }))).errors.map(({ pointer }) => pointer), ['/default']);
  });

  test('an archived plan serves who has it and takes nobody new, until it is restored', async () => {
    const { plans, deps, gateways, detail, configOf, ada } = await open();
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'growth' });
    assert.equal((await refusalOf(plans.archive(manager, { productSlug: 'atlas', planSlug: 'free', archived: true }))).code, 'conflict');
    const archived = await plans.archive(manager, { productSlug: 'atlas', planSlug: 'growth', archived: true });
    assert.ok(archived.archivedAt);
    assert.equal((await plans.listSubscriptions(ada, { consumerId: 'con_ada' }))[0]!.state, 'active');
    assert.ok((await loadCompileProducts(deps.database.kysely))[0]!.plans.some(({ config }) => config.slug === 'growth'));
    const bob = await addConsumer(deps, 'bob');
    assert.equal((await refusalOf(plans.subscribe(bob, { productSlug: 'atlas', planSlug: 'growth' }))).code, 'not_found');
    const { drift } = await createConfiguration(deps, gateways).apply(admin, { bundle: await createConfiguration(deps, gateways).export(admin), dryRun: true, prune: false });
    assert.deepEqual(drift.map(({ action, noun, name }) => `${action} ${noun} ${name}`), ['remove plan atlas growth']);
    const edited = { ...(await configOf('growth')), name: 'Growth of old' };
    assert.ok((await plans.save(manager, { productSlug: 'atlas', planSlug: 'growth', plan: edited, moveSubscribers: false })).archivedAt, 'an edit offers it to nobody');
    assert.deepEqual((await refusalOf(plans.save(manager, { productSlug: 'atlas', planSlug: 'growth', plan: { ...edited, default: true }, moveSubscribers: false }))).errors.map(({ pointer }) => pointer), ['/default']);
    assert.equal((await plans.archive(manager, { productSlug: 'atlas', planSlug: 'growth', archived: false })).archivedAt, null);
    assert.equal((await detail('growth')).subscribers, 1);
  });

  test('of two who edit the same revision, the second is told and overwrites nothing', async () => {
    const { plans, detail, configOf } = await open();
    const { revisionId } = await detail('growth');
    const opened = await configOf('growth');
    const save = (name: string) => plans.save(manager, { productSlug: 'atlas', planSlug: 'growth', plan: { ...opened, name }, moveSubscribers: false, revisionId });
    await save('First');
    assert.equal((await refusalOf(save('Second'))).code, 'conflict');
    assert.equal((await detail('growth')).name, 'First');
  });

  test('plans stand in the order that was given, when it names each of them', async () => {
    const { plans } = await open();
    await plans.order(manager, { productSlug: 'atlas', planSlugs: ['partner', 'free', 'hidden', 'growth'] });
    assert.deepEqual((await plans.list(undefined, 'atlas')).map(({ slug }) => slug), ['partner', 'free', 'growth']);
    assert.equal((await refusalOf(plans.order(manager, { productSlug: 'atlas', planSlugs: ['free', 'free', 'hidden', 'growth'] }))).code, 'input_invalid');
  });

  test('only who may change plans does', async () => {
    const { plans } = await open();
    for (const role of roles) {
      const who: Actor = { kind: 'member', memberId: 'mem_1', email: 'x@example.com', role };
      const changes: Promise<unknown>[] = [
        plans.save(who, { productSlug: 'atlas', planSlug: null, plan: { ...fresh, slug: role }, moveSubscribers: false }),
        plans.archive(who, { productSlug: 'atlas', planSlug: 'hidden', archived: false }), plans.order(who, { productSlug: 'relief', planSlugs: ['basic'] }),
      ];
      const outcomes = await Promise.allSettled(changes);
      const may = role === 'owner' || role === 'product-manager';
      assert.deepEqual(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : (outcome.reason as { code: string }).code)), changes.map(() => (may ? 'done' : 'role_forbids')), role);
      await plans.listDetails(who, 'atlas');
    }
  });

  test('a request says who asked, since when, and how much they use; the members who may decide get mail, and the answer carries a message', async () => {
    const { plans, query, letters, ada, advance, deps } = await open();
    for (const [name, role] of [['Owner', 'owner'], ['Engineer', 'engineer']] as const) {
      const at = stores.engine === 'postgres' ? new Date() : new Date().toISOString();
      await query.insertInto('user').values({ id: `usr_${role}`, name, email: `${role}@example.com`, emailVerified: (stores.engine === 'postgres' ? true : 1) as never, image: null, createdAt: at as never, updatedAt: at as never }).execute();
      await query.insertInto('member').values({ id: `mem_${role}`, user_id: `usr_${role}`, role, created_at: 1 }).execute();
    }
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas' });
    for (const [hour, quantity] of [[deps.clock.now() - 90 * 86_400_000, '1000'], [deps.clock.now() - 86_400_000, '20']] as const) {
      await query.insertInto('usage').values({ subscription_id: id, meter: 'requests', operation: 'getCity', version: 'v1', mode: 'live', hour: Math.floor(hour / 3_600_000) * 3_600_000, quantity }).execute();
    }
    advance(60_000);
    const requestedAt = deps.clock.now();
    for (let twice = 0; twice < 2; twice++) await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'partner' });
    const { requests: [request] } = await plans.listRequests(manager);
    assert.deepEqual([request!.requestedAt, request!.requestedBy, request!.calls30d, request!.callsEver, request!.presentPlan], [requestedAt, 'ada@example.com', '20', '1020', 'Free']);
    assert.deepEqual((await letters.mailbox.outbox()).map(({ to, subject }) => [to, subject]), [['owner@example.com', 'ada asks for Partner of Atlas API'.replace('Partner', request!.planName)]]);
    assert.equal((await refusalOf(plans.decide(manager, { subscriptionId: id, approve: false, message: 'x'.repeat(2_001) }))).code, 'input_invalid');
    await plans.decide(manager, { subscriptionId: id, approve: false, message: ' Tell us more first. ' });
    const [row] = await query.selectFrom('activity').select('detail').where('kind', '=', 'subscription.declined').execute();
    assert.equal((JSON.parse(row!.detail) as { message: string }).message, 'Tell us more first.');
  });
});
