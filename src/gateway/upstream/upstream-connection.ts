// One connection to an upstream: its socket, the answer that is being read from it, and the limit of time that it is under.
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { Fields } from '../fields.ts';
import type { PartOwner } from '../exchange.ts';
import { fieldIds, hasField, valueOf } from '../http1/field-section.ts';
import type { ScannedResponse } from '../http1/scan-response-head.ts';
import { connectFailure, UpstreamFailure } from './failure.ts';
import type { ReadBuffer } from './read-buffer.ts';
import { ResponseReader, type ResponseSink } from './response-reader.ts';
import { ticksOf, type Ticks } from './ticks.ts';
import { writeTogether } from './write-together.ts';

/** A body from the upstream, or its taking of one, may pause this long. */
export const bodyIdleMs = 15 * 60_000;
/** A connection is kept unused this long, unless the upstream says less. */
export const keepAliveMs = 4_000;
/** The upstream's own limit is taken for this much shorter, so that it does not close while a request is on its way. */
const keepAliveMarginMs = 1_000;
const bodyIdleTicks = ticksOf(bodyIdleMs);
const keepAliveTicks = ticksOf(keepAliveMs);

/** Who uses the connection for one exchange. */
export interface ConnectionUser {
  /** The connection is made: a request may be written. */
  onReady(connection: UpstreamConnection): void;
  onInterim(head: ScannedResponse): void;
  onHead(head: ScannedResponse): void;
  /** @returns false asks to pause until `resume` */
  onData(part: Uint8Array, owner: PartOwner): boolean;
  /** The connection is already free for another. */
  onEnd(trailers: Fields): void;
  onSwitch(head: ScannedResponse, socket: Socket, rest: Buffer): void;
  onDrain(): void;
  /** The connection is gone. @param untouched no octet of the answer had come */
  onFailure(failure: UpstreamFailure, untouched: boolean): void;
}

/** Where connections belong. */
export interface ConnectionHome {
  readonly ticks: Ticks;
  /** The connection can carry another exchange. */
  keep(connection: UpstreamConnection): void;
  forget(connection: UpstreamConnection): void;
}

type Phase = 'connecting' | 'idle' | 'busy' | 'closed';

export class UpstreamConnection implements ResponseSink {
  /** Has carried an exchange before, so that the upstream may be closing it at this moment. */
  reused = false;
  readonly #home: ConnectionHome;
  readonly socket: Socket;
  readonly #reader: ResponseReader;
  readonly #buffer: ReadBuffer;
  #user: ConnectionUser | null;
  #phase: Phase = 'connecting';
  /** The request is whole. */
  #sent = false;
  /** It has not left yet: no octet that comes now answers it. */
  #waits = false;
  /** The final head has come. */
  #begun = false;
  /** Tick at which what is waited for has taken too long. */
  #deadline: number;
  #paused = false;
  #keepTicks = keepAliveTicks;
  #headTicks = 0;

