import { Readable } from 'node:stream';
import type { Fields } from '../fields.ts';

/** The body of a request as it arrives on its connection, without its framing. Nothing more is read while nobody takes it. */
export class IncomingBody extends Readable {
  /** Once the body has ended. */
  trailers: Fields = [];
  /** All of it has arrived. */
  whole = false;
  readonly #onWanted: () => void;

  constructor(onWanted: () => void) {
    super();
    this.#onWanted = onWanted;
    // A body that breaks off concerns whoever reads it; when nobody does, it concerns nobody.
    this.on('error', ignore);
  }

  override _read(): void {
    this.#onWanted();
  }

  end(trailers: Fields): void {
    this.trailers = trailers;
    this.whole = true;
    this.push(null);
  }
}

function ignore(): void {}
