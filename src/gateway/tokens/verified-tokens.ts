import { Buffer } from 'node:buffer';

/** What a token with a good signature says. */
export interface VerifiedToken {
  /** Of the credential that it stands for, as the credential table has it: an octet each character. */
  readonly hash: string;
  /** The key that it was made with; null for what another issuer says, which is bound to a key. */
  readonly keyId: string | null;
  /** Whom it names, in words: for a refusal, where that is bound to no key. */
  readonly named: string;
  /** ms UTC, with what the issuer's clock may be off. */
  readonly notBefore: number;
  readonly expiresAt: number;
}

/** Tokens by their text, the oldest leaving first: a signature costs more to verify than all else that a call is asked. */
export class VerifiedTokens {
  readonly #tokens = new Map<string, VerifiedToken>();
  readonly #charactersMax: number;
  #characters = 0;

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  get size(): number {
    return this.#tokens.size;
  }

  find(text: string): VerifiedToken | undefined {
    return this.#tokens.get(text);
  }

  add(text: string, token: VerifiedToken): void {
    // A copy: a part of a head would keep the whole head in memory.
    this.#tokens.set(Buffer.from(text, 'latin1').toString('latin1'), token);
    this.#characters += text.length;
    for (const [oldest] of this.#tokens) {
      if (this.#characters <= this.#charactersMax) return;
      this.forget(oldest);
    }
  }

  forget(text: string): void {
    if (this.#tokens.delete(text)) this.#characters -= text.length;
  }
}
