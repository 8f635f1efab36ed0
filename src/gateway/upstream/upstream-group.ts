// One upstream of a product as a thread knows it: its addresses, how much is in flight to each, and which of them answer.
import type { RoutedUpstream, UpstreamAddress } from '../routing/compile-routes.ts';
import type { UpstreamReport } from '../../snapshot/snapshot.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { checkHealth } from './check-health.ts';
import { tickMs, ticksOf, type Ticks } from './ticks.ts';

/** Failures one after the other that send an address away for a while. */
export const failuresMax = 5;
/** How long it stays away the first time; each further time as much longer, up to the maximum. */
export const awayMs = 5_000;
export const awayMsMax = 5 * 60_000;

export interface Member {
  readonly address: UpstreamAddress;
  readonly pool: ConnectionPool;
  inFlight: number;
  /** One after the other. */
  failures: number;
  failuresEver: number;
  /** Times that it was sent away without a long stay in between. */
  ejections: number;
  /** Tick at which it comes back. */
  awayUntil: number;
  /** What its last health checks said. */
  sick: boolean;
  checksFailed: number;
  checking: boolean;
}

export class UpstreamGroup {
  readonly upstream: RoutedUpstream;
  inFlight = 0;
  /** Requests that were too many at once. */
  refused = 0;
  readonly members: readonly Member[];
  readonly #ticks: Ticks;
  #turn = 0;
  /** Tick of the next health check. */
  #checkAt = 0;

  constructor(upstream: RoutedUpstream, pools: readonly ConnectionPool[], ticks: Ticks) {
    this.upstream = upstream;
    this.#ticks = ticks;
    this.members = upstream.addresses.map((address, i) => ({ address, pool: pools[i]!, inFlight: 0, failures: 0, failuresEver: 0, ejections: 0, awayUntil: 0, sick: false, checksFailed: 0, checking: false }));
  }

  /** The address with the least in flight, of those that answer; when none does, of all. @param tried null once there is no other */
  choose(tried: readonly Member[] = []): Member | null {
    const { members } = this;
    if (members.length === 1) return tried.length === 0 ? members[0]! : null;
    let best: Member | null = null;
    let bestAnswers = false;
    // Where several are equal, they take turns.
    this.#turn = (this.#turn + 1) % members.length;
    for (let i = 0; i < members.length; i++) {
      const member = members[(this.#turn + i) % members.length]!;
      if (tried.includes(member)) continue;
      const answers = this.answers(member);
      if (best !== null && (answers === bestAnswers ? member.inFlight >= best.inFlight : !answers)) continue;
      best = member;
      bestAnswers = answers;
    }
    return best;
  }

  /** Neither sent away nor found sick. */
  answers(member: Member): boolean {
    return !member.sick && this.#ticks.now >= member.awayUntil;
  }

  reports(): UpstreamReport[] {
    return this.members.map((member, i) => ({
      product: this.upstream.product, address: member.address.origin + member.address.prefix, inFlight: member.inFlight, away: this.answers(member) ? 0 : 1, failed: member.failuresEver,
      refused: i === 0 ? this.refused : 0,
    }));
  }

  /** To be called with every tick. */
  tick(): void {
    const { health, connectTimeoutMs } = this.upstream;
    if (health === null || this.#ticks.now < this.#checkAt) return;
    this.#checkAt = this.#ticks.now + Math.ceil(health.everyMs / tickMs);
    for (const member of this.members) checkHealth(member, { ...health, connectTimeoutMs });
  }

  succeeded(member: Member): void {
    member.failures = 0;
  }

  /** After several failures in a row an address is not asked for a while, unless it is the last one that answers. */
  failed(member: Member): void {
    const now = this.#ticks.now;
    member.failuresEver++;
    if (++member.failures < failuresMax || now < member.awayUntil) return;
    member.failures = 0;
    if (!this.members.some((other) => other !== member && this.answers(other))) return;
    // Having stayed longer than it would be sent away for, it begins anew.
    if (now > member.awayUntil + ticksOf(awayMsMax)) member.ejections = 0;
    member.ejections++;
    member.awayUntil = now + ticksOf(Math.min(awayMsMax, awayMs * 2 ** (member.ejections - 1)));
  }
}
