// The control end of the bridge, as a gateway sees it: speaks the protocol, and shows what it was told.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { CredentialEntry, Snapshot, ToControl, ToGateway } from '../snapshot/snapshot.ts';

export class TestControl {
  readonly heard: ToControl[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #path: string;
  #server = createServer();
  #onHello: (hello: Extract<ToControl, { type: 'hello' }>) => ToGateway[] = () => [];

  constructor(path: string) {
    this.#path = path;
  }

  async open(onHello: (hello: Extract<ToControl, { type: 'hello' }>) => ToGateway[]): Promise<void> {
    this.#onHello = onHello;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.listen(this.#path);
    await once(this.#server, 'listening');
  }

  send(...messages: ToGateway[]): void {
    for (const socket of this.#sockets) for (const message of messages) socket.write(`${JSON.stringify(message)}\n`);
  }

  get state(): Extract<ToControl, { type: 'state' }> | undefined {
    return this.heard.findLast((message) => message.type === 'state');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      const message = JSON.parse(line) as ToControl;
      this.heard.push(message);
      if (message.type === 'hello') this.send(...this.#onHello(message));
    });
  }
}

export function baseOf(seq: number, entries: CredentialEntry[]): ToGateway {
  return { type: 'credentials', reset: true, last: true, seq, entries };
}

export function snapshotLine(snapshot: Snapshot): ToGateway {
  return { type: 'snapshot', snapshot };
}
