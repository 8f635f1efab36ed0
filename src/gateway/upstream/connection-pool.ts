// The connections of one thread to one upstream address: those in use, and those kept for the next request.
import type { Buffer } from 'node:buffer';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ReadBuffer } from './read-buffer.ts';
import { UpstreamConnection, type ConnectionHome, type ConnectionUser } from './upstream-connection.ts';
import type { Ticks } from './ticks.ts';

/** Of one thread to one address. */
export const connectionsMax = 4096;
/** Of those, kept unused. */
export const idleMax = 256;

export class ConnectionPool implements ConnectionHome {
  readonly ticks: Ticks;
  readonly #url: URL;
  readonly #ca: string | null;
  readonly #open = new Set<UpstreamConnection>();
  /** The one that was used last is used next, so that those not needed grow old. */
  readonly #idle: UpstreamConnection[] = [];
  /** Lets the next connection skip most of the handshake (RFC 8446 section 2.2). */
  #tlsSession: Buffer | undefined;
  #retired = false;

  /** @param origin scheme, host and port. @param ca PEM, or null for what the system trusts */
  constructor(origin: string, ca: string | null, ticks: Ticks) {
    this.ticks = ticks;
    this.#ca = ca;
    this.#url = new URL(origin);
  }

  get size(): number {
    return this.#open.size;
  }

  get idle(): number {
    return this.#idle.length;
  }

  /** A kept connection, or null. */
  take(user: ConnectionUser): UpstreamConnection | null {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined) return null;
      if (connection.usable) {
        connection.use(user);
        return connection;
      }
      connection.close();
    }
  }

  /** A new connection, which tells its user once it is ready; null when there are as many as may be. @param whole the socket itself will be handed over */
  open(user: ConnectionUser, connectTimeoutMs: number, whole: boolean): UpstreamConnection | null {
    if (this.#open.size >= connectionsMax) return null;
    const buffer = new ReadBuffer();
    let connection: UpstreamConnection | null = null;
    const socket = this.#connect(whole ? undefined : {
      // Asked for a first buffer before anything else, and for the next one after each read.
      buffer: () => (connection === null ? buffer.first : connection.nextBuffer()!),
      callback: (length) => connection!.read(buffer.filled(length), length),
    });
    connection = new UpstreamConnection(this, socket, user, connectTimeoutMs, buffer);
    const opened = connection;
    if (whole) socket.on('data', (chunk: Buffer) => { opened.read(chunk, chunk.length); });
    socket.once(this.#url.protocol === 'https:' ? 'secureConnect' : 'connect', () => opened.ready());
    this.#open.add(opened);
    return opened;
  }

  keep(connection: UpstreamConnection): void {
    if (this.#retired || this.#idle.length >= idleMax) connection.close();
    else this.#idle.push(connection);
  }

  forget(connection: UpstreamConnection): void {
    this.#open.delete(connection);
    const at = this.#idle.lastIndexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** To be called with every tick. */
  expire(): void {
    for (const connection of this.#open) connection.expire();
  }

  /** Takes no connection back: exchanges in flight finish. */
  retire(): void {
    this.#retired = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  destroy(): void {
    this.retire();
    for (const connection of this.#open) connection.close();
  }

  #connect(onread: { buffer: () => Uint8Array; callback: (length: number) => boolean } | undefined): Socket {
    const { protocol, port } = this.#url;
    const host = this.#url.hostname.replace(/^\[|\]$/g, '');
    const shared = { host, noDelay: true, allowHalfOpen: true, ...(onread && { onread }) };
    if (protocol !== 'https:') return connectTcp({ ...shared, port: Number(port || 80) });
    const socket = connectTls({ ...shared, port: Number(port || 443), ALPNProtocols: ['http/1.1'], session: this.#tlsSession, ...(this.#ca !== null && { ca: this.#ca }), ...(isIP(host) === 0 && { servername: host }) });
    socket.on('session', (session) => { this.#tlsSession = session; });
    return socket;
  }
}
