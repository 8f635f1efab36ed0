// Passes one request body on to a connection: with its length or in chunks, no faster than the upstream takes it. Whoever made the body
// hears when it breaks off, and ends the exchange.
import type { Buffer } from 'node:buffer';
import type { UpstreamRequest } from '../exchange.ts';
import type { RequestBody } from '../request-body.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

/** An upstream that knows no 100 (Continue) gets the body after this (RFC 9110 section 10.1.1 forbids to wait for ever). */
const continueWaitMs = 1_000;

export class BodySender {
  /** Something of the body was read: it cannot be sent a second time. */
  consumed = false;
  readonly #connection: UpstreamConnection;
  readonly #request: UpstreamRequest;
  readonly #body: RequestBody;
  readonly #onBegin: () => void;
  #wait: NodeJS.Timeout | undefined;
  #begun = false;
  #corked = false;
  #over = false;

  /** @param onBegin the client is to send its body now */
  constructor(connection: UpstreamConnection, request: UpstreamRequest, body: RequestBody, onBegin: () => void) {
    this.#connection = connection;
    this.#request = request;
    this.#body = body;
    this.#onBegin = onBegin;
  }

  /** Head and first octets leave in one write where both are there. */
  start(head: string): void {
    if (!this.#request.expectsContinue) this.#cork();
    this.#connection.send(head, this.#request, false);
    if (this.#request.expectsContinue) this.#wait = setTimeout(this.begin, continueWaitMs);
    else this.begin();
  }

  /** The body was asked for. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The upstream wants the body. */
  readonly begin = (): void => {
    clearTimeout(this.#wait);
    if (this.#begun || this.#over || this.#body.destroyed) return;
    this.#begun = true;
    this.#onBegin();
    this.#body.on('data', this.#data);
    this.#body.on('end', this.#end);
  };

  drained(): void {
    if (this.#begun && !this.#over) this.#body.resume();
  }

  /** The upstream takes no more of it. @param keep it will be sent anew on another connection */
  stop(keep: boolean): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#wait);
    this.#body.off('data', this.#data);
    this.#body.off('end', this.#end);
    if (!keep) this.#body.destroy();
  }

  readonly #data = (chunk: Buffer): void => {
    const isFirst = !this.consumed;
    this.consumed = true;
    const connection = this.#connection;
    // An early answer that has arrived is to be read before a write finds the connection closed, which would lose it.
    if (!isFirst) this.#cork();
    const isChunked = this.#request.contentLength === null;
    if (isChunked) connection.write(`${chunk.length.toString(16)}\r\n`);
    let more = connection.write(chunk);
    if (isChunked) more = connection.write('\r\n');
    if (isFirst) this.#uncork();
    if (!more) this.#body.pause();
  };

  readonly #end = (): void => {
    if (this.#over) return;
    this.#over = true;
    this.consumed = true;
    if (this.#request.contentLength === null) this.#connection.write(`0\r\n${trailerLines(this.#request)}\r\n`);
    this.#uncork();
    this.#connection.sent();
  };

  /** What is written from now on leaves together, once this turn of the event loop has read what there is. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#connection.cork();
    setImmediate(this.#uncork);
  }

  readonly #uncork = (): void => {
    if (!this.#corked) return;
    this.#corked = false;
    this.#connection.uncork();
  };
}

function trailerLines(request: UpstreamRequest): string {
  const fields = request.trailers?.() ?? [];
  let lines = '';
  for (let i = 0; i < fields.length; i += 2) lines += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return lines;
}
