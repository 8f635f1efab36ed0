// Asks one address of an upstream whether it is well: a new connection, a GET, and the status of its answer.
import type { UpstreamConnection, ConnectionUser } from './upstream-connection.ts';
import type { Member } from './upstream-group.ts';

/** An answer has to begin within this, or within the time to the next check. */
const answerMsMax = 5_000;
/** Checks in a row that make an address sick. One that is well makes it well again. */
export const sickAfter = 2;

export function checkHealth(member: Member, health: { path: string; everyMs: number; connectTimeoutMs: number }): void {
  if (member.checking) return;
  const limitMs = Math.min(answerMsMax, health.everyMs);
  const finish = (well: boolean): void => {
    member.checking = false;
    member.checksFailed = well ? 0 : member.checksFailed + 1;
    member.sick = member.checksFailed >= sickAfter;
  };
  const connection = member.pool.open(new HealthCheck(member, health.path, limitMs, finish), Math.min(limitMs, health.connectTimeoutMs), false);
  // With every connection in use it is not asked: the calls themselves tell.
  member.checking = connection !== null;
}

class HealthCheck implements ConnectionUser {
  readonly #member: Member;
  readonly #path: string;
  readonly #limitMs: number;
  readonly #finish: (well: boolean) => void;
  #connection: UpstreamConnection | null = null;

  constructor(member: Member, path: string, limitMs: number, finish: (well: boolean) => void) {
    this.#member = member;
    this.#path = path;
    this.#limitMs = limitMs;
    this.#finish = finish;
  }

  onReady(connection: UpstreamConnection): void {
    this.#connection = connection;
    const { host, prefix } = this.#member.address;
    const head = `GET ${prefix}${this.#path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Portico health check\r\nConnection: close\r\n\r\n`;
    connection.send(head, { method: 'GET', upgrade: false, headTimeoutMs: this.#limitMs }, true);
  }

  /** The status says it all: nobody waits for the body. */
  onHead({ status }: { status: number }): void {
    this.#connection?.close();
    this.#finish(status < 400);
  }

  onFailure(): void {
    this.#finish(false);
  }

  onInterim(): void {}

  onData(): boolean {
    return true;
  }

  onEnd(): void {}

  onSwitch(): void {}

  onDrain(): void {}
}
