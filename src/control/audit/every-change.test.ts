// Walks every method that Services offers: each either leaves an entry in the audit trail, or says why there is nothing to enter.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pino } from 'pino';
import { systemClock } from '../../clock.ts';
import { readConfig } from '../../config.ts';
import { openAnswerCheckHere } from '../../contract/answer-check.ts';
import { loadContract } from '../../contract/load.ts';
import { compileOwnPolicy } from '../../snapshot/compile-own-policy.ts';
import type { EventStore } from '../../events/event-store.ts';
import type { Database } from '../../store/database.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { quickHash, withCookies } from '../accounts/testkit.ts';
import { insertDraft } from '../billing/write-invoice.ts';
import { createServices, type OpenServices } from '../create-services.ts';
import { replayHere } from '../simulator/replay-here.ts';
import { startStripe, stripeSecret } from '../payments/stripe/stripe-server.testkit.ts';
import { buildSearchIndex } from '../search/build-search-index.ts';
import type { Actor, PlanEdit, Services } from '../services.ts';
import { admin, atlasDocument, documentFonts } from '../testkit.ts';
import { onlyReads } from '../viewing/read-only.ts';

const password = 'correct horse';
const owner: Actor = { kind: 'member', memberId: 'mem_0', email: 'owner@example.com', role: 'owner' };

interface Stage {
  services: OpenServices;
  database: Database;
  /** A fresh developer of a fresh consumer. */
  developer(): Promise<Extract<Actor, { kind: 'developer' }> & { userId: string; headers: Headers }>;
  member(role?: 'owner' | 'viewer'): Promise<string>;
  mailedToken(to: string, page: string): Promise<string>;
  post(headers?: Headers): Request;
  /** A request with the session that these answers began. */
  signedIn(answer: Headers): Request;
}

/** What a change must enter: the noun and the action. */
type Change = [entry: string, make: (stage: Stage) => Promise<unknown>];

const issuer = 'https://id.example';
const bundle = (plans = '{ slug: free, default: true, currency: usd }') => ({
  file: 'portico.yaml', files: [{ path: 'atlas.yaml', text: atlasDocument }],
  text: `portal: { name: Atlas }\nproducts:\n  - { slug: atlas, upstream: "http://127.0.0.1:4010", testUpstream: examples, policies: { tokens: { issuers: [ { issuer: "${issuer}", audience: atlas, jwks: { keys: [ { kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo } ] } } ] } }, versions: [ { name: v1, openapi: atlas.yaml } ], plans: [ ${plans}, { slug: partner, currency: usd, access: approval }, { slug: plus, currency: usd, interval: month, fee: "9" } ] }\n`,
});
const nameOf = (link: string): string => new URL(link).searchParams.get('token')!;
let people = 0;

async function savePartner(services: Services, edit: Partial<PlanEdit>): Promise<unknown> {
  const plan = (await services.configuration.current()).products[0]!.plans.find(({ slug }) => slug === 'partner')!;
  return services.plans.save(owner, { productSlug: 'atlas', planSlug: 'partner', plan: { ...plan, ...edit }, moveSubscribers: false });
}

