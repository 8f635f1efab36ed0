// Answers what the HTTP parser could not read. There is no call: the problem document is all that can be said.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCatalogue } from '../errors.ts';
import { callHint } from '../domain/call-hint.ts';
import { newId } from '../domain/id.ts';
import type { Refusal } from './call.ts';
import type { Gateway } from './gateway.ts';
import { problemBody } from './stages/respond.ts';

type ParseError = Error & { code?: string; rawPacket?: Uint8Array };

/** First octet of a TLS record that carries a handshake (RFC 8446 section 5.1). */
const tlsHandshake = 0x16;

/** A response that has begun cannot be answered a second time: then the connection just ends. */
export function refuseMalformed(gateway: Gateway, socket: Duplex, cause: string | ParseError): void {
  const begun = (socket as { _httpMessage?: { headersSent: boolean } | null })._httpMessage?.headersSent === true;
  if (begun || !socket.writable || (typeof cause !== 'string' && cause.code === 'ECONNRESET')) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(cause);
  const { status } = errorCatalogue[refusal.code];
  const at = gateway.clock.now();
  const id = newId('request', at, gateway.random);
  const address = (socket as Partial<Socket>).remoteAddress;
  if (address !== undefined) gateway.strangers.unread({ address: gateway.trustedProxies.peer(address).plain, at, requestId: id, status, code: refusal.code, hint: refusal.hint ?? null });
  const body = problemBody(gateway.routes.snapshot.webUrl, id, refusal);
  const reason = status === 431 ? 'Request Header Fields Too Large' : 'Bad Request';
  socket.on('error', () => undefined);
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${reason}\r\nX-Request-Id: ${id}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`), body]));
  // What the client still sends is dropped for a moment, so that a reset does not overtake the answer.
  socket.resume();
  setTimeout(() => socket.destroy(), 1_000).unref();
}

function refusalOf(cause: string | ParseError): Refusal {
  if (typeof cause === 'string') return { code: 'request_malformed', detail: cause };
  if (cause.code === 'HPE_HEADER_OVERFLOW') return { code: 'head_too_large', detail: 'The request head has more than 16384 bytes. Send fewer or shorter header fields and cookies.' };
  if (cause.code === 'HPE_PAUSED_H2_UPGRADE') return { code: 'request_malformed', detail: 'The request is HTTP/2, but this address speaks HTTP/1.1. Send it as HTTP/1.1.' };
  if (cause.code === 'HPE_INVALID_EOF_STATE') return { code: 'request_malformed', detail: 'The connection ended before the request did.' };
  if (cause.rawPacket?.[0] === tlsHandshake) return { code: 'request_malformed', detail: 'The request is encrypted (TLS), but this address speaks plain HTTP. Write http:// in place of https://.', hint: callHint('tls') };
  if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT') return { code: 'request_malformed', detail: 'The request head did not arrive within 30 s.' };
  return { code: 'request_malformed', detail: `The request could not be read: ${cause.message.replace(/^Parse Error: /, '')}.` };
}
