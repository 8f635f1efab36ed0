// A form that makes something carries a number used once: sent twice, it answers twice what it made the first time.
import { randomUUID } from 'node:crypto';

const keptMax = 1000;
/** A result may hold a new key: no longer than somebody takes to press twice or to reload. */
const keptMs = 15 * 60_000;
const kept = new Map<string, Promise<unknown>>();

export function newOnce(): string {
  return randomUUID();
}

/** Runs `make` for the first form with this number and owner; later ones get the same result. Failures are not kept. */
export function runOnce<Result>(owner: string, number: string, make: () => Promise<Result>): Promise<Result> {
  if (number === '') return make();
  const name = `${owner} ${number}`;
  const earlier = kept.get(name) as Promise<Result> | undefined;
  if (earlier) return earlier;
  if (kept.size >= keptMax) kept.delete(kept.keys().next().value!);
  const made = make();
  kept.set(name, made);
  setTimeout(() => kept.delete(name), keptMs).unref();
  made.catch(() => kept.delete(name));
  return made;
}
