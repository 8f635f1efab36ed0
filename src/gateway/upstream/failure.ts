import type { Refusal } from '../call.ts';
import { BodyProblem } from '../request-body.ts';

/** Why a request to an upstream came to nothing. */
export type FailureReason =
  /** No connection was made; `code` says why. */
  | 'unreachable'
  | 'certificate'
  | 'connect-timeout'
  | 'head-timeout'
  /** The body of the answer paused too long. */
  | 'body-timeout'
  /** The upstream took nothing of the request for too long. */
  | 'send-timeout'
  /** The connection ended before the first octet of an answer. */
  | 'lost'
  /** The connection ended within the body of an answer. */
  | 'truncated'
  /** What came is no HTTP. */
  | 'invalid';

export class UpstreamFailure extends Error {
  readonly reason: FailureReason;
  /** Code of the system or of TLS, or ''. */
  readonly code: string;

  /** @param message in words, of reason `invalid` the problem of the answer */
  constructor(reason: FailureReason, message: string, code = '') {
    super(message);
    this.reason = reason;
    this.code = code;
  }
}

/** Of these nothing was written to the upstream. */
export const neverConnected: ReadonlySet<FailureReason> = new Set(['unreachable', 'certificate', 'connect-timeout']);

/** What is wrong with a certificate, in words that name no address, by the codes of OpenSSL and of Node. */
const certificateProblems: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it was revoked',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_UNTRUSTED: 'its issuer is not trusted',
  CERT_REJECTED: 'it is not meant for this use',
  CERT_CHAIN_TOO_LONG: 'its chain is too long',
  INVALID_CA: 'its issuer may issue none',
  INVALID_PURPOSE: 'it is not meant for servers',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it vouches for itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends with an issuer that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is unknown',
  HOSTNAME_MISMATCH: 'it is for another name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};

/** The connection was not made. @param error null when it was closed without one */
export function connectFailure(error: (Error & { code?: string }) | null): UpstreamFailure {
  const code = error?.code ?? '';
  const problem = certificateProblems[code];
  return problem === undefined ? new UpstreamFailure('unreachable', error?.message ?? 'the connection was closed at once', code) : new UpstreamFailure('certificate', problem, code);
}

/** What the client is told when the upstream failed. Names no address: the upstream is the producer's own business. */
export function failureOf(error: Error): Refusal {
  if (error instanceof BodyProblem) return error.refusal;
  if (!(error instanceof UpstreamFailure)) return { code: 'request_malformed', detail: `The request cannot be passed on: ${error.message}.` };
  switch (error.reason) {
    case 'body-timeout':
      return { code: 'upstream_timeout', detail: 'The answer of the API behind the gateway paused too long. Repeat the call if that is safe.' };
    case 'head-timeout':
      return { code: 'upstream_timeout', detail: 'The API behind the gateway did not begin its answer in time. Repeat the call if that is safe.' };
    case 'send-timeout':
      return { code: 'upstream_timeout', detail: 'The API behind the gateway did not take the request in time. Repeat the call if that is safe.' };
    case 'invalid':
      return { code: 'upstream_invalid', detail: `The API behind the gateway answered with broken HTTP: ${error.message}. Tell the producer the request id.` };
    case 'connect-timeout':
      return { code: 'upstream_unreachable', detail: 'The API behind the gateway did not accept a connection in time. Repeat the call after a short while.' };
    case 'certificate':
      return { code: 'upstream_unreachable', detail: `The gateway does not trust the certificate of the API behind it: ${error.message} (${error.code}). Tell the producer the request id.` };
    case 'lost':
    case 'truncated':
      return { code: 'upstream_unreachable', detail: 'The connection to the API behind the gateway broke before an answer. Repeat the call if that is safe.' };
    case 'unreachable':
      return { code: 'upstream_unreachable', detail: `The gateway could not connect to the API behind it${error.code === '' ? '' : ` (${error.code})`}. Repeat the call after a short while.` };
  }
}

/** A bound on what is in flight towards the upstream is reached. */
export const upstreamBusy: Refusal = {
  code: 'overloaded',
  detail: 'As many requests are on their way to the API behind the gateway as it may have at once. Repeat after a second.',
  fields: ['Retry-After', '1'],
};