const changes: Record<string, Change> = {
  'accounts.signUp': ['consumer created', (stage) => stage.developer()],
  'accounts.verifyEmail': ['consumer verified', async ({ services, developer, mailedToken, post }) => services.accounts.verifyEmail({ token: await mailedToken((await developer()).email, '/verify-email') }, post())],
  'accounts.consumeMagicLink': ['consumer verified', async ({ services, developer, mailedToken, post }) => {
    const { email } = await developer();
    await services.accounts.sendMagicLink({ email, next: '/' }, post());
    return services.accounts.consumeMagicLink({ token: await mailedToken(email, '/magic-link') }, post());
  }],
  'accounts.resetPassword': ['account password-changed', async ({ services, developer, mailedToken, post }) => {
    const { email } = await developer();
    await services.accounts.requestPasswordReset({ email }, post());
    return services.accounts.resetPassword({ token: await mailedToken(email, '/reset-password'), password: 'another horse' }, post());
  }],
  'accounts.startConsumer': ['consumer created', async ({ services, developer, database }) => {
    const { userId } = await developer();
    await database.kysely.updateTable('developer').set({ removed_at: 1 }).where('user_id', '=', userId).execute();
    return services.accounts.startConsumer(userId);
  }],
  'accounts.acceptFirstOwner': ['member joined', async ({ services, database, post }) => {
    await database.kysely.deleteFrom('member').execute();
    return services.accounts.acceptFirstOwner({ token: nameOf((await services.accounts.firstOwnerLink())!), email: `first${++people}@example.com`, password }, post());
  }],
  'accounts.acceptInvitation': ['member joined', async ({ member }) => member()],
  'accounts.inviteMember': ['invitation created', ({ services }) => services.accounts.inviteMember(owner, { email: 'new@example.com', role: 'viewer' })],
  'accounts.setMemberRole': ['member role-changed', async ({ services, member }) => services.accounts.setMemberRole(owner, { memberId: await member(), role: 'support' })],
  'accounts.removeMember': ['member removed', async ({ services, member }) => services.accounts.removeMember(owner, { memberId: await member() })],
  'accounts.resendInvitation': ['invitation resent', async ({ services }) => {
    await services.accounts.inviteMember(owner, { email: 'late@example.com', role: 'viewer' });
    return services.accounts.resendInvitation(owner, { invitationId: (await services.accounts.listInvitations(owner))[0]!.id });
  }],
  'accounts.changeName': ['account renamed', async ({ services, developer, signedIn }) => services.accounts.changeName({ name: 'Ada' }, signedIn((await developer()).headers))],
  'accounts.changePassword': ['account password-changed', async ({ services, developer, signedIn }) => services.accounts.changePassword({ current: password, password: 'another horse' }, signedIn((await developer()).headers))],
  'configuration.editPortal': ['portal changed', ({ services }) => services.configuration.editPortal(owner, { name: `Portal ${++people}` })],
  'products.publish': ['version created', ({ services }) => services.products.publish(owner, { slug: 'fresh', version: 'v1', upstream: 'http://127.0.0.1:4010', fileName: 'a.yaml', text: atlasDocument })],
  'products.create': ['product created', ({ services }) => services.products.create(owner, { slug: 'made', upstream: 'http://127.0.0.1:4010' })],
  'products.edit': ['product changed', async (stage) => stage.services.products.edit(owner, { slug: await productOf(stage), name: 'Another name' })],
  'products.remove': ['product removed', async (stage) => stage.services.products.remove(owner, { slug: await productOf(stage) })],
  'products.editVersion': ['version published', async (stage) => stage.services.products.editVersion(owner, { slug: await draftOf(stage), version: 'v1', status: 'published' })],
  'products.discardDraft': ['version discarded', async (stage) => stage.services.products.discardDraft(owner, { slug: await draftOf(stage), version: 'v1' })],
  'products.invite': ['invitation created', async (stage) => stage.services.products.invite(owner, { slug: await productOf(stage), email: 'guest@example.com' })],
  'products.withdrawInvitation': ['invitation withdrawn', async (stage) => {
    const slug = await productOf(stage);
    return stage.services.products.withdrawInvitation(owner, { slug, id: (await stage.services.products.invite(owner, { slug, email: 'guest@example.com' })).id });
  }],
  'plans.save': ['plan changed', ({ services }) => savePartner(services, { name: 'Partners' })],
  'plans.order': ['plan ordered', ({ services }) => services.plans.order(owner, { productSlug: 'atlas', planSlugs: ['partner', 'plus', 'free'] })],
  'plans.archive': ['plan archived', async ({ services }) => {
    await services.plans.archive(owner, { productSlug: 'atlas', planSlug: 'partner', archived: true });
    return services.plans.archive(owner, { productSlug: 'atlas', planSlug: 'partner', archived: false });
  }],
  'plans.subscribe': ['subscription moved', async ({ services, developer }) => services.plans.subscribe(owner, { consumerId: (await developer()).consumerId, productSlug: 'atlas', planSlug: 'partner' })],
  'plans.decide': ['subscription approved', async ({ services, developer }) => {
    const { id } = await services.plans.subscribe(await developer(), { productSlug: 'atlas', planSlug: 'partner' });
    return services.plans.decide(owner, { subscriptionId: id, approve: true });
  }],
  'consumers.create': ['consumer created', ({ services }) => services.consumers.create(owner, { email: 'invited@example.com' })],
  'viewing.begin': ['consumer viewed-as', async ({ services, developer }) => services.viewing.begin(owner, { consumerId: (await developer()).consumerId })],
  'consumers.addNote': ['note created', async ({ services, developer }) => services.consumers.addNote(owner, { consumerId: (await developer()).consumerId, text: 'Asked for an invoice.' })],
  'consumers.block': ['consumer blocked', async ({ services, developer }) => services.consumers.block(owner, { consumerId: (await developer()).consumerId, blocked: true })],
  'consumers.rename': ['consumer renamed', async ({ services, developer }) => services.consumers.rename(owner, { consumerId: (await developer()).consumerId, name: 'New name' })],
  'consumers.inviteDeveloper': ['invitation created', async ({ services, developer }) => services.consumers.inviteDeveloper(owner, { consumerId: (await developer()).consumerId, email: 'colleague@example.com' })],
  'consumers.removeDeveloper': ['developer removed', async ({ services, developer, database }) => {
    const { consumerId } = await developer();
    await database.kysely.insertInto('developer').values({ id: 'dev_second', consumer_id: consumerId, user_id: null, email: 'second@example.com', created_at: 1, removed_at: null }).execute();
    return services.consumers.removeDeveloper(owner, { consumerId, developerId: 'dev_second' });
  }],
  'consumers.cancelInvitation': ['invitation withdrawn', async ({ services, developer }) => {
    const actor = await developer();
    await services.consumers.inviteDeveloper(actor, { consumerId: actor.consumerId, email: 'colleague@example.com' });
    const { invitations } = await services.consumers.listDevelopers(actor, actor);
    return services.consumers.cancelInvitation(actor, { invitationId: invitations[0]!.id });
  }],
  'keys.create': ['key created', async ({ services, developer }) => services.keys.create(await developer(), { mode: 'test', productSlug: 'atlas' })],
  'keys.createFor': ['key created', ({ services }) => services.keys.createFor(admin, { email: 'cli@example.com', productSlug: 'atlas', mode: 'live' })],
  'keys.update': ['key changed', async (stage) => stage.services.keys.update(owner, { id: await keyOf(stage), addresses: ['192.0.2.1'] })],
  'keys.roll': ['key rolled', async (stage) => stage.services.keys.roll(owner, { id: await keyOf(stage), overlapMs: 1_000 })],
  'keys.revoke': ['key revoked', async (stage) => stage.services.keys.revoke(owner, { id: await keyOf(stage) })],
  'tokens.bind': ['token bound', async (stage) => stage.services.tokens.bind(owner, { issuer, subject: 'a client', keyId: await keyOf(stage) })],
  'tokens.unbind': ['token unbound', async (stage) => stage.services.tokens.unbind(owner, (await stage.services.tokens.bind(owner, { issuer, subject: 'a former client', keyId: await keyOf(stage) })).id)],
  'configuration.apply': ['plan changed', ({ services }) => services.configuration.apply(owner, { bundle: bundle('{ slug: free, default: true, currency: usd, limits: [ { name: burst, requests: 7, per: second } ] }'), dryRun: false, prune: false })],
  'documentation.run': ['documentation run', ({ services }) => services.documentation.run(owner, { product: 'atlas' })],
  'credits.grant': ['credit granted', async ({ services, developer }) => services.credits.grant(owner, { consumerId: (await developer()).consumerId, currency: 'usd', amount: '5', reason: 'Welcome' })],
  'credits.withdraw': ['credit withdrawn', async ({ services, developer }) => services.credits.withdraw(owner, { grantId: (await services.credits.grant(owner, { consumerId: (await developer()).consumerId, currency: 'usd', amount: '5', reason: 'Welcome' })).id })],
  'coupons.create': ['coupon created', ({ services }) => services.coupons.create(owner, { code: `CODE-${++people}`, percent: '5' })],
  'coupons.archive': ['coupon archived', async ({ services }) => services.coupons.archive(owner, { code: (await services.coupons.create(owner, { code: `CODE-${++people}`, percent: '5' })).code })],
  'coupons.redeem': ['coupon redeemed', async (stage) => stage.services.coupons.redeem(owner, { subscriptionId: (await subscriptionOf(stage)).id, code: (await stage.services.coupons.create(owner, { code: `CODE-${++people}`, percent: '5' })).code })],
  'subscriptions.change': ['subscription moved', async (stage) => stage.services.subscriptions.change(owner, { subscriptionId: (await subscriptionOf(stage)).id, planSlug: 'plus' })],
  'subscriptions.cancel': ['subscription cancelled', async (stage) => stage.services.subscriptions.cancel(owner, { subscriptionId: (await subscriptionOf(stage)).id })],
  'subscriptions.resume': ['subscription resumed', async (stage) => {
    const { id } = await subscriptionOf(stage);
    await stage.services.subscriptions.cancel(owner, { subscriptionId: id });
    return stage.services.subscriptions.resume(owner, { subscriptionId: id });
  }],
  'subscriptions.setSpendCap': ['subscription capped', async (stage) => stage.services.subscriptions.setSpendCap(owner, { subscriptionId: (await subscriptionOf(stage)).id, cap: '5' })],
  'subscriptions.schedulePrices': ['subscription prices-scheduled', async (stage) => {
    await stage.services.plans.subscribe(owner, { consumerId: (await stage.developer()).consumerId, productSlug: 'atlas', planSlug: 'partner' });
    await savePartner(stage.services, { fee: '5', interval: 'month' });
    return stage.services.subscriptions.schedulePrices(owner, { productSlug: 'atlas', planSlug: 'partner', subscriptionIds: 'all', at: Date.now() + 60_000 });
  }],
  'subscriptions.withdrawPrices': ['subscription prices-withdrawn', async (stage) => {
    await stage.services.plans.subscribe(owner, { consumerId: (await stage.developer()).consumerId, productSlug: 'atlas', planSlug: 'partner' });
    await savePartner(stage.services, { fee: String(1000 + ++people), interval: 'month' });
    const partner = (await stage.services.plans.listDetails(owner, 'atlas')).find(({ slug }) => slug === 'partner')!;
    const move = { productSlug: 'atlas', planSlug: 'partner', at: Date.now() + 60_000 };
    await stage.services.subscriptions.schedulePrices(owner, { ...move, subscriptionIds: 'all' });
    return stage.services.subscriptions.withdrawPrices(owner, { ...move, revision: partner.revisions[0]!.number });
  }],
  'simulator.rollOut': ['plan changed', async ({ services }) => {
    const { id } = await services.simulator.start(owner, { draft: `slug: plus\ncurrency: usd\ninterval: month\nfee: "${9 + ++people}"\n`, productSlug: 'atlas', from: Date.now() - 60_000, to: Date.now() - 1 });
    return services.simulator.rollOut(owner, { id, subscriptionIds: 'none' });
  }],
  'upgradeCases.create': ['upgrade-case created', async (stage) => caseOf(stage)],
  'upgradeCases.revoke': ['upgrade-case revoked', async (stage) => {
    const { actor, upgradeCase } = await caseOf(stage);
    return stage.services.upgradeCases.revoke(actor, { caseId: upgradeCase.id });
  }],
  'upgradeCases.approve': ['upgrade-case approved', async (stage) => stage.services.upgradeCases.approve({ token: nameOf((await caseOf(stage)).link), planSlug: 'plus', email: 'boss@example.com' })],
  'billing.changeSettings': ['billing settings changed', ({ services }) => services.billing.changeSettings(owner, { dueDays: 30 })],
  'billing.setTaxRate': ['tax rate created', ({ services }) => services.billing.setTaxRate(owner, { country: 'DE', name: 'VAT', percent: '19' })],
  'billing.removeTaxRate': ['tax rate removed', async ({ services }) => {
    await services.billing.setTaxRate(owner, { country: 'FR', name: 'TVA', percent: '20' });
    return services.billing.removeTaxRate(owner, { country: 'FR' });
  }],
  'billing.changeAccount': ['billing account changed', async ({ services, developer }) => services.billing.changeAccount(await developer(), { name: 'Ada GmbH', address: 'Weg 1', country: 'DE', taxId: null, email: null })],
  'invoices.run': ['invoice finalised', async (stage) => {
    await draftInvoice(stage);
    return stage.services.invoices.run(owner);
  }],
  'invoices.finalise': ['invoice finalised', async (stage) => stage.services.invoices.finalise(owner, { id: await draftInvoice(stage) })],
  'invoices.markPaid': ['invoice paid', async (stage) => stage.services.invoices.markPaid(owner, { id: await finalInvoice(stage) })],
  'invoices.void': ['invoice voided', async (stage) => stage.services.invoices.void(owner, { id: await finalInvoice(stage), reason: 'a test' })],
  'invoices.credit': ['invoice credited', async (stage) => stage.services.invoices.credit(owner, { id: await finalInvoice(stage), reason: 'a test' })],
  'payments.openMethodPage': ['payment method page-opened', async ({ services, developer }) => services.payments.openMethodPage(await developer(), { returnPath: '/dashboard' })],
  'payments.openPaymentPage': ['invoice payment-page-opened', async (stage) => stage.services.payments.openPaymentPage(owner, { invoice: await finalInvoice(stage), returnPath: '/dashboard' })],
  'payments.collect': ['invoice collected', async (stage) => {
    const invoice = await finalInvoice(stage);
    await stage.database.kysely.insertInto('payment').values({ id: `pay_${++people}`, invoice_id: invoice, provider: 'stripe', reference: 'pi_none', state: 'failed', amount: '10.00', attempts: 1, next_attempt_at: null, error: 'declined', url: null, created_at: 1, updated_at: 1 }).execute();
    return stage.services.payments.collect(owner, { invoice });
  }],
  'payments.retryEvent': ['webhook event retried', async ({ services, database }) => {
    await database.kysely.insertInto('webhook_event').values({ provider: 'stripe', id: 'evt_1', type: 'payment_intent.succeeded', occurred_at: 1, received_at: 1, processed_at: null, attempts: 12, next_attempt_at: null, error: 'unreachable', payload: '{"kind":"customer","reference":"cus_none"}' }).execute();
    return services.payments.retryEvent(owner, { id: 'evt_1' });
  }],
  'learn.saveTerm': ['term created', ({ services }) => services.learn.saveTerm(owner, { id: 'tile', term: { name: 'Tile', definition: 'A square.' } })],
  'learn.saveSet': ['exercise created', ({ services }) => services.learn.saveSet(owner, { id: 'maps', set: exercise })],
  'learn.removeTerm': ['term removed', async ({ services }) => {
    await services.learn.saveTerm(owner, { id: 'sheet', term: { name: 'Sheet', definition: 'A large square.' } });
    return services.learn.removeTerm(owner, { id: 'sheet' });
  }],
  'learn.removeSet': ['exercise removed', async ({ services }) => {
    await services.learn.saveSet(owner, { id: 'plans', set: exercise });
    return services.learn.removeSet(owner, { id: 'plans' });
  }],
  'operations.backup': ['backup made', ({ services }) => services.operations.backup(owner, 'backup.tar')],
};

