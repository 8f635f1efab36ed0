// In: octets of a connection to an upstream. Out: the answer to one request, and whether the connection may carry another.
import { Buffer } from 'node:buffer';
import type { Fields } from '../fields.ts';
import { ChunkedDecoder } from '../http1/chunked-decoder.ts';
import { responseFraming } from '../http1/response-framing.ts';
import { ResponseHeadScanner, type ScannedResponse } from '../http1/scan-response-head.ts';
import { needsMore, wrong } from '../http1/field-section.ts';

export const responseHeadBytesMax = 64 * 1024;
/** Interim answers (RFC 9110 section 15.2) before the final one. */
export const interimMax = 64;

export interface ResponseSink {
  onInterim(head: ScannedResponse): void;
  onHead(head: ScannedResponse): void;
  /** @param part valid only during the call */
  onPart(part: Buffer): void;
  /** @param clean the connection is at the start of a next answer and may be kept */
  onComplete(trailers: Fields, clean: boolean): void;
  /** The answer is 101. @param rest what came behind its head, valid only during the call */
  onSwitch(head: ScannedResponse, rest: Buffer): void;
  onProblem(problem: string): void;
}

type State = 'idle' | 'head' | 'length' | 'chunked' | 'until-close';

/** Heads that arrive whole share it. */
const sharedScanner = new ResponseHeadScanner(responseHeadBytesMax);

export class ResponseReader {
  readonly #sink: ResponseSink;
  #state: State = 'idle';
  #method = '';
  #upgrade = false;
  #persistent = false;
  #left = 0;
  #interim = 0;
  #chunks: ChunkedDecoder | null = null;
  /** A head of which more is to come. */
  #partial: { scanner: ResponseHeadScanner; octets: Buffer; length: number } | null = null;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** An answer to `method` is to come. @param upgrade it may be 101 */
  begin(method: string, upgrade: boolean): void {
    this.#state = 'head';
    this.#method = method;
    this.#upgrade = upgrade;
    this.#interim = 0;
  }

  /** Nothing more is told to the sink. */
  stop(): void {
    this.#state = 'idle';
    this.#partial = null;
    this.#chunks = null;
  }

  /** Nothing of the awaited head has come yet. */
  get untouched(): boolean {
    return this.#state === 'head' && this.#partial === null && this.#interim === 0;
  }

  read(octets: Buffer, end: number): void {
    let at = 0;
    while (at < end) {
      switch (this.#state) {
        case 'head':
          at = this.#readHead(octets, at, end);
          break;
        case 'length':
          at = this.#readLength(octets, at, end);
          break;
        case 'chunked':
          at = this.#readChunks(octets, at, end);
          break;
        case 'until-close':
          this.#sink.onPart(octets.subarray(at, end));
          return;
        case 'idle':
          return;
      }
    }
  }

  /** The upstream sends no more. True when that ended the answer as it should. */
  readEnd(): boolean {
    if (this.#state !== 'until-close') return false;
    this.#complete([], false);
    return true;
  }

  #readHead(octets: Buffer, at: number, end: number): number {
    if (this.#partial !== null) return this.#readPartial(this.#partial, octets, at, end);
    sharedScanner.begin();
    const length = sharedScanner.scan(octets, at, end);
    if (length === needsMore) {
      // Begun anew with a scanner of its own, once: from then on it goes on where it stood.
      const partial = { scanner: new ResponseHeadScanner(responseHeadBytesMax), octets: Buffer.allocUnsafeSlow(Math.max(1024, 2 * (end - at))), length: 0 };
      partial.scanner.begin();
      this.#partial = partial;
      return this.#readPartial(partial, octets, at, end);
    }
    if (length === wrong) return this.#fail(sharedScanner.problem, end);
    return this.#acceptHead(sharedScanner.take(octets, at, length), octets, at + length, end);
  }

  #readPartial(partial: { scanner: ResponseHeadScanner; octets: Buffer; length: number }, octets: Buffer, at: number, end: number): number {
    const before = partial.length;
    const taken = Math.min(end - at, responseHeadBytesMax + 1 - before);
    if (before + taken > partial.octets.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (before + taken));
      partial.octets.copy(larger, 0, 0, before);
      partial.octets = larger;
    }
    octets.copy(partial.octets, before, at, at + taken);
    partial.length += taken;
    const length = partial.scanner.scan(partial.octets, 0, partial.length);
    if (length === wrong) return this.#fail(partial.scanner.problem, end);
    if (length === needsMore) return end;
    this.#partial = null;
    return this.#acceptHead(partial.scanner.take(partial.octets, 0, length), octets, at + length - before, end);
  }

  #acceptHead(head: ScannedResponse, octets: Buffer, at: number, end: number): number {
    const framing = responseFraming(head, this.#method);
    if ('problem' in framing) return this.#fail(framing.problem, end);
    if (head.status === 101) {
      if (!this.#upgrade) return this.#fail('it switched protocols without being asked', end);
      this.stop();
      this.#sink.onSwitch(head, octets.subarray(at, end));
      return end;
    }
    if (head.status < 200) {
      // Behind it stands the final answer, which neither a body nor an end of the connection leaves room for.
      if (!framing.persistent) return this.#fail('an interim answer closes the connection or speaks of a body', end);
      if (++this.#interim > interimMax) return this.#fail(`it has more than ${interimMax} interim answers`, end);
      this.#sink.onInterim(head);
      return at;
    }
    this.#persistent = framing.persistent;
    this.#left = framing.length;
    const { body } = framing;
    if (body === 'chunked') this.#chunks = new ChunkedDecoder();
    // The sink may stop the reader while it hears of the head.
    if (body !== 'none') this.#state = body;
    this.#sink.onHead(head);
    if (body === 'none' && this.#state === 'head') this.#complete([], at === end);
    return at;
  }

  #readLength(octets: Buffer, at: number, end: number): number {
    const to = Math.min(end, at + this.#left);
    this.#left -= to - at;
    this.#sink.onPart(octets.subarray(at, to));
    if (this.#left === 0 && this.#state === 'length') this.#complete([], to === end);
    return to;
  }

  #readChunks(octets: Buffer, at: number, end: number): number {
    const chunks = this.#chunks!;
    const event = chunks.next(octets, at, end);
    switch (event) {
      case 'data':
        this.#sink.onPart(octets.subarray(chunks.dataFrom, chunks.at));
        break;
      case 'end':
        this.#complete(chunks.trailers, chunks.at === end);
        break;
      case 'wrong':
        return this.#fail(chunks.problem, end);
      case 'more':
    }
    return chunks.at;
  }

  #complete(trailers: Fields, clean: boolean): void {
    this.stop();
    this.#sink.onComplete(trailers, clean && this.#persistent);
  }

  #fail(problem: string, end: number): number {
    this.stop();
    this.#sink.onProblem(problem);
    return end;
  }
}
