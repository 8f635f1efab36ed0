// What a portal teaches: the words of its trade, and sets of questions and tasks to practise on.

/** Where Portico has the thing itself, a term's page shows it. */
export const liveThings = ['first-call', 'plans', 'account', 'limits', 'versions', 'keys'] as const;
export type LiveThing = (typeof liveThings)[number];

/** Texts are Markdown, except names and labels. */
export interface LearnTerm {
  /** Its address is /learn/glossary/<id>. */
  id: string;
  name: string;
  /** Other spellings that lead to it. */
  also: string[];
  definition: string;
  /** A sentence that uses it. */
  example: string | null;
  /** Ids of terms. */
  related: string[];
  live: LiveThing | null;
}

export interface LearnChoice { text: string; right: boolean; /** Why it is right, or what is wrong about it. */ why: string }
/** The id of a term, or a page of this site. */
export type Reading = string | { label: string; to: string };

export interface LearnQuestion {
  kind: 'question';
  id: string;
  question: string;
  /** Exactly one is right. */
  choices: LearnChoice[];
  /** What to read when the answer was wrong. */
  read: Reading[];
}

export interface LearnTask {
  kind: 'task';
  id: string;
  task: string;
  check: TaskCheck;
  /** Shown while it is not done. */
  hint: string | null;
  read: Reading[];
}
export type LearnItem = LearnQuestion | LearnTask;

/** Calls in this order, others between them allowed. */
export interface TaskCheck {
  product: string;
  version: string | null;
  mode: 'live' | 'test' | null;
  calls: ExpectedCall[];
  /** From the first of them to the last, ms; null: as long as it takes. */
  withinMs: number | null;
}

export interface ExpectedCall {
  /** Operation id; null for any. */
  operation: string | null;
  /** A status such as `429`, or a class such as `2xx`. */
  status: string;
  /** An error code of Portico's own. */
  code: string | null;
  /** Query parameters that the call carries. */
  query: string[];
}

export interface LearnSet {
  /** Its address is /learn/<id>. */
  id: string;
  title: string;
  lead: string;
  /** Hidden from readers until then. */
  published: boolean;
  /** Ids of the terms that stand above it. */
  terms: string[];
  items: LearnItem[];
}

/** A set with tasks to carry out by real calls. */
export function isGuided({ items }: Pick<LearnSet, 'items'>): boolean {
  return items.some(({ kind }) => kind === 'task');
}

export const learnLimits = { termsMax: 1_000, setsMax: 100, itemsMax: 20, choicesMax: 6, callsMax: 5, filesMax: 200 } as const;
