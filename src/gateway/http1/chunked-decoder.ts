// In: octets of a chunked body, in pieces of any size. Out: its data, its trailers, and where it ends (RFC 9112 section 7.1).
import { Buffer } from 'node:buffer';
import type { Fields } from '../fields.ts';
import { fieldIds, FieldSection, hasField, needsMore, wrong } from './field-section.ts';
import { cr, hexValues, lf, showOctet, tab, tokenOctets, valueOctets } from './octets.ts';

/** Digits of a chunk size: more could not be counted exactly. */
const sizeDigitsMax = 12;
/** Of one chunk, in bytes. */
const extensionMax = 1024;
/** A body of many small chunks may cost this much more than its data, before its sender is no longer believed to mean well. */
const excessMax = 16 * 1024;
/** What a chunk may cost beside its data without being counted. */
const chunkAllowance = 16;
const trailerBytesMax = 16 * 1024;
const trailersMax = 64;

const semicolon = 0x3b;
const equals = 0x3d;
const quote = 0x22;
const backslash = 0x5c;

export type ChunkedEvent = 'more' | 'data' | 'end' | 'wrong';

type State = 'size' | 'size-next' | 'name-first' | 'name' | 'value-first' | 'value' | 'quoted' | 'escaped' | 'behind-quoted' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers' | 'end';

/** Call `next` until it asks for more, ends or fails; `at` is where it stands. */
export class ChunkedDecoder {
  /** Behind the last octet that was taken. */
  at = 0;
  /** After `data`: where the data begins; it ends at `at`. */
  dataFrom = 0;
  /** Once the body has ended. */
  trailers: Fields = [];
  /** After `wrong`: said to people. */
  problem = '';
  #state: State = 'size';
  #left = 0;
  #digits = 0;
  /** Of the line that is being read. */
  #lineBytes = 0;
  #excess = 0;
  #section: FieldSection | null = null;
  #pieces: Buffer | null = null;
  #piecesLength = 0;

