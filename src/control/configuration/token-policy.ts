// `policies.tokens`, from portico.yaml and back.
import { publicKeysOf, tokenAlgorithms, type TokenIssuer, type TokenPolicy } from '../../domain/token.ts';
import { parseDuration } from '../../domain/duration.ts';
import { durationText, filled, unless, without } from './write-fields.ts';
import type { WrittenPolicies, WrittenTokenIssuer } from './written-config.ts';

const leewayMs = 30_000;
const usualClaim = 'client_id';

export function tokenPolicyOf({ own = false, issuers = [] }: NonNullable<WrittenPolicies['tokens']>): TokenPolicy {
  return { own, issuers: issuers.map(issuerOf) };
}

function issuerOf({ issuer, audience, jwks, algorithms, claim, leeway }: WrittenTokenIssuer): TokenIssuer {
  return {
    issuer, audiences: typeof audience === 'string' ? [audience] : audience,
    jwks: typeof jwks !== 'string' ? { keys: publicKeysOf(jwks) } : isAddress(jwks) ? { url: jwks } : { file: jwks },
    algorithms: algorithms ?? [...tokenAlgorithms], claim: claim ?? usualClaim, leewayMs: leeway === undefined ? leewayMs : parseDuration(leeway)!,
  };
}

export function writtenTokens({ own, issuers }: TokenPolicy) {
  return without({ own: unless(own, false), issuers: filled(issuers.map(writtenIssuer)) });
}

function writtenIssuer({ issuer, audiences, jwks, algorithms, claim, leewayMs: leeway }: TokenIssuer) {
  return without({
    issuer, audience: audiences.length === 1 ? audiences[0] : audiences, jwks: 'url' in jwks ? jwks.url : 'file' in jwks ? jwks.file : jwks,
    algorithms: algorithms.join() === tokenAlgorithms.join() ? undefined : algorithms, claim: unless(claim, usualClaim), leeway: durationText(leeway, leewayMs),
  });
}

/** Of a web server, not of a file. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}
