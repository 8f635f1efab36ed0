/** Wrong signatures in a second, of one address and of all, after which no more are looked at until it is over. */
export const failuresPerAddressMax = 100;
export const failuresMax = 500;

const windowMs = 1_000;

/** A signature costs more to verify than the rest of a call: nobody may have a thread do nothing else. Tokens that are known are not asked for theirs. */
export class FailedSignatures {
  readonly #byAddress = new Map<string, number>();
  #since = 0;
  #all = 0;

  /** @param now ms UTC */
  tooMany(address: string, now: number): boolean {
    if (Math.abs(now - this.#since) >= windowMs) return false;
    return this.#all >= failuresMax || (this.#byAddress.get(address) ?? 0) >= failuresPerAddressMax;
  }

  note(address: string, now: number): void {
    if (Math.abs(now - this.#since) >= windowMs) {
      this.#since = now;
      this.#all = 0;
      this.#byAddress.clear();
    }
    this.#all++;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }
}
