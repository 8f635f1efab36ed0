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
  state(): { threads: number; accepting: boolean; unmeterable: boolean };
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
  let { snapshotVersion, credentialSeq } = known;
  let socket: Socket | undefined;
  let connected = false;
  let closed = false;
  let attempts = 0;
  let timer: NodeJS.Timeout | undefined;
  const synced = Promise.withResolvers<void>();

  const send = (message: ToControl): void => {
    if (connected) socket!.write(`${JSON.stringify(message)}\n`);
  };
  const sendState = (): void => {
    if (snapshotVersion > 0) send({ type: 'state', snapshotVersion, credentialSeq, ...deps.state() });
  };

  const open = (): void => {
    const mine = connect(deps.bridgePath);
    socket = mine;
    let resetting = false;
    let hasSnapshot = false;
    mine.on('connect', () => {
      connected = true;
      attempts = 0;
      send({ type: 'hello', gatewayId: deps.gatewayId, pid: process.pid, token: deps.bridgeToken, snapshotVersion, credentialSeq });
      sendState();
    });
    const apply = async (message: ToGateway): Promise<void> => {
      switch (message.type) {
        case 'snapshot':
          await deps.onSnapshot(message.snapshot);
          deps.lastGood.saveSnapshot(message.snapshot);
          snapshotVersion = message.snapshot.version;
          hasSnapshot = true;
          sendState();
          // Control sends no credentials to a gateway that has them all.
          if (credentialSeq > 0) synced.resolve();
          return;
        case 'credentials': {
          const first = message.reset;
          resetting ||= message.reset;
          deps.onCredentials({ first, reset: resetting, last: message.last, entries: message.entries });
          if (resetting) deps.lastGood.saveBase({ seq: message.seq, first, last: message.last, entries: message.entries });
          else deps.lastGood.appendChanges(message.seq, message.entries);
          if (!message.last) return;
          resetting = false;
          credentialSeq = message.seq;
          sendState();
          if (hasSnapshot) synced.resolve();
          return;
        }
        case 'watch':
          deps.onWatch(message.address, message.until);
          return;
        case 'drain':
          deps.onDrain();
      }
    };
    readInOrder(mine, apply, (error) => {
      deps.log.error({ err: error }, 'a message from control could not be applied');
      mine.destroy();
    });
    mine.on('error', () => undefined);
    mine.on('close', () => {
      if (connected) deps.log.warn('control is away: serving on with the last good configuration');
      connected = false;
      if (closed) return;
      timer = setTimeout(open, backoffMs[Math.min(attempts++, backoffMs.length - 1)]!);
    });
  };
  open();

  return {
    get connected() { return connected; },
    synced: synced.promise,
    sendState,
    send,
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.end();
      socket?.destroySoon();
    },
  };
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
