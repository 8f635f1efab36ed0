// Answers that a thread keeps for one product: bounded by their octets, the least recently used leaves first.
import type { FieldList } from '../http1/field-section.ts';
import { answers, type StoredAnswer } from './stored-answer.ts';

/** Answers to requests that differ in what Vary names. */
const variantsMax = 8;
/** What an entry takes beside its octets, about. */
const entryOverhead = 512;

interface Entry { variants: StoredAnswer[]; bytes: number }

export class ResponseCache {
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** `vary`: there are answers, but to other requests of this address. @param generation of the address now: what is older was made invalid */
  find(key: string, request: () => FieldList, generation: number): StoredAnswer | 'vary' | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.variants.some((variant) => variant.generation !== generation)) {
      this.#drop(key, entry);
      return undefined;
    }
    const found = entry.variants.find((variant) => variant.vary.length === 0 || answers(variant, request()));
    if (!found) return 'vary';
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return found;
  }

  /** Takes the place of what answers the same requests. */
  put(key: string, answer: StoredAnswer): void {
    const before = this.#entries.get(key);
    const others = (before?.variants ?? []).filter((variant) => variant.generation === answer.generation && !hasSameVary(variant, answer)).slice(0, variantsMax - 1);
    if (before) this.#drop(key, before);
    const variants = [answer, ...others];
    const bytes = variants.reduce((sum, { body, fields }) => sum + body.length + fields.reduce((length, text) => length + text.length, 0) + entryOverhead, key.length);
    if (bytes > this.#bytesMax) return;
    this.#entries.set(key, { variants, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#drop(oldest, entry);
    }
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) this.#drop(key, entry);
  }

  get bytes(): number {
    return this.#bytes;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

function hasSameVary(one: StoredAnswer, other: StoredAnswer): boolean {
  return one.vary.length === other.vary.length && one.vary.every(([name, value], place) => other.vary[place]![0] === name && other.vary[place]![1] === value);
}