  /** @param socket one that is connecting; `read` is to be called with what it receives, `ready` once it is connected */
  constructor(home: ConnectionHome, socket: Socket, user: ConnectionUser, connectTimeoutMs: number, buffer: ReadBuffer) {
    this.#buffer = buffer;
    this.#home = home;
    this.socket = socket;
    this.#user = user;
    this.#reader = new ResponseReader(this);
    this.#deadline = home.ticks.now + ticksOf(connectTimeoutMs);
    socket.on('error', (error: Error & { code?: string }) => this.#lost(error));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#lost(null));
    socket.on('drain', () => this.#user?.onDrain());
  }

  /** The socket is connected, and encrypted where it is to be. */
  ready(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'idle';
    this.#user!.onReady(this);
  }

  /** Takes a connection that was kept. */
  use(user: ConnectionUser): void {
    this.#user = user;
    this.reused = true;
  }

  /** Begins an exchange with the head of its request. @param whole no body follows */
  send(head: string, request: { method: string; upgrade: boolean; headTimeoutMs: number }, whole: boolean): void {
    this.#reader.begin(request.method, request.upgrade);
    this.#phase = 'busy';
    this.#begun = false;
    this.#sent = whole;
    this.#headTicks = ticksOf(request.headTimeoutMs);
    this.#deadline = this.#home.ticks.now + (whole ? this.#headTicks : bodyIdleTicks);
    this.#waits = whole;
    if (whole) writeTogether(this, head);
    else this.socket.write(head, 'latin1');
  }

  leaves(): void {
    this.#waits = false;
  }

  /** More of the request. False asks to wait for the drain. */
  write(chunk: Uint8Array | string): boolean {
    this.#touch();
    return this.socket.write(chunk, 'latin1');
  }

  /** The request is whole. */
  sent(): void {
    this.#sent = true;
    if (!this.#begun) this.#deadline = this.#home.ticks.now + this.#headTicks;
  }

  cork(): void {
    this.socket.cork();
  }

  uncork(): void {
    this.socket.uncork();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#touch();
    this.socket.resume();
  }

  /** @returns false when the socket is to be paused */
  read(octets: Buffer, length: number): boolean {
    if (this.#phase === 'closed') return true;
    if (this.#phase !== 'busy') {
      // Nobody asked: what comes now would be taken for the answer to the next request.
      this.close();
      return true;
    }
    if (this.#waits) {
      this.#fail(new UpstreamFailure('lost', 'the upstream spoke before it was asked'));
      return true;
    }
    if (this.#begun) this.#touch();
    this.#reader.read(octets, length);
    return !this.#paused;
  }

  /** To be asked after each read, null for the same buffer as before. */
  nextBuffer(): Buffer | null {
    return this.#buffer.next(this.#paused);
  }

  /** Ends the connection; its user hears nothing more. */
  close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#user = null;
    this.#reader.stop();
    this.#home.forget(this);
    this.socket.destroy();
  }

  /** Ends the connection when what it waits for takes too long. A client that reads slowly is not the upstream's fault. */
  expire(): void {
    if (this.#home.ticks.now < this.#deadline || this.#paused) return;
    if (this.#phase === 'connecting') this.#fail(new UpstreamFailure('connect-timeout', 'no connection in time'));
    else if (this.#phase === 'idle') this.close();
    else if (this.#begun) this.#fail(new UpstreamFailure('body-timeout', 'the answer paused too long'));
    else if (this.#sent) this.#fail(new UpstreamFailure('head-timeout', 'no answer in time'));
    else this.#fail(new UpstreamFailure('send-timeout', 'the request was not taken in time'));
  }

  get usable(): boolean {
    return this.#phase === 'idle' && this.#home.ticks.now < this.#deadline && this.socket.writable;
  }

  onInterim(head: ScannedResponse): void {
    if (this.#sent) this.#deadline = this.#home.ticks.now + this.#headTicks;
    this.#user!.onInterim(head);
  }

  onHead(head: ScannedResponse): void {
    this.#keepTicks = hasField(head, fieldIds['keep-alive']) ? keepTicksOf(valueOf(head, fieldIds['keep-alive'])!) : keepAliveTicks;
    this.#begun = true;
    this.#touch();
    this.#user!.onHead(head);
  }

  onPart(part: Buffer): void {
    if (this.#user!.onData(part, this.#buffer) || this.#phase !== 'busy') return;
    this.#paused = true;
    this.socket.pause();
  }

  onComplete(trailers: Fields, clean: boolean): void {
    const user = this.#user!;
    this.#user = null;
    // An early answer leaves the rest of its request unsent.
    if (clean && this.#sent && this.#keepTicks > 0 && this.socket.writable && this.socket.writableLength === 0) {
      this.resume();
      this.#phase = 'idle';
      this.#deadline = this.#home.ticks.now + this.#keepTicks;
      this.#home.keep(this);
    } else {
      this.close();
    }
    user.onEnd(trailers);
  }

  onSwitch(head: ScannedResponse, rest: Buffer): void {
    const user = this.#user!;
    this.#user = null;
    this.#phase = 'closed';
    this.#home.forget(this);
    this.socket.pause();
    this.socket.removeAllListeners('data');
    user.onSwitch(head, this.socket, Buffer.from(rest));
  }

  onProblem(problem: string): void {
    this.#fail(new UpstreamFailure('invalid', problem));
  }

  #touch(): void {
    this.#deadline = this.#home.ticks.now + bodyIdleTicks;
  }

  #ended(): void {
    if (this.#phase === 'busy' && this.#reader.readEnd()) return;
    this.#lost(null);
  }

  #lost(error: (Error & { code?: string }) | null): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'idle') this.close();
    else if (this.#phase === 'connecting') this.#fail(connectFailure(error));
    else if (this.#begun) this.#fail(new UpstreamFailure('truncated', 'the connection broke within the answer', error?.code));
    else if (this.#reader.untouched) this.#fail(new UpstreamFailure('lost', 'the connection broke before the answer', error?.code));
    else this.#fail(new UpstreamFailure('invalid', 'the connection ended within its head'));
  }

  #fail(failure: UpstreamFailure): void {
    const user = this.#user;
    const untouched = !this.#begun && this.#reader.untouched;
    this.close();
    user?.onFailure(failure, untouched);
  }
}

/** `timeout` of a Keep-Alive field (RFC 2068 section 19.7.1), in ticks and less a margin. */
function keepTicksOf(value: string): number {
  const said = /(?:^|[,\s])timeout\s*=\s*"?(\d{1,9})/i.exec(value);
  if (said === null) return keepAliveTicks;
  const ms = Math.min(keepAliveMs, Number(said[1]) * 1000 - keepAliveMarginMs);
  return ms <= 0 ? 0 : ticksOf(ms);
}
