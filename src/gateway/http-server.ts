// The transport towards clients: accepts connections, plain or by TLS, HTTP/1.1 or HTTP/2, and turns the requests on them into calls.
import { Buffer } from 'node:buffer';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, type Server as TlsServer, type TLSSocket } from 'node:tls';
import type { RequestHead } from './call.ts';
import { readCertificate } from './client-certificate.ts';
import type { ClientSide } from './exchange.ts';
import { newCall, serveCall, type Gateway } from './gateway.ts';
import { openConnection, type Connections, type ConnectionTimes } from './http1/connections.ts';
import type { Http1Connection } from './http1/http1-connection.ts';
import { RequestHeadScanner, type HeadProblem } from './http1/scan-request-head.ts';
import { Http2Connection, type Http2Connections } from './http2/http2-connection.ts';
import { malformedAnswer } from './malformed.ts';
import { refuse } from './stages/respond.ts';

export const headBytesMax = 16 * 1024;
/** Per thread. */
const connectionsMax = 16 * 1024;
const backlog = 4096;
const readBytes = 64 * 1024;
const handshakeMs = 10_000;
/** The beat of the one clock that all deadlines of all connections are told by. */
const tickMs = 500;
/** When a drain begins, a request may be on its way on a connection that looks idle. */
const idleGraceMs = 50;
const usualTimes: ConnectionTimes = { headMs: 30_000, bodyStallMs: 60_000, keepAliveMs: 65_000, halfClosedMs: 1_000, lingerMs: 1_000, writeStallMs: 300_000 };

export interface HttpServer {
  /** @returns the port that it listens on */
  listen(options: { host: string; port: number; reusePort: boolean }): Promise<number>;
  /** For connections from now on; without TLS nothing changes. */
  renew(tls: TlsIdentity): void;
  /** Stops accepting, and resolves when every call has ended or `withinMs` is over. */
  close(withinMs: number): Promise<void>;
}

/** Certificate chain and private key of the gateway, as PEM texts, and the authorities that client certificates are verified against; without these none is asked for. */
export interface TlsIdentity { cert: string; key: string; clientCa?: string | null }

export function createHttpServer(gateway: Gateway, options: { tls?: TlsIdentity | null; times?: Partial<ConnectionTimes> } = {}): HttpServer {
  return new GatewayServer(gateway, options.tls ?? null, { ...usualTimes, ...options.times });
}

class GatewayServer implements HttpServer, Connections, Http2Connections {
  now = Math.floor(performance.now());
  date = new Date().toUTCString();
  closing = false;
  scanner = new RequestHeadScanner(headBytesMax);
  readonly readBuffer = Buffer.allocUnsafeSlow(readBytes);
  readonly headBytesMax = headBytesMax;
  readonly times: ConnectionTimes;
  readonly keepAliveLines: string;
  readonly #gateway: Gateway;
  readonly #server: Server;
  readonly #connections = new Set<Http1Connection | Http2Connection>();
  /** What TLS stands on, from the first octet of the handshake on. */
  readonly #raw = new Set<Socket>();
  /** Connections that were given away, by an upgrade. */
  readonly #upgraded = new Set<Socket>();
  #clock: NodeJS.Timeout | undefined;
  #onEmpty: (() => void) | null = null;

