// A page that a developer shows to whoever decides about money. Only the hash of its token is stored.
import { createHash } from 'node:crypto';
import type { PlanConfig } from '../../domain/config.ts';
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { parseEmail } from '../accounts/account-input.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { invalid } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { requirePaymentMethod } from '../payments/require-payment-method.ts';
import type { Actor, UpgradeCase, UpgradeCases } from '../services.ts';
import { isUpgrade } from '../subscriptions/compare-fees.ts';
import { changePlan } from '../subscriptions/change-plan.ts';
import { ownSubscription } from '../subscriptions/own-subscription.ts';
import { rollSubscription } from '../subscriptions/roll-subscription.ts';
import { readCasePage } from './read-case-page.ts';

const caseMs = 30 * 86_400_000;
const messageMax = 1_000;
const openMax = 20;
const casesShown = 50;

export function createUpgradeCases(deps: ControlDeps, gateways: Gateways): UpgradeCases {
  const { kysely } = deps.database;
  return {
    create: (actor, input) => createCase(deps, actor, input),
    async list(actor, { subscriptionId }) {
      await ownSubscription(kysely, actor, subscriptionId, 'workspace.read');
      const rows = await caseRows(kysely).where('upgrade_case.subscription_id', '=', subscriptionId).orderBy('upgrade_case.id', 'desc').limit(casesShown).execute();
      return rows.map((row) => shown(row, deps.clock.now()));
    },
    revoke: (actor, input) => revokeCase(deps, actor, input),
    async findPage({ token }) {
      const now = deps.clock.now();
      const row = await findStanding(kysely, token, now);
      return row && deps.database.transaction(async (query) => readCasePage(query, shown(row, now), row, now));
    },
    async approve(input) {
      const approved = await approveCase(deps, input);
      await gateways.credentialsChanged();
      return approved;
    },
  };
}

async function createCase(deps: ControlDeps, actor: Actor, { subscriptionId, message = '' }: Parameters<UpgradeCases['create']>[1]): ReturnType<UpgradeCases['create']> {
  if (actor.kind !== 'developer') throw new AppError('role_forbids', 'A developer of the account makes a case for their own manager.');
  const said = message.trim();
  if (said.length > messageMax) throw invalid('/message', `is longer than ${messageMax} characters`);
  const now = deps.clock.now();
  const token = deps.random(32).toString('base64url');
  const id = newId('upgradeCase', now, deps.random);
  const upgradeCase = await deps.database.transaction(async (query) => {
    const subscription = await ownSubscription(query, actor, subscriptionId, 'consumers.change');
    if (subscription.state !== 'active') throw new AppError('conflict', `This subscription is ${subscription.state}: there is no case to make.`);
    const { open } = await query.selectFrom('upgrade_case').select((eb) => eb.fn.countAll().as('open')).where('subscription_id', '=', subscriptionId).where('revoked_at', 'is', null).where('approved_at', 'is', null).where('expires_at', '>', now).executeTakeFirstOrThrow();
    if (Number(open) >= openMax) throw new AppError('conflict', `There are ${openMax} open cases for this subscription. Revoke one first.`);
    await query.insertInto('upgrade_case').values({ id, token_hash: hashOf(token), subscription_id: subscriptionId, developer_id: actor.developerId, message: said, created_at: now, expires_at: now + caseMs, revoked_at: null, approved_at: null, approved_by: null }).execute();
    await recordActivity(query, deps, { consumerId: subscription.consumerId, actor: actor.email, kind: 'case.created', subject: id, detail: { product: subscription.productSlug, expiresAt: now + caseMs } });
    await recordAudit(query, deps, actor, { action: 'created', noun: 'upgrade-case', subject: id, name: subscription.productSlug, before: null, after: { consumer: subscription.consumerId, subscription: subscriptionId, expiresAt: now + caseMs } });
    return shown((await caseRows(query).where('upgrade_case.id', '=', id).executeTakeFirstOrThrow()), now);
  });
  return { upgradeCase, link: `${deps.config.webUrl}/upgrade-case?${new URLSearchParams({ token })}` };
}

async function revokeCase(deps: ControlDeps, actor: Actor, { caseId }: { caseId: string }): Promise<void> {
  await deps.database.transaction(async (query) => {
    const row = await caseRows(query).where('upgrade_case.id', '=', caseId).executeTakeFirst();
    const subscription = await ownSubscription(query, actor, row?.subscription_id ?? '', 'consumers.change');
    if (row!.revoked_at !== null) return;
    if (row!.approved_at !== null) throw new AppError('conflict', 'This case was approved: there is nothing to revoke.');
    const now = deps.clock.now();
    await query.updateTable('upgrade_case').set({ revoked_at: now }).where('id', '=', caseId).execute();
    await recordAudit(query, deps, actor, { action: 'revoked', noun: 'upgrade-case', subject: caseId, name: subscription.productSlug, before: { consumer: subscription.consumerId, revoked: false }, after: { consumer: subscription.consumerId, revoked: true } });
  });
}

