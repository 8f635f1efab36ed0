// How far developers are, as the store holds it. Every write is one transaction that reads what it builds on.
import { answered, joinedProgress, takenUpAgain, type Progress } from '../../domain/learn-progress.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Actor, AnswerInput, RetryInput, ShownItem } from '../services.ts';
import { findSet, type Library } from './library.ts';

type Developer = Extract<Actor, { kind: 'developer' }>;
type Deps = Pick<ControlDeps, 'database' | 'clock'>;

/** Of one developer; far above what the sets of a portal hold together. */
const rowsMax = 5_000;

export async function listProgress(query: Query, developerId: string, set?: string): Promise<Progress[]> {
  let select = query.selectFrom('learn_progress').selectAll().where('developer_id', '=', developerId);
  if (set !== undefined) select = select.where('set_id', '=', set);
  const rows = await select.orderBy('set_id').orderBy('item_id').limit(rowsMax).execute();
  return rows.map((row) => ({
    set: row.set_id, item: row.item_id, fingerprint: row.fingerprint, tries: Number(row.tries), choice: row.choice === null ? null : Number(row.choice), right: Number(row.right) === 1, doneAt: row.done_at === null ? null : Number(row.done_at),
    firstChoice: row.first_choice === null ? null : Number(row.first_choice), firstRight: Number(row.first_right) === 1, firstAt: Number(row.first_at),
  }));
}

export async function saveProgress(query: Query, developerId: string, entries: readonly Progress[]): Promise<void> {
  for (const { set, item, fingerprint, tries, choice, right, doneAt, firstChoice, firstRight, firstAt } of entries) {
    const row = { fingerprint, tries, choice, right: right ? 1 : 0, done_at: doneAt, first_choice: firstChoice, first_right: firstRight ? 1 : 0, first_at: firstAt } as const;
    await query.insertInto('learn_progress').values({ developer_id: developerId, set_id: set, item_id: item, ...row }).onConflict((conflict) => conflict.columns(['developer_id', 'set_id', 'item_id']).doUpdateSet(row)).execute();
  }
}

/** @throws AppError `conflict` when the question is another one by now, `input_invalid` for a choice that it does not have */
export async function answerQuestion(deps: Deps, library: Library, actor: Developer | undefined, { set: setId, item: itemId, fingerprint, choice, progress }: AnswerInput): Promise<Progress> {
  const set = findSet(library, actor, setId);
  const item = set.items.find((candidate) => candidate.id === itemId);
  if (item?.kind !== 'question') throw new AppError('conflict', 'This question is no longer part of the exercise. Go on with the next one.');
  if (item.fingerprint !== fingerprint) throw new AppError('conflict', 'This question was changed while you were reading it, so your answer was not judged. Read it again and answer then.');
  const chosen = item.choices[choice];
  if (!chosen) throw new AppError('input_invalid', 'Choose one of the answers.', { errors: [{ pointer: '/choice', detail: 'is not one of the choices' }] });
  const given = { fingerprint, choice, right: chosen.right, at: deps.clock.now() };
  const kept = (known: Progress | undefined): Progress => ({ ...answered(known, given), set: setId, item: itemId });
  if (!actor) return kept(progress.find((entry) => entry.set === setId && entry.item === itemId));
  return deps.database.transaction(async (query) => {
    const before = await listProgress(query, actor.developerId, setId);
    const entry = kept(before.find((known) => known.item === itemId));
    await saveProgress(query, actor.developerId, [entry]);
    await noteStart(query, actor.developerId, setId, given.at);
    await noteFinish(query, actor.developerId, set, [...before.filter((known) => known.item !== itemId), entry], given.at);
    return entry;
  });
}

/** Answers what has changed. Of a task, calls count from now on. */
export async function retryItems(deps: Deps, library: Library, actor: Developer | undefined, { set: setId, item, progress }: RetryInput): Promise<Progress[]> {
  const set = findSet(library, actor, setId);
  const now = deps.clock.now();
  const again = (known: readonly Progress[]): Progress[] => known.filter((entry) => entry.set === setId && entry.doneAt !== null && (item === undefined || entry.item === item))
    .map((entry) => ({ ...entry, ...takenUpAgain(entry), ...(kindOf(set.items, entry.item) === 'task' && { firstAt: now }) }));
  if (!actor) return again(progress);
  return deps.database.transaction(async (query) => {
    const changed = again(await listProgress(query, actor.developerId, setId));
    await saveProgress(query, actor.developerId, changed);
    return changed;
  });
}

export async function joinProgress(deps: Deps, library: Library, actor: Developer, progress: readonly Progress[]): Promise<void> {
  const known = new Set(library.sets.flatMap(({ id, items }) => items.map((item) => `${id}/${item.id}`)));
  const brought = progress.filter(({ set, item }) => known.has(`${set}/${item}`));
  if (brought.length === 0) return;
  await deps.database.transaction(async (query) => {
    const all = joinedProgress(await listProgress(query, actor.developerId), brought);
    await saveProgress(query, actor.developerId, all.filter((entry) => brought.some(({ set, item }) => entry.set === set && entry.item === item)));
    for (const set of library.sets) {
      const own = all.filter((entry) => entry.set === set.id);
      const begun = brought.filter((entry) => entry.set === set.id).map(({ firstAt }) => firstAt);
      if (begun.length === 0) continue;
      await noteStart(query, actor.developerId, set.id, Math.min(...begun));
      await noteFinish(query, actor.developerId, set, own, Math.max(...own.map(({ doneAt }) => doneAt ?? 0)));
    }
  });
}

export async function noteStart(query: Query, developerId: string, setId: string, at: number): Promise<void> {
  await query.insertInto('learn_start').values({ developer_id: developerId, set_id: setId, started_at: at, finished_at: null }).onConflict((conflict) => conflict.doNothing()).execute();
}

/** Once: what was finished before stays so. */
export async function noteFinish(query: Query, developerId: string, set: { id: string; items: readonly ShownItem[] }, progress: readonly Progress[], at: number): Promise<void> {
  const finished = set.items.every(({ id, fingerprint }) => progress.some((entry) => entry.item === id && entry.fingerprint === fingerprint && entry.doneAt !== null));
  if (finished) await query.updateTable('learn_start').set({ finished_at: at }).where('developer_id', '=', developerId).where('set_id', '=', set.id).where('finished_at', 'is', null).execute();
}

function kindOf(items: readonly ShownItem[], id: string): ShownItem['kind'] | undefined {
  return items.find((item) => item.id === id)?.kind;
}
