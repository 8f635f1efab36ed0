import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Refusal } from './call.ts';
import { bodyTooLarge } from './stages/validate.ts';

/** The body could not be read to its end; `refusal` says why in words for the client. */
export class BodyProblem extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

/** The client's body on its way to the upstream: counts, stops at a maximum, keeps a copy only when asked to, and never holds more than one chunk. */
export class RequestBody extends Readable {
  bytes = 0;
  /** What was kept, or null. */
  kept: Buffer[] | null;
  readonly #source: Readable;
  readonly #bytesMax: number;
  readonly #onFirstRead: () => void;
  #begun = false;

  /** @param keep keeps a copy of the chunks, for bodies that are known to be small */
  constructor(source: Readable, options: { bytesMax: number; keep: boolean; onFirstRead: () => void }) {
    super({ highWaterMark: 64 * 1024 });
    this.#source = source;
    this.#bytesMax = options.bytesMax;
    this.#onFirstRead = options.onFirstRead;
    this.kept = options.keep ? [] : null;
    source.once('close', this.#onClose);
    source.once('error', this.#onError);
  }

  override _read(): void {
    if (this.#begun) {
      this.#source.resume();
      return;
    }
    this.#begun = true;
    this.#source.on('data', this.#onData);
    this.#source.once('end', this.#onEnd);
    this.#onFirstRead();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#source.off('data', this.#onData);
    this.#source.off('end', this.#onEnd);
    this.#source.off('close', this.#onClose);
    this.#source.off('error', this.#onError);
    this.#source.pause();
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.bytes > this.#bytesMax) {
      this.destroy(new BodyProblem(bodyTooLarge(this.#bytesMax, null)));
      return;
    }
    this.kept?.push(chunk);
    if (!this.push(chunk)) this.#source.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#source.readableEnded) this.destroy(new BodyProblem({ code: 'request_malformed', detail: 'The connection ended before the body did.' }));
  };

  readonly #onError = (error: Error): void => {
    if (error instanceof BodyProblem) this.destroy(error);
    else this.#onClose();
  };
}
