import { Buffer } from 'node:buffer';

const leastBytes = 512;

/** Octets that have arrived and wait, copied out of the buffer that all connections read into. */
export class KeptOctets {
  octets: Buffer;
  from = 0;
  to: number;

  constructor(octets: Buffer, from: number, end: number) {
    this.to = end - from;
    this.octets = Buffer.allocUnsafeSlow(Math.max(leastBytes, this.to));
    octets.copy(this.octets, 0, from, end);
  }

  get length(): number {
    return this.to - this.from;
  }

  /** What was kept before stays where it is, or moves together with what is new: nothing of it is ever overwritten. */
  append(octets: Buffer): void {
    if (this.to + octets.length > this.octets.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (this.length + octets.length));
      this.octets.copy(larger, 0, this.from, this.to);
      this.octets = larger;
      this.to -= this.from;
      this.from = 0;
    }
    this.to += octets.copy(this.octets, this.to);
  }
}
