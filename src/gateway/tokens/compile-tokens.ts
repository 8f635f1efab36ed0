// Which tokens open a product, prepared once with its routes.
import type { KeyObject } from 'node:crypto';
import { keyHashClaim, readPublicKey, type PublicJwk, type TokenAlgorithm, type TokenIssuer } from '../../domain/token.ts';
import type { Snapshot, SnapshotProduct } from '../../snapshot/snapshot.ts';
import type { FailedSignatures } from './failed-signatures.ts';
import { VerifiedTokens } from './verified-tokens.ts';

export interface TokenRules {
  readonly issuers: ReadonlyMap<string, IssuerRules>;
  /** Goes with the routes: with a signing key that is no more, what it signed is verified anew. */
  readonly verified: VerifiedTokens;
  /** Of all products. */
  readonly failures: FailedSignatures;
}

export interface IssuerRules {
  readonly issuer: string;
  /** Portico itself. */
  readonly own: boolean;
  readonly audiences: ReadonlySet<string>;
  readonly algorithms: ReadonlySet<string>;
  /** Media types of tokens (`typ`) in lower case. */
  readonly types: ReadonlySet<string>;
  /** May a token leave its type out? */
  readonly untyped: boolean;
  /** Names who calls. */
  readonly claim: string;
  readonly leewayMs: number;
  readonly keys: readonly VerifyKey[];
}

export interface VerifyKey {
  readonly kid: string | undefined;
  readonly algorithms: readonly TokenAlgorithm[];
  readonly key: KeyObject;
}

/** Characters of tokens that a thread keeps of all products, and of each at least. */
const charactersMax = 8 * 1024 * 1024;
const charactersLeast = 64 * 1024;

const accessTokenTypes = ['at+jwt', 'application/at+jwt'];

/** Null while a product takes no tokens. */
export function compileTokens(snapshot: Snapshot, product: SnapshotProduct, failures: FailedSignatures): TokenRules | null {
  const policy = product.policies?.tokens;
  if (!policy) return null;
  const issuers = [...policy.issuers.map((issuer) => otherIssuer(snapshot, issuer)), ...(policy.own ? [ownIssuer(snapshot, product)] : [])];
  return { issuers: new Map(issuers.map((rules) => [rules.issuer, rules])), verified: new VerifiedTokens(charactersOf(snapshot)), failures };
}

/** What one product may keep: its part of what all that take tokens may. */
function charactersOf({ products }: Snapshot): number {
  return Math.max(charactersLeast, Math.floor(charactersMax / products.filter(({ policies }) => policies?.tokens).length));
}

/** Control and gateways go by the same clock, or by clocks that are set: a token says nothing of when it begins. */
function ownIssuer({ webUrl, gatewayUrl, tokenKeys = [] }: Snapshot, { slug }: SnapshotProduct): IssuerRules {
  return {
    issuer: webUrl, own: true, audiences: new Set([gatewayUrl, `${gatewayUrl}/${slug}`]), algorithms: new Set(['EdDSA']), types: new Set(accessTokenTypes), untyped: false, claim: keyHashClaim, leewayMs: 0, keys: readKeys(tokenKeys),
  };
}

function otherIssuer({ issuerKeys = {} }: Snapshot, { issuer, audiences, jwks, algorithms, claim, leewayMs }: TokenIssuer): IssuerRules {
  const keys = 'keys' in jwks ? jwks.keys : 'url' in jwks ? (issuerKeys[jwks.url] ?? []) : [];
  return { issuer, own: false, audiences: new Set(audiences), algorithms: new Set(algorithms), types: new Set(['jwt', ...accessTokenTypes]), untyped: true, claim, leewayMs, keys: readKeys(keys) };
}

function readKeys(jwks: readonly PublicJwk[]): VerifyKey[] {
  return jwks.flatMap((jwk) => {
    const read = readPublicKey(jwk);
    return read ? [{ kid: jwk.kid, ...read }] : [];
  });
}
