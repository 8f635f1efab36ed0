// In: the fields of an HTTP/2 request, as node:http2 gives them. Out: the head that the stages know, or what is wrong with it.
import type { RequestHead } from '../call.ts';
import { parseContentLength } from '../http1/content-length.ts';
import { fieldIds, fieldListOf, valueOf } from '../http1/field-section.ts';
import { authorityOctets, showOctet, targetOctets } from '../http1/octets.ts';

/** The names of fields that HTTP/2 has in place of a request line (RFC 9113 section 8.3.1). */
interface PseudoFields { method: string; path: string; authority: string }

/** @param raw name, value, name, value, ...; names are in lower case, which nghttp2 sees to. @param ended nothing follows the head */
export function http2Head(raw: readonly string[], ended: boolean, { remoteAddress, certificate }: Pick<RequestHead, 'remoteAddress' | 'certificate'>): { head: RequestHead; problem: string | undefined } {
  const { pseudo, fields } = split(raw);
  const list = fieldListOf(fields);
  const saidLength = valueOf(list, fieldIds['content-length']) ?? null;
  const contentLength = saidLength === null ? null : parseContentLength(saidLength);
  const head: RequestHead = {
    ...list, method: pseudo.method, target: pseudo.path, httpVersion: '2.0', remoteAddress, encrypted: true, certificate, upgrade: false,
    hasBody: !ended && contentLength !== 0, contentLength,
  };
  return { head, problem: problemOf(pseudo, fields, saidLength, contentLength) };
}

function split(raw: readonly string[]): { pseudo: PseudoFields; fields: string[] } {
  const pseudo: PseudoFields = { method: '', path: '', authority: '' };
  const fields: string[] = [];
  const cookies: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    if (name === ':method') pseudo.method = value;
    else if (name === ':path') pseudo.path = value;
    else if (name === ':authority') pseudo.authority = value;
    else if (name === 'cookie') cookies.push(value);
    else if (!name.startsWith(':')) fields.push(name, value);
  }
  // RFC 9113 section 8.2.3: crumbs of a cookie are one field again where there is no HTTP/2.
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '));
  if (pseudo.authority !== '' && !hasName(fields, 'host')) fields.unshift('host', pseudo.authority);
  return { pseudo, fields };
}

/** What nghttp2 lets through, but a request of HTTP/1.1 to the upstream cannot say. */
function problemOf(pseudo: PseudoFields, fields: string[], saidLength: string | null, contentLength: number | null): string | undefined {
  if (pseudo.method === 'CONNECT') return 'CONNECT is not served here.';
  for (let i = 0; i < pseudo.path.length; i++) {
    if (targetOctets[pseudo.path.charCodeAt(i)] !== 1) return `The path has ${showOctet(pseudo.path.charCodeAt(i))}, which must be percent-encoded.`;
  }
  const hosts = fields.filter((_, i) => i % 2 === 0 && fields[i] === 'host').length;
  if (hosts !== 1) return hosts === 0 ? 'The request names no host in :authority.' : `The request has ${hosts} Host fields, but there must be exactly one.`;
  const host = fields[fields.indexOf('host') + 1]!;
  if (pseudo.authority !== '' && host !== pseudo.authority) return 'The Host field and :authority name different hosts.';
  for (let i = 0; i < host.length; i++) {
    if (authorityOctets[host.charCodeAt(i)] !== 1) return `The host has ${showOctet(host.charCodeAt(i))}, but it must be a host name with at most a port.`;
  }
  if (saidLength !== null && contentLength === null) return `The Content-Length is "${saidLength.slice(0, 80)}", but it must be one whole number of bytes.`;
  return undefined;
}

function hasName(fields: string[], name: string): boolean {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return true;
  return false;
}