/** The link carries the developer's own right to change the plan; what the approver says of themselves is written down as said. */
async function approveCase(deps: ControlDeps, { token, planSlug, email }: Parameters<UpgradeCases['approve']>[0]): ReturnType<UpgradeCases['approve']> {
  const approvedBy = parseEmail(email);
  return deps.database.transaction(async (query) => {
    const now = deps.clock.now();
    const row = await findStanding(query, token, now);
    if (!row) throw over();
    if (row.approved_at !== null) throw new AppError('conflict', `This was approved already, by ${row.approved_by}.`);
    if (row.blocked_at !== null) throw new AppError('conflict', 'This account is blocked at the moment, so its plan cannot change.');
    await rollSubscription(deps, query, row.subscription_id);
    const subscription = await ownSubscription(query, { kind: 'system' }, row.subscription_id, 'workspace.read');
    const plan = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id').select(['plan.id', 'plan.slug', 'plan.name', 'plan_revision.config']).where('product_id', '=', subscription.productId).where('slug', '=', planSlug).where('archived_at', 'is', null).where('access', '=', 'public').executeTakeFirst();
    if (!plan) throw invalid('/plan', 'is none that can be chosen here');
    if (plan.id === subscription.planId) throw new AppError('conflict', `${plan.name} is the present plan.`);
    if (!isUpgrade(JSON.parse(plan.config) as PlanConfig, subscription.terms)) throw invalid('/plan', 'costs less than the present one: only a developer of the account chooses it');
    await requirePaymentMethod(deps, query, { consumerId: subscription.consumerId, productId: subscription.productId, planSlug: plan.slug });
    const actor = { kind: 'developer', email: row.email } as const;
    const { effectiveAt, now: atOnce } = await changePlan(deps, query, { subscriptionId: subscription.id, planId: plan.id, actor, byProducer: false, silent: true });
    await query.updateTable('upgrade_case').set({ approved_at: now, approved_by: approvedBy }).where('id', '=', row.id).execute();
    const detail = { product: subscription.productSlug, plan: plan.slug, from: subscription.planSlug, approvedBy, ...(!atOnce && { effectiveAt }) };
    await recordActivity(query, deps, { consumerId: subscription.consumerId, actor: approvedBy, kind: 'case.approved', subject: subscription.id, detail });
    await recordAudit(query, deps, actor, { action: 'approved', noun: 'upgrade-case', subject: row.id, name: `${subscription.productSlug} ${plan.slug}`, before: { consumer: subscription.consumerId, plan: subscription.planSlug }, after: { consumer: subscription.consumerId, subscription: subscription.id, plan: plan.slug, approvedBy, ...(!atOnce && { effectiveAt }) } });
    return { planName: plan.name, effectiveAt, now: atOnce };
  });
}

/** By its token: neither revoked nor over, made by somebody who still belongs to the account, for a subscription that goes on. */
async function findStanding(query: Query, token: string, now: number) {
  return caseRows(query).where('upgrade_case.token_hash', '=', hashOf(token)).where('upgrade_case.revoked_at', 'is', null).where('upgrade_case.expires_at', '>', now).where('developer.removed_at', 'is', null).where('subscription.state', '=', 'active').executeTakeFirst();
}

export type CaseRow = NonNullable<Awaited<ReturnType<typeof findStanding>>>;

function caseRows(query: Query) {
  return query.selectFrom('upgrade_case').innerJoin('developer', 'developer.id', 'upgrade_case.developer_id').innerJoin('subscription', 'subscription.id', 'upgrade_case.subscription_id').innerJoin('consumer', 'consumer.id', 'subscription.consumer_id')
    .select(['upgrade_case.id', 'upgrade_case.subscription_id', 'upgrade_case.message', 'upgrade_case.created_at', 'upgrade_case.expires_at', 'upgrade_case.revoked_at', 'upgrade_case.approved_at', 'upgrade_case.approved_by', 'developer.email', 'consumer.name as consumer_name', 'consumer.blocked_at']);
}

function shown(row: CaseRow, now: number): UpgradeCase {
  return {
    id: row.id, subscriptionId: row.subscription_id, createdBy: row.email, createdAt: row.created_at, expiresAt: row.expires_at, message: row.message,
    state: row.revoked_at !== null ? 'revoked' : row.approved_at !== null ? 'approved' : row.expires_at <= now ? 'over' : 'open', approvedBy: row.approved_by, approvedAt: row.approved_at,
  };
}

function over(): AppError {
  const detail = 'This page was withdrawn or has ended. Ask the developer for another link.';
  return new AppError('input_invalid', detail, { errors: [{ pointer: '/token', detail }] });
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
