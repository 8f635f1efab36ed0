// A gateway's end of the bridge. In: snapshots and credential changes from control. Out: the same, one after the other, once each
// is served by every thread and kept on disk, confirmed to control. It reconnects for ever.
import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { LastGoodCopy } from './last-good.ts';
import type { CredentialEntry, Snapshot, ToControl, ToGateway } from './snapshot.ts';

const backoffMs = [20, 50, 100, 200, 500];
const lineBytesMax = 512 * 1024 * 1024;

export interface FollowDeps {
  bridgePath: string;
  bridgeToken: string;
  gatewayId: string;
  lastGood: LastGoodCopy;
  log: Logger;
  /** Resolves once every thread serves with it. */
  onSnapshot(snapshot: Snapshot): Promise<void>;
  /** `reset` begins a new base: what is not in it when `last` has come is forgotten. Seen by every thread when it returns. */
  onCredentials(part: { first: boolean; reset: boolean; last: boolean; entries: CredentialEntry[] }): void;
  onWatch(address: string, until: number): void;
  onDrain(): void;
  /** What the gateway is at the moment, for `state` lines. */
  state(): Pick<Extract<ToControl, { type: 'state' }>, 'threads' | 'accepting' | 'unmeterable' | 'upstreams'>;
}

export interface Follower {
  readonly connected: boolean;
  /** Resolves once a snapshot and credentials have come from control on this run. */
  readonly synced: Promise<void>;
  /** Tells control what this gateway is, when it is connected. */
  sendState(): void;
  send(message: ToControl): void;
  close(): void;
}

/** @param known what the last good copy held, and is already served */
export function followControl(deps: FollowDeps, known: { snapshotVersion: number; credentialSeq: number }): Follower {
  const follower = new ControlFollower(deps, known);
  follower.open();
  return follower;
}

class ControlFollower implements Follower {
  readonly #deps: FollowDeps;
  readonly #synced = Promise.withResolvers<void>();
  #snapshotVersion: number;
  #credentialSeq: number;
  #socket: Socket | undefined;
  #connected = false;
  #closed = false;
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Between the first and the last part of a new base, on the present connection. */
  #resetting = false;
  #hasSnapshot = false;

  constructor(deps: FollowDeps, known: { snapshotVersion: number; credentialSeq: number }) {
    this.#deps = deps;
    this.#snapshotVersion = known.snapshotVersion;
    this.#credentialSeq = known.credentialSeq;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  open(): void {
    const socket = connect(this.#deps.bridgePath);
    this.#socket = socket;
    this.#resetting = false;
    socket.on('connect', () => {
      this.#connected = true;
      this.#attempts = 0;
      this.send({ type: 'hello', gatewayId: this.#deps.gatewayId, pid: process.pid, token: this.#deps.bridgeToken, snapshotVersion: this.#snapshotVersion, credentialSeq: this.#credentialSeq });
      this.sendState();
    });
    readInOrder(socket, (message) => this.#apply(message), (error) => {
      this.#deps.log.error({ err: error }, 'a message from control could not be applied');
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lost());
  }

  send(message: ToControl): void {
    if (this.#connected) this.#socket!.write(`${JSON.stringify(message)}\n`);
  }

  sendState(): void {
    if (this.#snapshotVersion > 0) this.send({ type: 'state', snapshotVersion: this.#snapshotVersion, credentialSeq: this.#credentialSeq, ...this.#deps.state() });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroySoon();
  }

  #lost(): void {
    if (this.#connected && !this.#closed) this.#deps.log.warn('control is away: serving on with the last good configuration');
    this.#connected = false;
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.open(), backoffMs[Math.min(this.#attempts++, backoffMs.length - 1)]!);
  }

  async #apply(message: ToGateway): Promise<void> {
    switch (message.type) {
      case 'snapshot':
        await this.#deps.onSnapshot(message.snapshot);
        this.#deps.lastGood.saveSnapshot(message.snapshot);
        this.#snapshotVersion = message.snapshot.version;
        this.#hasSnapshot = true;
        this.sendState();
        // Control sends no credentials to a gateway that has them all.
        if (this.#credentialSeq > 0) this.#synced.resolve();
        return;
      case 'credentials':
        this.#applyCredentials(message);
        return;
      case 'watch':
        this.#deps.onWatch(message.address, message.until);
        return;
      case 'drain':
        this.#deps.onDrain();
    }
  }

  #applyCredentials({ reset: first, last, seq, entries }: Extract<ToGateway, { type: 'credentials' }>): void {
    const { lastGood, onCredentials } = this.#deps;
    this.#resetting ||= first;
    onCredentials({ first, reset: this.#resetting, last, entries });
    if (this.#resetting) lastGood.saveBase({ seq, first, last, entries });
    else lastGood.appendChanges(seq, entries);
    if (!last) return;
    this.#resetting = false;
    this.#credentialSeq = seq;
    this.sendState();
    if (this.#hasSnapshot) this.#synced.resolve();
  }
}

/** Hands over one line at a time; the socket waits while a line is being applied. */
function readInOrder(socket: Socket, apply: (message: ToGateway) => Promise<void>, onError: (error: unknown) => void): void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let queue: Promise<void> = Promise.resolve();
  let broken = false;
  socket.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      pending.push(chunk.subarray(start, end));
      const line = Buffer.concat(pending).toString('utf8');
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      socket.pause();
      queue = queue.then(async () => {
        if (broken) return;
        await apply(JSON.parse(line) as ToGateway);
      }).catch((error: unknown) => {
        broken = true;
        onError(error);
      });
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > lineBytesMax) socket.destroy(new Error('a line from control is too long'));
    void queue.then(() => socket.resume());
  });
}
