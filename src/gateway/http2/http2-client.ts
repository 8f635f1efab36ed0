// The client's side of one call on a stream of HTTP/2.
import { Buffer } from 'node:buffer';
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { endToEndFields, type Fields } from '../fields.ts';
import type { ClientListener, ClientSide } from '../exchange.ts';
import type { RequestHead } from '../call.ts';
import { fieldListOf, type FieldList } from '../http1/field-section.ts';
import { BodyProblem } from '../request-body.ts';

const unsafe = /[^\t\x20-\x7e\x80-\xff]/g;

export class Http2Client implements ClientSide {
  readonly source: ServerHttp2Stream | null;
  readonly whole = null;
  readonly expectsContinue: boolean;
  started = false;
  readonly #stream: ServerHttp2Stream;
  readonly #isHead: boolean;
  #requestTrailers: Fields = [];
  #answerTrailers: Fields = [];
  #continued = false;
  #bodiless = false;
  #over = false;
  #held: Uint8Array | null = null;
  /** What the client has still to take, and since when that is so. */
  #left = 0;
  #leftSince = 0;
  #listener: ClientListener | null = null;

  constructor(stream: ServerHttp2Stream, head: RequestHead, { expectsContinue, bodyStallMs }: { expectsContinue: boolean; bodyStallMs: number }) {
    this.#stream = stream;
    this.#isHead = head.method === 'HEAD';
    this.source = head.hasBody ? stream : null;
    this.expectsContinue = expectsContinue;
    stream.on('error', () => undefined);
    stream.once('close', () => this.#closed());
    stream.on('wantTrailers', () => stream.sendTrailers(headersOf(this.#answerTrailers)));
    if (head.hasBody) {
      stream.on('trailers', (trailers) => { this.#requestTrailers = Object.entries(trailers).flatMap(([name, value]) => [value ?? []].flat().flatMap((one) => [name, one])); });
      this.#watchBody(bodyStallMs);
    } else {
      // Nobody reads what has no body: its end must be seen all the same.
      stream.resume();
    }
  }

  continue(): void {
    if (this.#continued || this.started || this.#over) return;
    this.#continued = true;
    this.#stream.additionalHeaders({ ':status': 100 });
  }

  trailers(): Fields {
    return this.#requestTrailers;
  }

  inform(status: number, fields: FieldList): void {
    if (this.started || this.#over || status === 100 || status === 101) return;
    this.#stream.additionalHeaders({ ':status': status, ...headersOf(fields.fields) });
  }

  start(status: number, _reason: string, fields: string[]): void {
    if (this.started || this.#over) return;
    this.started = true;
    this.#bodiless = this.#isHead || status === 204 || status === 304;
    const headers = { ':status': status, ...headersOf(fields) };
    if (this.#bodiless) this.#stream.respond(headers, { endStream: true });
    else this.#stream.respond(headers, { waitForTrailers: true });
  }

  write(chunk: Uint8Array): boolean {
    return this.#over || this.#bodiless || this.#stream.write(chunk);
  }

  hold(chunk: Uint8Array): void {
    this.#held = Buffer.from(chunk);
  }

  finish(trailers: Fields): void {
    if (this.#over) return;
    if (this.#held !== null) this.write(this.#held);
    this.#over = true;
    this.#answerTrailers = trailers;
    const stream = this.#stream;
    // RFC 9113 section 8.1: what is left of the request is not wanted any more.
    const leave = (): void => { if (this.source !== null && !stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR); };
    if (this.#bodiless) leave();
    else stream.end(leave);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  listen(listener: ClientListener): void {
    this.#listener = listener;
    this.#stream.on('drain', () => listener.clientDrained());
  }

  /** Ends the call when nothing of the answer was taken for so long, also when all of it has been said. @param now on the coarse clock */
  watchReader(now: number, stallMs: number): void {
    const left = this.#stream.writableLength;
    if (left === 0 || left !== this.#left) {
      this.#left = left;
      this.#leftSince = now;
    } else if (now - this.#leftSince >= stallMs) {
      this.#stream.close(constants.NGHTTP2_CANCEL);
    }
  }

  /** There is no upgrade on a stream: such a call is never admitted. */
  switchProtocols(): { socket: Duplex; head: Uint8Array } {
    throw new Error('HTTP/2 has no Upgrade');
  }

  /** A body that was asked for, and that nobody holds back, has to go on. */
  #watchBody(stallMs: number): void {
    const stream = this.#stream;
    stream.setTimeout(stallMs, () => {
      const waits = !stream.readableEnded && stream.readableFlowing === true && (this.#continued || !this.expectsContinue);
      // The stream itself goes on: it carries the answer that says so.
      if (waits) stream.emit('error', new BodyProblem({ code: 'request_malformed', detail: `The body stopped arriving for ${stallMs / 1000} s.` }));
      else if (!stream.readableEnded && !stream.destroyed) this.#watchBody(stallMs);
    });
  }

  #closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener?.clientGone();
  }
}

function headersOf(fields: Fields): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  const kept = endToEndFields(fieldListOf(fields));
  for (let i = 0; i < kept.length; i += 2) {
    const name = kept[i]!.toLowerCase();
    const value = kept[i + 1]!.replace(unsafe, '?');
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
