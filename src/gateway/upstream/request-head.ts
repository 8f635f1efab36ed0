import type { UpstreamRequest } from '../exchange.ts';
import type { UpstreamAddress } from '../routing/compile-routes.ts';

/** Methods whose requests say how long their body is, even without one (RFC 9110 section 8.6). */
const lengthExpected = new Set(['POST', 'PUT', 'PATCH']);

/** The head of a request (RFC 9112 section 3), each character an octet. */
export function requestHead(request: UpstreamRequest, address: UpstreamAddress): string {
  const { fields, body } = request;
  let head = `${request.method} ${targetOf(address.prefix, request.path)} HTTP/1.1\r\nHost: ${address.host}\r\n`;
  for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`;
  if (request.upgrade) return `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  if (body === null) return request.contentLength === null && lengthExpected.has(request.method) ? `${head}Content-Length: 0\r\n\r\n` : `${head}\r\n`;
  if (request.contentLength === null) head += 'Transfer-Encoding: chunked\r\n';
  return request.expectsContinue ? `${head}Expect: 100-continue\r\n\r\n` : `${head}\r\n`;
}

function targetOf(prefix: string, path: string): string {
  const target = prefix + path;
  return target.startsWith('/') ? target : `/${target}`;
}
