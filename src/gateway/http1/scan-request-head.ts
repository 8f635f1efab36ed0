// In: octets of a connection from a client. Out: one request head (RFC 9112 sections 3 and 5), or what is wrong with it and where.
import type { Buffer } from 'node:buffer';
import { FieldSection, needsMore, wrong, type FieldList } from './field-section.ts';
import { authorityOctets, cr, lf, showOctet, space, targetOctets, tokenOctets } from './octets.ts';

export interface ScannedRequest extends FieldList {
  readonly method: string;
  /** Octet for octet: a path, an absolute http or https address, or `*`. */
  readonly target: string;
  /** Of HTTP/1: 0 or 1. */
  readonly minor: number;
}

/** What speaks here in place of HTTP/1. */
export type Stranger = 'tls' | 'http2';

const methodLengthMax = 16;
/** CONNECT and PRI are known, to be refused in words. */
const methods = new Map([
  'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PRI', 'QUERY', 'ACL', 'BIND', 'CHECKOUT', 'COPY', 'LINK', 'LOCK', 'M-SEARCH', 'MERGE', 'MKACTIVITY',
  'MKCALENDAR', 'MKCOL', 'MOVE', 'NOTIFY', 'PROPFIND', 'PROPPATCH', 'PURGE', 'REBIND', 'REPORT', 'SEARCH', 'SOURCE', 'SUBSCRIBE', 'UNBIND', 'UNLINK', 'UNLOCK', 'UNSUBSCRIBE',
].map((method) => [method, method]));

/** First octet of a TLS record that carries a handshake (RFC 8446 section 5.1). */
const tlsHandshake = 0x16;
const slash = 0x2f;
const star = 0x2a;
const version = new TextEncoder().encode('HTTP/1.1\r\n');
const minorAt = 7;
const zero = 0x30;

const atStart = 0;
const atStartLf = 1;
const inMethod = 2;
const inTarget = 3;
const inVersion = 4;
const inFields = 5;

/** Why a head was refused. */
export interface HeadProblem {
  /** Said to people, with the place. */
  readonly problem: string;
  /** The problem is one of size. */
  readonly tooLarge: boolean;
  readonly stranger: Stranger | null;
}

/** Keeps its place when a head arrives in pieces. A connection that waits for the rest of a head has one of its own; the others share. */
export class RequestHeadScanner implements HeadProblem {
  problem = '';
  tooLarge = false;
  stranger: Stranger | null = null;
  readonly #section = new FieldSection();
  readonly #bytesMax: number;
  #state = atStart;
  /** All places count from the start of the message. */
  #at = 0;
  #methodAt = 0;
  #method = '';
  #targetAt = 0;
  #targetEnd = 0;
  #versionAt = 0;
  #minor = 1;

  /** @param bytesMax of the whole head */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  begin(): void {
    this.#state = atStart;
    this.#at = 0;
    this.problem = '';
    this.tooLarge = false;
    this.stranger = null;
  }

  /** Nothing but empty lines has arrived. */
  get isBlank(): boolean {
    return this.#state <= atStartLf;
  }

