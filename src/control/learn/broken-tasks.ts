// Tasks of stored exercises that no call can carry out: what `apply` refuses, and a publication by hand could cause.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { loadConfigState } from '../configuration/config-state.ts';
import { loadOwnLearn } from './learn-rows.ts';
import type { CheckedTask } from './read-learn.ts';
import { taskMistakes } from './task-mistakes.ts';

export interface BrokenTask { set: string; title: string; item: string; detail: string }

/** Of exercises that are published. A version that is a draft or retired answers no call. */
export async function findBrokenTasks(query: Query): Promise<BrokenTask[]> {
  const { sets } = await loadOwnLearn(query);
  const places: BrokenTask[] = [];
  const place = (at: Omit<BrokenTask, 'detail'>, detail: string): { detail: string } => {
    places.push({ ...at, detail });
    return { detail };
  };
  const tasks = sets.filter(({ set }) => set.published).flatMap(({ set: { id: set, title, items } }) => items.flatMap((item): CheckedTask[] => {
    if (item.kind !== 'task') return [];
    const at = { set, title, item: item.id };
    const operations = item.check.calls.flatMap(({ operation }) => (operation === null ? [] : [{ name: operation, place: (detail: string) => place(at, detail) }]));
    return [{ product: item.check.product, version: item.check.version, operations, place: (_field, detail) => place(at, detail) }];
  }));
  if (tasks.length === 0) return [];
  const { config } = await loadConfigState(query);
  await taskMistakes(query, { tasks, products: config.products.map((product) => ({ ...product, versions: product.versions.filter(({ status }) => status === 'published' || status === 'deprecated') })) });
  return places;
}

/** What was broken before is no reason to refuse. Called inside the transaction that publishes. @throws AppError `input_invalid` that names each exercise and task */
export async function refuseBreakingTasks(query: Query, before: readonly BrokenTask[]): Promise<void> {
  const nameOf = ({ set, item, detail }: BrokenTask): string => `${set} ${item} ${detail}`;
  const known = new Set(before.map(nameOf));
  const broken = (await findBrokenTasks(query)).filter((task) => !known.has(nameOf(task)));
  if (broken.length === 0) return;
  const titles = [...new Set(broken.map(({ title }) => `"${title}"`))].join(', ');
  throw new AppError('input_invalid', `Readers of the exercise ${titles} could not carry out ${broken.length === 1 ? 'a task' : `${broken.length} tasks`} any more: ${broken[0]!.detail} Change the exercise first, or hide it.`, {
    errors: broken.map(({ set, item, detail }) => ({ detail: `exercise "${set}", task "${item}": ${detail}` })),
  });
}
