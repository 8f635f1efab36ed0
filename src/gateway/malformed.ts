// Answers what could not be read as a request. There is no call: the problem document is all that can be said.
import { Buffer } from 'node:buffer';
import { errorCatalogue } from '../errors.ts';
import { callHint } from '../domain/call-hint.ts';
import { newId } from '../domain/id.ts';
import type { Refusal } from './call.ts';
import type { Gateway } from './gateway.ts';
import type { HeadProblem } from './http1/scan-request-head.ts';
import { problemBody } from './stages/respond.ts';

/** The whole answer, after which the connection ends. @param problem what is wrong with the head, or a sentence for the client */
export function malformedAnswer(gateway: Gateway, address: string | undefined, problem: HeadProblem | string): Buffer {
  const refusal = refusalOf(problem);
  const { status } = errorCatalogue[refusal.code];
  const at = gateway.clock.now();
  const id = newId('request', at, gateway.random);
  if (address !== undefined) gateway.strangers.unread({ address: gateway.trustedProxies.peer(address).plain, at, requestId: id, status, code: refusal.code, hint: refusal.hint ?? null });
  const body = problemBody(gateway.routes.snapshot.webUrl, id, refusal);
  const reason = status === 431 ? 'Request Header Fields Too Large' : 'Bad Request';
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${reason}\r\nX-Request-Id: ${id}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`), body]);
}

function refusalOf(problem: HeadProblem | string): Refusal {
  if (typeof problem === 'string') return { code: 'request_malformed', detail: problem };
  if (problem.stranger === 'tls') return { code: 'request_malformed', detail: 'The request is encrypted (TLS), but this address speaks plain HTTP. Write http:// in place of https://.', hint: callHint('tls') };
  if (problem.stranger === 'http2') return { code: 'request_malformed', detail: 'The request is HTTP/2, but this address speaks HTTP/1.1. Send it as HTTP/1.1.' };
  if (problem.tooLarge) return { code: 'head_too_large', detail: `The request cannot be taken: ${problem.problem}. Send fewer or shorter header fields and cookies.` };
  return { code: 'request_malformed', detail: `The request could not be read: ${problem.problem}.` };
}