  constructor(gateway: Gateway, tls: TlsIdentity | null, times: ConnectionTimes) {
    this.#gateway = gateway;
    this.times = times;
    this.keepAliveLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(times.keepAliveMs / 1000)}\r\n`;
    this.#server = tls === null
      ? createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => this.#accept(socket))
      : this.#createTlsServer(tls);
  }

  listen(options: { host: string; port: number; reusePort: boolean }): Promise<number> {
    this.#clock = setInterval(() => this.#tick(), Math.min(tickMs, Math.min(...Object.values(this.times)) / 4)).unref();
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...options, backlog }, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : options.port);
      });
    });
  }

  async close(withinMs: number): Promise<void> {
    this.closing = true;
    this.#server.close(() => undefined);
    for (const socket of this.#upgraded) socket.end();
    const over = Promise.withResolvers<void>();
    this.#onEmpty = over.resolve;
    const idle = setTimeout(() => {
      for (const connection of this.#connections) connection.endIdle();
    }, idleGraceMs);
    const timer = setTimeout(over.resolve, withinMs);
    this.#noticeEmpty();
    await over.promise;
    clearTimeout(idle);
    clearTimeout(timer);
    clearInterval(this.#clock);
    for (const connection of this.#connections) connection.destroy();
    for (const socket of [...this.#upgraded, ...this.#raw]) socket.destroy();
  }

  renew(tls: TlsIdentity): void {
    const server = this.#server as Server & Partial<Pick<TlsServer, 'setSecureContext'>>;
    server.setSecureContext?.(contextOf(tls));
  }

  newScanner(): RequestHeadScanner {
    return new RequestHeadScanner(headBytesMax);
  }

  serve(head: RequestHead, client: ClientSide, problem: string | undefined): void {
    if (problem === undefined) serveCall(this.#gateway, head, client);
    else refuse(this.#gateway, newCall(this.#gateway, head), client, { code: 'request_malformed', detail: problem });
  }

  answerUnread(socket: Socket, problem: HeadProblem | string): Buffer {
    return malformedAnswer(this.#gateway, socket.remoteAddress, problem);
  }

  closed(connection: Http1Connection | Http2Connection): void {
    this.#connections.delete(connection);
    this.#noticeEmpty();
  }

  handedOver(connection: Http1Connection, socket: Socket): void {
    this.#upgraded.add(socket);
    socket.once('close', () => {
      this.#upgraded.delete(socket);
      this.#noticeEmpty();
    });
    if (this.closing) socket.end();
    this.closed(connection);
  }

  #accept(socket: Socket): void {
    if (this.#connections.size + this.#upgraded.size < connectionsMax) this.#connections.add(openConnection(socket, this));
    else socket.destroy();
  }

  /** RFC 9113 section 3.2: the client chooses between HTTP/1.1 and HTTP/2 in the handshake; one that says nothing speaks HTTP/1.1. */
  #createTlsServer(tls: TlsIdentity): Server {
    const clientCa = tls.clientCa ?? null;
    // Whether a certificate is good enough is for each product to say.
    const asking = clientCa === null ? {} : { requestCert: true, rejectUnauthorized: false };
    const server = createTlsServer({ ...contextOf(tls), ...asking, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: handshakeMs, allowHalfOpen: true, noDelay: true }, (socket: TLSSocket) => {
      if (clientCa !== null) {
        socket.disableRenegotiation();
        readCertificate(socket);
      }
      if (socket.alpnProtocol === 'h2') this.#connections.add(new Http2Connection(socket, this));
      else this.#accept(socket);
    });
    server.on('tlsClientError', (error: Error & { code?: string }, socket) => {
      if (error.code === 'ERR_SSL_HTTP_REQUEST') this.#answerPlain(socket);
      else socket.destroy();
    });
    server.on('connection', (socket: Socket) => {
      this.#raw.add(socket);
      socket.once('close', () => this.#raw.delete(socket));
      if (this.#raw.size > connectionsMax) socket.destroy();
    });
    return server;
  }

  /** Somebody who speaks without TLS would wonder why the connection ends. */
  #answerPlain(socket: TLSSocket): void {
    const raw = [...this.#raw].find((one) => one.remotePort === socket.remotePort && one.remoteAddress === socket.remoteAddress);
    if (raw?.writable !== true) socket.destroy();
    else raw.end(this.answerUnread(raw, 'The request is not encrypted, but this address speaks TLS. Write https:// in place of http://.'), () => socket.destroy());
  }

  #tick(): void {
    this.now = Math.floor(performance.now());
    this.date = new Date().toUTCString();
    for (const connection of this.#connections) if (connection.deadline !== 0 && connection.deadline <= this.now) connection.expire();
  }

  #noticeEmpty(): void {
    if (this.#connections.size === 0 && this.#upgraded.size === 0) this.#onEmpty?.();
  }
}

function contextOf({ cert, key, clientCa }: TlsIdentity): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ...(clientCa != null && { ca: clientCa }) };
}
