// The two sides of a call, whatever transport carries them: http-server.ts makes a ClientSide, upstream/ an UpstreamExchange.
import type { Buffer } from 'node:buffer';
import type { Duplex, Readable } from 'node:stream';
import type { Fields } from './fields.ts';
import type { FieldList } from './http1/field-section.ts';
import type { Refusal } from './call.ts';
import type { RoutedUpstream } from './routing/compile-routes.ts';
import type { RequestBody } from './request-body.ts';

export interface ClientSide {
  /** The request body as it arrives, null when there is none. Nothing is read before the first read. */
  readonly source: Readable | null;
  /** A small body that came together with its head: then `source` need not be read. */
  readonly whole: Buffer | null;
  /** The client waits for 100 (Continue) before it sends the body. */
  readonly expectsContinue: boolean;
  continue(): void;
  /** Trailer fields of the request, once the body has ended. */
  trailers(): Fields;
  /** An interim response. */
  inform(status: number, fields: FieldList): void;
  start(status: number, reason: string, fields: string[]): void;
  readonly started: boolean;
  /** @param chunk stays as it is. @returns false asks to wait for the drain */
  write(chunk: Uint8Array): boolean;
  /** The last octets of a body of known length: they leave with `finish`. @param chunk may belong to somebody else as soon as this returns */
  hold(chunk: Uint8Array): void;
  finish(trailers: Fields): void;
  /** Breaks the connection, so that what was sent cannot look complete. */
  abort(): void;
  listen(listener: ClientListener): void;
  /** Answers 101 and hands over the connection. `head` is what the client has already sent. */
  switchProtocols(reason: string, fields: string[]): { socket: Duplex; head: Uint8Array };
}

export interface ClientListener {
  /** Once, when the client has gone before the response was finished. */
  clientGone(): void;
  clientDrained(): void;
}

/** Owns the octets of parts of a body: they change as soon as whoever got one returns, unless it is kept. */
export interface PartOwner {
  keep(part: Uint8Array): Uint8Array;
}

export interface UpstreamRequest {
  upstream: RoutedUpstream;
  method: string;
  /** Path and query below the prefix of the address. */
  path: string;
  /** As they were read: without CR, LF or NUL. Host is not among them, since it belongs to the address. */
  fields: string[];
  body: RequestBody | null;
  /** A body that is here already leaves with the head; then `body` is null. */
  whole: Buffer | null;
  /** As the client said, null when it is not known beforehand. */
  contentLength: number | null;
  connectTimeoutMs: number;
  headTimeoutMs: number;
  upgrade: boolean;
  expectsContinue: boolean;
  /** The request announces trailers, which `trailers` gives once the body has ended. */
  trailers: (() => Fields) | null;
}

export interface UpstreamListener {
  onInformation(status: number, fields: FieldList): void;
  onHead(status: number, reason: string, fields: FieldList): void;
  /** @param owner null where the part stays as it is. @returns false asks to pause until `resume` */
  onData(part: Uint8Array, owner: PartOwner | null): boolean;
  onEnd(trailers: Fields): void;
  /** Before or after the head; nothing follows. */
  onFailure(refusal: Refusal): void;
  onUpgrade(reason: string, fields: FieldList, socket: Duplex, head: Uint8Array): void;
}

/** What an answer goes to, with the exchange that it comes from. */
export interface AnswerListener extends UpstreamListener {
  exchange: UpstreamExchange | undefined;
  /** Set when nobody is asked upstream, as for an example or a stored answer: then no time was spent there. */
  nobodyAsked: boolean;
}

export interface UpstreamExchange {
  resume(): void;
  abort(): void;
}
