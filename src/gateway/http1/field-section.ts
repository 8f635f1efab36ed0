// In: the octets of header or trailer fields, in pieces of any size. Out: the fields, or what is wrong with them and where.
import type { Buffer } from 'node:buffer';
import type { Fields } from '../fields.ts';
import { findKnownName, findLowerName, fieldIds, type FieldId, type KnownField } from './known-fields.ts';
import { colon, cr, lf, showOctet, space, tab, tokenOctets, valueOctets } from './octets.ts';

export { fieldIds };

/** More fields than this are refused like a head that is too large. */
export const fieldsMax = 256;

/** Fields as they stood on the wire, and what a look-up needs. */
export interface FieldList {
  /** name, value, name, value, ... */
  readonly fields: Fields;
  /** Names in lower case, one for each field; a common name is always the same string. */
  readonly names: readonly string[];
  /** Number of each field in `fieldIds`, 0 for others. */
  readonly ids: readonly number[];
  /** Bit `fieldIds[name]` is set for each known field that is there; bit 0 for any other field. */
  readonly known: number;
  /** Bits of the known fields that are there more than once. */
  readonly repeated: number;
}

/** The bits of known fields in `known`. */
export function bitsOf(...names: KnownField[]): number {
  return names.reduce((bits, name) => bits | (1 << fieldIds[name]), 0);
}

/** Fields that were not read from a connection. */
export function fieldListOf(fields: Fields): FieldList {
  const names: string[] = [];
  const ids: number[] = [];
  let known = 0;
  let repeated = 0;
  for (let place = 0; place < fields.length; place += 2) {
    const lower = fields[place]!.toLowerCase();
    const id = findLowerName(lower)?.id ?? 0;
    names.push(lower);
    ids.push(id);
    repeated |= known & (1 << id);
    known |= 1 << id;
  }
  return { fields, names, ids, known, repeated };
}

/** The first value of a known field, or undefined. @param id of `fieldIds` */
export function valueOf(list: FieldList, id: FieldId): string | undefined {
  return hasField(list, id) ? list.fields[2 * list.ids.indexOf(id) + 1] : undefined;
}

export function hasField(list: FieldList, id: FieldId): boolean {
  return (list.known & (1 << id)) !== 0;
}

export function isRepeated(list: FieldList, id: FieldId): boolean {
  return (list.repeated & (1 << id)) !== 0;
}

/** What a scan came to: `needsMore`, `wrong`, or else the number of octets that the scanned part has. */
export const needsMore = 0;
export const wrong = -1;

const atLine = 0;
const inName = 1;
const beforeValue = 2;
const inValue = 3;
const atValueLf = 4;
const atEndLf = 5;

/** A field section (RFC 9112 section 5), strictly: lines end with CRLF, nothing is folded, no space stands before a colon. */
export class FieldSection {
  /** Said to people, with the place, when a scan came to `wrong`. */
  problem = '';
  /** The problem is one of size. */
  tooLarge = false;
  #state = atLine;
  /** All places count from the start of the message. */
  #at = 0;
  #count = 0;
  #nameAt = 0;
  /** For each field: where its name begins and ends, and where its value begins and ends. */
  readonly #places: Int32Array;

  /** @param most how many fields there may be */
  constructor(most = fieldsMax) {
    this.#places = new Int32Array(4 * most);
  }

  /** @param at where the section begins, from the start of the message */
  begin(at: number): void {
    this.#state = atLine;
    this.#at = at;
    this.#count = 0;
    this.problem = '';
    this.tooLarge = false;
  }

