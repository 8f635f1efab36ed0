// What the connections of a thread share, and how a socket becomes one of them.
import { Buffer } from 'node:buffer';
import { Socket, type SocketConstructorOpts } from 'node:net';
import type { RequestHead } from '../call.ts';
import type { Http1Client } from './http1-client.ts';
import { Http1Connection } from './http1-connection.ts';
import type { HeadProblem, RequestHeadScanner } from './scan-request-head.ts';

export interface Connections {
  /** ms of the coarse clock that all deadlines are told by. */
  readonly now: number;
  readonly times: ConnectionTimes;
  /** Set while the server drains: every connection ends with the call that it serves. */
  readonly closing: boolean;
  /** Lines of an answer's head on a connection that stays open. */
  readonly keepAliveLines: string;
  /** Of now, as a field value. */
  readonly date: string;
  /** For heads that arrive whole; replaced when a connection keeps it. */
  scanner: RequestHeadScanner;
  newScanner(): RequestHeadScanner;
  /** All connections read into this, one after the other: whoever keeps octets copies them. */
  readonly readBuffer: Buffer;
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

const connectionOf = Symbol('connection');
type OwnedSocket = Socket & { [connectionOf]?: Http1Connection };

/**
 * Serves the requests that arrive on a socket that was accepted paused.
 *
 * A socket of a server makes a buffer of 64 KiB for each read. One that is made anew around the same handle may read into the shared
 * buffer: 10 to 20 % less processor time for a small exchange, in interleaved runs. The handle is not in Node's documentation; without it the
 * socket is read as it is.
 */
export function openConnection(accepted: Socket, shared: Connections): Http1Connection {
  const handle = (accepted as Socket & { _handle?: unknown })._handle;
  if (handle === undefined || handle === null || 'encrypted' in accepted) return readAsStream(accepted, shared);
  (accepted as Socket & { _handle: unknown })._handle = null;
  accepted.destroy();
  const socket: Socket = new Socket({
    handle, allowHalfOpen: true,
    onread: { buffer: shared.readBuffer, callback: (length: number, octets: Buffer): boolean => connection.data(octets, length) },
  } as unknown as SocketConstructorOpts);
  const connection = own(socket, shared);
  return connection;
}

function readAsStream(socket: Socket, shared: Connections): Http1Connection {
  const connection = own(socket, shared);
  socket.on('data', onData).resume();
  return connection;
}

function own(socket: Socket, shared: Connections): Http1Connection {
  const connection = new Http1Connection(socket, shared);
  (socket as OwnedSocket)[connectionOf] = connection;
  socket.on('end', onEnd).on('drain', onDrain).on('close', onClose).on('error', onError);
  return connection;
}

/** The socket is no longer a connection of ours: it waits, and what it reads from now on comes from it as from any stream. */
export function disownSocket(socket: Socket): void {
  socket.pause();
  socket.off('data', onData).off('end', onEnd).off('drain', onDrain).off('close', onClose);
}

function onData(this: Socket, chunk: Buffer): void {
  (this as OwnedSocket)[connectionOf]!.data(chunk, chunk.length);
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
