// One request to an upstream and its answer: over a kept connection where there is one, repeated where that is safe.
import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { PartOwner, UpstreamExchange, UpstreamListener, UpstreamRequest } from '../exchange.ts';
import type { Fields } from '../fields.ts';
import type { ScannedResponse } from '../http1/scan-response-head.ts';
import { BodySender } from './body-sender.ts';
import { failureOf, neverConnected, upstreamBusy, type UpstreamFailure } from './failure.ts';
import { requestHead } from './request-head.ts';
import type { ConnectionUser, UpstreamConnection } from './upstream-connection.ts';
import type { Member, UpstreamGroup } from './upstream-group.ts';
import type { UpstreamPools } from './upstream-pools.ts';

/** RFC 9110 section 9.2.2. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** Addresses that one request tries to connect to. */
const addressesMax = 3;

/** @param onBegin called before the body is read, so that a client that waits for 100 (Continue) gets it */
export function sendRequest(pools: UpstreamPools, request: UpstreamRequest, listener: UpstreamListener, onBegin: () => void): UpstreamExchange {
  const group = pools.group(request.upstream);
  const exchange = new PooledExchange(group, request, listener, onBegin);
  if (group.inFlight >= request.upstream.concurrency) {
    group.refused++;
    listener.onFailure(upstreamBusy);
  } else {
    exchange.start(group.choose()!);
  }
  return exchange;
}

class PooledExchange implements UpstreamExchange, ConnectionUser {
  readonly #group: UpstreamGroup;
  readonly #request: UpstreamRequest;
  readonly #listener: UpstreamListener;
  readonly #onBegin: () => void;
  /** While it is in flight there. */
  #member: Member | null = null;
  #connection: UpstreamConnection | null = null;
  #sender: BodySender | null = null;
  /** Addresses that did not take a connection. */
  #tried: Member[] | null = null;

  constructor(group: UpstreamGroup, request: UpstreamRequest, listener: UpstreamListener, onBegin: () => void) {
    this.#group = group;
    this.#request = request;
    this.#listener = listener;
    this.#onBegin = onBegin;
  }

  start(member: Member): void {
    this.#member = member;
    this.#group.inFlight++;
    member.inFlight++;
    const kept = this.#request.upgrade ? null : member.pool.take(this);
    if (kept === null) this.#open(member);
    else this.onReady(kept);
  }

  resume(): void {
    this.#connection?.resume();
  }

  abort(): void {
    this.#sender?.stop(false);
    this.#request.body?.destroy();
    this.#connection?.close();
    this.#release();
  }

  onReady(connection: UpstreamConnection): void {
    this.#connection = connection;
    const { body, whole } = this.#request;
    const head = requestHead(this.#request, this.#member!.address);
    if (body === null) {
      connection.send(whole === null ? head : head + whole.toString('latin1'), this.#request, true);
      return;
    }
    this.#sender = new BodySender(connection, this.#request, body, this.#onBegin);
    this.#sender.start(head);
  }

  onInterim(head: ScannedResponse): void {
    if (head.status === 100) this.#sender?.begin();
    else this.#listener.onInformation(head.status, head);
  }

  onHead(head: ScannedResponse): void {
    this.#group.succeeded(this.#member!);
    // Without an invitation the body stays with the client.
    if (this.#request.expectsContinue && this.#sender !== null && !this.#sender.begun) this.#sender.stop(false);
    this.#listener.onHead(head.status, head.reason, head);
  }

  onData(part: Uint8Array, owner: PartOwner): boolean {
    return this.#listener.onData(part, owner);
  }

  onEnd(trailers: Fields): void {
    this.#sender?.stop(false);
    this.#release();
    this.#listener.onEnd(trailers);
  }

  /** The connection stays in flight until it is closed. */
  onSwitch(head: ScannedResponse, socket: Socket, rest: Buffer): void {
    this.#group.succeeded(this.#member!);
    this.#connection = null;
    socket.once('close', () => this.#release());
    this.#listener.onUpgrade(head.reason, head, socket, rest);
  }

  onDrain(): void {
    this.#sender?.drained();
  }

  onFailure(failure: UpstreamFailure, untouched: boolean): void {
    const member = this.#member!;
    const unread = this.#sender === null || !this.#sender.consumed;
    // A kept connection that the upstream closed at the same moment: nobody has seen the request, or it may be repeated.
    if (failure.reason === 'lost' && untouched && unread && this.#connection?.reused === true && idempotent.has(this.#request.method)) {
      this.#sender?.stop(true);
      this.#sender = null;
      this.#open(member);
      return;
    }
    this.#group.failed(member);
    this.#release();
    if (neverConnected.has(failure.reason) && this.#tryNext(member)) return;
    this.#sender?.stop(false);
    this.#listener.onFailure(failureOf(failure));
  }

  /** Nothing was written, so that every request may go to another address. */
  #tryNext(member: Member): boolean {
    this.#tried = [...(this.#tried ?? []), member];
    const next = this.#tried.length < addressesMax ? this.#group.choose(this.#tried) : null;
    if (next === null) return false;
    this.start(next);
    return true;
  }

  #open(member: Member): void {
    this.#connection = member.pool.open(this, this.#request.connectTimeoutMs, this.#request.upgrade);
    if (this.#connection !== null) return;
    this.#release();
    this.#listener.onFailure(upstreamBusy);
  }

  #release(): void {
    this.#connection = null;
    if (this.#member === null) return;
    this.#group.inFlight--;
    this.#member.inFlight--;
    this.#member = null;
  }
}
