import type { PublicJwk } from '../../domain/token.ts';
import type { Actor } from './actor.ts';

/** RFC 6749 section 5.2 and RFC 8707 section 2. */
export type TokenRefusal = 'invalid_client' | 'unauthorized_client' | 'invalid_target';

export interface Tokens {
  /**
   * A key against a token that opens what the key opens, of products that take tokens (RFC 6749 section 4.4).
   * @param input.resource address of the gateway or of one product there, or null for all (RFC 8707)
   * @param input.address of the client
   * @throws AppError `too_many_attempts`
   */
  issue(input: { clientId: string; clientSecret: string; resource: string | null; address: string }): Promise<{ token: string; lifeMs: number } | { refused: TokenRefusal; detail: string }>;
  /** What tokens are signed with; undefined while no product takes them. */
  findKeys(): Promise<PublicJwk[] | undefined>;
  /**
   * From now on calls with tokens in which this issuer names this subject are calls of the key. Answers once the gateways know.
   * @throws AppError `input_invalid` for an issuer of whom no product takes tokens, `not_found`, `conflict` for a subject that is bound
   */
  bind(actor: Actor, input: { issuer: string; subject: string; keyId: string }): Promise<TokenBinding & { unconfirmed: string[] }>;
  /** Answers once the gateways refuse it. @throws AppError `not_found` */
  unbind(actor: Actor, id: string): Promise<TokenBinding & { unconfirmed: string[] }>;
  /** Newest first. */
  listBindings(actor: Actor, input: { keyId?: string | undefined; limit?: number | undefined; cursor?: string | undefined }): Promise<{ bindings: TokenBinding[]; nextCursor: string | null }>;
}

export interface TokenBinding { id: string; issuer: string; subject: string; keyId: string; /** Of the key. */ masked: string; keyName: string; consumerId: string; createdAt: number; createdBy: string }
