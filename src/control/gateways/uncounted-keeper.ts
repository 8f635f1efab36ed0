// What gateways served and could not record, kept as periods so that people see it. The disk that is full may be ours as well: what
// cannot be kept waits here and is tried again.
import type { Logger } from 'pino';
import { joinUncounted, type UncountedCalls } from '../../domain/uncounted.ts';
import type { Database, Query } from '../../store/database.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';

const setting = 'uncounted-calls';
/** The newest are kept. */
const periodsMax = 100;
/** Calls of one product that are further apart belong to two periods. */
const apartMs = 600_000;
const retryMs = 5_000;

export class UncountedKeeper {
  readonly #database: Database;
  readonly #log: Logger;
  #waiting: UncountedCalls[] = [];
  #keeping: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  add(calls: UncountedCalls[]): void {
    this.#waiting = joinPeriods([...calls, ...this.#waiting]);
    this.#keeping = this.#keeping.then(() => this.#keep());
  }

  /** Newest first, what waits included. */
  async list(): Promise<UncountedCalls[]> {
    await this.#keeping;
    return joinPeriods([...this.#waiting, ...await readPeriods(this.#database.kysely)]);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#timer);
    const calls = this.#waiting;
    if (calls.length === 0) return;
    this.#waiting = [];
    try {
      await this.#database.transaction(async (query) => writeSetting(query, setting, joinPeriods([...calls, ...await readPeriods(query)]).slice(0, periodsMax)));
    } catch (error) {
      this.#log.error({ err: error }, 'what was served uncounted cannot be kept yet');
      this.#waiting = joinPeriods([...this.#waiting, ...calls]);
      this.#timer = setTimeout(() => this.add([]), retryMs).unref();
    }
  }
}

async function readPeriods(query: Query): Promise<UncountedCalls[]> {
  return (await readSetting<UncountedCalls[]>(query, setting)) ?? [];
}

function joinPeriods(all: UncountedCalls[]): UncountedCalls[] {
  const periods: UncountedCalls[] = [];
  for (const calls of all.toSorted((a, b) => a.from - b.from)) {
    const place = periods.findLastIndex(({ productId, to }) => productId === calls.productId && calls.from - to < apartMs);
    if (place < 0) periods.push(calls);
    else periods[place] = joinUncounted(periods[place]!, calls);
  }
  return periods.toSorted((a, b) => b.to - a.to);
}
