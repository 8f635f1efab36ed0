/** What went wrong in a producer's own policy, for the log. */
export interface PolicyFault {
  /** Slug. */
  product: string;
  file: string;
  function: string;
  /** Of the call. */
  requestId: string;
  /** With places in the file. */
  error: string;
}

const faultsMax = 10;
const withinMs = 1_000;
const linesMax = 6;
const charactersMax = 2_000;

/** Tells of faults, of at most so many a second: the calls are all recorded. */
export class PolicyFaults {
  readonly #tell: (fault: PolicyFault) => void;
  #since = 0;
  #told = 0;

  constructor(tell: (fault: PolicyFault) => void) {
    this.#tell = tell;
  }

  add(fault: Omit<PolicyFault, 'error'>, error: unknown, now: number): void {
    if (now - this.#since >= withinMs) {
      this.#since = now;
      this.#told = 0;
    }
    if (this.#told++ < faultsMax) this.#tell({ ...fault, error: wordsOf(error) });
  }
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? (error.stack ?? error.message) : `thrown: ${String(error)}`;
  return words.split('\n').slice(0, linesMax).join('\n').slice(0, charactersMax);
}
