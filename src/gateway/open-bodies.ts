/** An answer whose body is still on its way. */
export interface OpenBody {
  /** The body has been open for long. */
  stayedOpen(): void;
}

const sweepMs = 100;

/** Answers whose bodies are on their way, in the order of their heads. One timer looks at those of a thread, since most are over at once. */
export class OpenBodies {
  readonly #since = new Map<OpenBody, number>();
  readonly #timer: NodeJS.Timeout;

  /** @param afterMs a body that is open this long is told so, once */
  constructor(afterMs: number) {
    this.#timer = setInterval(() => this.#sweep(performance.now() - afterMs), sweepMs).unref();
  }

  add(body: OpenBody): void {
    this.#since.set(body, performance.now());
  }

  delete(body: OpenBody): void {
    this.#since.delete(body);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(until: number): void {
    for (const [body, since] of this.#since) {
      if (since > until) return;
      this.#since.delete(body);
      body.stayedOpen();
    }
  }
}