const exercise = { title: 'Maps', items: [{ id: 'what', question: 'What?', choices: [{ text: 'This', right: true, why: 'Yes.' }, { text: 'That', why: 'No.' }] }] };

/** Methods that read but are not called `get`, `list`, `find` or `count`, and those that change nothing of which somebody could ask later who did it. */
const notChanges: Record<string, string> = {
  'feedback.send': 'a word of a reader',
  'accounts.handle': 'better-auth, sessions alone', 'accounts.signIn': 'a session', 'accounts.signOut': 'a session', 'accounts.sendMagicLink': 'a letter', 'accounts.sendVerification': 'a letter', 'accounts.requestPasswordReset': 'a letter',
  'accounts.firstOwnerLink': 'reads', 'products.inspectDocument': 'reads', 'products.compareDocument': 'reads', 'products.facts': 'reads', 'products.checkUpstream': 'asks the upstream', 'plans.check': 'reads',
  'keys.mintTryIt': 'a key of an hour that the pages make for themselves, again and again', 'tokens.issue': 'a token of an hour, again and again, that says no more than its key', 'payments.refresh': 'asks the provider, whose answer leaves an entry of its own', 'payments.receiveEvent': 'a report of the provider, whose effect leaves an entry of its own', 'notices.setRead': 'a mark of the reader', 'notices.setMailWanted': 'a wish of the reader',
  'learn.answer': 'an answer of a reader', 'learn.retry': 'an answer of a reader', 'learn.join': 'answers of a reader', 'learn.followTasks': 'the progress of a reader', 'learn.watch': 'reads', 'learn.seal': 'reads', 'learn.unseal': 'reads',
  'configuration.export': 'reads', 'configuration.portalSettings': 'reads', 'operations.status': 'reads', 'operations.settings': 'reads', 'invoices.reconcile': 'reads', 'mail.outbox': 'reads', 'simulator.start': 'reads', 'revenue.report': 'reads', 'mail.sendTest': 'a letter',
};
/** Nouns that only read. */
const readingNouns = new Set(['adoption', 'audit', 'content', 'revenue']);

