// The main thread's side of credentials and counters: gives each (subscription, mode) its slot, restores what was counted before
// a restart into it, and writes the shared table.
import { quotaPeriods } from '../domain/limit.ts';
import type { Mode } from '../domain/key.ts';
import { windowAt } from '../domain/window.ts';
import type { Clock } from '../clock.ts';
import type { RebuiltCounters } from '../metering/rebuild-counters.ts';
import type { CredentialEntry } from '../snapshot/snapshot.ts';
import type { Routes } from './routing/compile-routes.ts';
import { CredentialTableWriter, type StoredCredential, type StoredSubscription } from './shared/credential-table.ts';
import { createLimitCounters, LimitCounters } from './shared/limit-counters.ts';
import { SpendKeeper } from './spend-keeper.ts';

export interface CredentialKeeperDeps {
  clock: Clock;
  elapsedNs(): number;
  /** The present routes, for the rates of a subscription's plan. */
  routes(): Routes | null;
}

type Subscription = CredentialEntry['subscriptions'][number];

const firstSlots = 256;
const dayPeriod = quotaPeriods.indexOf('day');

export class CredentialKeeper {
  readonly table = new CredentialTableWriter();
  readonly countersBuffer = createLimitCounters(firstSlots);
  readonly counters = new LimitCounters(this.countersBuffer);
  readonly spending: SpendKeeper;
  readonly #deps: CredentialKeeperDeps;
  readonly #slots = new Map<string, number>();
  readonly #days = new Map<string, { day: number; requests: number }[]>();
  readonly #recent = new Map<string, number[]>();
  /** Hashes by key of the only keys that are ever deleted: what control tells of one that is gone holds its id alone. */
  readonly #tryIt = new Map<string, string>();
  /** Of keys with tokens of other issuers: whom these name, and whose each is now. */
  readonly #identities = new Map<string, string[]>();
  readonly #keyOf = new Map<string, string>();
  #base: Set<string> | null = null;

  constructor(deps: CredentialKeeperDeps, rebuilt: RebuiltCounters) {
    this.#deps = deps;
    this.spending = new SpendKeeper(rebuilt.spending);
    for (const { subscriptionId, mode, day, requests } of rebuilt.days) append(this.#days, `${subscriptionId} ${mode}`, { day, requests });
    for (const { subscriptionId, mode, at } of rebuilt.recent) append(this.#recent, `${subscriptionId} ${mode}`, at);
  }

  /** `reset` is true for every part of a new base: with its last part, what was not in it is forgotten. */
  apply(part: { first: boolean; reset: boolean; last: boolean; entries: readonly CredentialEntry[] }): void {
    if (part.first) this.#base = new Set();
    for (const entry of part.entries) {
      this.#put(entry);
      this.#base?.add(entry.hash);
      for (const identity of entry.identities ?? []) this.#base?.add(identity);
    }
    if (!part.reset || !part.last) return;
    for (const hash of this.table.hashes()) if (!this.#base!.has(hash)) this.table.forget(hash);
    this.#base = null;
  }

  #put({ hash, identities = [], ...entry }: CredentialEntry): void {
    if (entry.state === 'deleted') {
      this.table.forget(this.#tryIt.get(entry.keyId) ?? '');
      this.#tryIt.delete(entry.keyId);
      return;
    }
    if (entry.origin === 'try-it') this.#tryIt.set(entry.keyId, hash);
    const consumerSlot = this.#slot(`${entry.consumerId} ${entry.mode}`).slot;
    const slots = entry.subscriptions.map((subscription) => {
      const { slot, isNew } = this.#slot(`${subscription.subscriptionId} ${entry.mode}`);
      if (isNew) this.#restore(subscription, entry.mode, slot, consumerSlot);
      return slot;
    });
    const credential: StoredCredential = { ...entry, subscriptions: entry.mode === 'live' ? entry.subscriptions.map((subscription) => this.#withCap(subscription)) : entry.subscriptions.map(({ spendCap: _none, ...subscription }) => subscription), slots, consumerSlot };
    this.table.put(hash, credential);
    if (identities.length > 0 || this.#identities.has(entry.keyId)) this.#putIdentities(identities, credential);
  }

  #withCap({ spendCap, ...subscription }: Subscription): StoredSubscription {
    if (spendCap === undefined) {
      this.spending.forget(subscription.subscriptionId);
      return subscription;
    }
    const { used: _used, ...cap } = spendCap;
    return { ...subscription, spendCap: { ...cap, place: this.spending.placeOf(subscription.subscriptionId, spendCap) } };
  }

  /** What was bound to another key meanwhile is not this one's to forget. */
  #putIdentities(identities: string[], credential: StoredCredential): void {
    const { keyId } = credential;
    for (const identity of this.#identities.get(keyId) ?? []) {
      if (identities.includes(identity) || this.#keyOf.get(identity) !== keyId) continue;
      this.#keyOf.delete(identity);
      this.table.forget(identity);
    }
    for (const identity of identities) {
      this.#keyOf.set(identity, keyId);
      this.table.put(identity, credential);
    }
    if (identities.length > 0) this.#identities.set(keyId, identities);
    else this.#identities.delete(keyId);
  }

  #slot(owner: string): { slot: number; isNew: boolean } {
    const known = this.#slots.get(owner);
    if (known !== undefined) return { slot: known, isNew: false };
    const slot = this.#slots.size;
    this.counters.reserveSlots(slot + 1);
    this.#slots.set(owner, slot);
    return { slot, isNew: true };
  }

  /** No thread counts in a slot before its credential is in the table, so nothing is counted twice. */
  #restore(subscription: Subscription, mode: Mode, slot: number, consumerSlot: number): void {
    const owner = `${subscription.subscriptionId} ${mode}`;
    const now = this.#deps.clock.now();
    for (const { day, requests } of this.#days.get(owner) ?? []) {
      for (let period = 0; period < quotaPeriods.length; period++) {
        const { ordinal } = windowAt(quotaPeriods[period]!, day, subscription.anchorAt);
        // A window ahead of the clock would keep the present one from being restored.
        if (ordinal > windowAt(quotaPeriods[period]!, now, subscription.anchorAt).ordinal) continue;
        this.counters.restore(slot, period, ordinal, requests);
        if (period === dayPeriod) this.counters.restore(consumerSlot, period, ordinal, requests);
      }
    }
    this.#days.delete(owner);
    this.#replay(owner, subscription, slot, now);
  }

  #replay(owner: string, subscription: Subscription, slot: number, now: number): void {
    const admissions = this.#recent.get(owner);
    this.#recent.delete(owner);
    if (!admissions) return;
    const product = [...(this.#deps.routes()?.bySlug.values() ?? [])].find((candidate) => candidate.product.id === subscription.productId);
    const rates = product?.plans.get(subscription.planRevisionId)?.rates ?? [];
    const elapsedNs = this.#deps.elapsedNs();
    for (const at of admissions) {
      const atNs = Math.max(0, elapsedNs - Math.max(0, now - at) * 1e6);
      for (const rate of rates) this.counters.replayRate(slot, rate, Math.round(atNs));
    }
  }
}

function append<T>(map: Map<string, T[]>, name: string, value: T): void {
  const list = map.get(name);
  if (list) list.push(value);
  else map.set(name, [value]);
}
