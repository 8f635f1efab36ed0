// In: octets of a connection to an upstream. Out: one response head (RFC 9112 sections 4 and 5), or what is wrong with it and where.
import type { Buffer } from 'node:buffer';
import { FieldSection, needsMore, wrong, type FieldList } from './field-section.ts';
import { cr, lf, showOctet, space, valueOctets } from './octets.ts';

export interface ScannedResponse extends FieldList {
  /** 100 to 999; 101 and other interim answers too. */
  readonly status: number;
  /** May be empty. */
  readonly reason: string;
  /** Of HTTP/1: 0 or 1. */
  readonly minor: number;
}

const version = new TextEncoder().encode('HTTP/1.1 ');
const minorAt = 7;
const zero = 0x30;
const statusLength = 3;

const inVersion = 0;
const inStatus = 1;
const behindStatus = 2;
const inReason = 3;
const atLineLf = 4;
const inFields = 5;

/** Keeps its place when a head arrives in pieces. A connection that waits for the rest of a head has one of its own; the others share. */
export class ResponseHeadScanner {
  /** Said to people, with the place, when a scan came to `wrong`. */
  problem = '';
  tooLarge = false;
  readonly #section = new FieldSection();
  readonly #bytesMax: number;
  #state = inVersion;
  /** All places count from the start of the message. */
  #at = 0;
  #minor = 1;
  #status = 0;
  #reasonAt = 0;
  #reasonEnd = 0;

  /** @param bytesMax of the whole head */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  begin(): void {
    this.#state = inVersion;
    this.#at = 0;
    this.#status = 0;
    this.problem = '';
    this.tooLarge = false;
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
  take(octets: Buffer, start: number, length: number): ScannedResponse {
    const text = octets.toString('latin1', start, start + length);
    const { fields, names, ids, known, repeated } = this.#section.take(octets, start, text);
    return { status: this.#status, reason: text.substring(this.#reasonAt, this.#reasonEnd), minor: this.#minor, fields, names, ids, known, repeated };
  }

  #scanFields(octets: Buffer, start: number, end: number): number {
    const result = this.#section.scan(octets, start, end);
    if (result === wrong) {
      this.problem = this.#section.problem;
      this.tooLarge = this.#section.tooLarge;
    }
    return result;
  }

  /** True once the status line is whole and right. */
  #scanLine(octets: Buffer, start: number, end: number): boolean {
    let i = start + this.#at;
    while (i < end) {
      const octet = octets[i]!;
      switch (this.#state) {
        case inVersion:
          if (!this.#isVersion(octet, i - start)) return this.#wrong('it does not begin with "HTTP/1.1 " or "HTTP/1.0 "');
          i++;
          if (i - start === version.length) this.#state = inStatus;
          break;
        case inStatus:
          if (octet < zero || octet > zero + 9) return this.#wrong(`the status has ${showOctet(octet)} where three digits must stand`);
          this.#status = this.#status * 10 + octet - zero;
          i++;
          if (i - start < version.length + statusLength) break;
          if (this.#status < 100) return this.#wrong('the status is below 100');
          this.#state = behindStatus;
          break;
        case behindStatus:
          // Many servers leave the space out when there is no reason phrase.
          if (octet !== space && octet !== cr) return this.#wrong(`the status has ${showOctet(octet)} behind its three digits`);
          if (octet === space) i++;
          this.#reasonAt = i - start;
          this.#state = inReason;
          break;
        case inReason:
          while (i < end && valueOctets[octets[i]!] === 1) i++;
          if (i === end) break;
          if (octets[i] !== cr) return this.#wrong(`the reason phrase has ${showOctet(octets[i]!)}`);
          this.#reasonEnd = i - start;
          i++;
          this.#state = atLineLf;
          break;
        default:
          if (octet !== lf) return this.#wrong('a CR without its LF ends the status line');
          this.#section.begin(i + 1 - start);
          this.#state = inFields;
          return true;
      }
    }
    this.#at = i - start;
    return false;
  }

  #isVersion(octet: number, place: number): boolean {
    if (place !== minorAt) return octet === version[place];
    this.#minor = octet - zero;
    return this.#minor === 0 || this.#minor === 1;
  }

  #wrong(problem: string): false {
    this.problem = problem;
    return false;
  }
}
