// The HTTP/1.1 transport: accepts connections, and turns the requests on them into calls.
import { Buffer } from 'node:buffer';
import { createServer, type Server, type Socket } from 'node:net';
import type { RequestHead } from './call.ts';
import { newCall, serveCall, type Gateway } from './gateway.ts';
import type { Http1Client } from './http1/http1-client.ts';
import { openConnection, type Connections, type ConnectionTimes } from './http1/connections.ts';
import type { Http1Connection } from './http1/http1-connection.ts';
import { RequestHeadScanner, type HeadProblem } from './http1/scan-request-head.ts';
import { malformedAnswer } from './malformed.ts';
import { refuse } from './stages/respond.ts';

export const headBytesMax = 16 * 1024;
/** Per thread. */
const connectionsMax = 16 * 1024;
const backlog = 4096;
const readBytes = 64 * 1024;
/** The beat of the one clock that all deadlines of all connections are told by. */
const tickMs = 500;
/** When a drain begins, a request may be on its way on a connection that looks idle. */
const idleGraceMs = 50;
const usualTimes: ConnectionTimes = { headMs: 30_000, bodyStallMs: 60_000, keepAliveMs: 65_000, halfClosedMs: 1_000, lingerMs: 1_000, writeStallMs: 300_000 };

export interface HttpServer {
  /** @returns the port that it listens on */
  listen(options: { host: string; port: number; reusePort: boolean }): Promise<number>;
  /** Stops accepting, and resolves when every call has ended or `withinMs` is over. */
  close(withinMs: number): Promise<void>;
}

export function createHttpServer(gateway: Gateway, times: Partial<ConnectionTimes> = {}): HttpServer {
  return new GatewayServer(gateway, { ...usualTimes, ...times });
}

class GatewayServer implements HttpServer, Connections {
  now = Math.floor(performance.now());
  date = new Date().toUTCString();
  closing = false;
  scanner = new RequestHeadScanner(headBytesMax);
  readonly readBuffer = Buffer.allocUnsafeSlow(readBytes);
  readonly times: ConnectionTimes;
  readonly #gateway: Gateway;
  readonly #server: Server;
  readonly #connections = new Set<Http1Connection>();
  /** Connections that were given away, by an upgrade. */
  readonly #upgraded = new Set<Socket>();
  #clock: NodeJS.Timeout | undefined;
  #onEmpty: (() => void) | null = null;

  constructor(gateway: Gateway, times: ConnectionTimes) {
    this.#gateway = gateway;
    this.times = times;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
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
    for (const socket of this.#upgraded) socket.destroy();
  }

  newScanner(): RequestHeadScanner {
    return new RequestHeadScanner(headBytesMax);
  }

  serve(head: RequestHead, client: Http1Client, problem: string | undefined): void {
    if (problem === undefined) serveCall(this.#gateway, head, client);
    else refuse(this.#gateway, newCall(this.#gateway, head), client, { code: 'request_malformed', detail: problem });
  }

  answerUnread(socket: Socket, problem: HeadProblem | string): Buffer {
    return malformedAnswer(this.#gateway, socket.remoteAddress, problem);
  }

  closed(connection: Http1Connection): void {
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

  #tick(): void {
    this.now = Math.floor(performance.now());
    this.date = new Date().toUTCString();
    for (const connection of this.#connections) if (connection.deadline !== 0 && connection.deadline <= this.now) connection.expire();
  }

  #noticeEmpty(): void {
    if (this.#connections.size === 0 && this.#upgraded.size === 0) this.#onEmpty?.();
  }
}
