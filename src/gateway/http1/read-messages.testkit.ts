// Two readers of the same octets: Portico's own, fed in pieces, and llhttp in its strict mode, as Node builds it in.
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { fieldIds, type FieldList, hasField, needsMore, wrong } from './field-section.ts';
import { requestFraming } from './request-framing.ts';
import { responseFraming } from './response-framing.ts';
import { RequestHeadScanner } from './scan-request-head.ts';
import { ResponseHeadScanner } from './scan-response-head.ts';

/** What a reader made of one message: its first line and fields, its body, its trailers, and whether its end was seen. */
export interface ReadMessage { head: string; body: string; trailers: string; complete: boolean }

export interface Reading { messages: ReadMessage[]; problem: string }

/** `request`: messages from a client. Otherwise: answers to requests with that method, until the connection closes. */
export type Side = { request: true } | { request: false; method: string };

const headBytesMax = 16 * 1024;

/** @param cuts where the pieces end, ascending */
export function readStrictly(side: Side, octets: Buffer, cuts: readonly number[] = []): Reading {
  const reader = new StrictReader(side);
  for (const end of [...cuts, octets.length]) {
    // The connection moves what it keeps: every piece is seen in another buffer, at another place.
    const shift = end % 7;
    const seen = Buffer.alloc(end + shift, 0x21);
    octets.copy(seen, shift, 0, end);
    if (!reader.read(seen, shift, end + shift)) break;
  }
  return reader.end(octets.length);
}

type Framing = { none: boolean; chunked: boolean; length: number; last: boolean };

class StrictReader {
  readonly messages: ReadMessage[] = [];
  readonly #side: Side;
  readonly #scanner: RequestHeadScanner | ResponseHeadScanner;
  #problem = '';
  #at = 0;
  #message: ReadMessage | null = null;
  #decoder: ChunkedDecoder | null = null;
  #left = 0;
  #last = false;

  constructor(side: Side) {
    this.#side = side;
    this.#scanner = side.request ? new RequestHeadScanner(headBytesMax) : new ResponseHeadScanner(headBytesMax);
    this.#scanner.begin();
  }

  /** False once nothing more will be read. */
  read(octets: Buffer, shift: number, end: number): boolean {
    for (;;) {
      if (this.#message === null) {
        const length = this.#scanner.scan(octets, shift + this.#at, end);
        if (length === needsMore) return true;
        if (length === wrong) return this.#fail(this.#scanner.problem);
        if (!this.#begin(octets, shift + this.#at, length)) return false;
        this.#at += length;
      }
      const message = this.#message!;
      if (this.#decoder) {
        if (!this.#readChunks(octets, shift, end)) return false;
      } else {
        const taken = Math.min(this.#left, end - shift - this.#at);
        message.body += octets.toString('latin1', shift + this.#at, shift + this.#at + taken);
        this.#at += taken;
        this.#left -= taken;
        if (this.#left === 0) message.complete = true;
      }
      if (!message.complete) return true;
      this.#message = null;
      this.#decoder = null;
      if (this.#last) return false;
      this.#scanner.begin();
    }
  }

  end(length: number): Reading {
    if (this.#message !== null && this.#left === Infinity && this.#problem === '' && this.#at === length) this.#message.complete = true;
    return { messages: this.messages, problem: this.#problem };
  }

  #begin(octets: Buffer, start: number, length: number): boolean {
    let list: FieldList;
    let framing: Framing | { problem: string };
    let line: string;
    if (this.#scanner instanceof RequestHeadScanner) {
      const head = this.#scanner.take(octets, start, length);
      const found = requestFraming(head);
      framing = 'problem' in found ? found : { none: !found.chunked && !found.length, chunked: found.chunked, length: found.length ?? 0, last: !found.persistent };
      line = `${head.method} ${head.target} 1.${head.minor}`;
      list = head;
    } else {
      const head = this.#scanner.take(octets, start, length);
      const found = responseFraming(head, this.#side.request ? 'GET' : this.#side.method);
      framing = 'problem' in found ? found : { none: found.body === 'none', chunked: found.body === 'chunked', length: found.body === 'until-close' ? Infinity : found.length, last: !found.persistent };
      line = `1.${head.minor} ${head.status} ${head.reason}`;
      list = head;
    }
    if ('problem' in framing) return this.#fail(framing.problem);
    this.#message = { head: `${line}\n${list.fields.join('\n')}`, body: '', trailers: '', complete: framing.none };
    this.messages.push(this.#message);
    this.#left = framing.none ? 0 : framing.length;
    this.#decoder = framing.chunked ? new ChunkedDecoder() : null;
    this.#last = framing.last || (hasField(list, fieldIds.upgrade) && hasField(list, fieldIds.connection));
    return true;
  }

  #readChunks(octets: Buffer, shift: number, end: number): boolean {
    const decoder = this.#decoder!;
    for (;;) {
      const event = decoder.next(octets, shift + this.#at, end);
      this.#at = decoder.at - shift;
      if (event === 'wrong') return this.#fail(decoder.problem);
      if (event === 'more') return true;
      if (event === 'end') {
        this.#message!.complete = true;
        this.#message!.trailers = decoder.trailers.join('\n');
        return true;
      }
      this.#message!.body += octets.toString('latin1', decoder.dataFrom, decoder.at);
    }
  }

  #fail(problem: string): false {
    this.#problem = problem;
    return false;
  }
}

interface Llhttp {
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void;
  execute(octets: Buffer): number | Error;
  finish(): void | Error;
  close(): void;
  [callback: number]: unknown;
}

const { HTTPParser, methods } = createRequire(import.meta.url)('node:_http_common') as {
  HTTPParser: { new (): Llhttp; REQUEST: number; RESPONSE: number; kOnHeaders: number; kOnHeadersComplete: number; kOnBody: number; kOnMessageComplete: number };
  methods: string[];
};
/** llhttp numbers it behind the methods of other protocols, which the list leaves out. */
const newestMethod = 'QUERY';
const skipBody = 1;

/** What llhttp, which refuses everything that it knows to be wrong, makes of the same octets. */
export function readWithLlhttp(side: Side, octets: Buffer): Reading {
  const parser = new HTTPParser();
  const messages: ReadMessage[] = [];
  let fields: string[] = [];
  let target = '';
  parser.initialize(side.request ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, 4 * headBytesMax, 0);
  parser[HTTPParser.kOnHeaders] = (more: string[], part: string): void => {
    fields.push(...more);
    target += part;
  };
  parser[HTTPParser.kOnHeadersComplete] = (_major: number, minor: number, more: string[] | undefined, method: number, part: string, status: number, reason: string): number => {
    const all = more === undefined ? fields : more;
    const line = side.request ? `${methods[method] ?? newestMethod} ${part ?? target} 1.${minor}` : `1.${minor} ${status} ${reason}`;
    messages.push({ head: `${line}\n${all.join('\n')}`, body: '', trailers: '', complete: false });
    fields = [];
    target = '';
    return !side.request && side.method === 'HEAD' ? skipBody : 0;
  };
  parser[HTTPParser.kOnBody] = (part: Buffer): void => { messages.at(-1)!.body += part.toString('latin1'); };
  parser[HTTPParser.kOnMessageComplete] = (): void => {
    const message = messages.at(-1)!;
    message.complete = true;
    message.trailers = fields.join('\n');
    fields = [];
    target = '';
  };
  const read = parser.execute(octets);
  const ended = read instanceof Error ? read : parser.finish();
  parser.close();
  const error = (ended ?? undefined) as (Error & { reason?: string }) | undefined;
  return { messages, problem: error === undefined ? '' : error.reason ?? error.message };
}
