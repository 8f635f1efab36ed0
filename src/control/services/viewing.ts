import type { Actor } from './actor.ts';

export interface Viewing {
  /** A token of 15 minutes that lets this member, and nobody else, look at the portal as the consumer sees it. */
  begin(actor: Actor, input: { consumerId: string }): Promise<{ token: string; expiresAt: number }>;
  /** The actor to read with. Undefined when the token is over, of somebody else, or none. @throws AppError `role_forbids` when the member lost the right. */
  find(actor: Actor, token: string): Promise<{ actor: Extract<Actor, { kind: 'developer' }>; consumerName: string; blocked: boolean; expiresAt: number } | undefined>;
}
