// Mistakes in `policies.tokens` that the JSON Schema cannot tell.
import { holdsPrivateKey, publicKeysOf } from '../../domain/token.ts';
import { isLoopback } from '../../domain/loopback.ts';
import { parseDuration } from '../../domain/duration.ts';
import { isAddress } from './token-policy.ts';
import type { ConfigProblem } from './schema-problems.ts';
import type { WrittenPolicies, WrittenTokenIssuer } from './written-config.ts';

const leewayMsMax = 300_000;

/** @param at the pointer of `tokens` */
export function tokenProblems(tokens: WrittenPolicies['tokens'], at: string): ConfigProblem[] {
  if (!tokens) return [];
  const { own = false, issuers = [] } = tokens;
  if (!own && issuers.length === 0) return [value(at, 'No tokens are taken. Write `own: true`, name `issuers`, or take `tokens` out.')];
  const names = issuers.map(({ issuer }) => issuer);
  return issuers.flatMap((issuer, index) => [
    ...(names.indexOf(issuer.issuer) < index ? [value(`${at}/issuers/${index}/issuer`, `The issuer "${issuer.issuer}" stands twice.`)] : []),
    ...issuerProblems(issuer, `${at}/issuers/${index}`),
  ]);
}

function issuerProblems({ jwks, leeway }: WrittenTokenIssuer, at: string): ConfigProblem[] {
  return [
    ...(leeway !== undefined && parseDuration(leeway)! > leewayMsMax ? [value(`${at}/leeway`, 'A clock that is off by more than 5 minutes should be set. Write at most `5m`.')] : []),
    ...(typeof jwks !== 'string' ? keyProblems(jwks, `${at}/jwks`) : isAddress(jwks) && !isTrusted(jwks) ? [value(`${at}/jwks`, 'Keys that come over plain HTTP could be anybody’s. Write an address with `https://`.')] : []),
  ];
}

/** @param jwks a JWK Set */
export function keyProblems(jwks: unknown, pointer: string): ConfigProblem[] {
  if (holdsPrivateKey(jwks)) return [value(pointer, 'A private or secret key stands here. Write only the public keys, and exchange the one that stood here: others may have seen it.')];
  return publicKeysOf(jwks).length > 0 ? [] : [value(pointer, 'No public key stands here that verifies tokens: RSA of at least 2048 bits, EC on P-256, or Ed25519, as a JWK Set (`keys: [...]`).')];
}

/** Over plain HTTP only from this machine. */
function isTrusted(address: string): boolean {
  const { protocol, hostname } = URL.canParse(address) ? new URL(address) : { protocol: '', hostname: '' };
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function value(pointer: string, detail: string): ConfigProblem {
  return { pointer, at: 'value', detail };
}
