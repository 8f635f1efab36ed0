import type { Buffer } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** Undoes a content coding (RFC 9110 section 8.4.1). @throws Error for another coding, broken octets, or more than `maxOutputLength` of them */
export function decodeContent(body: Buffer, encoding: string, maxOutputLength: number): Buffer {
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body, { maxOutputLength });
  if (encoding === 'br') return brotliDecompressSync(body, { maxOutputLength });
  if (encoding === 'deflate') return inflateSync(body, { maxOutputLength });
  if (encoding === 'identity' || encoding === '') return body;
  throw new TypeError(`unknown content coding ${encoding}`);
}
