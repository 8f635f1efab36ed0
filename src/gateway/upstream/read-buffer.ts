// What a connection reads into. Usually that is one buffer which all connections of a thread share, and what is kept is copied; a
// connection that carries a large body gets buffers of its own and gives them away as they are.
import { Buffer } from 'node:buffer';
import type { PartOwner } from '../exchange.ts';

const readBytes = 64 * 1024;
/** A read of so much is taken for one of many. */
const largeBytes = 16 * 1024;

const shared = Buffer.allocUnsafeSlow(readBytes);

export class ReadBuffer implements PartOwner {
  readonly first = shared;
  #own: Buffer | null = null;
  #given = false;
  #isLarge = false;

  /** What the next octets were read into. @param length how many there are */
  filled(length: number): Buffer {
    this.#isLarge = length >= largeBytes;
    return this.#own ?? shared;
  }

  /** A part of what was read, to be kept. */
  keep(part: Uint8Array): Uint8Array {
    if (this.#own === null || part.length < largeBytes) return Buffer.from(part);
    this.#given = true;
    return part;
  }

  /** After each read: what to read into from now on, null for the same as before. @param waits nothing is read for a while */
  next(waits: boolean): Buffer | null {
    if (this.#isLarge && !waits) {
      if (this.#own !== null && !this.#given) return null;
      this.#given = false;
      this.#own = Buffer.allocUnsafeSlow(readBytes);
      return this.#own;
    }
    if (this.#own === null) return null;
    this.#own = null;
    this.#given = false;
    return shared;
  }
}
