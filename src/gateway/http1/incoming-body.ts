import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Fields } from '../fields.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';

/** The body of a request as it arrives on its connection, without its framing. Nothing more is read while nobody takes it. */
export class IncomingBody extends Readable {
  /** Once the body has ended. */
  trailers: Fields = [];
  /** All of it has arrived. */
  whole = false;
  /** Why no end of it can be found, once that is so. */
  problem = '';
  /** Nobody takes what has arrived. */
  full = false;
  readonly #decoder: ChunkedDecoder | null;
  #left: number;
  readonly #onWanted: () => void;

  /** @param length null when it comes in chunks */
  constructor(length: number | null, onWanted: () => void) {
    super();
    this.#decoder = length === null ? new ChunkedDecoder() : null;
    this.#left = length ?? 0;
    this.#onWanted = onWanted;
    // A body that breaks off concerns whoever reads it; when nobody does, it concerns nobody.
    this.on('error', ignore);
  }

  override _read(): void {
    this.full = false;
    this.#onWanted();
  }

  /** Takes in what belongs to the body. @returns where that ends */
  receive(octets: Buffer, from: number, end: number): number {
    if (this.#decoder !== null) return this.#receiveChunks(this.#decoder, octets, from, end);
    const to = Math.min(end, from + this.#left);
    this.#left -= to - from;
    this.#pass(octets, from, to);
    if (this.#left === 0) this.#end();
    return to;
  }

  #receiveChunks(decoder: ChunkedDecoder, octets: Buffer, from: number, end: number): number {
    for (let at = from; ; at = decoder.at) {
      switch (decoder.next(octets, at, end)) {
        case 'data':
          this.#pass(octets, decoder.dataFrom, decoder.at);
          break;
        case 'more':
          return end;
        case 'end':
          this.trailers = decoder.trailers;
          this.#end();
          return decoder.at;
        default:
          this.problem = decoder.problem;
          return end;
      }
    }
  }

  #pass(octets: Buffer, from: number, to: number): void {
    if (this.destroyed || from === to) return;
    const chunk = Buffer.allocUnsafe(to - from);
    octets.copy(chunk, 0, from, to);
    if (!this.push(chunk)) this.full = true;
  }

  #end(): void {
    this.whole = true;
    if (!this.destroyed) this.push(null);
  }
}

function ignore(): void {}
