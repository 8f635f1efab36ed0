// Enters: what two configurations teach. Leaves: what changes from one to the other, in words, or what shall be taught. Pure.
import type { ConfigChange } from '../services.ts';
import type { LearnEntry, LearnState } from './learn-rows.ts';

export function learnChanges(before: LearnState, after: LearnState): ConfigChange[] {
  const same = (one: LearnEntry) => (other: LearnEntry): boolean => one.kind === other.kind && one.id === other.id;
  const named = (action: ConfigChange['action'], { kind, id }: LearnEntry, detail: string[]): ConfigChange => ({ action, noun: kind === 'term' ? 'term' : 'exercise', name: id, detail });
  return [
    ...(before.shipped === after.shipped ? [] : [{ action: 'change' as const, noun: 'portal', name: 'learn', detail: [`shipped: ${before.shipped} -> ${after.shipped}`] }]),
    ...after.entries.map((entry) => {
      const was = before.entries.find(same(entry));
      if (!was) return named('add', entry, entry.published ? [] : ['hidden']);
      const detail = [...(was.published === entry.published ? [] : [entry.published ? 'published' : 'hidden']), ...(was.hash === entry.hash || was.published !== entry.published ? [] : ['text: changed'])];
      return named(detail.length > 0 ? 'change' : 'keep', entry, detail);
    }),
    ...before.entries.filter((entry) => !after.entries.some(same(entry))).map((entry) => named('remove', entry, [])),
  ];
}

/** What was made elsewhere stays: what neither this file nor the last applied one names. */
export function mergeLearn(before: LearnState, desired: LearnState, lastApplied: LearnState | undefined): LearnState {
  const named = (list: LearnEntry[], { kind, id }: LearnEntry): boolean => list.some((entry) => entry.kind === kind && entry.id === id);
  const extras = before.entries.filter((entry) => !named(desired.entries, entry) && !named(lastApplied?.entries ?? [], entry));
  return { shipped: desired.shipped, entries: [...desired.entries, ...extras] };
}
