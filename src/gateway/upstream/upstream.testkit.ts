// An upstream that speaks octets, and requests to it without a gateway around them.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Readable, type Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { Refusal } from '../call.ts';
import type { UpstreamExchange, UpstreamListener, UpstreamRequest } from '../exchange.ts';
import type { Fields } from '../fields.ts';
import type { FieldList } from '../http1/field-section.ts';
import { addressOf } from '../gateway.testkit.ts';
import { RequestBody } from '../request-body.ts';
import type { RoutedUpstream } from '../routing/compile-routes.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { sendRequest } from './send-request.ts';
import { UpstreamPools } from './upstream-pools.ts';

export interface RawUpstream {
  origin: string;
  sockets: Socket[];
  /** All that was received, by connection. */
  heard: string[];
  pools: UpstreamPools;
}

/** @param onData called with each piece that arrives. @param onConnection before anything arrives */
export async function openRawUpstream(t: TestContext, onData: (socket: Socket, connection: number, heard: string) => void, onConnection: (socket: Socket, connection: number) => void = () => undefined): Promise<RawUpstream> {
  const upstream: RawUpstream = { origin: '', sockets: [], heard: [], pools: new UpstreamPools() };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = upstream.sockets.push(socket) - 1;
    upstream.heard.push('');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      upstream.heard[connection] += chunk.toString('latin1');
      onData(socket, connection, upstream.heard[connection]!);
    });
    onConnection(socket, connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream.origin = addressOf(server);
  t.after(() => {
    upstream.pools.destroy();
    for (const socket of upstream.sockets) socket.destroy();
    server.close();
  });
  return upstream;
}

/** What came of a request. */
export class Answer implements UpstreamListener {
  interim: { status: number; fields: Fields }[] = [];
  status = 0;
  reason = '';
  fields: Fields = [];
  body = '';
  trailers: Fields = [];
  failure: Refusal | null = null;
  upgraded: { socket: Duplex; head: string } | null = null;
  /** Answers of onData, for back-pressure. */
  takes = true;
  exchange: UpstreamExchange | undefined;
  readonly over: Promise<void>;
  readonly begun: Promise<void>;
  #finish: () => void;
  #begin: () => void;

  constructor() {
    const over = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    this.over = over.promise;
    this.#finish = over.resolve;
    this.begun = begun.promise;
    this.#begin = begun.resolve;
  }

  onInformation(status: number, { fields }: FieldList): void {
    this.interim.push({ status, fields });
  }

  onHead(status: number, reason: string, { fields }: FieldList): void {
    Object.assign(this, { status, reason, fields });
    this.#begin();
  }

  onData(chunk: Uint8Array): boolean {
    this.body += Buffer.from(chunk).toString('latin1');
    return this.takes;
  }

  onEnd(trailers: Fields): void {
    this.trailers = trailers;
    this.#finish();
  }

  onFailure(refusal: Refusal): void {
    if (this.failure !== null) throw new Error('failed twice');
    this.failure = refusal;
    this.#finish();
  }

  onUpgrade(_reason: string, { fields }: FieldList, socket: Duplex, head: Uint8Array): void {
    Object.assign(this, { status: 101, fields });
    this.upgraded = { socket, head: Buffer.from(head).toString('latin1') };
    this.#finish();
  }
}

export type AskOptions = Partial<Omit<UpstreamRequest, 'body'>> & { body?: string[] | Readable | null; onBegin?: () => void };

/** Sends a request and answers at once; `over` resolves at its end. */
export function begin(upstream: Pick<RawUpstream, 'origin' | 'pools'>, options: AskOptions = {}): Answer {
  const { body: written = null, onBegin = () => undefined, ...more } = options;
  const source = written === null ? null : written instanceof Readable ? written : Readable.from(written.map((part) => Buffer.from(part)), { objectMode: false });
  const body = source && new RequestBody(source, { bytesMax: 1 << 30, keep: false, onFirstRead: () => undefined });
  const answer = new Answer();
  body?.on('error', () => undefined);
  answer.exchange = sendRequest(upstream.pools, {
    upstream: routed([upstream.origin]), method: 'GET', path: '/', fields: [], body, whole: null, contentLength: null,
    connectTimeoutMs: 1_000, headTimeoutMs: 5_000, upgrade: false, expectsContinue: false, trailers: null, ...more,
  }, answer, onBegin);
  return answer;
}

/** An upstream as a snapshot gives it. */
export function routed(origins: string[], more: Partial<RoutedUpstream> = {}): RoutedUpstream {
  return { name: JSON.stringify([origins, more.ca]), product: 'atlas', addresses: origins.map((origin) => ({ origin, host: new URL(origin).host, prefix: '' })), ca: null, concurrency: 100, connectTimeoutMs: 1_000, health: null, ...more };
}

/** The connections to its first address. */
export function poolOf({ pools, origin }: Pick<RawUpstream, 'origin' | 'pools'>): ConnectionPool {
  return pools.group(routed([origin])).members[0]!.pool;
}

export async function ask(upstream: Pick<RawUpstream, 'origin' | 'pools'>, options: AskOptions = {}): Promise<Answer> {
  const answer = begin(upstream, options);
  await answer.over;
  return answer;
}
