// One HTTP/1 connection of a client: reads requests one after the other, serves each before it reads the next, and ends in peace.
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { certificateOf, type ClientCertificate } from '../client-certificate.ts';
import { BodyProblem } from '../request-body.ts';
import { disownSocket, type Connections } from './connections.ts';
import { needsMore, wrong } from './field-section.ts';
import { Http1Client } from './http1-client.ts';
import { IncomingBody } from './incoming-body.ts';
import { KeptOctets } from './kept-octets.ts';
import { returnOutgoing, sendOutgoing } from './outgoing-buffers.ts';
import { requestFraming, type RequestFraming } from './request-framing.ts';
import { expectation, requestHead } from './request-head.ts';
import type { HeadProblem, RequestHeadScanner, ScannedRequest } from './scan-request-head.ts';
import { sendOctets } from './send-octets.ts';

/** Requests that wait for their turn, in bytes; then the client has to wait, too. */
const waitingBytesMax = 64 * 1024;
const lingerBytesMax = 1 << 20;
/** A body of so many octets that comes together with its head is taken at once. */
const wholeBytesMax = 16 * 1024;
type State = 'idle' | 'head' | 'busy' | 'lingering' | 'gone';

export class Http1Connection {
  /** On the coarse clock; 0 for none. */
  deadline: number;
  readonly #socket: Socket;
  readonly #shared: Connections;
  readonly #certificate: ClientCertificate | null;
  #state: State = 'idle';
  #client: Http1Client | null = null;
  /** Of the present call, while it arrives. */
  #body: IncomingBody | null = null;
  /** Framing was lost: whatever follows has no meaning. */
  #broken = false;
  #inputEnded = false;
  #paused = false;
  #reading = false;
  /** What has arrived and waits: the beginning of a head, or requests behind the present one. */
  #kept: KeptOctets | null = null;
  /** Its own while it waits for the rest of a head. */
  #scanner: RequestHeadScanner | null = null;
  #lingered = 0;
  /** How many octets the client had taken when that was last looked at, and when it took some. */
  #taken = -1;
  #takenAt = 0;

  constructor(socket: Socket, shared: Connections) {
    this.#socket = socket;
    this.#shared = shared;
    this.#certificate = certificateOf(socket);
    this.deadline = shared.now + shared.times.keepAliveMs;
  }

  get closing(): boolean {
    return this.#shared.closing;
  }

  get date(): string {
    return this.#shared.date;
  }

  get keepAliveLines(): string {
    return this.#shared.keepAliveLines;
  }

  // What the socket says.

