import { findFields } from '../fields.ts';
import { fieldIds, type FieldList, isRepeated, valueOf } from '../http1/field-section.ts';
import { decodeSegment } from './path-tree.ts';

export interface SplitTarget {
  /** Lower case, without port; empty when an HTTP/1.0 client names none. */
  host: string;
  /** Path segments as sent, and percent-decoded. An encoded slash never splits. */
  raw: string[];
  decoded: string[];
  /** With its question mark, or empty. */
  query: string;
}

const needsCare = /[%.\\#]/;

/** Answers what is wrong with the target, in words for the client, when it cannot be routed. */
export function splitTarget(target: string, list: FieldList): SplitTarget | { problem: string } {
  const hosts = isRepeated(list, fieldIds.host) ? findFields(list, 'host') : [valueOf(list, fieldIds.host) ?? ''];
  if (hosts.length > 1) return { problem: `The request has ${hosts.length} Host fields, but there must be exactly one.` };
  let path = target;
  let authority = hosts[0] ?? '';
  const absolute = target.startsWith('/') ? null : /^https?:\/\/([^/?#]*)/i.exec(target);
  if (absolute) {
    // RFC 9112 section 3.2.2: the target's own authority wins over Host.
    authority = absolute[1]!;
    path = target.slice(absolute[0].length);
    if (!path.startsWith('/')) path = `/${path}`;
  }
  if (!path.startsWith('/')) return { problem: `The request target is "${clip(target)}", but it must be a path that starts with "/".` };
  if (path.includes('#')) return { problem: 'The request target contains "#", which must be written as %23.' };
  const mark = path.indexOf('?');
  const query = mark < 0 ? '' : path.slice(mark);
  const raw = segmentsOf(path, mark < 0 ? path.length : mark);
  if (!needsCare.test(path)) return { host: hostName(authority), raw, decoded: raw, query };
  const decoded: string[] = [];
  for (const segment of raw) {
    const problem = segmentProblem(segment);
    if (problem) return { problem };
    decoded.push(decodeSegment(segment));
  }
  return { host: hostName(authority), raw, decoded, query };
}

function segmentsOf(path: string, end: number): string[] {
  const segments: string[] = [];
  for (let from = 1; ; ) {
    const slash = path.indexOf('/', from);
    if (slash < 0 || slash >= end) {
      segments.push(path.slice(from, end));
      return segments;
    }
    segments.push(path.slice(from, slash));
    from = slash + 1;
  }
}

/** Dot segments would let the upstream see another path than the one that was checked; they are refused however they are encoded. */
function segmentProblem(segment: string): string | undefined {
  if (!segment.includes('%') && !segment.includes('.') && !segment.includes('\\')) return undefined;
  if (/%(?![0-9A-Fa-f]{2})/.test(segment)) return `The path segment "${clip(segment)}" has a percent sign that two hexadecimal digits must follow. Write a plain percent sign as %25.`;
  const plain = segment.replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
  // Some servers drop what follows ";" in a segment before they resolve the dots.
  if (plain.split(/[/\\]/).some((part) => /^\.\.?(?:;|$)/.test(part))) {
    return `The path contains the dot segment "${clip(segment)}". Send the path that it leads to instead.`;
  }
  if (/%00/.test(segment)) return 'The path contains an encoded NUL octet (%00).';
  return undefined;
}

function hostName(authority: string): string {
  if (authority === lastAuthority) return lastHost;
  lastHost = readHost(authority);
  lastAuthority = authority;
  return lastHost;
}

/** Callers mostly name one host. */
let lastAuthority = '';
let lastHost = '';

function readHost(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.replace(/:\d*$/, '').replace(/\.$/, '');
}

export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
