// One connected gateway: what it was sent, what it confirmed. One loop writes, and waits whenever the reader is slow,
// so that what is queued for it is at most one message; what it missed meanwhile it gets in one go.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { CredentialEntry, ToControl, ToGateway } from '../../snapshot/snapshot.ts';

/** Where a connection reads what it must send. */
export interface GatewayFeed {
  /** The present snapshot as a line. */
  snapshot(): { version: number; line: string };
  /** The last change of credentials that is committed. */
  credentialSeq(): number;
  changesAfter(seq: number, limit: number): Promise<{ seq: number; entries: CredentialEntry[] } | undefined>;
  basePage(afterKeyId: string, limit: number): Promise<CredentialEntry[]>;
}

export type GatewayHello = Extract<ToControl, { type: 'hello' }>;
export type GatewayState = Extract<ToControl, { type: 'state' }>;

const pageSize = 1_000;

export class GatewayConnection {
  readonly hello: GatewayHello;
  /** What the gateway last confirmed; undefined until its first `state`. */
  state: GatewayState | undefined;
  readonly #socket: Socket;
  readonly #feed: GatewayFeed;
  #sentVersion = -1;
  #sentSeq: number;
  #pumping = false;

  constructor(socket: Socket, hello: GatewayHello, feed: GatewayFeed) {
    this.#socket = socket;
    this.#feed = feed;
    this.hello = hello;
    this.#sentSeq = hello.credentialSeq > 0 ? hello.credentialSeq : -1;
  }

  /** Brings the gateway up to date. May be called at any time. */
  async pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (!this.#socket.destroyed && (await this.#sendNext()));
    } finally {
      this.#pumping = false;
    }
  }

  async send(message: ToGateway): Promise<void> {
    await this.#write(`${JSON.stringify(message)}\n`);
  }

  /** Answers false when there is nothing left to send. */
  async #sendNext(): Promise<boolean> {
    const snapshot = this.#feed.snapshot();
    if (snapshot.version !== this.#sentVersion) {
      await this.#write(snapshot.line);
      this.#sentVersion = snapshot.version;
      return true;
    }
    const seq = this.#feed.credentialSeq();
    if (this.#sentSeq === seq) return false;
    const changes = this.#sentSeq < 0 ? undefined : await this.#feed.changesAfter(this.#sentSeq, pageSize);
    if (changes === undefined) {
      await this.#sendBase(seq);
    } else {
      await this.send({ type: 'credentials', reset: false, last: true, seq: changes.seq, entries: changes.entries });
      this.#sentSeq = changes.seq;
    }
    return true;
  }

  /** Changes that commit meanwhile follow from the log after `seq`; an entry that was already newer is then only repeated. */
  async #sendBase(seq: number): Promise<void> {
    let afterKeyId = '';
    let reset = true;
    for (;;) {
      const entries = await this.#feed.basePage(afterKeyId, pageSize);
      const last = entries.length < pageSize;
      await this.send({ type: 'credentials', reset, last, seq, entries });
      if (last || this.#socket.destroyed) break;
      reset = false;
      afterKeyId = entries.at(-1)!.keyId;
    }
    this.#sentSeq = seq;
  }

  async #write(line: string): Promise<void> {
    if (this.#socket.destroyed || this.#socket.write(line)) return;
    const done = new AbortController();
    try {
      await Promise.race([once(this.#socket, 'drain', { signal: done.signal }), once(this.#socket, 'close', { signal: done.signal })]);
    } catch {
      // The socket failed while waiting: its close event tells the server.
    } finally {
      done.abort();
    }
  }
}
