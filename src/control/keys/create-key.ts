import type { Mode } from '../../domain/key.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { listPlans } from '../plans/plans.ts';
import { requirePaymentMethod } from '../payments/require-payment-method.ts';
import { subscribeConsumer } from '../subscriptions/subscribe-consumer.ts';
import { getVisibleProduct } from '../products/visible-product.ts';
import { actorName, consumerOf, requireRight } from '../rights.ts';
import type { Actor, CreatedKey, Keys } from '../services.ts';
import { auditedKey, findKeyRow, summariseKeys } from './key-rows.ts';
import { findOrMakeConsumer } from './find-or-make-consumer.ts';
import { requireKnownOperations, restrictionProblems } from './key-restrictions.ts';
import { writeKey } from './write-key.ts';

/** Keys of one consumer that are neither revoked nor expired. */
export const keysMax = 500;

type CreateInput = Parameters<Keys['create']>[1];

/** Inside the caller's transaction. @throws AppError as `Keys.create` does. */
export async function createKey(deps: ControlDeps, query: Query, actor: Actor, input: CreateInput): Promise<CreatedKey> {
  const consumerId = consumerOf(actor, input.consumerId, 'keys.change');
  checkInput(input, deps.clock.now());
  const developerId = actor.kind === 'developer' ? actor.developerId : await firstDeveloper(query, consumerId);
  const subscriptionIds = input.productSlug === undefined ? await openSubscriptions(query, consumerId, input.mode) : [await subscriptionTo(deps, query, actor, { ...input, consumerId, productSlug: input.productSlug })];
  await requireKnownOperations(query, subscriptionIds, input.scopes);
  return addKey(deps, query, actor, {
    consumerId, developerId, subscriptionIds, mode: input.mode, name: input.name?.trim() || defaultName(input.mode), expiresAt: input.expiresAt ?? null, scopes: input.scopes ?? null, addresses: input.addresses ?? null,
  });
}

/** For the command line, inside the caller's transaction: whoever is missing is made. */
export async function createKeyFor(deps: ControlDeps, query: Query, actor: Actor, input: Parameters<Keys['createFor']>[1]): Promise<CreatedKey> {
  requireRight(actor, 'keys.change');
  checkInput(input, deps.clock.now());
  const { consumerId, developerId } = await findOrMakeConsumer(deps, query, actor, input.email);
  await refuseUnverified(query, actor, { ...input, consumerId });
  const subscriptionId = await subscriptionTo(deps, query, actor, { ...input, consumerId });
  return addKey(deps, query, actor, { consumerId, developerId, subscriptionIds: [subscriptionId], mode: input.mode, name: input.name?.trim() || defaultName(input.mode), expiresAt: null, scopes: null, addresses: null });
}

/** Anybody can sign up with anybody's address: until it is verified, the account gets no more than everybody may take. */
async function refuseUnverified(query: Query, actor: Actor, { email, consumerId, productSlug, planSlug }: { email: string; consumerId: string; productSlug: string; planSlug?: string | undefined }): Promise<void> {
  const { verified_at: verifiedAt } = await query.selectFrom('consumer').select('verified_at').where('id', '=', consumerId).executeTakeFirstOrThrow();
  if (verifiedAt !== null) return;
  const product = await getVisibleProduct(query, actor, productSlug);
  const plan = (await listPlans(query, actor, product)).find(({ slug }) => slug === planSlug);
  if (product.access === 'public' && (plan === undefined || plan.access === 'public')) return;
  throw new AppError('conflict', `Somebody signed up as ${email.trim()} and has not verified the address, so it may be somebody else. Ask them to verify it, then run this again.`);
}

async function addKey(deps: ControlDeps, query: Query, actor: Actor, input: Omit<Parameters<typeof writeKey>[2], 'origin'>): Promise<CreatedKey> {
  await refuseTooMany(query, input.consumerId, deps.clock.now());
  const { id, key } = await writeKey(deps, query, { ...input, origin: 'own' });
  await recordActivity(query, deps, { consumerId: input.consumerId, actor: actorName(actor), kind: 'key.created', subject: id, detail: { name: input.name, mode: input.mode } });
  const [summary] = await summariseKeys(query, [(await findKeyRow(query, id))!], deps.clock.now());
  await recordAudit(query, deps, actor, { action: 'created', noun: 'key', subject: id, name: summary!.name, before: null, after: { ...auditedKey(summary!), scopes: input.scopes, addresses: input.addresses } });
  return { key, id, subscription: input.subscriptionIds[0]!, consumer: input.consumerId, summary: summary!, unconfirmed: [] };
}

function defaultName(mode: Mode): string {
  return mode === 'live' ? 'Live key' : 'Test key';
}

function checkInput(input: { name?: string; expiresAt?: number; scopes?: string[]; addresses?: string[] }, now: number): void {
  const errors = restrictionProblems(input, now);
  if (errors.length > 0) throw new AppError('input_invalid', `The key was not made: ${errors[0]!.pointer} ${errors[0]!.detail}.`, { errors });
}

async function firstDeveloper(query: Query, consumerId: string): Promise<string> {
  const developer = await query.selectFrom('developer').select('id').where('consumer_id', '=', consumerId).where('removed_at', 'is', null).orderBy('created_at').orderBy('id').executeTakeFirst();
  if (!developer) throw new AppError('not_found', 'There is no such account, or nobody is left in it who could hold a key.');
  return developer.id;
}

async function subscriptionTo(deps: ControlDeps, query: Query, actor: Actor, input: { consumerId: string; productSlug: string; planSlug?: string; mode: Mode }): Promise<string> {
  const product = await getVisibleProduct(query, actor, input.productSlug);
  if (input.mode === 'test' && product.test_upstream === null) throw new AppError('mode_forbidden', `"${product.slug}" has no test mode, so it issues no test keys. Create a live key.`);
  if (actor.kind === 'developer') await requirePaymentMethod(deps, query, { consumerId: input.consumerId, productId: product.id, planSlug: input.planSlug });
  const { id } = await subscribeConsumer(deps, query, { consumerId: input.consumerId, product, planSlug: input.planSlug, actor, byProducer: actor.kind !== 'developer' });
  return id;
}

async function openSubscriptions(query: Query, consumerId: string, mode: Mode): Promise<string[]> {
  const rows = await query
    .selectFrom('subscription')
    .innerJoin('product', 'product.id', 'subscription.product_id')
    .select(['subscription.id', 'product.test_upstream'])
    .where('subscription.consumer_id', '=', consumerId)
    .where('subscription.state', '!=', 'ended')
    .orderBy('subscription.id')
    .execute();
  if (rows.length === 0) throw new AppError('input_invalid', 'There is no subscription for a key to open. Name a product.', { errors: [{ pointer: '/productSlug', detail: 'is missing' }] });
  const fitting = rows.filter((row) => mode === 'live' || row.test_upstream !== null);
  if (fitting.length === 0) throw new AppError('mode_forbidden', 'None of the subscribed products has a test mode. Create a live key.');
  return fitting.map((row) => row.id);
}

async function refuseTooMany(query: Query, consumerId: string, now: number): Promise<void> {
  const { count } = await query
    .selectFrom('key')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('consumer_id', '=', consumerId)
    .where('origin', '=', 'own')
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirstOrThrow();
  if (Number(count) >= keysMax) throw new AppError('conflict', `This account has ${keysMax} keys in use, the most it can have. Revoke one first.`);
}
