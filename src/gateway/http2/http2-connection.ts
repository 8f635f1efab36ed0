// One HTTP/2 connection of a client (RFC 9113), on node:http2: each stream is a call.
import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { RequestHead } from '../call.ts';
import { certificateOf } from '../client-certificate.ts';
import type { ConnectionTimes } from '../http1/connections.ts';
import { fieldIds, valueOf } from '../http1/field-section.ts';
import { Http2Client } from './http2-client.ts';
import { http2Head } from './http2-head.ts';

/** What all connections of a thread share. */
export interface Http2Connections {
  readonly now: number;
  readonly times: ConnectionTimes;
  readonly headBytesMax: number;
  /** @param problem why the call cannot be served, though its head could be read */
  serve(head: RequestHead, client: Http2Client, problem: string | undefined): void;
  closed(connection: Http2Connection): void;
}

/** Calls at once on one connection. */
const streamsMax = 128;
/** How often it is looked whether clients take their answers. */
const lookMs = 1_000;

export class Http2Connection {
  readonly #session: ServerHttp2Session;
  readonly #shared: Http2Connections;
  readonly #peer: Pick<RequestHead, 'remoteAddress' | 'certificate'>;
  readonly #clients = new Set<Http2Client>();
  #idleSince: number;
  #lookAt = 0;
  #closing = false;

  constructor(socket: TLSSocket, shared: Http2Connections) {
    this.#shared = shared;
    this.#peer = { remoteAddress: socket.remoteAddress ?? '', certificate: certificateOf(socket) };
    this.#idleSince = shared.now;
    this.#session = performServerHandshake(socket, { settings: { maxConcurrentStreams: streamsMax, maxHeaderListSize: shared.headBytesMax, enablePush: false } }) as ServerHttp2Session;
    this.#session.on('stream', (stream, _headers, flags, raw) => this.#serve(stream, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0, raw));
    this.#session.on('error', () => undefined);
    this.#session.once('close', () => shared.closed(this));
    socket.on('error', () => undefined);
  }

  /** On the coarse clock; 0 for none. */
  get deadline(): number {
    return this.#clients.size > 0 ? this.#lookAt : this.#idleSince + this.#shared.times.keepAliveMs;
  }

  /** Ends calls whose clients take nothing of their answers, and a connection without calls; one that does not even take its farewell is cut. */
  expire(): void {
    const { now, times } = this.#shared;
    this.#lookAt = now + Math.min(lookMs, times.writeStallMs);
    for (const client of this.#clients) client.watchReader(now, times.writeStallMs);
    if (this.#clients.size > 0) return;
    if (this.#closing) this.#session.destroy();
    else this.#session.close();
    this.#closing = true;
    this.#idleSince = now;
  }

  /** Calls under way are finished, others are no longer taken. */
  endIdle(): void {
    this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #serve(stream: ServerHttp2Stream, ended: boolean, raw: readonly string[]): void {
    const { head, problem } = http2Head(raw, ended, this.#peer);
    const expected = valueOf(head, fieldIds.expect)?.toLowerCase();
    const client = new Http2Client(stream, head, { expectsContinue: expected === '100-continue', bodyStallMs: this.#shared.times.bodyStallMs });
    if (this.#clients.size === 0) this.#lookAt = this.#shared.now + Math.min(lookMs, this.#shared.times.writeStallMs);
    this.#clients.add(client);
    stream.once('close', () => {
      this.#clients.delete(client);
      this.#idleSince = this.#shared.now;
    });
    this.#shared.serve(head, client, problem ?? (expected !== undefined && !client.expectsContinue ? 'The Expect field asks for something other than 100-continue.' : undefined));
  }
}
