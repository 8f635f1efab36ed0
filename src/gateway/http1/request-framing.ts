import { authorityOctets, showOctet } from './octets.ts';
import { parseContentLength } from './content-length.ts';
import { fieldIds, isRepeated, valueOf } from './field-section.ts';
import { isPersistent } from './persistence.ts';
import type { ScannedRequest } from './scan-request-head.ts';

export interface RequestFraming {
  /** The body comes in chunks. */
  chunked: boolean;
  /** Of the body; null when it comes in chunks or when nothing is said, which means none. */
  length: number | null;
  /** Another request may follow on the connection. */
  persistent: boolean;
}

const noBody: RequestFraming = { chunked: false, length: null, persistent: true };

/** How long a request is (RFC 9112 section 6), which must be said once and in one way, and whom it is for; or what is wrong, in words for the client. */
export function requestFraming(head: ScannedRequest): RequestFraming | { problem: string } {
  const host = hostProblem(head);
  if (host !== undefined) return { problem: host };
  const persistent = isPersistent(head);
  const coding = valueOf(head, fieldIds['transfer-encoding']);
  const length = valueOf(head, fieldIds['content-length']);
  if (coding === undefined && length === undefined) return persistent ? noBody : { chunked: false, length: null, persistent };
  if (coding !== undefined && length !== undefined) return { problem: 'The request has both a Content-Length and a Transfer-Encoding field, but only one of them may say where the body ends.' };
  if (coding !== undefined) {
    if (isRepeated(head, fieldIds['transfer-encoding'])) return { problem: 'The request has more than one Transfer-Encoding field.' };
    if (coding.toLowerCase() !== 'chunked') return { problem: `The Transfer-Encoding is "${coding.slice(0, 80)}", but only "chunked" is understood.` };
    if (head.minor === 0) return { problem: 'HTTP/1.0 has no Transfer-Encoding.' };
    return { chunked: true, length: null, persistent };
  }
  if (isRepeated(head, fieldIds['content-length'])) return { problem: 'The request has more than one Content-Length field.' };
  const bytes = parseContentLength(length!);
  if (bytes === null) return { problem: `The Content-Length is "${length!.slice(0, 80)}", but it must be one whole number of bytes.` };
  return { chunked: false, length: bytes, persistent };
}

/** RFC 9112 section 3.2: exactly one Host with a host in it; HTTP/1.0 may do without. */
function hostProblem(head: ScannedRequest): string | undefined {
  const host = valueOf(head, fieldIds.host);
  if (host === undefined) return head.minor === 0 ? undefined : 'The request has no Host field. HTTP/1.1 requires exactly one.';
  if (isRepeated(head, fieldIds.host)) return `The request has ${head.names.filter((name) => name === 'host').length} Host fields, but there must be exactly one.`;
  for (let i = 0; i < host.length; i++) {
    if (authorityOctets[host.charCodeAt(i)] !== 1) return `The Host field has ${showOctet(host.charCodeAt(i))}, but it must be a host name with at most a port.`;
  }
  return undefined;
}
