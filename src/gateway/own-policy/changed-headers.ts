import type { PolicyHeaders } from '../../domain/own-policy.ts';
import { fixedField, type HeaderSide } from '../../domain/header-changes.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const valueCharacters = /^[\t\x20-\x7e\x80-\xff]*$/;
const fieldsMax = 500;

/** Fields as a policy sees and changes them, in place. */
export class ChangedHeaders implements PolicyHeaders {
  readonly #fields: string[];
  readonly #side: HeaderSide;

  /** @param fields name, value, name, value, ... */
  constructor(fields: string[], side: HeaderSide) {
    this.#fields = fields;
    this.#side = side;
  }

  get(name: string): string | null {
    const lower = name.toLowerCase();
    let found: string | null = null;
    for (let i = 0; i < this.#fields.length; i += 2) {
      if (this.#fields[i]!.toLowerCase() === lower) found = found === null ? this.#fields[i + 1]! : `${found}, ${this.#fields[i + 1]!}`;
    }
    return found;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  set(name: string, value: string): void {
    this.#check(name, value);
    this.#remove(name);
    this.#add(name, value);
  }

  append(name: string, value: string): void {
    this.#check(name, value);
    this.#add(name, value);
  }

  delete(name: string): void {
    this.#check(name, '');
    this.#remove(name);
  }

  * [Symbol.iterator](): Iterator<[string, string]> {
    for (let i = 0; i < this.#fields.length; i += 2) yield [this.#fields[i]!, this.#fields[i + 1]!];
  }

  #add(name: string, value: string): void {
    if (this.#fields.length >= 2 * fieldsMax) throw new RangeError(`there are ${fieldsMax} header fields already`);
    this.#fields.push(name, value.trim());
  }

  #remove(name: string): void {
    const lower = name.toLowerCase();
    let kept = 0;
    for (let i = 0; i < this.#fields.length; i += 2) {
      if (this.#fields[i]!.toLowerCase() === lower) continue;
      this.#fields[kept++] = this.#fields[i]!;
      this.#fields[kept++] = this.#fields[i + 1]!;
    }
    this.#fields.length = kept;
  }

  #check(name: string, value: string): void {
    if (typeof name !== 'string' || !token.test(name)) throw new TypeError(`"${String(name).slice(0, 100)}" is no name of a header field`);
    if (typeof value !== 'string' || !valueCharacters.test(value)) throw new TypeError(`the value of ${name} is no text of one line with characters up to U+00FF`);
    const fixed = fixedField(this.#side, name);
    if (fixed !== undefined) throw new TypeError(`${name} ${fixed}, so no policy changes it`);
  }
}
