// One HTTP/1 connection of a client: reads requests one after the other, serves each before it reads the next, and ends in peace.
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { RequestHead } from '../call.ts';
import { BodyProblem } from '../request-body.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { needsMore, wrong } from './field-section.ts';
import { Http1Client } from './http1-client.ts';
import { IncomingBody } from './incoming-body.ts';
import { requestFraming } from './request-framing.ts';
import { expectation, isWebSocket } from './request-wishes.ts';
import type { HeadProblem, RequestHeadScanner, ScannedRequest } from './scan-request-head.ts';

/** What all connections of a thread share. */
export interface Connections {
  /** ms of the coarse clock that all deadlines are told by. */
  readonly now: number;
  readonly times: ConnectionTimes;
  /** Set while the server drains: every connection ends with the call that it serves. */
  readonly closing: boolean;
  /** Of now, as a field value. */
  readonly date: string;
  /** For heads that arrive whole; replaced when a connection keeps it. */
  scanner: RequestHeadScanner;
  newScanner(): RequestHeadScanner;
  /** @param problem why the call cannot be served, though its head could be read */
  serve(head: RequestHead, client: Http1Client, problem: string | undefined): void;
  /** The whole answer to what could not be read. */
  answerUnread(socket: Socket, problem: HeadProblem | string): Buffer;
  closed(connection: Http1Connection): void;
  /** The connection was given away by an upgrade. */
  handedOver(connection: Http1Connection, socket: Socket): void;
}

export interface ConnectionTimes {
  /** For the rest of a head, once it has begun. */
  headMs: number;
  /** A body may pause this long. */
  bodyStallMs: number;
  /** Between two requests. */
  keepAliveMs: number;
  /** A client that will send no more gets this long for its answer to begin or go on: it may as well have left. */
  halfClosedMs: number;
  /** What a client still sends is dropped this long, so that a reset does not overtake its answer (RFC 9112 section 9.6). */
  lingerMs: number;
  /** A client that takes nothing of what was sent to it is given up after this. */
  writeStallMs: number;
}

/** Requests that wait for their turn, in bytes; then the client has to wait, too. */
const waitingBytesMax = 64 * 1024;
const lingerBytesMax = 1 << 20;
/** Up to here octets are copied together, so that an answer is one write. */
const joinedBytesMax = 16 * 1024;

const connectionOf = Symbol('connection');
type OwnedSocket = Socket & { [connectionOf]?: Http1Connection };

/** Serves the requests that arrive on a new connection. */
export function openConnection(socket: Socket, shared: Connections): Http1Connection {
  const connection = new Http1Connection(socket, shared);
  (socket as OwnedSocket)[connectionOf] = connection;
  socket.on('data', onData).on('end', onEnd).on('drain', onDrain).on('close', onClose).on('error', onError);
  return connection;
}

function releaseConnection(socket: Socket): void {
  socket.pause();
  socket.off('data', onData).off('end', onEnd).off('drain', onDrain).off('close', onClose);
}

function onData(this: Socket, chunk: Buffer): void {
  (this as OwnedSocket)[connectionOf]!.data(chunk);
}

function onEnd(this: Socket): void {
  (this as OwnedSocket)[connectionOf]!.inputEnded();
}

function onDrain(this: Socket): void {
  (this as OwnedSocket)[connectionOf]!.drained();
}

function onClose(this: Socket): void {
  (this as OwnedSocket)[connectionOf]!.closed();
}

/** The close that follows says it all. */
function onError(): void {}

type State = 'idle' | 'head' | 'busy' | 'lingering' | 'gone';

export class Http1Connection {
  /** On the coarse clock; 0 for none. */
  deadline: number;
  readonly #socket: Socket;
  readonly #shared: Connections;
  #state: State = 'idle';
  #client: Http1Client | null = null;
  /** Of the present call, while it arrives. */
  #body: IncomingBody | null = null;
  #decoder: ChunkedDecoder | null = null;
  #bodyLeft = 0;
  /** Framing was lost: whatever follows has no meaning. */
  #broken = false;
  /** Why. */
  #lost = '';
  #inputEnded = false;
  #paused = false;
  #reading = false;
  /** What has arrived and waits: the beginning of a head, or requests behind the present one. */
  #kept: Buffer | null = null;
  #keptFrom = 0;
  #keptTo = 0;
  /** Its own while it waits for the rest of a head. */
  #scanner: RequestHeadScanner | null = null;
  #lingered = 0;
  /** How many octets the client had taken when that was last looked at, and when it took some. */
  #taken = -1;
  #takenAt = 0;

