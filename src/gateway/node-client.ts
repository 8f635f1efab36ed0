import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { ClientSide } from './exchange.ts';
import type { RequestHead } from './call.ts';
import { findField, findFields, type Fields } from './fields.ts';

/** An unread rest of a body is read and dropped up to here, so that the client gets to read its answer (RFC 9112 section 9.6). */
const lingerBytes = 1 << 20;
const lingerMs = 1_000;

/** The client's side of a call on node:http. */
export class NodeClient implements ClientSide {
  readonly source: Readable | null;
  readonly expectsContinue: boolean;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #upgrade: { socket: Duplex; first: Uint8Array } | null;
  #continued = false;
  #finished = false;

  constructor(message: IncomingMessage, response: ServerResponse, head: RequestHead, expectsContinue: boolean, upgrade: { socket: Duplex; first: Uint8Array } | null = null) {
    this.#message = message;
    this.#response = response;
    this.#upgrade = upgrade;
    this.source = head.hasBody ? message : null;
    this.expectsContinue = expectsContinue;
    response.on('error', () => undefined);
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  continue(): void {
    if (this.#continued || this.#response.headersSent) return;
    this.#continued = true;
    this.#response.writeContinue();
  }

  trailers(): Fields {
    return this.#message.rawTrailers;
  }

  inform(status: number, fields: Fields): void {
    if (this.#response.headersSent || this.#message.httpVersion === '1.0') return;
    if (status === 102) this.#response.writeProcessing();
    const links = findFields(fields, 'link');
    if (status === 103 && links.length > 0) this.#response.writeEarlyHints({ link: links });
  }

  start(status: number, reason: string, fields: string[]): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    // A body that nobody will read would be taken for the next request.
    if (this.#unread()) this.#response.shouldKeepAlive = false;
    if (reason === '') this.#response.writeHead(status, fields);
    else this.#response.writeHead(status, reason, fields);
    // The head of a stream goes out at once; that of a body of known length leaves in one write with its first octets.
    if (findField(fields, 'content-length') === undefined) this.#response.flushHeaders();
  }

  write(chunk: Uint8Array): boolean {
    return this.#response.destroyed || this.#response.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#response.on('drain', listener);
  }

  finish(trailers: Fields): void {
    this.#finished = true;
    if (this.#response.destroyed) return;
    if (trailers.length > 0 && this.#response.chunkedEncoding) this.#response.addTrailers(pairs(trailers));
    const uninvited = this.expectsContinue && !this.#continued;
    if (this.#unread() && !uninvited && !this.#response.shouldKeepAlive) this.#linger();
    else this.#response.end();
  }

  abort(): void {
    this.#finished = true;
    this.#message.socket.resetAndDestroy();
  }

  onGone(listener: () => void): void {
    this.#response.once('close', () => {
      if (!this.#finished) listener();
    });
  }

  switchProtocols(reason: string, fields: string[]): { socket: Duplex; head: Uint8Array } {
    const { socket, first } = this.#upgrade!;
    this.#finished = true;
    this.#response.detachSocket(this.#message.socket);
    let head = `HTTP/1.1 101 ${reason === '' ? 'Switching Protocols' : reason}\r\n`;
    for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`;
    socket.write(`${head}\r\n`, 'latin1');
    return { socket, head: first };
  }

  #unread(): boolean {
    return this.source !== null && !this.#message.complete;
  }

  #linger(): void {
    let left = lingerBytes;
    const end = (): void => {
      clearTimeout(timer);
      this.#message.off('data', count);
      this.#response.end();
    };
    const count = (chunk: Uint8Array): void => {
      left -= chunk.length;
      if (left < 0) end();
    };
    const timer = setTimeout(end, lingerMs);
    this.#message.on('data', count);
    this.#message.once('end', end);
    this.#message.once('close', end);
    this.#message.resume();
  }
}

function pairs(fields: Fields): [string, string][] {
  const made: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) made.push([fields[i]!, fields[i + 1]!]);
  return made;
}
