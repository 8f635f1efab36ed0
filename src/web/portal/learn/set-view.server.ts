// Enters: a set and how far its reader is. Leaves: what the page shows. Which choice is right leaves only once it was answered.
import type { FollowedTask, ShownItem, ShownSet } from '../../../control/services.ts';
import { choiceOrder } from '../../../domain/choice-order.ts';
import type { Almost } from '../../../domain/learn-task.ts';
import type { Progress } from '../../../domain/learn-progress.ts';
import { renderMarkdown } from '../../markdown.server.ts';
import type { Carried } from './carried.server.ts';

export interface StepView { id: string; number: number; kind: ShownItem['kind']; state: 'open' | 'right' | 'wrong'; }
export interface ChoiceView { /** Place in the written order. */ index: number; html: string; /** Once answered. */ mark: 'right' | 'chosen' | null }
export interface VerdictView { right: boolean; rightHtml: string; why: string; chosenWhy: string | null; firstTry: boolean }
export interface LinkView { label: string; to: string }
export type ItemView = { id: string; number: number; fingerprint: string; html: string; read: LinkView[]; changed: boolean } & (
  | { kind: 'question'; choices: ChoiceView[]; verdict: VerdictView | null }
  | { kind: 'task'; hint: string; done: boolean; met: number; of: number; almost: Almost | null; product: string }
);
export interface SetView { steps: StepView[]; completed: number; right: number; item: ItemView | null; next: string | null; again: { id: string; number: number; text: string; read: LinkView[] }[] }

export function viewSet(set: ShownSet, { progress }: Carried, tasks: readonly FollowedTask[], wanted: string | null): SetView {
  const own = new Map(progress.filter((entry) => entry.set === set.id).map((entry) => [entry.item, entry]));
  const fits = (item: ShownItem): Progress | undefined => (own.get(item.id)?.fingerprint === item.fingerprint ? own.get(item.id) : undefined);
  const stateOf = (item: ShownItem): StepView['state'] => {
    if (item.kind === 'task' && tasks.some(({ item: id, state }) => id === item.id && state.done)) return 'right';
    const known = fits(item);
    return known === undefined || known.doneAt === null ? 'open' : known.right ? 'right' : 'wrong';
  };
  const steps = set.items.map((item, index): StepView => ({ id: item.id, number: index + 1, kind: item.kind, state: stateOf(item) }));
  const open = steps.find(({ state }) => state === 'open');
  const shown = wanted === 'result' ? undefined : (steps.find(({ id }) => id === wanted) ?? open);
  const after = shown ? [...steps.slice(shown.number), ...steps.slice(0, shown.number - 1)].find(({ state }) => state === 'open') : undefined;
  const readOf = (item: ShownItem): LinkView[] => item.read.map((reading) => (typeof reading === 'string' ? { label: set.termNames[reading] ?? reading, to: `/learn/glossary/${reading}` } : reading));
  const item = shown && set.items[shown.number - 1]!;
  return {
    steps, completed: steps.filter(({ state }) => state !== 'open').length, right: steps.filter(({ state }) => state === 'right').length,
    item: item && shown ? itemView(item, shown.number, fits(item), tasks.find(({ item: id }) => id === item.id), { read: readOf(item), changed: own.has(item.id) && own.get(item.id)!.doneAt !== null && fits(item) === undefined, seed: `${set.id}/${item.id}` }) : null,
    next: after?.id ?? null,
    again: set.items.flatMap((each, index) => (steps[index]!.state === 'wrong' && each.kind === 'question' ? [{ id: each.id, number: index + 1, text: each.question, read: readOf(each) }] : [])),
  };
}

function itemView(item: ShownItem, number: number, known: Progress | undefined, task: FollowedTask | undefined, more: { read: LinkView[]; changed: boolean; seed: string }): ItemView {
  const { read, changed, seed } = more;
  const base = { id: item.id, number, fingerprint: item.fingerprint, read, changed };
  if (item.kind === 'task') {
    const state = task?.state;
    return {
      ...base, kind: 'task', html: renderMarkdown(item.task), hint: item.hint === null ? '' : renderMarkdown(item.hint), product: item.check.product,
      done: state?.done ?? false, met: state === undefined ? 0 : state.done ? item.check.calls.length : state.met.length, of: item.check.calls.length, almost: state === undefined || state.done ? null : state.almost,
    };
  }
  const answered = known !== undefined && known.doneAt !== null;
  const choices = choiceOrder(item.choices.length, seed, known?.tries ?? 0).map((index): ChoiceView => {
    const { text, right } = item.choices[index]!;
    return { index, html: inline(text), mark: !answered ? null : right ? 'right' : index === known.choice ? 'chosen' : null };
  });
  return { ...base, kind: 'question', html: renderMarkdown(item.question), choices, verdict: answered ? verdictOf(item, known) : null };
}

function verdictOf(item: Extract<ShownItem, { kind: 'question' }>, known: Progress): VerdictView {
  const right = item.choices.find((choice) => choice.right)!;
  const chosen = item.choices[known.choice ?? -1];
  return { right: known.right, rightHtml: inline(right.text), why: renderMarkdown(right.why), chosenWhy: known.right || !chosen ? null : renderMarkdown(chosen.why), firstTry: known.tries === 0 };
}

/** A choice stands in a label: a line without a paragraph around it. */
function inline(text: string): string {
  return renderMarkdown(text).trim().replace(/^<p>([\s\S]*)<\/p>$/, '$1');
}
