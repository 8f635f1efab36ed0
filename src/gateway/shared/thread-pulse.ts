/** What a gateway thread tells of itself while it may be stuck: how often its timer has come round, and whose policy it is in. */
export class ThreadPulse {
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
  }

  beat(): void {
    Atomics.add(this.#words, 0, 1);
  }

  get beats(): number {
    return Atomics.load(this.#words, 0);
  }

  /** @param mark of the policy, 0 for none */
  enter(mark: number): void {
    Atomics.store(this.#words, 1, mark);
  }

  /** Mark of the policy that is running, 0 for none. */
  get within(): number {
    return Atomics.load(this.#words, 1);
  }
}

export function createThreadPulse(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}
