// Who may do what. Every service asks here first.
import { AppError } from '../errors.ts';
import type { Actor, Role } from './services.ts';

export const roles = ['owner', 'product-manager', 'engineer', 'support', 'viewer'] as const satisfies readonly Role[];

/** What a member needs a role for. The admin token and Portico itself may do all of it. */
const rights = {
  'workspace.read': ['owner', 'product-manager', 'engineer', 'support', 'viewer'],
  'members.change': ['owner'],
  'consumers.change': ['owner', 'product-manager', 'support'],
  'consumers.view-as': ['owner', 'product-manager', 'support'],
  'keys.change': ['owner', 'product-manager', 'engineer', 'support'],
  'products.change': ['owner', 'product-manager', 'engineer'],
  'plans.change': ['owner', 'product-manager'],
  'billing.change': ['owner', 'product-manager'],
  'configuration.change': ['owner', 'product-manager', 'engineer'],
  // Code that runs in the gateway's process can read what only owners may.
  'own-policies.change': ['owner'],
  'backup.make': ['owner', 'engineer'],
  'audit.read': ['owner', 'product-manager', 'engineer', 'support'],
} as const satisfies Record<string, readonly Role[]>;
export type Right = keyof typeof rights;

/** Of a role, in the order of the table above. */
export function rightsOf(role: Role): Right[] {
  return (Object.keys(rights) as Right[]).filter((right) => (rights[right] as readonly Role[]).includes(role));
}

/** @throws AppError `role_forbids` for developers and for members without the right. */
export function requireRight(actor: Actor, right: Right): void {
  if (actor.kind === 'admin-token' || actor.kind === 'system') return;
  const allowed: readonly Role[] = rights[right];
  if (actor.kind === 'developer') throw new AppError('role_forbids', 'This belongs to the workspace. You are signed in as a developer.');
  if (!allowed.includes(actor.role)) throw new AppError('role_forbids', `Your role is ${actor.role}; this needs ${inWords(allowed)}.`);
}

/**
 * Developers may do it for their own consumer, everybody else with the right.
 * @throws AppError `not_found` for another consumer's developer, so that nothing is said about what exists; `role_forbids` for members without the right.
 */
export function requireConsumer(actor: Actor, consumerId: string, right: Right): void {
  if (actor.kind !== 'developer') requireRight(actor, right);
  else if (actor.consumerId !== consumerId) throw new AppError('not_found', 'There is no such account here, or it is not yours.');
}

/** The consumer that is meant: the named one, else the developer's own. @throws AppError as `requireConsumer`; `input_invalid` when none is named and the actor has none. */
export function consumerOf(actor: Actor, consumerId: string | undefined, right: Right): string {
  const meant = consumerId ?? (actor.kind === 'developer' ? actor.consumerId : undefined);
  if (meant === undefined) throw new AppError('input_invalid', 'Name the consumer that is meant.', { errors: [{ pointer: '/consumerId', detail: 'is missing' }] });
  requireConsumer(actor, meant, right);
  return meant;
}

/** How the activity log names the actor. */
export function actorName(actor: Actor): string {
  return actor.kind === 'member' || actor.kind === 'developer' ? actor.email : actor.kind;
}

function inWords(list: readonly string[]): string {
  return list.length === 1 ? list[0]! : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
}