  /**
   * Goes on where the last scan of this head ended; what is definitely wrong is said as soon as it is seen.
   * @param start where the message begins in `octets`
   * @returns `needsMore`, `wrong`, or the length of the whole head
   */
  scan(octets: Buffer, start: number, end: number): number {
    const result = this.#state === inFields || this.#scanLine(octets, start, end) ? this.#scanFields(octets, start, end) : this.problem === '' ? needsMore : wrong;
    if (result === wrong || (result === needsMore ? end - start : result) <= this.#bytesMax) return result;
    this.problem = `the head has more than ${this.#bytesMax} bytes`;
    this.tooLarge = true;
    return wrong;
  }

  /** The head, once a scan has come to its end. */
  take(octets: Buffer, start: number, length: number): ScannedRequest {
    const text = octets.toString('latin1', start, start + length);
    const { fields, names, ids, known, repeated } = this.#section.take(octets, start, text);
    return { method: this.#method, target: text.substring(this.#targetAt, this.#targetEnd), minor: this.#minor, fields, names, ids, known, repeated };
  }

  #scanFields(octets: Buffer, start: number, end: number): number {
    const result = this.#section.scan(octets, start, end);
    if (result === wrong) {
      this.problem = this.#section.problem;
      this.tooLarge = this.#section.tooLarge;
    }
    return result;
  }

  /** True once the request line is whole and right. */
  #scanLine(octets: Buffer, start: number, end: number): boolean {
    let i = start + this.#at;
    while (i < end) {
      const octet = octets[i]!;
      switch (this.#state) {
        case atStart:
          // RFC 9112 section 2.2: empty lines before a request are dropped.
          if (octet === cr) {
            this.#state = atStartLf;
            i++;
            break;
          }
          if (octet === tlsHandshake) this.stranger = 'tls';
          if (tokenOctets[octet] !== 1) return this.#wrong(`it begins with ${showOctet(octet)} in place of a method`);
          this.#methodAt = i - start;
          this.#state = inMethod;
          break;
        case atStartLf:
          if (octet !== lf) return this.#wrong('a CR without its LF stands before the request line');
          this.#state = atStart;
          i++;
          break;
        case inMethod:
          while (i < end && tokenOctets[octets[i]!] === 1) i++;
          if (!this.#endMethod(octets, start, i, end)) return false;
          if (i < end) i++;
          break;
        case inTarget:
          while (i < end && targetOctets[octets[i]!] === 1) i++;
          if (i === end) break;
          if (octets[i] !== space || !this.#endTarget(octets, start, i)) return this.#wrongTarget(octets, start, i);
          i++;
          break;
        default:
          if (!this.#isVersion(octet, i - start - this.#versionAt)) return this.#wrong('the request line must end with "HTTP/1.1" or "HTTP/1.0" and CRLF behind one space');
          i++;
          if (i - start - this.#versionAt === version.length) {
            this.#section.begin(i - start);
            this.#state = inFields;
            return true;
          }
      }
    }
    this.#at = i - start;
    return false;
  }

  #endMethod(octets: Buffer, start: number, i: number, end: number): boolean {
    const from = start + this.#methodAt;
    const isLong = i - from > methodLengthMax;
    if (i === end && !isLong) return true;
    const text = octets.toString('latin1', from, Math.min(i, from + methodLengthMax));
    const method = methods.get(text);
    if (isLong || method === undefined) return this.#wrong(i < end && octets[i] !== space ? `the method that begins with "${text}" has ${showOctet(octets[i]!)}` : `"${text}" is no method`);
    if (octets[i] !== space) return this.#wrong(`one space must follow the method, not ${showOctet(octets[i]!)}`);
    this.#method = method;
    this.#targetAt = i + 1 - start;
    this.#state = inTarget;
    return true;
  }

  #endTarget(octets: Buffer, start: number, i: number): boolean {
    const from = start + this.#targetAt;
    this.#targetEnd = i - start;
    this.#versionAt = i + 1 - start;
    this.#state = inVersion;
    if (octets[from] === slash) return true;
    if (octets[from] === star && i - from === 1) {
      if (this.#method === 'PRI') this.stranger = 'http2';
      return this.#method === 'OPTIONS';
    }
    if (this.#method === 'CONNECT') return false;
    return isAbsolute(octets.toString('latin1', from, i));
  }

  #isVersion(octet: number, place: number): boolean {
    if (place !== minorAt) return octet === version[place];
    this.#minor = octet - zero;
    return this.#minor === 0 || this.#minor === 1;
  }

  #wrongTarget(octets: Buffer, start: number, i: number): boolean {
    const target = octets.toString('latin1', start + this.#targetAt, Math.min(i, start + this.#targetAt + 80));
    if (this.#method === 'CONNECT') return this.#wrong('CONNECT is not served here');
    if (octets[i] === space && target !== '') return this.#wrong(`the request target is "${target}", but it must be a path that starts with "/"`);
    return this.#wrong(octets[i] === space ? 'more than one space stands before the request target' : `the request target has ${showOctet(octets[i]!)}, which must be percent-encoded`);
  }

  #wrong(problem: string): false {
    this.problem = problem;
    return false;
  }
}

/** RFC 9112 section 3.2.2; user information is an error (RFC 9110 section 4.2.4). */
function isAbsolute(target: string): boolean {
  const from = /^https?:\/\//i.exec(target)?.[0].length ?? 0;
  let to = from;
  while (to < target.length && authorityOctets[target.charCodeAt(to)] === 1) to++;
  return from > 0 && to > from && (to === target.length || target[to] === '/' || target[to] === '?');
}