forEachEngine('every change', ({ open }) => {
  test('is known to this test, or known to be none', async () => {
    const { services } = await openStage(await open());
    const unknown = methodsOf(services).filter((name) => !(name in changes) && !(name in notChanges) && !onlyReads(name) && !readingNouns.has(name.split('.')[0]!));
    assert.deepEqual(unknown, [], 'add each to `changes` with the entry that it leaves, or to `notChanges` with the reason');
    const gone = [...Object.keys(changes), ...Object.keys(notChanges)].filter((name) => !methodsOf(services).includes(name));
    assert.deepEqual(gone, [], 'no longer methods');
  });

  test('leaves an entry with what was and what is', async () => {
    const stage = await openStage(await open());
    for (const [name, [entry, make]] of Object.entries(changes)) {
      await stage.database.kysely.deleteFrom('audit_entry').execute();
      await stage.database.kysely.deleteFrom('attempt').execute();
      await make(stage);
      const { entries } = await stage.services.audit.list(admin, {});
      const found = entries.find((row) => `${row.noun} ${row.action}` === entry);
      assert.ok(found, `${name} left ${entries.map((row) => `${row.noun} ${row.action}`).join(', ') || 'nothing'} instead of ${entry}`);
      assert.notDeepEqual(found.before, found.after, name);
      assert.ok(found.name !== '' && found.actor !== '', name);
      const text = JSON.stringify(entries);
      assert.doesNotMatch(text, /_(live|test)_[0-9A-Za-z]{20}|correct horse|another horse|[0-9a-f]{64}/, `${name} leaves no secret`);
    }
  });
});

