// The client's side of one call on an HTTP/1 connection. What is said after the end of the call goes nowhere.
import { Buffer } from 'node:buffer';
import { Readable, type Duplex } from 'node:stream';
import { endToEndFields, type Fields } from '../fields.ts';
import type { ClientListener, ClientSide } from '../exchange.ts';
import type { FieldList } from './field-section.ts';
import type { Http1Connection } from './http1-connection.ts';
import type { IncomingBody } from './incoming-body.ts';
import { outgoingBytes, returnOutgoing, takeOutgoing } from './outgoing-buffers.ts';
import { answerHead, headText, interimHead, writeHead, type AnswerBody, type AnswerHead } from './response-head.ts';

export class Http1Client implements ClientSide {
  readonly whole: Buffer | null;
  readonly expectsContinue: boolean;
  started = false;
  readonly #connection: Http1Connection;
  readonly #incoming: IncomingBody | null;
  readonly #minor: number;
  readonly #isHead: boolean;
  /** The connection ends with this call. */
  #closes: boolean;
  #continued = false;
  #over = false;
  #body: AnswerBody = 'none';
  /** Of a body of known length. */
  #left = 0;
  /** Kept for the first octets of the body. */
  #head: AnswerHead | null = null;
  /** The last octets of the body, behind the head where that has not left yet. */
  #held: Buffer | null = null;
  #heldLength = 0;
  #listener: ClientListener | null = null;

  constructor(connection: Http1Connection, call: { incoming: IncomingBody | null; whole: Buffer | null; expectsContinue: boolean; minor: number; isHead: boolean; closes: boolean }) {
    this.#connection = connection;
    this.#incoming = call.incoming;
    this.whole = call.whole;
    this.expectsContinue = call.expectsContinue;
    this.#minor = call.minor;
    this.#isHead = call.isHead;
    this.#closes = call.closes;
  }

  get source(): Readable | null {
    return this.whole === null ? this.#incoming : Readable.from([this.whole], { objectMode: false });
  }

  /** The client was asked for its body, or never waited to be asked. */
  get invited(): boolean {
    return this.#continued || !this.expectsContinue;
  }

  /** No other call follows on the connection. */
  get closes(): boolean {
    return this.#closes;
  }

  continue(): void {
    if (this.#continued || this.started || this.#over) return;
    this.#continued = true;
    this.#connection.send('HTTP/1.1 100 Continue\r\n\r\n', null, '');
    this.#connection.invited();
  }

  trailers(): Fields {
    return this.#incoming?.trailers ?? [];
  }

  inform(status: number, fields: FieldList): void {
    if (this.started || this.#over || this.#minor === 0 || status === 100 || status === 101) return;
    this.#connection.send(`${interimHead(status, '', endToEndFields(fields))}\r\n`, null, '');
  }

  start(status: number, reason: string, fields: string[]): void {
    if (this.started || this.#over) return;
    this.started = true;
    const connection = this.#connection;
    // A body that nobody will read would be taken for the next request.
    const closes = this.#closes || connection.closing || (this.#incoming !== null && !this.#incoming.whole);
    const head = answerHead(status, reason, fields, { minor: this.#minor, isHead: this.#isHead, closes, keepAlive: connection.keepAliveLines, date: connection.date });
    this.#closes = head.closes;
    this.#body = head.body;
    this.#left = head.length;
    // The head of a stream goes out with this turn of the event loop; that of a body of known length leaves with its first octets.
    if (head.body === 'length' || head.body === 'none') this.#head = head;
    else connection.sendSoon(headText(head));
  }

  write(chunk: Uint8Array): boolean {
    if (this.#over || this.#body === 'none' || chunk.length === 0) return true;
    const head = this.#takeHead();
    if (this.#body === 'chunked') return this.#connection.send(`${head}${chunk.length.toString(16)}\r\n`, chunk, '\r\n');
    if (this.#body === 'length' && (this.#left -= chunk.length) < 0) {
      this.abort();
      return true;
    }
    return this.#connection.send(head, chunk, '');
  }

  hold(chunk: Uint8Array): void {
    if (this.#over || this.#body === 'none') return;
    if (this.#body === 'length' && (this.#left -= chunk.length) < 0) {
      this.abort();
      return;
    }
    const head = this.#head;
    if (head !== null && this.#body === 'length' && chunk.length < outgoingBytes) {
      const buffer = takeOutgoing();
      const length = writeHead(head, buffer);
      if (length >= 0 && length + chunk.length <= outgoingBytes) {
        buffer.set(chunk, length);
        this.#held = buffer;
        this.#heldLength = length + chunk.length;
        this.#head = null;
        return;
      }
      returnOutgoing(buffer);
    }
    this.#held = Buffer.from(chunk);
    this.#heldLength = -1;
  }

  listen(listener: ClientListener): void {
    this.#listener = listener;
  }

  finish(trailers: Fields): void {
    if (this.#over) return;
    if (this.#left > 0 && this.#body === 'length') {
      this.abort();
      return;
    }
    this.#sendHeld();
    this.#over = true;
    const head = this.#takeHead();
    if (head !== '') this.#connection.send(head, null, '');
    if (this.#body === 'chunked') this.#connection.send(lastChunk(trailers), null, '');
    this.#connection.endCall();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#dropHeld();
    this.#connection.reset();
  }

  switchProtocols(reason: string, fields: string[]): { socket: Duplex; head: Uint8Array } {
    this.#over = true;
    this.#connection.send(`${interimHead(101, reason, fields)}\r\n`, null, '');
    return this.#connection.handOver();
  }

  /** The connection can take more. */
  drained(): void {
    if (!this.#over) this.#listener?.clientDrained();
  }

  /** The connection is no more. */
  gone(): void {
    if (this.#over) return;
    this.#over = true;
    this.#dropHeld();
    this.#listener?.clientGone();
  }

  #takeHead(): string {
    const head = this.#head;
    this.#head = null;
    return head === null ? '' : headText(head);
  }

  #sendHeld(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    if (this.#heldLength >= 0) {
      this.#connection.sendOutgoing(held, this.#heldLength);
      return;
    }
    // Its length is counted already.
    this.#left += held.length;
    this.write(held);
  }

  #dropHeld(): void {
    if (this.#held !== null && this.#heldLength >= 0) returnOutgoing(this.#held);
    this.#held = null;
  }
}

function lastChunk(trailers: Fields): string {
  if (trailers.length === 0) return '0\r\n\r\n';
  return `0${interimHead(200, '', trailers).slice('HTTP/1.1 200 OK'.length)}\r\n`;
}