  /** @param octets belong to somebody else as soon as this returns. @returns false asks to read no more for now */
  data(octets: Buffer, length: number): boolean {
    switch (this.#state) {
      case 'busy':
        if (!this.#broken) this.#hold(octets, this.#body === null ? 0 : this.#feed(this.#body, octets, 0, length), length);
        break;
      case 'lingering':
        this.#lingered += length;
        if (this.#lingered > lingerBytesMax) this.destroy();
        break;
      case 'gone':
        return this.#socket.push(Buffer.from(octets.subarray(0, length)));
      default:
        if (this.#kept === null) {
          this.#read(octets, 0, length);
        } else {
          this.#kept.append(octets.subarray(0, length));
          this.#readKept(this.#kept);
        }
    }
    return !this.#paused;
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
        if (this.#kept === null) this.#end();
        return;
      default:
        // With both directions over the socket closes by itself.
    }
  }

  drained(): void {
    this.#arm();
    if (this.#client !== null) this.#client.drained();
    else if (this.#kept !== null && (this.#state === 'idle' || this.#state === 'head')) this.#readKept(this.#kept);
    else if (this.#state === 'idle' && this.#inputEnded) this.#end();
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

  /** Sends a text of octets, a chunk, and a text again. @returns false asks to wait for the drain */
  send(before: string, chunk: Uint8Array | null, after: string): boolean {
    return !this.#socket.writable || this.#sent(sendOctets(this.#socket, before, chunk, after));
  }

  /** Sends the first octets of a buffer that was taken for them, and gives it back. */
  sendOutgoing(buffer: Buffer, length: number): void {
    if (this.#socket.writable) this.#sent(sendOutgoing(this.#socket, buffer, length));
    else returnOutgoing(buffer);
  }

  #sent(room: boolean): boolean {
    if (this.#inputEnded) this.#arm();
    else if (!room && this.deadline === 0) this.deadline = this.#shared.now + this.#shared.times.writeStallMs;
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
    if (client.closes || body !== null || this.#broken) {
      this.#end();
      body?.destroy();
      return;
    }
    this.#state = 'idle';
    this.#arm();
    if (this.#reading) return;
    if (this.#kept !== null) this.#readKept(this.#kept);
    else if (this.#inputEnded) this.#end();
  }

  /** What was sent so far cannot look complete. */
  reset(): void {
    // Only TCP has a reset. By TLS the missing farewell says the same.
    if ('encrypted' in this.#socket) this.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** Gives the connection away, and what the client has already sent on it. */
  handOver(): { socket: Socket; head: Uint8Array } {
    const head = this.#kept === null ? new Uint8Array(0) : this.#kept.octets.subarray(this.#kept.from, this.#kept.to);
    this.#client = null;
    this.#kept = null;
    this.#state = 'gone';
    disownSocket(this.#socket);
    this.#shared.handedOver(this, this.#socket);
    return { socket: this.#socket, head };
  }

  // Reading.

  #readKept(kept: KeptOctets): void {
    this.#read(kept.octets, kept.from, kept.to);
  }

  /** Reads requests until one has to be waited for. */
  #read(octets: Buffer, begin: number, end: number): void {
    let from = begin;
    this.#reading = true;
    // Answers that nobody takes are not heaped up: the next request waits for the drain.
    while ((this.#state === 'idle' || this.#state === 'head') && from < end && !this.#socket.writableNeedDrain) {
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
    if (this.#socket.writableNeedDrain) return;
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
    const found = requestFraming(scanned);
    const framing: RequestFraming = 'problem' in found ? { chunked: false, length: null, persistent: false } : found;
    const head = requestHead(scanned, framing, { remoteAddress: this.#socket.remoteAddress ?? '', encrypted: 'encrypted' in this.#socket, certificate: this.#certificate });
    const expected = expectation(scanned);
    let next = from;
    let body: IncomingBody | null = null;
    let whole: Buffer | null = null;
    this.#state = 'busy';
    this.#broken = 'problem' in found;
    if (framing.length !== null && framing.length > 0 && framing.length <= Math.min(wholeBytesMax, end - from)) {
      next = from + framing.length;
      whole = Buffer.from(octets.subarray(from, next));
    } else if (head.hasBody) {
      body = this.#body = new IncomingBody(framing.length, () => this.#wanted());
      if (from < end) next = this.#feed(body, octets, from, end);
    }
    const client = this.#client = new Http1Client(this, {
      incoming: body, whole, expectsContinue: expected === '100-continue', minor: scanned.minor, isHead: scanned.method === 'HEAD',
      // What follows an upgrade may already speak the other protocol.
      closes: !framing.persistent || head.upgrade || this.#broken,
    });
    this.#arm();
    const problem = 'problem' in found ? found.problem
      : head.upgrade && head.hasBody ? 'A WebSocket handshake has no body.'
      : body !== null && body.problem !== '' ? chunkProblem(body)
        : expected === 'unknown' ? 'The Expect field asks for something other than 100-continue.' : undefined;
    this.#shared.serve(head, client, problem);
    return next;
  }

  /** Passes on what belongs to the body. @returns where it ends */
  #feed(body: IncomingBody, octets: Buffer, from: number, end: number): number {
    const next = body.receive(octets, from, end);
    if (body.problem !== '') {
      this.#loseBody(chunkProblem(body));
    } else if (body.whole) {
      this.#body = null;
      if (this.#paused) this.#resume();
      this.#arm();
    } else {
      if (body.full) this.#pause();
      this.#arm();
    }
    return next;
  }

  #loseBody(detail: string): void {
    const body = this.#body!;
    this.#body = null;
    this.#broken = true;
    this.#arm();
    body.destroy(new BodyProblem({ code: 'request_malformed', detail }));
  }

  #wanted(): void {
    if (this.#body === null || !this.#paused) return;
    this.#resume();
    this.#arm();
  }

  /** What waits for its turn stays, up to a most. */
  #hold(octets: Buffer, from: number, end: number): void {
    const kept = this.#kept;
    const isKept = kept !== null && octets === kept.octets;
    if (from >= end || this.#broken || this.#state === 'lingering' || this.#state === 'gone') {
      if (isKept) this.#kept = null;
      return;
    }
    if (isKept) kept.from = from;
    else if (kept === null) this.#kept = new KeptOctets(octets, from, end);
    else kept.append(octets.subarray(from, end));
    if (this.#kept!.length > waitingBytesMax) this.#pause();
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

function chunkProblem(body: IncomingBody): string {
  return `The chunked body could not be read: ${body.problem}.`;
}

function uncork(socket: Socket): void {
  socket.uncork();
}
