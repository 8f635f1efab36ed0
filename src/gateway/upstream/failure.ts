import type { Refusal } from '../call.ts';
import { BodyProblem } from '../request-body.ts';

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const broken = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RES_EXCEEDED_MAX_SIZE', 'ERR_INVALID_CHAR']);
const lost = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** What the client is told when the upstream failed. Names no address: the upstream is the producer's own business. */
export function failureOf(error: Error & { code?: unknown }): Refusal {
  if (error instanceof BodyProblem) return error.refusal;
  const code = String(error.code ?? '');
  if (timeouts.has(code)) return { code: 'upstream_timeout', detail: 'The API behind the gateway did not begin its answer in time. Repeat the call if that is safe.' };
  if (code.startsWith('HPE_') || error.name === 'HTTPParserError' || broken.has(code)) return { code: 'upstream_invalid', detail: `The API behind the gateway answered with broken HTTP${code === '' ? '' : ` (${code})`}. Tell the producer the request id.` };
  if (code === 'UND_ERR_INVALID_ARG') return { code: 'request_malformed', detail: `The request cannot be passed on: ${error.message}.` };
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { code: 'upstream_unreachable', detail: 'The API behind the gateway did not accept a connection in time. Repeat the call after a short while.' };
  if (lost.has(code)) return { code: 'upstream_unreachable', detail: 'The connection to the API behind the gateway broke before an answer. Repeat the call if that is safe.' };
  return { code: 'upstream_unreachable', detail: `The gateway could not connect to the API behind it${/^E[A-Z]+$/.test(code) ? ` (${code})` : ''}. Repeat the call after a short while.` };
}

/** The connection was lost before any answer, as happens when a kept connection was closed at the same moment. */
export function isLostConnection(error: Error & { code?: unknown }): boolean {
  return lost.has(String(error.code ?? ''));
}
