// Which gateways are connected, which were cut off while their process lives on, and who waits for what they confirm.
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { GatewayConnection, GatewayState } from './gateway-connection.ts';
import type { GatewayStatus } from './gateways.ts';

const remembered = 64;

export class GatewayRoster {
  readonly #clock: Clock;
  readonly #connected = new Map<GatewayConnection, Socket>();
  /** By gateway id; the connection as it was when it broke. */
  readonly #cutOff = new Map<string, { connection: GatewayConnection; since: number }>();
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  join(connection: GatewayConnection, socket: Socket): void {
    const { gatewayId } = connection.hello;
    for (const [other, otherSocket] of this.#connected) if (other.hello.gatewayId === gatewayId) otherSocket.destroy();
    this.#cutOff.delete(gatewayId);
    this.#connected.set(connection, socket);
  }

  leave(connection: GatewayConnection): void {
    this.#connected.delete(connection);
    const { gatewayId } = connection.hello;
    const replaced = this.connections().some((other) => other.hello.gatewayId === gatewayId);
    if (!replaced) this.#cutOff.set(gatewayId, { connection, since: this.#clock.now() });
    if (this.#cutOff.size > remembered) this.#cutOff.delete(this.#cutOff.keys().next().value!);
    this.changed();
  }

  changed(): void {
    for (const check of this.#waiting) check();
  }

  connections(): GatewayConnection[] {
    return [...this.#connected.keys()];
  }

  socketOf(connection: GatewayConnection): Socket | undefined {
    return this.#connected.get(connection);
  }

  /** Answers the ids of gateways that have not confirmed: at once when all have, else after `timeoutMs`. */
  async confirmed(holds: (state: GatewayState) => boolean, timeoutMs: number): Promise<string[]> {
    const missing = (): string[] => this.connections().filter(({ state }) => !state || !holds(state)).map(({ hello }) => hello.gatewayId);
    if (missing().length > 0) {
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(check);
          resolve();
        };
        const check = (): void => {
          if (missing().length === 0) finish();
        };
        const timer = setTimeout(finish, timeoutMs);
        this.#waiting.add(check);
      });
    }
    return [...missing(), ...this.#livingCutOff().map(([gatewayId]) => gatewayId)];
  }

  list(): GatewayStatus[] {
    const now = this.#clock.now();
    return [
      ...this.connections().map((connection) => status(connection, true, 0)),
      ...this.#livingCutOff().map(([, { connection, since }]) => status(connection, false, Math.max(0, now - since))),
    ];
  }

  /** A gateway on this machine whose process is gone serves nobody: it is forgotten. */
  #livingCutOff(): [string, { connection: GatewayConnection; since: number }][] {
    for (const [gatewayId, { connection }] of this.#cutOff) if (!lives(connection.hello.pid)) this.#cutOff.delete(gatewayId);
    return [...this.#cutOff];
  }
}

function status({ hello, state }: GatewayConnection, connected: boolean, staleMs: number): GatewayStatus {
  return {
    id: hello.gatewayId, pid: hello.pid, threads: state?.threads ?? 0, connected, accepting: state?.accepting ?? false,
    snapshotVersion: state?.snapshotVersion ?? hello.snapshotVersion, credentialSeq: state?.credentialSeq ?? hello.credentialSeq, staleMs, unmeterable: state?.unmeterable ?? false, upstreams: state?.upstreams ?? [],
  };
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
