import { Pool } from 'undici';

const connectionsMax = 1024;
/** A body from the upstream may pause this long. */
export const bodyIdleMs = 15 * 60_000;
const keepAliveMs = 4_000;
const headBytesMax = 64 * 1024;

/** Kept connections to each upstream, one pool per origin and connect timeout. */
export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();

  get(origin: string, connectTimeoutMs: number): Pool {
    const name = `${origin} ${connectTimeoutMs}`;
    const known = this.#pools.get(name);
    if (known) return known;
    const pool = new Pool(origin, { connections: connectionsMax, pipelining: 1, connect: { timeout: connectTimeoutMs }, keepAliveTimeout: keepAliveMs, bodyTimeout: bodyIdleMs, maxHeaderSize: headBytesMax });
    this.#pools.set(name, pool);
    return pool;
  }

  /** Closes the pools of upstreams that no product names any more; their calls in flight finish. */
  keepOnly(origins: Set<string>): void {
    for (const [name, pool] of this.#pools) {
      if (origins.has(name.split(' ')[0]!)) continue;
      this.#pools.delete(name);
      pool.close().catch(() => undefined);
    }
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }
}
