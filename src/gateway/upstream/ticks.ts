/** Time limits of upstream connections are kept this coarsely: by one timer for all of them. */
export const tickMs = 100;

/** A limit in ticks, never shorter than asked. */
export function ticksOf(limitMs: number): number {
  return Math.ceil(limitMs / tickMs) + 1;
}

/** Counts time in ticks while it runs. A thread that was held up counts no time that its connections could not use. */
export class Ticks {
  /** Ticks so far. */
  now = 0;
  readonly #onTick: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onTick: () => void) {
    this.#onTick = onTick;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.advance(), tickMs).unref();
  }

  advance(): void {
    this.now++;
    this.#onTick();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