  constructor(socket: Socket, shared: Connections) {
    this.#socket = socket;
    this.#shared = shared;
    this.deadline = shared.now + shared.times.keepAliveMs;
  }

  get closing(): boolean {
    return this.#shared.closing;
  }

  get date(): string {
    return this.#shared.date;
  }

  get keepAliveSeconds(): number {
    return Math.floor(this.#shared.times.keepAliveMs / 1000);
  }

  // What the socket says.

  data(chunk: Buffer): void {
    switch (this.#state) {
      case 'busy':
        if (this.#broken) return;
        this.#hold(chunk, this.#body === null ? 0 : this.#feed(chunk, 0, chunk.length), chunk.length);
        return;
      case 'lingering':
        this.#lingered += chunk.length;
        if (this.#lingered > lingerBytesMax) this.destroy();
        return;
      case 'gone':
        return;
      default:
        if (this.#kept === null) {
          this.#read(chunk, 0, chunk.length);
          return;
        }
        this.#keep(chunk, 0, chunk.length);
        this.#readKept();
    }
  }

  inputEnded(): void {
    this.#inputEnded = true;
    switch (this.#state) {
      case 'head':
        this.#refuse('The connection ended before the request did.');
        return;
      case 'busy':
        if (this.#body !== null) this.#loseBody('The connection ended before the body did.');
        this.#arm();
        return;
      case 'idle':
        this.#end();
        return;
      default:
        // With both directions over the socket closes by itself.
    }
  }

  drained(): void {
    this.#arm();
    this.#client?.drained();
  }

  closed(): void {
    this.#state = 'gone';
    const client = this.#client;
    const body = this.#body;
    this.#client = null;
    this.#body = null;
    this.#kept = null;
    this.#shared.closed(this);
    body?.destroy();
    client?.gone();
  }

  // What the clock says.

  expire(): void {
    const { times } = this.#shared;
    if (this.#socket.writableLength > 0) {
      this.#watchReader();
      return;
    }
    switch (this.#state) {
      case 'head':
        if (this.#scanner?.isBlank === true) this.#end();
        else this.#refuse(`The request head did not arrive within ${times.headMs / 1000} s.`);
        return;
      case 'busy':
        if (this.#body !== null) {
          this.#loseBody(`The body stopped arriving for ${times.bodyStallMs / 1000} s.`);
          return;
        }
        this.destroy();
        return;
      default:
        this.destroy();
    }
  }

  /** What was said still waits for the client to take it. */
  #watchReader(): void {
    const { now, times } = this.#shared;
    const taken = this.#socket.bytesWritten - this.#socket.writableLength;
    if (taken !== this.#taken) {
      this.#taken = taken;
      this.#takenAt = now;
    }
    if (now - this.#takenAt >= times.writeStallMs) this.destroy();
    else this.deadline = now + Math.min(times.lingerMs, times.writeStallMs);
  }

  /** Ends the connection unless it serves a call. */
  endIdle(): void {
    if (this.#state === 'idle') this.#end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // What the call says.

  /** Sends a text of octets, a chunk, and a text again, in one write where that costs less. @returns false asks to wait for the drain */
  send(before: string, chunk: Uint8Array | null, after: string): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
    let room: boolean;
    if (chunk === null) room = socket.write(before, 'latin1');
    else if (before === '' && after === '') room = socket.write(chunk);
    else if (chunk.length <= joinedBytesMax) {
      const all = Buffer.allocUnsafe(before.length + chunk.length + after.length);
      all.write(before, 0, 'latin1');
      all.set(chunk, before.length);
      if (after !== '') all.write(after, before.length + chunk.length, 'latin1');
      room = socket.write(all);
    } else {
      socket.cork();
      socket.write(before, 'latin1');
      room = socket.write(chunk);
      if (after !== '') room = socket.write(after, 'latin1');
      socket.uncork();
    }
    if (!room && this.deadline === 0) this.deadline = this.#shared.now + this.#shared.times.writeStallMs;
    return room;
  }

  /** Sends with whatever follows in this turn of the event loop. */
  sendSoon(text: string): void {
    this.#socket.cork();
    this.send(text, null, '');
    process.nextTick(uncork, this.#socket);
  }

  /** The body of the present call was asked for. */
  invited(): void {
    this.#arm();
  }

  endCall(): void {
    const client = this.#client!;
    const body = this.#body;
    this.#client = null;
    this.#body = null;
    this.#decoder = null;
    if (client.closes || body !== null || this.#broken) {
      this.#end();
      body?.destroy();
      return;
    }
    this.#state = 'idle';
    this.#arm();
    if (this.#reading) return;
    if (this.#kept !== null) this.#readKept();
    else if (this.#inputEnded) this.#end();
  }

  /** What was sent so far cannot look complete. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Gives the connection away, and what the client has already sent on it. */
  handOver(): { socket: Socket; head: Uint8Array } {
    const head = this.#kept === null ? new Uint8Array(0) : this.#kept.subarray(this.#keptFrom, this.#keptTo);
    this.#client = null;
    this.#kept = null;
    this.#state = 'gone';
    releaseConnection(this.#socket);
    this.#shared.handedOver(this, this.#socket);
    return { socket: this.#socket, head };
  }

  // Reading.

  #readKept(): void {
    const octets = this.#kept!;
    const from = this.#keptFrom;
    this.#read(octets, from, this.#keptTo);
  }

  /** Reads requests until one has to be waited for. */
  #read(octets: Buffer, begin: number, end: number): void {
    let from = begin;
    this.#reading = true;
    while ((this.#state === 'idle' || this.#state === 'head') && from < end) {
      const scanner = this.#scanner ?? this.#shared.scanner;
      if (this.#scanner === null) scanner.begin();
      const length = scanner.scan(octets, from, end);
      if (length === wrong) {
        this.#refuse(scanner);
        break;
      }
      if (length === needsMore) {
        this.#waitForHead(scanner);
        break;
      }
      const head = scanner.take(octets, from, length);
      this.#scanner = null;
      from = this.#serve(head, octets, from + length, end);
    }
    this.#reading = false;
    this.#hold(octets, from, end);
    if (this.#state === 'idle' && this.#inputEnded) this.#end();
    else if (this.#state === 'head' && this.#inputEnded) this.#refuse('The connection ended before the request did.');
    else if (this.#paused && this.#state !== 'busy') this.#resume();
  }

  /** The scanner that all share becomes this connection's own until the head is whole. */
  #waitForHead(scanner: RequestHeadScanner): void {
    if (this.#scanner === null) {
      this.#scanner = scanner;
      this.#shared.scanner = this.#shared.newScanner();
    }
    if (this.#state === 'head') return;
    this.#state = 'head';
    this.deadline = this.#shared.now + this.#shared.times.headMs;
  }

  /** @returns where the octets behind the request begin, as far as they have arrived */
  #serve(scanned: ScannedRequest, octets: Buffer, from: number, end: number): number {
    const framing = requestFraming(scanned);
    let problem = 'problem' in framing ? framing.problem : undefined;
    const chunked = 'problem' in framing ? false : framing.chunked;
    const length = 'problem' in framing ? null : framing.length;
    const head = this.#headOf(scanned, chunked, length);
    const expected = expectation(scanned);
    let next = from;
    let body: IncomingBody | null = null;
    this.#state = 'busy';
    if (head.hasBody) {
      body = this.#body = new IncomingBody(() => this.#wanted());
      this.#decoder = chunked ? new ChunkedDecoder() : null;
      this.#bodyLeft = length ?? 0;
      if (from < end) next = this.#feed(octets, from, end);
      if (this.#lost !== '') problem = this.#lost;
    }
    const client = new Http1Client(this, {
      source: body, expectsContinue: expected === '100-continue', minor: scanned.minor, isHead: scanned.method === 'HEAD',
      // What follows an upgrade may already speak the other protocol.
      closes: problem !== undefined || ('persistent' in framing && !framing.persistent) || head.upgrade,
    });
    this.#client = client;
    this.#arm();
    if (problem !== undefined) {
      this.#broken = true;
      this.#shared.serve(head, client, problem);
    } else {
      this.#shared.serve(head, client, expected === 'unknown' ? 'The Expect field asks for something other than 100-continue.' : undefined);
    }
    return next;
  }

  #headOf(scanned: ScannedRequest, chunked: boolean, length: number | null): RequestHead {
    const { method, target, fields, names, ids, known, repeated, minor } = scanned;
    return {
      method, target, fields, names, ids, known, repeated,
      httpVersion: minor === 1 ? '1.1' : '1.0',
      remoteAddress: this.#socket.remoteAddress ?? '',
      encrypted: 'encrypted' in this.#socket,
      upgrade: isWebSocket(scanned),
      hasBody: chunked || (length !== null && length > 0),
      contentLength: length,
    };
  }

  /** Passes on what belongs to the body. @returns where it ends */
  #feed(octets: Buffer, from: number, end: number): number {
    const body = this.#body!;
    if (this.#decoder !== null) return this.#feedChunks(body, this.#decoder, octets, from, end);
    const taken = Math.min(this.#bodyLeft, end - from);
    this.#bodyLeft -= taken;
    const room = body.destroyed || body.push(octets.subarray(from, from + taken));
    if (this.#bodyLeft === 0) this.#endBody(body, []);
    else this.#goOn(room);
    return from + taken;
  }

  #feedChunks(body: IncomingBody, decoder: ChunkedDecoder, octets: Buffer, begin: number, end: number): number {
    let room = true;
    for (let from = begin; ; from = decoder.at) {
      switch (decoder.next(octets, from, end)) {
        case 'data':
          room = body.destroyed || body.push(octets.subarray(decoder.dataFrom, decoder.at));
          break;
        case 'more':
          this.#goOn(room);
          return end;
        case 'end':
          this.#endBody(body, decoder.trailers);
          return decoder.at;
        default:
          this.#loseBody(`The chunked body could not be read: ${decoder.problem}.`);
          return end;
      }
    }
  }

  #endBody(body: IncomingBody, trailers: readonly string[]): void {
    this.#body = null;
    this.#decoder = null;
    if (!body.destroyed) body.end(trailers);
    if (this.#paused) this.#resume();
    this.#arm();
  }

  #loseBody(detail: string): void {
    const body = this.#body!;
    this.#body = null;
    this.#decoder = null;
    this.#broken = true;
    this.#lost = detail;
    this.#arm();
    body.destroy(new BodyProblem({ code: 'request_malformed', detail }));
  }

  #goOn(room: boolean): void {
    if (!room) this.#pause();
    this.#arm();
  }

  #wanted(): void {
    if (this.#body === null || !this.#paused) return;
    this.#resume();
    this.#arm();
  }

  /** What waits for its turn stays, up to a most. */
  #hold(octets: Buffer, from: number, end: number): void {
    if (from >= end || this.#broken || this.#state === 'lingering' || this.#state === 'gone') {
      if (octets === this.#kept || this.#state === 'lingering') this.#kept = null;
      return;
    }
    this.#keep(octets, from, end);
    if (this.#state === 'busy' && this.#keptTo - this.#keptFrom > waitingBytesMax) this.#pause();
  }

  #keep(octets: Buffer, from: number, end: number): void {
    if (octets === this.#kept) {
      this.#keptFrom = from;
      return;
    }
    const length = this.#kept === null ? 0 : this.#keptTo - this.#keptFrom;
    const more = end - from;
    if (this.#kept === null || this.#keptTo + more > this.#kept.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(512, length === 0 ? more : 2 * (length + more)));
      this.#kept?.copy(larger, 0, this.#keptFrom, this.#keptTo);
      this.#kept = larger;
      this.#keptFrom = 0;
      this.#keptTo = length;
    }
    octets.copy(this.#kept, this.#keptTo, from, end);
    this.#keptTo += more;
  }

  // Ending.

  #refuse(problem: HeadProblem | string): void {
    this.#client = null;
    if (!this.#socket.writable) {
      this.destroy();
      return;
    }
    this.#socket.write(this.#shared.answerUnread(this.#socket, problem));
    this.#end();
  }

  /** Nothing more is said. What the client still sends is dropped for a moment. */
  #end(): void {
    this.#state = 'lingering';
    this.#kept = null;
    this.#scanner = null;
    this.#body = null;
    this.#socket.end();
    if (this.#paused) this.#resume();
    this.deadline = this.#shared.now + this.#shared.times.lingerMs;
  }

  #pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  #resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }

  /** Sets the deadline that follows from where the connection stands. */
  #arm(): void {
    const { now, times } = this.#shared;
    if (this.#state === 'idle') this.deadline = now + times.keepAliveMs;
    else if (this.#state !== 'busy') return;
    else if (this.#body !== null && !this.#paused && (this.#client === null || this.#client.invited)) this.deadline = now + times.bodyStallMs;
    else if (this.#inputEnded) this.deadline = now + times.halfClosedMs;
    else this.deadline = 0;
  }
}

function uncork(socket: Socket): void {
  socket.uncork();
}
