// The accounts that call: who they are, who belongs to them, and what happened.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { parseEmail, parseName, refusal } from '../accounts/account-input.ts';
import { countAttempt } from '../accounts/attempts.ts';
import { createInvitation, listOpenInvitations } from '../accounts/invitations.ts';
import { invitedBy } from '../accounts/members.ts';
import { listActivity, recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordConsumerCredentialChanges } from '../gateways/credential-log.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { messages } from '../mail/messages.ts';
import { actorName, requireConsumer, requireRight } from '../rights.ts';
import type { Actor, Consumers, Keys, Plans } from '../services.ts';
import { endTryItKeys } from '../keys/try-it-key.ts';
import { createConsumer } from './create-consumer.ts';
import { countCalls, listConsumerRows, positionAfter } from './list-consumers.ts';
import { findConsumerRow, listDeveloperRows, summariseConsumers } from './consumer-queries.ts';
import type { ConsumerRow } from './consumer-queries.ts';

export interface ConsumerParts {
  mailbox: Mailbox;
  keys: Pick<Keys, 'list'>;
  plans: Pick<Plans, 'listSubscriptions'>;
  /** `portal.name` of portico.yaml. */
  portalName(): Promise<string>;
  /** Called after the commit of a transaction that noted changes of keys; answers once the gateways know. */
  credentialsChanged(): Promise<unknown>;
}

type Deps = Pick<ControlDeps, 'config' | 'database' | 'clock' | 'random'>;
const pageMax = 200;
const keysShown = 200;
const noteMax = 2_000;
const noteKind = 'note.added';

export function createConsumers(deps: Deps, parts: ConsumerParts): Consumers {
  const { database } = deps;
  const { kysely } = database;
  return {
    list: async (actor, { limit = 50, search, ...filter }) => {
      requireRight(actor, 'workspace.read');
      const size = Math.min(Math.max(Math.trunc(limit), 1), pageMax);
      const now = deps.clock.now();
      const rows = await listConsumerRows(kysely, { ...filter, search: search?.trim() }, { limit: size, now });
      const page = rows.slice(0, size);
      const [summaries, calls] = await Promise.all([summariseConsumers(kysely, page), countCalls(kysely, page.map(({ id }) => id), now)]);
      return { consumers: summaries.map((consumer) => ({ ...consumer, calls: calls.get(consumer.id) ?? 0 })), nextCursor: rows.length > size ? positionAfter(page.at(-1)!) : null };
    },
    create: (actor, input) => createConsumer(deps, parts, actor, input),
    get: async (actor, id) => {
      const [summary] = await summariseConsumers(kysely, [await getConsumer(kysely, actor, id)]);
      const [subscriptions, { keys }, developers, calls] = await Promise.all([parts.plans.listSubscriptions(actor, { consumerId: id }), parts.keys.list(actor, { consumerId: id, limit: keysShown }), listDeveloperRows(kysely, id), countCalls(kysely, [id], deps.clock.now())]);
      return { ...summary!, calls: calls.get(id) ?? 0, subscriptions, keys, developerList: developers.map((developer) => ({ ...developer, you: isYou(actor, developer.id) })) };
    },
    timeline: async (actor, { consumerId, before, limit }) => {
      await getConsumer(kysely, actor, consumerId);
      return listActivity(kysely, { consumerId, before, limit, without: actor.kind === 'developer' ? [noteKind] : [] });
    },
    addNote: async (actor, { consumerId, text }) => {
      requireRight(actor, 'consumers.change');
      const note = text.trim();
      if (note === '' || note.length > noteMax) throw refusal('/note', `must have 1 to ${noteMax} characters`);
      await database.transaction(async (query) => {
        const { name } = await getConsumer(query, actor, consumerId);
        await recordActivity(query, deps, { consumerId, actor: actorName(actor), kind: noteKind, subject: consumerId, detail: { note } });
        await recordAudit(query, deps, actor, { action: 'created', noun: 'note', subject: consumerId, name, before: null, after: { note } });
      });
    },
    block: async (actor, { consumerId, blocked }) => {
      requireRight(actor, 'consumers.change');
      const changed = await database.transaction(async (query) => {
        const consumer = await getConsumer(query, actor, consumerId);
        if ((consumer.blocked_at !== null) === blocked) return false;
        const now = deps.clock.now();
        await query.updateTable('consumer').set({ blocked_at: blocked ? now : null }).where('id', '=', consumerId).execute();
        await recordConsumerCredentialChanges(query, consumerId, now);
        await recordActivity(query, deps, { consumerId, actor: actorName(actor), kind: blocked ? 'consumer.blocked' : 'consumer.unblocked', subject: consumerId });
        await recordAudit(query, deps, actor, { action: blocked ? 'blocked' : 'unblocked', noun: 'consumer', subject: consumerId, name: consumer.name, before: { blocked: !blocked }, after: { blocked } });
        return true;
      });
      if (changed) await parts.credentialsChanged();
    },
    rename: async (actor, input) => {
      requireConsumer(actor, input.consumerId, 'consumers.change');
      const name = parseName(input.name);
      if (name === undefined) throw refusal('/name', 'The name is empty.');
      await database.transaction(async (query) => {
        const consumer = await getConsumer(query, actor, input.consumerId);
        if (consumer.name === name) return;
        await query.updateTable('consumer').set({ name }).where('id', '=', consumer.id).execute();
        await recordActivity(query, deps, { consumerId: consumer.id, actor: actorName(actor), kind: 'consumer.renamed', subject: consumer.id, detail: { from: consumer.name, to: name } });
        await recordAudit(query, deps, actor, { action: 'renamed', noun: 'consumer', subject: consumer.id, name: consumer.name, before: { name: consumer.name }, after: { name } });
      });
    },
    listDevelopers: async (actor, { consumerId }) => {
      await getConsumer(kysely, actor, consumerId);
      const [developers, invitations] = await Promise.all([listDeveloperRows(kysely, consumerId), listOpenInvitations(kysely, { consumerId, now: deps.clock.now() })]);
      return { developers: developers.map((developer) => ({ ...developer, you: isYou(actor, developer.id) })), invitations };
    },
    inviteDeveloper: (actor, input) => inviteDeveloper(deps, parts, actor, input),
    removeDeveloper: async (actor, input) => {
      if (await removeDeveloper(deps, actor, input)) await parts.credentialsChanged();
    },
    cancelInvitation: async (actor, { invitationId }) => {
      await database.transaction(async (query) => {
        const invitation = await query.selectFrom('invitation').select(['id', 'email', 'consumer_id', 'role']).where('id', '=', invitationId).where('accepted_at', 'is', null).executeTakeFirst();
        if (!invitation) throw new AppError('not_found', 'There is no such open invitation.');
        if (invitation.consumer_id !== null) requireConsumer(actor, invitation.consumer_id, 'consumers.change');
        else requireRight(actor, 'members.change');
        await query.deleteFrom('invitation').where('id', '=', invitation.id).execute();
        await recordActivity(query, deps, { consumerId: invitation.consumer_id, actor: actorName(actor), kind: 'invitation.cancelled', subject: invitation.id, detail: { email: invitation.email } });
        await recordAudit(query, deps, actor, { action: 'withdrawn', noun: 'invitation', subject: invitation.id, name: invitation.email, before: { email: invitation.email, role: invitation.role, consumer: invitation.consumer_id }, after: null });
      });
    },
  };
}