/** Of their opener alone, not offered to callers. */
const ownersMethods = new Set(['mail.post', 'mail.deliver', 'mail.close', 'notices.look', 'notices.close', 'search.settled', 'search.close', 'tokens.close', 'documentation.close']);

forEachEngine('somebody who only looks', ({ open }) => {
  test('is refused everything that leaves an entry, and reads on', async () => {
    const { services, developer } = await openStage(await open());
    const { consumerId, email } = await developer();
    const { token } = await services.viewing.begin(owner, { consumerId });
    const { actor } = (await services.viewing.find(owner, token))!;
    assert.deepEqual([actor.consumerId, actor.email, actor.viewedBy], [consumerId, email, 'owner@example.com']);
    const methods = services as unknown as Record<string, Record<string, (actor: Actor, input: unknown) => Promise<unknown>>>;
    const takeNoActor = ['upgradeCases.approve', ...['signUp', 'verifyEmail', 'consumeMagicLink', 'resetPassword', 'changeName', 'changePassword', 'startConsumer', 'acceptFirstOwner', 'acceptInvitation'].map((name) => `accounts.${name}`)];
    for (const name of [...Object.keys(changes), 'keys.mintTryIt', 'notices.setRead', 'notices.setMailWanted'].filter((change) => !takeNoActor.includes(change))) {
      const [noun, method] = name.split('.') as [string, string];
      await assert.rejects(async () => methods[noun]![method]!(actor, { consumerId }), { code: 'role_forbids' }, name);
    }
    assert.equal((await services.consumers.get(actor, consumerId)).id, consumerId);
    assert.deepEqual((await services.keys.list(actor, {})).keys, []);
    await assert.rejects(services.consumers.get(actor, (await developer()).consumerId), { code: 'not_found' }, 'another consumer stays closed');
  });
});

