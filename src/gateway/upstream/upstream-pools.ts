import { ConnectionPool } from './connection-pool.ts';
import { Ticks } from './ticks.ts';

/** The connections of a thread to all upstreams, one pool for each origin, and their one timer. */
export class UpstreamPools {
  readonly #pools = new Map<string, ConnectionPool>();
  /** Pools that no product names any more, until their last exchange is over. */
  readonly #retired = new Set<ConnectionPool>();
  readonly ticks = new Ticks(() => this.#expire());

  get(origin: string): ConnectionPool {
    const known = this.#pools.get(origin);
    if (known) return known;
    const pool = new ConnectionPool(origin, this.ticks);
    this.#pools.set(origin, pool);
    this.ticks.start();
    return pool;
  }

  /** Closes the pools of upstreams that no product names any more; their calls in flight finish. */
  keepOnly(origins: Set<string>): void {
    for (const [origin, pool] of this.#pools) {
      if (origins.has(origin)) continue;
      this.#pools.delete(origin);
      pool.retire();
      this.#retired.add(pool);
    }
  }

  destroy(): void {
    this.ticks.stop();
    for (const pool of [...this.#pools.values(), ...this.#retired]) pool.destroy();
    this.#pools.clear();
    this.#retired.clear();
  }

  #expire(): void {
    for (const pool of this.#pools.values()) pool.expire();
    for (const pool of this.#retired) {
      pool.expire();
      if (pool.size === 0) this.#retired.delete(pool);
    }
    if (this.#pools.size === 0 && this.#retired.size === 0) this.ticks.stop();
  }
}