async function inviteDeveloper(deps: Deps, { mailbox, portalName }: ConsumerParts, actor: Actor, input: { consumerId: string; email: string }): ReturnType<Consumers['inviteDeveloper']> {
  const { consumerId } = input;
  requireConsumer(actor, consumerId, 'consumers.change');
  const email = parseEmail(input.email);
  await countAttempt(deps, 'invite-consumer', consumerId);
  const portal = await portalName();
  const invitation = await deps.database.transaction(async (query) => {
    const consumer = await getConsumer(query, actor, consumerId);
    const present = await query.selectFrom('developer').select('id').where('consumer_id', '=', consumerId).where('email', '=', email).where('removed_at', 'is', null).executeTakeFirst();
    if (present) throw new AppError('conflict', `${email} is a developer of ${consumer.name} already.`);
    const created = await createInvitation(query, deps, { email, consumerId, role: null, invitedBy: invitedBy(actor, portal) });
    await mailbox.post(query, messages.inviteDeveloper({ to: email, portal, link: created.link, invitedBy: invitedBy(actor, portal), consumer: consumer.name, expiresAt: created.expiresAt }));
    await recordActivity(query, deps, { consumerId, actor: actorName(actor), kind: 'developer.invited', subject: created.id, detail: { email } });
    await recordAudit(query, deps, actor, { action: 'created', noun: 'invitation', subject: created.id, name: email, before: null, after: { email, role: null, consumer: consumerId, expiresAt: created.expiresAt } });
    return created;
  });
  void mailbox.deliver();
  return { link: invitation.link, expiresAt: invitation.expiresAt };
}

/** Keys belong to the consumer and go on working, except what was minted for the developer's own session: the timeline names those that the developer made, so that they can be rolled. */
async function removeDeveloper(deps: Deps, actor: Actor, { consumerId, developerId }: { consumerId: string; developerId: string }): Promise<boolean> {
  requireConsumer(actor, consumerId, 'consumers.change');
  return deps.database.transaction(async (query) => {
    await getConsumer(query, actor, consumerId);
    const developers = await query.selectFrom('developer').select(['id', 'email']).where('consumer_id', '=', consumerId).where('removed_at', 'is', null).execute();
    const developer = developers.find((row) => row.id === developerId);
    if (!developer) throw new AppError('not_found', 'There is no such developer here.');
    if (developers.length === 1) throw new AppError('conflict', `${developer.email} is the only developer. Invite somebody else first.`);
    const now = deps.clock.now();
    await query.updateTable('developer').set({ removed_at: now }).where('id', '=', developerId).execute();
    const keys = await query.selectFrom('key').select('masked').where('developer_id', '=', developerId).where('origin', '!=', 'try-it').where('revoked_at', 'is', null).where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)])).execute();
    await recordActivity(query, deps, { consumerId, actor: actorName(actor), kind: 'developer.removed', subject: developerId, detail: { email: developer.email, keys: keys.map((key) => key.masked) } });
    await recordAudit(query, deps, actor, { action: 'removed', noun: 'developer', subject: developerId, name: developer.email, before: { email: developer.email, consumer: consumerId }, after: null });
    return endTryItKeys(query, { developerId, now });
  });
}

/** @throws AppError `not_found`, also for another consumer's developer. */
async function getConsumer(query: Query, actor: Actor, id: string): Promise<ConsumerRow> {
  requireConsumer(actor, id, 'workspace.read');
  const consumer = await findConsumerRow(query, id);
  if (!consumer) throw new AppError('not_found', 'There is no such account here, or it is not yours.');
  return consumer;
}

const isYou = (actor: Actor, developerId: string): boolean => actor.kind === 'developer' && actor.developerId === developerId;