  /**
   * Goes on where the last scan of this message ended.
   * @param start where the message begins in `octets`
   * @returns the length of the message up to the end of the section, its empty line included
   */
  scan(octets: Buffer, start: number, end: number): number {
    const places = this.#places;
    let state = this.#state;
    let i = start + this.#at;
    while (i < end) {
      if (state === inValue) {
        while (i < end && valueOctets[octets[i]!] === 1) i++;
        if (i === end) break;
        if (octets[i] !== cr) return this.#wrongValue(octets, start, i);
        places[4 * this.#count + 3] = i++ - start;
        this.#count++;
        state = atValueLf;
      } else if (state === atValueLf) {
        if (octets[i] !== lf) return this.#wrong(`a CR without its LF stands ${this.#place()}`);
        i++;
        state = atLine;
      } else if (state === atLine) {
        if (octets[i] === cr) {
          i++;
          state = atEndLf;
          continue;
        }
        if (4 * this.#count === places.length) return this.#tooMany();
        this.#nameAt = i - start;
        state = inName;
      } else if (state === inName) {
        while (i < end && tokenOctets[octets[i]!] === 1) i++;
        if (i === end) break;
        const place = 4 * this.#count;
        places[place] = this.#nameAt;
        places[place + 1] = i - start;
        if (octets[i] !== colon || i - start === this.#nameAt) return this.#wrongName(octets, start, i);
        i++;
        state = beforeValue;
      } else if (state === beforeValue) {
        while (i < end && (octets[i] === space || octets[i] === tab)) i++;
        if (i === end) break;
        places[4 * this.#count + 2] = i - start;
        state = inValue;
      } else {
        if (octets[i] !== lf) return this.#wrong(`a CR without its LF stands ${this.#place()}`);
        return i + 1 - start;
      }
    }
    this.#state = state;
    this.#at = i - start;
    return needsMore;
  }

  /** The fields, once a scan has come to the end. @param text the message up to there, each octet a character */
  take(octets: Buffer, start: number, text: string): FieldList {
    const fields: string[] = [];
    const names: string[] = [];
    const ids: number[] = [];
    let known = 0;
    let repeated = 0;
    for (let place = 0; place < 4 * this.#count; place += 4) {
      const from = this.#places[place]!;
      const to = this.#places[place + 1]!;
      const common = findKnownName(octets, start + from, start + to);
      let id = 0;
      if (common !== null) {
        id = common.id;
        fields.push(common.wire);
        names.push(common.lower);
      } else {
        const wire = text.substring(from, to);
        const lower = wire.toLowerCase();
        const rare = findLowerName(lower);
        if (rare !== undefined) id = rare.id;
        fields.push(wire);
        names.push(rare === undefined ? lower : rare.lower);
      }
      const valueFrom = this.#places[place + 2]!;
      let valueTo = this.#places[place + 3]!;
      // Some readers take a tab behind it for a part of the coding: there it stays, so that the coding is an unknown one.
      const keepsTab = id === fieldIds['transfer-encoding'];
      while (valueTo > valueFrom && (octets[start + valueTo - 1] === space || (octets[start + valueTo - 1] === tab && !keepsTab))) valueTo--;
      fields.push(text.substring(valueFrom, valueTo));
      ids.push(id);
      const bit = 1 << id;
      repeated |= known & bit;
      known |= bit;
    }
    return { fields, names, ids, known, repeated };
  }

  #wrongName(octets: Buffer, start: number, i: number): number {
    const name = octets.toString('latin1', start + this.#nameAt, Math.min(i, start + this.#nameAt + 60));
    const line = this.#count + 1;
    const isBlank = octets[i] === space || octets[i] === tab;
    if (isBlank && name === '') return this.#wrong(this.#count === 0 ? 'the first field line begins with a space' : `field line ${line} begins with a space, but a field may not go on in the next line (obs-fold)`);
    if (isBlank) return this.#wrong(`a space stands in or behind the name of the field "${name}", before its colon`);
    if (name === '') return this.#wrong(`field line ${line} begins with ${showOctet(octets[i]!)} in place of a name`);
    if (octets[i] === cr || octets[i] === lf) return this.#wrong(`field line ${line} ("${name}") has no colon`);
    return this.#wrong(`the field name that begins with "${name}" has ${showOctet(octets[i]!)}`);
  }

  #wrongValue(octets: Buffer, start: number, i: number): number {
    const from = start + this.#nameAt;
    const name = octets.toString('latin1', from, Math.min(start + this.#places[4 * this.#count + 1]!, from + 60));
    return this.#wrong(`the value of the field "${name}" has ${showOctet(octets[i]!)}`);
  }

  #tooMany(): number {
    this.tooLarge = true;
    return this.#wrong(`there are more than ${this.#places.length / 4} fields`);
  }

  #place(): string {
    return this.#count === 0 ? 'before the first field' : `after field line ${this.#count}`;
  }

  #wrong(problem: string): number {
    this.problem = problem;
    return wrong;
  }
}