  next(octets: Buffer, from: number, end: number): ChunkedEvent {
    this.at = from;
    while (this.at < end) {
      if (this.#state === 'data') return this.#data(end);
      if (this.#state === 'trailers') return this.#scanTrailers(octets, end);
      if (this.#state === 'end') return 'end';
      if (!this.#step(octets[this.at]!)) return 'wrong';
      this.at++;
    }
    return this.#state === 'end' ? 'end' : 'more';
  }

  #data(end: number): ChunkedEvent {
    this.dataFrom = this.at;
    const taken = Math.min(this.#left, end - this.at);
    this.#left -= taken;
    this.at += taken;
    if (this.#left === 0) this.#state = 'data-cr';
    return 'data';
  }

  /** One octet outside of data and trailers. */
  #step(octet: number): boolean {
    switch (this.#state) {
      case 'size':
      case 'size-next':
        return this.#size(octet);
      case 'size-lf':
        return octet === lf ? this.#endLine() : this.#wrong(octet, 'behind a chunk size');
      case 'data-cr':
        return octet === cr ? this.#go('data-lf') : this.#wrong(octet, 'where a chunk must end');
      case 'data-lf':
        return octet === lf ? this.#go('size') : this.#wrong(octet, 'where a chunk must end');
      default:
        return this.#extension(octet);
    }
  }

  #size(octet: number): boolean {
    const digit = hexValues[octet]!;
    if (digit === 255) {
      if (this.#state === 'size') return this.#wrong(octet, 'where a chunk size must begin');
      return this.#behindItem(octet, 'in a chunk size');
    }
    if (this.#state === 'size') {
      this.#left = 0;
      this.#digits = 0;
      this.#lineBytes = 0;
    }
    if (++this.#digits > sizeDigitsMax) return this.#fail('a chunk size has too many digits');
    this.#left = this.#left * 16 + digit;
    this.#lineBytes++;
    return this.#go('size-next');
  }

  /** Extensions are understood by nobody here, but they must be well-formed and short. */
  #extension(octet: number): boolean {
    if (++this.#lineBytes > extensionMax) return this.#fail(`a chunk extension has more than ${extensionMax} bytes`);
    const isToken = tokenOctets[octet] === 1;
    const place = 'in a chunk extension';
    switch (this.#state) {
      case 'name-first':
        return isToken ? this.#go('name') : this.#wrong(octet, place);
      case 'name':
        if (isToken) return true;
        return octet === equals ? this.#go('value-first') : this.#behindItem(octet, place);
      case 'value-first':
        if (octet === quote) return this.#go('quoted');
        return isToken ? this.#go('value') : this.#wrong(octet, place);
      case 'value':
        return isToken || this.#behindItem(octet, place);
      case 'quoted':
        if (octet === quote) return this.#go('behind-quoted');
        if (octet === backslash) return this.#go('escaped');
        return valueOctets[octet] === 1 || this.#wrong(octet, place);
      case 'escaped':
        return valueOctets[octet] === 1 && octet !== tab ? this.#go('quoted') : this.#wrong(octet, place);
      default:
        return this.#behindItem(octet, place);
    }
  }

  #behindItem(octet: number, place: string): boolean {
    if (octet === semicolon) return this.#go('name-first');
    return octet === cr ? this.#go('size-lf') : this.#wrong(octet, place);
  }

  #endLine(): boolean {
    this.#excess = Math.max(0, this.#excess + this.#lineBytes - chunkAllowance - 2 * this.#left);
    if (this.#excess > excessMax) return this.#fail('its chunk sizes and extensions are much longer than its data');
    return this.#go(this.#left === 0 ? 'trailers' : 'data');
  }

  #scanTrailers(octets: Buffer, end: number): ChunkedEvent {
    const section = this.#section ??= beginSection();
    if (this.#pieces === null) {
      const length = section.scan(octets, this.at, end);
      if (length !== needsMore) return this.#endTrailers(section, octets, this.at, length);
      this.#keep(octets, end);
      return this.#piecesLength > trailerBytesMax ? this.#tooLarge() : 'more';
    }
    const before = this.#piecesLength;
    const from = this.at;
    this.#keep(octets, end);
    const length = section.scan(this.#pieces, 0, this.#piecesLength);
    if (length === needsMore) return this.#piecesLength > trailerBytesMax ? this.#tooLarge() : 'more';
    const event = this.#endTrailers(section, this.#pieces, 0, length);
    this.at = from + length - before;
    return event;
  }

  #endTrailers(section: FieldSection, octets: Buffer, start: number, length: number): ChunkedEvent {
    if (length === wrong) {
      this.problem = `in the trailers, ${section.problem}`;
      return 'wrong';
    }
    if (length > trailerBytesMax) return this.#tooLarge();
    const list = section.take(octets, start, octets.toString('latin1', start, start + length));
    // RFC 9110 section 6.5.1: what frames a message cannot come behind it.
    if (hasField(list, fieldIds['content-length']) || hasField(list, fieldIds['transfer-encoding']) || hasField(list, fieldIds.connection)) {
      this.problem = 'a trailer speaks of the length of the body or of the connection';
      return 'wrong';
    }
    this.trailers = list.fields;
    this.at = start + length;
    this.#state = 'end';
    return 'end';
  }

  /** Keeps what there is of trailers that are not whole yet. */
  #keep(octets: Buffer, end: number): void {
    const more = Math.min(end - this.at, trailerBytesMax + 1 - this.#piecesLength);
    if (this.#pieces === null || this.#piecesLength + more > this.#pieces.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(256, 2 * (this.#piecesLength + more)));
      this.#pieces?.copy(larger, 0, 0, this.#piecesLength);
      this.#pieces = larger;
    }
    this.#pieces.set(octets.subarray(this.at, this.at + more), this.#piecesLength);
    this.#piecesLength += more;
    this.at = end;
  }

  #tooLarge(): ChunkedEvent {
    this.problem = `the trailers have more than ${trailerBytesMax} bytes`;
    return 'wrong';
  }

  #go(state: State): true {
    this.#state = state;
    return true;
  }

  #wrong(octet: number, place: string): false {
    return this.#fail(`${showOctet(octet)} stands ${place}`);
  }

  #fail(problem: string): false {
    this.problem = problem;
    return false;
  }
}

function beginSection(): FieldSection {
  const section = new FieldSection(trailersMax);
  section.begin(0);
  return section;
}
