import type { RequestHead } from '../call.ts';
import { listMembers } from '../fields.ts';
import { fieldIds, hasField, valueOf } from './field-section.ts';
import type { ScannedRequest } from './scan-request-head.ts';

/** What the stages are told of a request. @param framing of its body: in chunks, of a length, or (null) none */
export function requestHead(scanned: ScannedRequest, framing: { chunked: boolean; length: number | null }, peer: Pick<RequestHead, 'remoteAddress' | 'encrypted' | 'certificate'>): RequestHead {
  const { method, target, fields, names, ids, known, repeated, minor } = scanned;
  const { chunked, length } = framing;
  return {
    method, target, fields, names, ids, known, repeated,
    httpVersion: minor === 1 ? '1.1' : '1.0',
    remoteAddress: peer.remoteAddress,
    encrypted: peer.encrypted,
    certificate: peer.certificate,
    upgrade: isWebSocket(scanned),
    hasBody: chunked || (length !== null && length > 0),
    contentLength: length,
  };
}

/** What an Expect field asks for (RFC 9110 section 10.1.1); HTTP/1.0 has none. */
export function expectation(head: ScannedRequest): '100-continue' | 'unknown' | null {
  if (!hasField(head, fieldIds.expect) || head.minor === 0) return null;
  return valueOf(head, fieldIds.expect)!.toLowerCase() === '100-continue' ? '100-continue' : 'unknown';
}

/** A WebSocket handshake (RFC 6455 section 4.1). */
function isWebSocket(head: ScannedRequest): boolean {
  return hasField(head, fieldIds.upgrade) && hasField(head, fieldIds.connection) && head.method === 'GET' && head.minor === 1
    && listMembers(head, 'upgrade').includes('websocket') && listMembers(head, 'connection').includes('upgrade');
}
