// Counts, in memory that all threads share, how often the answers of an address were made invalid. Addresses share 4,096 counters
// by their hash: a collision only forgets an answer too early.

const counters = 4_096;

export function createAddressGenerations(): SharedArrayBuffer {
  return new SharedArrayBuffer(counters * Int32Array.BYTES_PER_ELEMENT);
}

export class AddressGenerations {
  readonly #counters: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#counters = new Int32Array(buffer);
  }

  of(address: string): number {
    return Atomics.load(this.#counters, slotOf(address));
  }

  /** What any thread has kept of the address, or asks for at the moment, is good no more. */
  next(address: string): void {
    Atomics.add(this.#counters, slotOf(address), 1);
  }
}

/** FNV-1a */
function slotOf(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % counters;
}
