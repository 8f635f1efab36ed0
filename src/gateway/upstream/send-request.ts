// One request to an upstream and its answer: over a kept connection where there is one, repeated where that is safe.
import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { UpstreamExchange, UpstreamListener, UpstreamRequest } from '../exchange.ts';
import type { Fields } from '../fields.ts';
import type { ScannedResponse } from '../http1/scan-response-head.ts';
import { BodySender } from './body-sender.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { failureOf, upstreamBusy, type UpstreamFailure } from './failure.ts';
import { requestHead } from './request-head.ts';
import type { ConnectionUser, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamPools } from './upstream-pools.ts';

/** RFC 9110 section 9.2.2. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** @param onBegin called before the body is read, so that a client that waits for 100 (Continue) gets it */
export function sendRequest(pools: UpstreamPools, request: UpstreamRequest, listener: UpstreamListener, onBegin: () => void): UpstreamExchange {
  const exchange = new PooledExchange(pools.get(request.address.origin), request, listener, onBegin);
  exchange.start();
  return exchange;
}

class PooledExchange implements UpstreamExchange, ConnectionUser {
  readonly #pool: ConnectionPool;
  readonly #request: UpstreamRequest;
  readonly #listener: UpstreamListener;
  readonly #onBegin: () => void;
  #connection: UpstreamConnection | null = null;
  #sender: BodySender | null = null;

  constructor(pool: ConnectionPool, request: UpstreamRequest, listener: UpstreamListener, onBegin: () => void) {
    this.#pool = pool;
    this.#request = request;
    this.#listener = listener;
    this.#onBegin = onBegin;
  }

  start(): void {
    const kept = this.#request.upgrade ? null : this.#pool.take(this);
    if (kept === null) this.#open();
    else this.onReady(kept);
  }

  resume(): void {
    this.#connection?.resume();
  }

  abort(): void {
    this.#sender?.stop(false);
    this.#request.body?.destroy();
    this.#connection?.close();
    this.#connection = null;
  }

  onReady(connection: UpstreamConnection): void {
    this.#connection = connection;
    const { body } = this.#request;
    const head = requestHead(this.#request);
    if (body === null) {
      connection.send(head, this.#request, true);
      return;
    }
    this.#sender = new BodySender(connection, this.#request, body, this.#onBegin, (error) => this.#bodyFailed(error));
    if (!this.#request.expectsContinue) connection.cork();
    connection.send(head, this.#request, false);
    this.#sender.start();
  }

  onInterim(head: ScannedResponse): void {
    if (head.status === 100) this.#sender?.begin();
    else this.#listener.onInformation(head.status, head.fields);
  }

  onHead(head: ScannedResponse): void {
    // Without an invitation the body stays with the client.
    if (this.#request.expectsContinue && this.#sender !== null && !this.#sender.begun) this.#sender.stop(false);
    this.#listener.onHead(head.status, head.reason, head.fields);
  }

  onData(chunk: Buffer): boolean {
    return this.#listener.onData(chunk);
  }

  onEnd(trailers: Fields): void {
    this.#connection = null;
    this.#sender?.stop(false);
    this.#listener.onEnd(trailers);
  }

  onSwitch(head: ScannedResponse, socket: Socket, rest: Buffer): void {
    this.#connection = null;
    this.#listener.onUpgrade(head.reason, head.fields, socket, rest);
  }

  onDrain(): void {
    this.#sender?.drained();
  }

  onFailure(failure: UpstreamFailure, untouched: boolean): void {
    const stale = this.#connection?.reused === true && failure.reason === 'lost' && untouched;
    const unread = this.#sender === null || !this.#sender.consumed;
    this.#connection = null;
    // A kept connection that the upstream closed at the same moment: nobody has seen the request, or it may be repeated.
    if (stale && unread && idempotent.has(this.#request.method)) {
      this.#sender?.stop(true);
      this.#sender = null;
      this.#open();
      return;
    }
    this.#sender?.stop(false);
    this.#listener.onFailure(failureOf(failure));
  }

  #open(): void {
    this.#connection = this.#pool.open(this, this.#request.connectTimeoutMs, this.#request.upgrade);
    if (this.#connection === null) this.#listener.onFailure(upstreamBusy);
  }

  #bodyFailed(error: Error): void {
    this.#connection?.close();
    this.#connection = null;
    this.#listener.onFailure(failureOf(error));
  }
}
