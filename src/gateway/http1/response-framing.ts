import { parseContentLength } from './content-length.ts';
import { fieldIds, isRepeated, valueOf } from './field-section.ts';
import { isPersistent } from './persistence.ts';
import type { ScannedResponse } from './scan-response-head.ts';

export type ResponseBody = 'none' | 'length' | 'chunked' | 'until-close';

export interface ResponseFraming {
  body: ResponseBody;
  /** Of a body of kind `length`, else 0. */
  length: number;
  /** The connection may carry another exchange once this one has ended. */
  persistent: boolean;
}

/**
 * How long a response is (RFC 9112 section 6.3). After 101, and 2xx to CONNECT, the connection is no longer HTTP.
 * What is said twice, or in two ways, makes the response invalid.
 */
export function responseFraming(head: ScannedResponse, requestMethod: string): ResponseFraming | { problem: string } {
  const coding = valueOf(head, fieldIds['transfer-encoding']);
  const said = valueOf(head, fieldIds['content-length']);
  if (coding !== undefined && said !== undefined) return { problem: 'it has both a Content-Length and a Transfer-Encoding' };
  if (isRepeated(head, fieldIds['content-length'])) return { problem: 'it has more than one Content-Length' };
  if (isRepeated(head, fieldIds['transfer-encoding'])) return { problem: 'it has more than one Transfer-Encoding' };
  const length = said === undefined ? null : parseContentLength(said);
  if (said !== undefined && length === null) return { problem: 'its Content-Length is not one whole number of bytes' };
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { problem: 'its Transfer-Encoding is not "chunked"' };
  if (coding !== undefined && head.minor === 0) return { problem: 'it has a Transfer-Encoding, which HTTP/1.0 does not know' };

  const persistent = isPersistent(head);
  const { status } = head;
  const spoken = coding !== undefined || (length !== null && length > 0);
  // RFC 9112 section 6.1 and RFC 9110 section 8.6 forbid both fields here: some readers find a body behind an interim answer that has one,
  // and whoever sends one with 204 may well send a body, too.
  if (status < 200 && spoken) return { problem: 'it is an interim answer that speaks of a body' };
  if (status < 200 || status === 204) return { body: 'none', length: 0, persistent: persistent && status !== 101 && !spoken };
  if (requestMethod === 'HEAD' || status === 304 || (requestMethod === 'CONNECT' && status < 300)) return { body: 'none', length: 0, persistent };
  if (coding !== undefined) return { body: 'chunked', length: 0, persistent };
  if (length !== null) return { body: length === 0 ? 'none' : 'length', length, persistent };
  return { body: 'until-close', length: 0, persistent: false };
}
