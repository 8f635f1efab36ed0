// In: the text of a token and what a product takes. Out: whose it is and when it counts, or what is wrong with it. Times are the caller's to compare.
import { Buffer } from 'node:buffer';
import { constants, verify, type KeyObject } from 'node:crypto';
import { identityHash, tokenLengthMax, type TokenAlgorithm } from '../../domain/token.ts';
import { clip } from '../routing/split-target.ts';
import { hashText } from '../shared/credential-table.ts';
import type { IssuerRules, TokenRules, VerifyKey } from './compile-tokens.ts';
import type { VerifiedToken } from './verified-tokens.ts';

export interface TokenProblem {
  /** A sentence, said to the caller. */
  problem: string;
  /** It took a verification to see it. */
  verified?: true;
}

type Json = Record<string, unknown>;

const compactForm = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const sha256Bytes = 32;
const es256Bytes = 64;
const secondsMax = 8e12;

/** A JWT in compact form (RFC 7519 section 7.2), read as RFC 8725 advises. Nothing of it is believed before its signature is. */
export function verifyToken(rules: TokenRules, text: string): VerifiedToken | TokenProblem {
  if (text.length > tokenLengthMax) return { problem: `The token has ${text.length} characters; at most ${tokenLengthMax} are read.` };
  const parts = compactForm.exec(text);
  if (!parts) return { problem: 'What was sent is no signed JWT: three parts in base64url with dots between them. Encrypted tokens and tokens without a signature are not taken.' };
  const header = readJson(parts[1]!);
  const claims = readJson(parts[2]!);
  if (!header || !claims) return { problem: `The ${header ? 'claims' : 'header'} of the token are no JSON object in base64url. Was it cut off or changed?` };
  const issuer = typeof claims['iss'] === 'string' ? rules.issuers.get(claims['iss']) : undefined;
  if (!issuer) return { problem: `The token is of the issuer ${shown(claims['iss'])}, of whom no tokens are taken here.` };
  const key = findKey(issuer, header);
  if ('problem' in key) return key;
  const signed = text.slice(0, parts[1]!.length + 1 + parts[2]!.length);
  if (!isSigned(header['alg'] as TokenAlgorithm, key.key, signed, Buffer.from(parts[3]!, 'base64url'))) return { problem: 'The signature of the token does not match: it was changed, or signed with another key.', verified: true };
  return readClaims(issuer, claims);
}

function findKey(issuer: IssuerRules, { alg, typ, kid, crit }: Json): VerifyKey | TokenProblem {
  if (typeof alg !== 'string' || !issuer.algorithms.has(alg)) return { problem: `The token says that it is signed by ${shown(alg)}; tokens of this issuer are taken when signed by ${[...issuer.algorithms].join(' or ')}.` };
  if (crit !== undefined) return { problem: 'The header of the token has `crit`: it asks for an extension that is not known here.' };
  if (typ === undefined ? !issuer.untyped : typeof typ !== 'string' || !issuer.types.has(typ.toLowerCase())) return { problem: `The token is of the type ${shown(typ)}, and so no access token.` };
  const fitting = issuer.keys.filter((key) => (key.algorithms as readonly string[]).includes(alg) && (kid === undefined || key.kid === kid));
  if (fitting.length === 1) return fitting[0]!;
  if (kid === undefined) return { problem: 'The token does not name its key by `kid`.' };
  return { problem: `The token is signed with the key ${shown(kid)}, which is not known as one of its issuer.` };
}

/** RFC 7518 sections 3.3 to 3.5 and RFC 8037 section 3.1. */
function isSigned(algorithm: TokenAlgorithm, key: KeyObject, signed: string, signature: Buffer): boolean {
  const data = Buffer.from(signed, 'latin1');
  switch (algorithm) {
    case 'RS256':
      return verify('sha256', data, key, signature);
    case 'PS256':
      return verify('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: sha256Bytes }, signature);
    case 'ES256':
      return signature.length === es256Bytes && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'EdDSA':
      return verify(null, data, key, signature);
  }
}

function readClaims(issuer: IssuerRules, claims: Json): VerifiedToken | TokenProblem {
  const { aud, exp, nbf, client_id: clientId } = claims;
  const audiences = Array.isArray(aud) ? (aud as unknown[]) : [aud];
  if (!audiences.some((audience) => typeof audience === 'string' && issuer.audiences.has(audience))) return { problem: `The token is for ${shown(audiences[0])}, not for this product.` };
  if (!isTime(exp)) return { problem: 'The token does not say when it expires (`exp`).' };
  if (nbf !== undefined && !isTime(nbf)) return { problem: 'What the token says of its beginning (`nbf`) is no time.' };
  const subject = claims[issuer.claim];
  if (typeof subject !== 'string' || subject === '' || (issuer.own && typeof clientId !== 'string')) return { problem: `The token does not name who calls (\`${issuer.claim}\`).` };
  return {
    hash: issuer.own ? Buffer.from(subject, 'base64url').toString('latin1') : hashText(identityHash(issuer.issuer, subject)),
    keyId: issuer.own ? (clientId as string) : null, named: issuer.own ? '' : `${shown(subject)} (\`${issuer.claim}\`) of the issuer ${issuer.issuer}`,
    notBefore: nbf === undefined ? -Infinity : nbf * 1000 - issuer.leewayMs, expiresAt: exp * 1000 + issuer.leewayMs,
  };
}

function readJson(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 7519 section 2: seconds since 1970, such as a calendar has. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= secondsMax;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${clip(value)}"` : value === undefined ? 'none' : 'that is no text';
}
