import type { LearnItem, LearnSet, LearnTerm } from '../../domain/learn.ts';
import type { Progress } from '../../domain/learn-progress.ts';
import type { TaskState } from '../../domain/learn-task.ts';
import type { Actor } from './actor.ts';

type Developer = Extract<Actor, { kind: 'developer' }>;

export interface ShownTerm extends LearnTerm { /** Written by the producer; the others are Portico's own. */ own: boolean; /** The first sentence, without marks. */ short: string }
export interface TermPage extends ShownTerm { relatedTerms: { id: string; name: string }[]; /** Sets that have it above them, or to read again. */ usedIn: { id: string; title: string }[] }
/** `guided`: some of its items are tasks, carried out by real calls. */
export interface LearnSetSummary { id: string; title: string; lead: string; published: boolean; own: boolean; guided: boolean; items: string[] }
/** `fingerprint` is of the wording: progress holds while it stays. */
export type ShownItem = LearnItem & { fingerprint: string };
export interface ShownSet extends Omit<LearnSet, 'items' | 'terms'> { own: boolean; guided: boolean; items: ShownItem[]; terms: ShownTerm[]; /** Names of the terms that its items say to read again. */ termNames: Record<string, string> }

/** Which choice of which wording. `progress` is what a reader who is not signed in carries. */
export interface AnswerInput { set: string; item: string; fingerprint: string; choice: number; progress: Progress[] }
export interface RetryInput { set: string; /** Without it, the whole set. */ item?: string; progress: Progress[] }
export interface FollowedTask { item: string; state: TaskState }

export interface ItemStatistics { item: string; kind: LearnItem['kind']; text: string; answered: number; /** Whose first answer was wrong. */ firstWrong: number; /** The wrong choice that was taken first most often. */ mostTaken: { text: string; count: number } | null; /** Who got as far as this and no further. */ stopped: number; /** Why no call can carry the task out, as after its version was retired. */ problem: string | null }
export interface SetStatistics { id: string; title: string; published: boolean; started: number; finished: number; items: ItemStatistics[] }
/** Accounts that signed up: `succeeded` have made a first call that worked, after `medianMs` in the middle. */
export interface FirstCallGroup { accounts: number; succeeded: number; medianMs: number | null }
export interface LearnStatistics { sets: SetStatistics[]; /** Of accounts that finished an exercise before their first call worked, and of the others since the first exercise was begun. Null while either are fewer than `least`. */ firstCall: { finished: FirstCallGroup; others: FirstCallGroup } | null; /** How many there are of each. */ accounts: { finished: number; others: number }; least: number }

export interface Learn {
  /** By name. The same list until something changes. */
  listTerms(): Promise<readonly ShownTerm[]>;
  getTerm(id: string): Promise<TermPage>;
  /** Hidden ones for members alone. */
  listSets(actor: Actor | undefined): Promise<LearnSetSummary[]>;
  getSet(actor: Actor | undefined, id: string): Promise<ShownSet>;
  /** Changes with every change of a term or set. */
  getRevision(): Promise<string>;

  listProgress(actor: Developer): Promise<Progress[]>;
  /** Judges an answer and keeps it with the account, or hands it back for a reader who is not signed in. @throws AppError `conflict` when the question is another one by now */
  answer(actor: Developer | undefined, input: AnswerInput): Promise<Progress>;
  /** @returns what has changed. */
  retry(actor: Developer | undefined, input: RetryInput): Promise<Progress[]>;
  /** What was done before signing in comes to what the account has. */
  join(actor: Developer, progress: Progress[]): Promise<void>;
  /** Text for a cookie that nobody can change unseen. */
  seal(progress: Progress): string;
  /** Undefined for what was not sealed here. */
  unseal(input: { set: string; item: string; sealed: string }): Progress | undefined;

  /** How far the account's calls carry out the tasks of a set; those that are done are kept. */
  followTasks(actor: Developer, input: { set: string }): Promise<FollowedTask[]>;
  /** The same, and nothing is kept. */
  findTasks(actor: Developer, input: { set: string }): Promise<FollowedTask[]>;
  /** Tells that there may be news of a task, until `signal` aborts. Refusals of strangers at this address count as the reader's. */
  watch(actor: Developer, input: { address: string | null; signal: AbortSignal }, onNews: () => void): void;

  getStatistics(actor: Actor): Promise<LearnStatistics>;
  /** What stands in a file of the folder that `learn` names, said as JSON. @throws AppError `input_invalid` that points at each mistake */
  saveTerm(actor: Actor, input: { id: string; term: Record<string, unknown> }): Promise<LearnTerm>;
  saveSet(actor: Actor, input: { id: string; set: Record<string, unknown> }): Promise<LearnSet>;
  /** A producer's own; what Portico brings along under this id shows again. @throws AppError `input_invalid` for a term that others name */
  removeTerm(actor: Actor, input: { id: string }): Promise<void>;
  removeSet(actor: Actor, input: { id: string }): Promise<void>;
  /** Mistakes in files as `apply` would find them; nothing is changed. */
  findMistakes(actor: Actor, input: { files: { path: string; text: string }[] }): Promise<{ mistakes: { file: string; line: number; column: number; detail: string }[]; terms: number; sets: number }>;
}