function methodsOf(services: OpenServices): string[] {
  const { gateways: _gateways, close: _close, ...nouns } = services;
  const named = Object.entries(nouns).flatMap(([noun, methods]) => Object.entries(methods as object).filter(([, value]) => typeof value === 'function').map(([method]) => `${noun}.${method}`));
  return named.filter((name) => !ownersMethods.has(name));
}

async function productOf({ services }: Stage): Promise<string> {
  return (await services.products.create(owner, { slug: `own-${++people}`, upstream: 'http://127.0.0.1:4010', access: 'private' })).slug;
}

async function draftOf(stage: Stage): Promise<string> {
  const slug = await productOf(stage);
  await stage.services.products.publish(owner, { slug, version: 'v1', fileName: 'a.yaml', text: atlasDocument, draft: true });
  return slug;
}

async function subscriptionOf({ services, developer }: Stage) {
  return services.plans.subscribe(owner, { consumerId: (await developer()).consumerId, productSlug: 'atlas' });
}

async function caseOf({ services, developer, database }: Stage) {
  const actor = await developer();
  const { id } = await services.plans.subscribe(actor, { productSlug: 'atlas' });
  await database.kysely.insertInto('payment_customer').values({ consumer_id: actor.consumerId, provider: 'stripe', reference: `cus_${++people}`, method: 'pm_1', updated_at: 1 }).execute();
  return { actor, ...(await services.upgradeCases.create(actor, { subscriptionId: id })) };
}

