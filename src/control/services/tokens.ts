import type { PublicJwk } from '../../domain/token.ts';

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
}
