// How far a reader is with the items of a set. Pure.

/** Of one item: the last answer, and the first one, which stays. */
export interface ItemProgress {
  /** Of the wording that was answered: after a change of the question it no longer fits. */
  fingerprint: string;
  /** How often it was taken up again. */
  tries: number;
  /** Place in the written order; null for a task, and while it is to be answered again. */
  choice: number | null;
  right: boolean;
  /** ms UTC; null while it is to be answered again. */
  doneAt: number | null;
  firstChoice: number | null;
  firstRight: boolean;
  firstAt: number;
}

/** `set` and `item` are ids. */
export interface Progress extends ItemProgress { set: string; item: string }

export interface Answer { fingerprint: string; choice: number | null; right: boolean; at: number }

/** The first answer stands until the question is taken up again: of two tabs the first counts. */
export function answered(known: ItemProgress | undefined, answer: Answer): ItemProgress {
  const { at, ...given } = answer;
  if (!known || known.fingerprint !== answer.fingerprint) return { ...given, tries: known?.tries ?? 0, doneAt: at, firstChoice: given.choice, firstRight: given.right, firstAt: at };
  return known.doneAt !== null ? known : { ...known, choice: given.choice, right: given.right, doneAt: at };
}

export function takenUpAgain(known: ItemProgress): ItemProgress {
  return { ...known, tries: known.tries + 1, choice: null, right: false, doneAt: null };
}

/** Of what was done in two places nothing is lost: done in either is done, the later answer is shown, the earlier first answer counts as the first. */
export function joined(one: ItemProgress, other: ItemProgress): ItemProgress {
  if (one.fingerprint !== other.fingerprint) return one.firstAt >= other.firstAt ? one : other;
  const first = one.firstAt <= other.firstAt ? one : other;
  const shown = (one.doneAt ?? -1) >= (other.doneAt ?? -1) ? one : other;
  return { ...shown, tries: Math.max(one.tries, other.tries), firstChoice: first.firstChoice, firstRight: first.firstRight, firstAt: first.firstAt };
}

export function joinedProgress(ones: readonly Progress[], others: readonly Progress[]): Progress[] {
  const byItem = new Map(ones.map((entry) => [`${entry.set}/${entry.item}`, entry]));
  for (const entry of others) {
    const key = `${entry.set}/${entry.item}`;
    const known = byItem.get(key);
    byItem.set(key, known ? { ...joined(known, entry), set: entry.set, item: entry.item } : entry);
  }
  return [...byItem.values()];
}
