// The control end of the bridge: one Unix socket, newline-delimited JSON, any number of gateways.
import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import type { ToControl, ToGateway } from '../../snapshot/snapshot.ts';
import type { ControlDeps } from '../deps.ts';
import { loadCredentialEntries, listCredentialEntries } from './credential-entries.ts';
import { withSpendCaps } from './spend-caps.ts';
import { changesKept, forgetOldChanges, lastChange, listChanges } from './credential-log.ts';
import { GatewayConnection, type GatewayFeed } from './gateway-connection.ts';
import { GatewayRoster } from './gateway-roster.ts';
import type { Gateways, RefusalHint, StrangerRefusal } from './gateways.ts';
import { buildSnapshot } from './publish-snapshot.ts';
import { UncountedKeeper } from './uncounted-keeper.ts';
import { readLines } from './read-lines.ts';

export interface BridgeSettings {
  /** Path of the Unix socket; what is left of an earlier one is removed. */
  path: string;
  /** What a gateway must show in its `hello`. */
  token: string;
  /** How long a command waits for gateways to confirm, ms. */
  confirmMs?: number;
}

const lineBytesMax = 1_048_576;
const helloMs = 5_000;
const watchesMax = 10_000;

/** Compiles the store as it is, opens the bridge and answers the handle. */
export async function openBridge(deps: Pick<ControlDeps, 'database' | 'clock' | 'config' | 'secret' | 'log'>, settings: BridgeSettings): Promise<Gateways> {
  const { database, log } = deps;
  const confirmMs = settings.confirmMs ?? 10_000;
  const roster = new GatewayRoster(deps.clock);
  const strangers = new Set<(refusal: StrangerRefusal) => void>();
  const published = new Set<() => void>();
  const hints = new Set<(hint: RefusalHint) => void>();
  const watches = new Map<string, number>();
  const sockets = new Set<Socket>();
  const uncounted = new UncountedKeeper(database, log);
  const query = database.kysely;

  await forgetOldChanges(query);
  let seq = await lastChange(query);
  let forgottenAt = seq;
  let snapshot = await nextSnapshot();
  let publishing: Promise<unknown> = Promise.resolve();

  const feed: GatewayFeed = {
    snapshot: () => snapshot,
    credentialSeq: () => seq,
    changesAfter: async (after, limit) => {
      const changes = await listChanges(query, after, limit);
      return changes && { seq: changes.seq, entries: await withSpendCaps(query, await loadCredentialEntries(query, changes.keyIds), deps.clock.now()) };
    },
    basePage: async (after, limit) => withSpendCaps(query, await listCredentialEntries(query, after, limit), deps.clock.now()),
  };

  const server = createServer((socket) => accept(socket));
  await rm(settings.path, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(settings.path, resolve));
  await chmod(settings.path, 0o600);

  async function nextSnapshot(above = 0): Promise<{ version: number; line: string }> {
    const built = await buildSnapshot(deps, above);
    return { version: built.version, line: `${JSON.stringify({ type: 'snapshot', snapshot: built } satisfies ToGateway)}\n` };
  }

  function pump(connection: GatewayConnection): void {
    connection.pump().catch((error: unknown) => {
      log.error({ err: error, gateway: connection.hello.gatewayId }, 'a gateway could not be brought up to date');
      roster.socketOf(connection)?.destroy();
    });
  }

  function accept(socket: Socket): void {
    sockets.add(socket);
    let connection: GatewayConnection | undefined;
    const patience = setTimeout(() => socket.destroy(), helloMs);
    socket.on('error', (error) => log.warn({ err: error }, 'the bridge to a gateway broke'));
    socket.on('close', () => {
      clearTimeout(patience);
      sockets.delete(socket);
      if (connection) roster.leave(connection);
    });
    readLines(socket, lineBytesMax, (line) => {
      const message = parseMessage(line);
      if (message?.type === 'hello' && !connection && sameToken(message.token, settings.token)) {
        clearTimeout(patience);
        connection = new GatewayConnection(socket, message, feed);
        roster.join(connection, socket);
        welcome(connection).catch((error: unknown) => {
          log.error({ err: error }, 'a gateway could not be welcomed');
          socket.destroy();
        });
      } else if (message?.type === 'state' && connection) {
        connection.state = message;
        roster.changed();
      } else if (message?.type === 'stranger' && connection) {
        tell(strangers, message);
      } else if (message?.type === 'uncounted' && connection) {
        uncounted.add(message.calls);
      } else if (message?.type === 'hint' && connection) {
        tell(hints, message);
      } else {
        log.warn('something that is no gateway of this Portico spoke on the bridge');
        socket.destroy();
      }
    });
  }

  function tell<Message>(listeners: Set<(message: Message) => void>, message: Message): void {
    for (const listener of listeners) {
      try {
        listener(message);
      } catch (error) {
        log.error({ err: error }, 'a page could not be told of a refused call');
      }
    }
  }

  async function welcome(connection: GatewayConnection): Promise<void> {
    // A gateway that outlived a restored store knows a higher version: versions only grow.
    if (connection.hello.snapshotVersion > snapshot.version) await publish(connection.hello.snapshotVersion);
    for (const [address, until] of watches) await connection.send({ type: 'watch', address, until });
    pump(connection);
  }

  /** One at a time, so that versions leave in the order of their content. */
  function publish(above = 0): Promise<number> {
    const turn = publishing.then(async () => {
      snapshot = await nextSnapshot(above);
      for (const connection of roster.connections()) pump(connection);
      return snapshot.version;
    });
    publishing = turn.catch(() => undefined);
    return turn;
  }

  return {
    async publishSnapshot() {
      const version = await publish();
      for (const listener of published) listener();
      return { version, unconfirmed: await roster.confirmed((state) => state.snapshotVersion >= version, confirmMs) };
    },
    async credentialsChanged() {
      const last = await lastChange(query);
      seq = Math.max(seq, last);
      if (seq - forgottenAt > changesKept / 10) {
        forgottenAt = seq;
        await forgetOldChanges(query);
      }
      for (const connection of roster.connections()) pump(connection);
      return { unconfirmed: await roster.confirmed((state) => state.credentialSeq >= last, confirmMs) };
    },
    watch(address, until) {
      const now = deps.clock.now();
      for (const [known, end] of watches) if (end <= now) watches.delete(known);
      if (!watches.has(address) && watches.size >= watchesMax) return;
      watches.set(address, Math.max(until, watches.get(address) ?? 0));
      for (const connection of roster.connections()) void connection.send({ type: 'watch', address, until });
    },
    onStranger(listener) {
      strangers.add(listener);
      return () => strangers.delete(listener);
    },
    onPublished(listener) {
      published.add(listener);
      return () => published.delete(listener);
    },
    onHint(listener) {
      hints.add(listener);
      return () => hints.delete(listener);
    },
    tellStranger: (refusal) => tell(strangers, refusal),
    snapshotVersion: () => snapshot.version,
    list: () => roster.list(),
    uncounted: () => uncounted.list(),
    async close() {
      uncounted.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function parseMessage(line: string): ToControl | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null && 'type' in message ? (message as ToControl) : undefined;
  } catch {
    return undefined;
  }
}

function sameToken(shown: unknown, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return typeof shown === 'string' && timingSafeEqual(digest(shown), digest(expected));
}
