// Enters: the tasks of a set and what the request log has of the reader's calls. Leaves: how far each is; those that are done are kept.
import { judgeTask, type PractisedCall, type TaskState } from '../../domain/learn-task.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { watchCalls, watchCommits } from '../requests/watch-calls.ts';
import type { Actor, FollowedTask } from '../services.ts';
import { findSet, type Library } from './library.ts';
import { listProgress, noteFinish, noteStart, saveProgress } from './progress.ts';

type Developer = Extract<Actor, { kind: 'developer' }>;

/** Of calls since the exercise was begun: the newest of them count. */
const callsMax = 500;
const refusalsMax = 50;

/** With `keep`, a task that is done stays so, and the first look begins the exercise. */
export async function followTasks(deps: ControlDeps, library: Library, actor: Developer, { set: setId, keep }: { set: string; keep: boolean }): Promise<FollowedTask[]> {
  const set = findSet(library, actor, setId);
  const tasks = set.items.filter((item) => item.kind === 'task');
  if (tasks.length === 0) return [];
  const query = deps.database.kysely;
  if (keep) await noteStart(query, actor.developerId, setId, deps.clock.now());
  const [progress, start] = await Promise.all([
    listProgress(query, actor.developerId, setId),
    query.selectFrom('learn_start').select('started_at').where('developer_id', '=', actor.developerId).where('set_id', '=', setId).executeTakeFirst(),
  ]);
  const known = new Map(progress.map((entry) => [entry.item, entry]));
  const since = (id: string): number => known.get(id)?.firstAt ?? Number(start?.started_at ?? deps.clock.now());
  const open = tasks.filter(({ id, fingerprint }) => known.get(id)?.fingerprint !== fingerprint || known.get(id)!.doneAt === null);
  const calls = open.length === 0 ? [] : await practisedCalls(deps, actor.consumerId, Math.min(...open.map(({ id }) => since(id))));
  const judged = tasks.map(({ id, check }): FollowedTask => ({ item: id, state: open.some((task) => task.id === id) ? judgeTask(check, calls.filter(({ at }) => at >= since(id))) : { done: true, at: known.get(id)!.doneAt!, met: [] } }));
  const lastDone = Math.max(...progress.map(({ doneAt }) => doneAt ?? 0), ...judged.map(({ state }) => (state.done ? state.at : 0)));
  const followed = judged.map(({ item, state }): FollowedTask => ({ item, state: tellsOfOther(state, lastDone) ? { ...state, almost: null } : state }));
  if (keep) await keepDone(deps, actor, set, followed.filter(({ item, state }) => state.done && open.some(({ id }) => id === item)));
  return followed;
}

/** A call from before the last item that was done was meant for that one, and missed nothing here. */
function tellsOfOther(state: TaskState, lastDone: number): state is Extract<TaskState, { done: false }> {
  return !state.done && state.almost !== null && state.almost.at <= lastDone;
}

async function keepDone({ database }: ControlDeps, actor: Developer, set: ReturnType<typeof findSet>, done: FollowedTask[]): Promise<void> {
  if (done.length === 0) return;
  await database.transaction(async (query) => {
    const before = await listProgress(query, actor.developerId, set.id);
    const entries = done.flatMap(({ item, state }) => {
      const known = before.find((entry) => entry.item === item);
      const { fingerprint } = set.items.find(({ id }) => id === item)!;
      return state.done ? [{ set: set.id, item, fingerprint, tries: known?.tries ?? 0, choice: null, right: true, doneAt: Math.round(state.at), firstChoice: null, firstRight: true, firstAt: known?.firstAt ?? Math.round(state.at) }] : [];
    });
    await saveProgress(query, actor.developerId, entries);
    await noteFinish(query, actor.developerId, set, [...before.filter((known) => !entries.some(({ item }) => item === known.item)), ...entries], Math.max(...entries.map(({ doneAt }) => doneAt)));
  });
}

async function practisedCalls({ database, events }: ControlDeps, consumerId: string, since: number): Promise<PractisedCall[]> {
  const query = database.kysely;
  const [requests, refusals] = await Promise.all([
    events.listRequests({ consumerId, from: since, limit: callsMax }),
    query.selectFrom('learn_refusal').selectAll().where('consumer_id', '=', consumerId).where('at', '>=', since).orderBy('at', 'desc').limit(refusalsMax).execute(),
  ]);
  const ids = [...new Set(requests.map(({ productId }) => productId))].filter((id) => id !== '');
  const products = new Map(ids.length === 0 ? [] : (await query.selectFrom('product').select(['id', 'slug']).where('id', 'in', ids).execute()).map(({ id, slug }) => [id, slug]));
  return [
    ...requests.filter(({ origin }) => origin !== 'sample').map(({ id, at, productId, version, operation, status, code, mode, fields }) => ({ id, at, product: products.get(productId) ?? null, version, operation, status, code, mode, fields })),
    ...refusals.map((row) => ({ id: row.request_id, at: Number(row.at), product: row.product_slug, version: null, operation: row.operation, status: Number(row.status), code: row.code, mode: null, fields: [] })),
  ];
}

/** A call without a valid key belongs to nobody: here it counts for who has the exercise open at its address. */
export function watchTasks(deps: ControlDeps, gateways: Gateways, actor: Developer, { address, signal }: { address: string | null; signal: AbortSignal }, onNews: () => void): void {
  const { consumerId } = actor;
  watchCommits(deps, { consumerId, reads: ['request-log'], signal }, onNews);
  watchCalls(deps, gateways, { consumerId, address, signal }, (call) => {
    if (call.kind !== 'stranger') return;
    const { requestId, at, productSlug, operation, status, code } = call;
    keepRefusal(deps.database.kysely, { request_id: requestId, consumer_id: consumerId, at: Math.round(at), product_slug: productSlug, operation, status, code })
      .then(() => { if (!signal.aborted) onNews(); }, (error: unknown) => deps.log.error({ err: error }, 'a refusal could not be kept for an exercise'));
  });
}

/** The newest of each consumer stay. */
async function keepRefusal(query: Query, row: { request_id: string; consumer_id: string; at: number; product_slug: string | null; operation: string | null; status: number; code: string }): Promise<void> {
  await query.insertInto('learn_refusal').values(row).onConflict((conflict) => conflict.doNothing()).execute();
  const oldest = await query.selectFrom('learn_refusal').select('at').where('consumer_id', '=', row.consumer_id).orderBy('at', 'desc').offset(refusalsMax).limit(1).executeTakeFirst();
  if (oldest) await query.deleteFrom('learn_refusal').where('consumer_id', '=', row.consumer_id).where('at', '<=', oldest.at).execute();
}