/** A draft over 10 dollars of a fresh consumer. */
async function draftInvoice({ database, developer }: Stage): Promise<string> {
  return insertDraft({ clock: systemClock, random: randomBytes }, database.kysely, {
    consumerId: (await developer()).consumerId, subscriptionId: null, periodId: null, currency: 'usd', lines: [{ kind: 'fee', description: 'Fee', meter: null, quantity: '1', unitPrice: '10', amount: '10.00', from: 0, to: 1, periodId: null, detail: {} }],
  });
}

async function finalInvoice(stage: Stage): Promise<string> {
  return (await stage.services.invoices.finalise(owner, { id: await draftInvoice(stage) })).id;
}

async function keyOf({ services, developer }: Stage): Promise<string> {
  return (await services.keys.create(await developer(), { mode: 'test', productSlug: 'atlas' })).id;
}

async function openStage(database: Database): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-audit-'));
  const stripe = await startStripe();
  after(() => stripe.close());
  const config = { ...readConfig({}), stripe: { secret: stripeSecret, webhookSecret: stripe.webhookSecret, apiUrl: stripe.url }, dataFolder: folder, webUrl: 'http://portal.example', gatewayUrl: 'http://gateway.example' };
  const services = await createServices({
    config, version: '1.2.3', secret: 'a secret of tests that is long enough', database, events: {} as EventStore, clock: systemClock, random: randomBytes, log: pino({ level: 'silent' }), loadContract, compilePolicy: compileOwnPolicy, buildSearchIndex: async (source) => buildSearchIndex(source), openAnswerCheck: openAnswerCheckHere, replayPrices: replayHere(database.kysely),
    onCalls: () => () => undefined, watchConsumer: () => () => undefined, onReadable: () => () => undefined, fonts: documentFonts, takeBackup: async () => ({ bytes: 7 }), ingestStatus: async () => ({ lagBytes: 0, lagMs: 0, corruptRecords: 0, ledger: { readUpTo: Number.MAX_SAFE_INTEGER, unread: [], failing: null } }),
  }, { bridgePath: join(folder, 'bridge.sock'), bridgeToken: 'bridge' }, { passwordHash: quickHash });
  after(async () => {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  });
  await services.configuration.apply(admin, { bundle: bundle(), dryRun: false, prune: true });
  const post = (headers = new Headers()): Request => {
    headers.set('origin', config.webUrl);
    headers.set('x-forwarded-for', '192.0.2.1');
    return new Request(config.webUrl, { method: 'POST', headers });
  };
  return {
    services, database, post, signedIn: (answer) => post(withCookies(answer)),
    developer: async () => {
      const { person, headers } = await services.accounts.signUp({ email: `person${++people}@example.com`, password }, post());
      return { kind: 'developer', ...person.developer!, email: person.email, verified: person.verified, userId: person.userId, headers };
    },
    member: async (role = 'viewer') => {
      const email = `member${++people}@example.com`;
      const { link } = await services.accounts.inviteMember(owner, { email, role });
      await services.accounts.acceptInvitation({ token: nameOf(link), password }, post());
      return (await services.accounts.listMembers(owner)).find((row) => row.email === email)!.id;
    },
    mailedToken: async (to, page) => {
      const mail = (await services.mail.outbox()).find((row) => row.to === to && row.text.includes(`${page}?`))!;
      return nameOf(mail.text.split('\n').find((line) => line.startsWith(config.webUrl))!);
    },
  };
}
