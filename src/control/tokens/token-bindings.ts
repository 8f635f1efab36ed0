// Whom the issuers of tokens name, and the keys that their calls are made with: set by the producer's people alone.
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges } from '../gateways/credential-log.ts';
import { keyState } from '../keys/key-rows.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';
import { actorName, requireRight } from '../rights.ts';
import type { Actor, TokenBinding, Tokens } from '../services.ts';

/** Of one key. */
export const bindingsMax = 100;
const subjectMax = 255;

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

/** Inside the caller's transaction. */
export async function bindToken(deps: Deps, query: Query, actor: Actor, { issuer, subject, keyId }: Parameters<Tokens['bind']>[1]): Promise<TokenBinding> {
  requireRight(actor, 'keys.change');
  await requireIssuer(query, issuer);
  if (subject === '' || subject.length > subjectMax) throw new AppError('input_invalid', `A subject has 1 to ${subjectMax} characters.`, { errors: [{ pointer: '/subject', detail: `must have 1 to ${subjectMax} characters` }] });
  const now = deps.clock.now();
  const key = await query.selectFrom('key').select(['id', 'name', 'masked', 'consumer_id', 'revoked_at', 'expires_at']).where('id', '=', keyId).where('origin', '=', 'own').executeTakeFirst();
  if (!key) throw new AppError('not_found', `There is no key ${keyId} here.`);
  const state = keyState(key, now);
  if (state !== 'active') throw new AppError('conflict', `The key ${keyId} is ${state}, so nothing can be bound to it.`);
  const bound = await query.selectFrom('token_binding').select(['id', 'key_id']).where('issuer', '=', issuer).where('subject', '=', subject).executeTakeFirst();
  if (bound) throw new AppError('conflict', `This subject is bound to the key ${bound.key_id} by ${bound.id}. Unbind it first.`);
  const { count } = await query.selectFrom('token_binding').select((eb) => eb.fn.countAll().as('count')).where('key_id', '=', keyId).executeTakeFirstOrThrow();
  if (Number(count) >= bindingsMax) throw new AppError('conflict', `The key ${keyId} has ${bindingsMax} bindings, the most that it can have.`);
  const id = newId('tokenBinding', now, deps.random);
  await query.insertInto('token_binding').values({ id, issuer, subject, key_id: keyId, created_at: now, created_by: actorName(actor) }).execute();
  await recordCredentialChanges(query, [keyId], now);
  const binding = (await findBinding(query, id))!;
  await tell(deps, query, actor, binding, 'bound');
  return binding;
}

/** Inside the caller's transaction. */
export async function unbindToken(deps: Deps, query: Query, actor: Actor, id: string): Promise<TokenBinding> {
  requireRight(actor, 'keys.change');
  const binding = await findBinding(query, id);
  if (!binding) throw new AppError('not_found', `There is no binding ${id} here.`);
  await query.deleteFrom('token_binding').where('id', '=', id).execute();
  await recordCredentialChanges(query, [binding.keyId], deps.clock.now());
  await tell(deps, query, actor, binding, 'unbound');
  return binding;
}

export async function listTokenBindings(query: Query, actor: Actor, { keyId, limit = 50, cursor }: Parameters<Tokens['listBindings']>[1]): ReturnType<Tokens['listBindings']> {
  requireRight(actor, 'workspace.read');
  const most = Math.min(Math.max(limit, 1), 1_000);
  let rows = bindingRows(query);
  if (keyId !== undefined) rows = rows.where('token_binding.key_id', '=', keyId);
  if (cursor !== undefined) rows = rows.where('token_binding.id', '<', cursor);
  const found = (await rows.orderBy('token_binding.id', 'desc').limit(most + 1).execute()).map(bindingOf);
  const bindings = found.slice(0, most);
  return { bindings, nextCursor: found.length > most ? bindings.at(-1)!.id : null };
}

/** With a roll they go to the new key, inside the caller's transaction, which notes both keys as changed: gateways read them after its commit. */
export async function moveTokenBindings(query: Query, from: string, to: string): Promise<void> {
  await query.updateTable('token_binding').set({ key_id: to }).where('key_id', '=', from).execute();
}

async function requireIssuer(query: Query, issuer: string): Promise<void> {
  const taken = new Set((await listProductRows(query)).flatMap((row) => (productConfigOf(row).policies.tokens?.issuers ?? []).map((known) => known.issuer)));
  if (taken.has(issuer)) return;
  const known = taken.size === 0 ? '`policies.tokens.issuers` of a product in portico.yaml names them' : `it is one of ${[...taken].join(', ')}`;
  throw new AppError('input_invalid', `No product takes tokens of the issuer "${issuer}": ${known}.`, { errors: [{ pointer: '/issuer', detail: 'is no issuer of whom tokens are taken' }] });
}

async function tell(deps: Deps, query: Query, actor: Actor, { id, issuer, subject, keyId, consumerId }: TokenBinding, action: 'bound' | 'unbound'): Promise<void> {
  const fields = { issuer, subject, key: keyId, consumer: consumerId };
  await recordActivity(query, deps, { consumerId, actor: actorName(actor), kind: `token.${action}`, subject: keyId, detail: { issuer, subject } });
  await recordAudit(query, deps, actor, { action, noun: 'token', subject: id, name: subject, before: action === 'bound' ? null : fields, after: action === 'bound' ? fields : null });
}

function bindingRows(query: Query) {
  return query
    .selectFrom('token_binding')
    .innerJoin('key', 'key.id', 'token_binding.key_id')
    .select(['token_binding.id', 'token_binding.issuer', 'token_binding.subject', 'token_binding.key_id', 'token_binding.created_at', 'token_binding.created_by', 'key.masked', 'key.name', 'key.consumer_id']);
}

async function findBinding(query: Query, id: string): Promise<TokenBinding | undefined> {
  const row = await bindingRows(query).where('token_binding.id', '=', id).executeTakeFirst();
  return row && bindingOf(row);
}

function bindingOf(row: Awaited<ReturnType<ReturnType<typeof bindingRows>['execute']>>[number]): TokenBinding {
  return { id: row.id, issuer: row.issuer, subject: row.subject, keyId: row.key_id, masked: row.masked, keyName: row.name, consumerId: row.consumer_id, createdAt: row.created_at, createdBy: row.created_by };
}
