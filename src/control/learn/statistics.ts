// What the product manager sees of exercises: first answers, where readers stop, and how soon those who finished made their first call.
import type { Query } from '../../store/database.ts';
import type { FirstCallGroup, ItemStatistics, LearnStatistics, SetStatistics } from '../services.ts';
import { findBrokenTasks, type BrokenTask } from './broken-tasks.ts';
import type { KeptSet, Library } from './library.ts';

/** With fewer accounts in either group a difference is chance. */
export const accountsLeast = 20;
/** Of the newest readers: beyond them, figures no longer move. */
const rowsMax = 100_000;
const textMax = 160;

export async function learnStatistics(query: Query, library: Library): Promise<LearnStatistics> {
  const sets: SetStatistics[] = [];
  const broken = await findBrokenTasks(query);
  for (const set of library.sets) sets.push(await setStatistics(query, set, broken.filter((task) => task.set === set.id)));
  return { sets, ...(await firstCalls(query)), least: accountsLeast };
}

async function setStatistics(query: Query, set: KeptSet, broken: readonly BrokenTask[]): Promise<SetStatistics> {
  const starts = await query.selectFrom('learn_start').select(['developer_id', 'finished_at']).where('set_id', '=', set.id).orderBy('started_at', 'desc').limit(rowsMax).execute();
  const rows = await query.selectFrom('learn_progress').select(['developer_id', 'item_id', 'fingerprint', 'first_choice', 'first_right', 'done_at']).where('set_id', '=', set.id).orderBy('first_at', 'desc').limit(rowsMax).execute();
  const reached = furthest(set, starts.filter(({ finished_at }) => finished_at === null).map(({ developer_id }) => developer_id), rows);
  return {
    id: set.id, title: set.title, published: set.published, started: starts.length, finished: starts.filter(({ finished_at }) => finished_at !== null).length,
    items: set.items.map((item): ItemStatistics => {
      const answers = rows.filter((row) => row.item_id === item.id && row.fingerprint === item.fingerprint && (item.kind === 'question' ? row.first_choice !== null : row.done_at !== null));
      const wrong = answers.filter((row) => Number(row.first_right) === 0);
      const text = item.kind === 'question' ? item.question : item.task;
      return { item: item.id, kind: item.kind, text: text.length > textMax ? `${text.slice(0, textMax - 3)}...` : text, answered: answers.length, firstWrong: wrong.length, mostTaken: item.kind === 'question' ? mostTaken(item.choices, wrong) : null, stopped: reached.get(item.id) ?? 0, problem: broken.find((task) => task.item === item.id)?.detail ?? null };
    }),
  };
}

/** Of readers who have not finished: how many wait at each item, the first that is not done. */
function furthest(set: KeptSet, unfinished: readonly string[], rows: readonly { developer_id: string; item_id: string; done_at: number | null }[]): Map<string, number> {
  const done = Map.groupBy(rows.filter(({ done_at }) => done_at !== null), ({ developer_id }) => developer_id);
  const waiting = new Map<string, number>();
  for (const developer of unfinished) {
    const items = new Set((done.get(developer) ?? []).map(({ item_id }) => item_id));
    const next = set.items.find(({ id }) => !items.has(id));
    if (next) waiting.set(next.id, (waiting.get(next.id) ?? 0) + 1);
  }
  return waiting;
}

function mostTaken(choices: readonly { text: string }[], wrong: readonly { first_choice: number | null }[]): ItemStatistics['mostTaken'] {
  const counts = choices.map((_, index) => wrong.filter(({ first_choice }) => Number(first_choice) === index).length);
  const most = Math.max(0, ...counts);
  return most === 0 ? null : { text: choices[counts.indexOf(most)]!.text, count: most };
}

/** Who finished an exercise only after the first call learned it elsewhere, and stands with the others. */
async function firstCalls(query: Query): Promise<Pick<LearnStatistics, 'firstCall' | 'accounts'>> {
  const begun = await query.selectFrom('learn_start').select((eb) => eb.fn.min('started_at').as('at')).executeTakeFirst();
  if (begun?.at === undefined || begun.at === null) return { firstCall: null, accounts: { finished: 0, others: 0 } };
  const finishes = await query.selectFrom('learn_start').innerJoin('developer', 'developer.id', 'learn_start.developer_id').select((eb) => ['developer.consumer_id', eb.fn.min('learn_start.finished_at').as('at')])
    .where('learn_start.finished_at', 'is not', null).groupBy('developer.consumer_id').execute();
  const finishedAt = new Map(finishes.map(({ consumer_id, at }) => [consumer_id, Number(at)]));
  const oldest = await query.selectFrom('learn_start').innerJoin('developer', 'developer.id', 'learn_start.developer_id').innerJoin('consumer', 'consumer.id', 'developer.consumer_id').select((eb) => eb.fn.min('consumer.created_at').as('at')).executeTakeFirst();
  const accounts = await query.selectFrom('consumer').select(['id', 'created_at', 'first_success_at']).where('origin', '=', 'sign-up').where('created_at', '>=', Math.min(Number(begun.at), Number(oldest?.at ?? begun.at))).orderBy('created_at', 'desc').limit(rowsMax).execute();
  const before = ({ id, first_success_at }: (typeof accounts)[number]): boolean => finishedAt.has(id) && (first_success_at === null || finishedAt.get(id)! <= Number(first_success_at));
  const [finished, others] = [accounts.filter(before), accounts.filter((account) => !before(account))];
  const counts = { finished: finished.length, others: others.length };
  return { accounts: counts, firstCall: finished.length < accountsLeast || others.length < accountsLeast ? null : { finished: groupOf(finished), others: groupOf(others) } };
}

function groupOf(accounts: readonly { created_at: number; first_success_at: number | null }[]): FirstCallGroup {
  const times = accounts.flatMap(({ created_at, first_success_at }) => (first_success_at === null ? [] : [Math.max(0, Number(first_success_at) - Number(created_at))])).toSorted((a, b) => a - b);
  const middle = times.length >> 1;
  return { accounts: accounts.length, succeeded: times.length, medianMs: times.length === 0 ? null : times.length % 2 === 1 ? times[middle]! : (times[middle - 1]! + times[middle]!) / 2 };
}
