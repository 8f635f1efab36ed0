import type { RoutedUpstream } from '../routing/compile-routes.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { UpstreamReport } from '../../snapshot/snapshot.ts';
import { Ticks } from './ticks.ts';
import { UpstreamGroup } from './upstream-group.ts';

const reportsMax = 500;

/** The connections of a thread to all upstreams, one pool for each origin and what vouches for it, and their one timer. */
export class UpstreamPools {
  readonly ticks = new Ticks(() => this.#tick());
  readonly #groups = new Map<string, UpstreamGroup>();
  readonly #pools = new Map<string, ConnectionPool>();
  /** Pools that no product names any more, until their last exchange is over. */
  readonly #retired = new Set<ConnectionPool>();

  group(upstream: RoutedUpstream): UpstreamGroup {
    return this.#groups.get(upstream.name) ?? this.#open(upstream);
  }

  /** Makes ready for these upstreams, and closes the pools of those that no product names any more: their calls in flight finish. */
  keepOnly(upstreams: readonly RoutedUpstream[]): void {
    const names = new Set(upstreams.map(({ name }) => name));
    // Those with health checks are looked after before their first call.
    for (const upstream of upstreams) if (upstream.health !== null) this.group(upstream);
    for (const name of this.#groups.keys()) if (!names.has(name)) this.#groups.delete(name);
    const used = new Set([...this.#groups.values()].flatMap(({ members }) => members.map(({ pool }) => pool)));
    for (const [name, pool] of this.#pools) {
      if (used.has(pool)) continue;
      this.#pools.delete(name);
      pool.retire();
      this.#retired.add(pool);
    }
  }

  /** How each address does, at most so many of them. */
  reports(): UpstreamReport[] {
    return [...this.#groups.values()].flatMap((group) => group.reports()).slice(0, reportsMax);
  }

  destroy(): void {
    this.ticks.stop();
    for (const pool of [...this.#pools.values(), ...this.#retired]) pool.destroy();
    this.#groups.clear();
    this.#pools.clear();
    this.#retired.clear();
  }

  #open(upstream: RoutedUpstream): UpstreamGroup {
    const group = new UpstreamGroup(upstream, upstream.addresses.map(({ origin }) => this.#pool(origin, upstream.ca)), this.ticks);
    this.#groups.set(upstream.name, group);
    this.ticks.start();
    return group;
  }

  #pool(origin: string, ca: string | null): ConnectionPool {
    const name = `${origin} ${ca ?? ''}`;
    const pool = this.#pools.get(name) ?? new ConnectionPool(origin, ca, this.ticks);
    this.#pools.set(name, pool);
    return pool;
  }

  #tick(): void {
    for (const group of this.#groups.values()) group.tick();
    for (const pool of this.#pools.values()) pool.expire();
    for (const pool of this.#retired) {
      pool.expire();
      if (pool.size === 0) this.#retired.delete(pool);
    }
    if (this.#pools.size === 0 && this.#retired.size === 0) this.ticks.stop();
  }
}
