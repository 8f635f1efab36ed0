// Drafted prices and a window enter; what the past would have cost on them leaves, and the way to make them real.
import { AppError, isAppError } from '../../errors.ts';
import { newId } from '../../domain/id.ts';
import type { PlanConfig } from '../../domain/config.ts';
import type { Query } from '../../store/database.ts';
import { invalid } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Plans, Simulation, Simulator, Subscriptions } from '../services.ts';
import { readDraft, writeDraft, type DraftedProduct } from './read-draft.ts';
import type { ReplayJob, ReplayRange } from './replay-job.ts';
import { previewRollOut, rollOut } from './roll-out.ts';
import { describeBills, openReplaySum, type ReplayedBill } from './sum-replay.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random' | 'log' | 'replayPrices'>;

const runsKept = 8;
const windowMaxMs = 5 * 366 * 86_400_000;
const draftCharactersMax = 1_048_576;
/** Bills of consumers that the last simulations keep; the newest keeps all of its own. */
const billsKeptMax = 100_000;
const pageMax = 1_000;
const riseUsual = 20;
const riseMax = 10_000;
/** Subscriptions in a range that a thread takes at once. */
const rangeSize = 1_000;

export interface SimulationRun { simulation: Simulation; drafted: DraftedProduct[]; /** Null before the end, and when later ones took their room. */ bills: readonly ReplayedBill[] | null }

export function createSimulator(deps: Deps, parts: { plans: Pick<Plans, 'save'>; subscriptions: Pick<Subscriptions, 'schedulePrices'> }): Simulator {
  const { kysely } = deps.database;
  const runs = new Map<string, SimulationRun>();
  const find = (id: string): SimulationRun => {
    const run = runs.get(id);
    if (!run) throw new AppError('not_found', `There is no simulation ${id}: the last ${runsKept} are kept, and only until Portico ends or starts again. Nothing was changed by it: run it again.`);
    return run;
  };
  return {
    async getDraft(actor, { productSlug }) {
      requireRight(actor, 'workspace.read');
      return { text: await writeDraft(kysely, productSlug) };
    },
    async start(actor, { draft, file = 'draft.yaml', productSlug, from, to, rise = riseUsual }) {
      requireRight(actor, 'workspace.read');
      const now = deps.clock.now();
      refuseWindow({ from, to, now });
      if (!(rise >= 0 && rise <= riseMax && Number.isInteger(rise * 10))) throw invalid('/rise', `must be a percentage from 0 to ${riseMax} with at most one place`);
      if (draft.length > draftCharactersMax) throw invalid('/draft', `has more than ${draftCharactersMax} characters`);
      const drafted = await readDraft(kysely, { file, text: draft, productSlug });
      if ([...runs.values()].some(({ simulation }) => simulation.state === 'running')) throw new AppError('conflict', 'A simulation is running already. Wait until it is done.');
      const simulation: Simulation = { id: newId('simulation', now, deps.random), state: 'running', done: 0, total: 0, startedAt: now, finishedAt: null, from, to, rise, draft, productSlugs: drafted.map(({ slug }) => slug), error: null, result: null };
      const run: SimulationRun = { simulation, drafted, bills: null };
      runs.set(simulation.id, run);
      for (const id of [...runs.keys()].slice(0, -runsKept)) runs.delete(id);
      void replayAll(deps, run).then(() => keepNewest([...runs.values()])).catch((error: unknown) => {
        if (!isAppError(error)) deps.log.error({ err: error }, 'a simulation failed');
        Object.assign(simulation, { state: 'failed', error: isAppError(error) ? error.message : 'The simulation failed. Its reason is in the log.', finishedAt: deps.clock.now() });
      });
      return { ...simulation };
    },
    async getRun(actor, { id }) {
      requireRight(actor, 'workspace.read');
      return { ...find(id).simulation };
    },
    async listConsumers(actor, { id, cursor, limit = pageMax }) {
      requireRight(actor, 'workspace.read');
      const { simulation, bills } = find(id);
      if (bills === null) throw new AppError('conflict', simulation.state === 'running' ? 'The simulation is not done yet. Ask again once it is.' : 'The bills of this simulation are not kept any more. Run it again.');
      const from = cursor === undefined ? 0 : Number(cursor);
      if (!Number.isSafeInteger(from) || from < 0) throw invalid('/cursor', 'is none that a page of this list gave');
      const to = from + Math.min(Math.max(Math.trunc(limit), 1), pageMax);
      return { consumers: await describeBills(bills.slice(from, to), (ids) => readNames(kysely, ids)), nextCursor: to < bills.length ? String(to) : null };
    },
    async getRollOut(actor, { id, subscriptionIds }) {
      requireRight(actor, 'workspace.read');
      return previewRollOut(kysely, find(id).drafted, subscriptionIds);
    },
    rollOut: async (actor, { id, ...input }) => rollOut(deps, parts, actor, { ...input, drafted: find(id).drafted }),
  };
}

function refuseWindow({ from, to, now }: { from: number; to: number; now: number }): void {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from >= to) throw invalid('/to', 'must be after the beginning: the window is empty');
  if (from >= now) throw invalid('/from', 'must be in the past: nothing was used in the future');
  if (to > now) throw invalid('/to', 'must not be in the future: choose a window that is over');
  if (to - from > windowMaxMs) throw invalid('/from', 'is more than five years before the end');
}

/** The bills of the newest runs, as far as they have room together. */
function keepNewest(runs: SimulationRun[]): void {
  let kept = 0;
  for (const [index, run] of runs.toReversed().entries()) {
    kept += run.bills?.length ?? 0;
    if (index > 0 && kept > billsKeptMax) run.bills = null;
  }
}

async function replayAll({ database, clock, replayPrices }: Deps, run: SimulationRun): Promise<void> {
  const { simulation, drafted } = run;
  const { kysely } = database;
  const job: ReplayJob = {
    from: simulation.from, to: simulation.to, now: clock.now(), productIds: drafted.map(({ id }) => id),
    revisions: await readRevisions(kysely, drafted.map(({ id }) => id)), drafts: drafted.map(({ id, plans }) => ({ productId: id, plans })),
  };
  const ranges = await splitSubscriptions(kysely, job.productIds);
  simulation.total = ranges.reduce((sum, { subscriptions }) => sum + subscriptions, 0);
  const sum = openReplaySum();
  await replayPrices(job, ranges, (part) => {
    sum.add(part);
    simulation.done += part.subscriptions;
  });
  const { result, bills } = await sum.finish(simulation.rise, (ids) => readNames(kysely, ids));
  run.bills = bills;
  Object.assign(simulation, { state: 'done', result, finishedAt: clock.now() });
}

async function readRevisions(query: Query, productIds: string[]): Promise<{ id: string; plan: PlanConfig }[]> {
  const rows = await query.selectFrom('plan_revision').innerJoin('plan', 'plan.id', 'plan_revision.plan_id').select(['plan_revision.id', 'plan_revision.config']).where('plan.product_id', 'in', productIds).execute();
  return rows.map(({ id, config }) => ({ id, plan: JSON.parse(config) as PlanConfig }));
}

export async function splitSubscriptions(query: Query, productIds: string[]): Promise<ReplayRange[]> {
  const ranges: ReplayRange[] = [];
  for (let after: string | null = null; ;) {
    let rows = query.selectFrom('subscription').select('id').where('product_id', 'in', productIds);
    if (after !== null) rows = rows.where('id', '>', after);
    const ids = await rows.orderBy('id').limit(rangeSize).execute();
    if (ids.length === 0) return ranges;
    const upTo = ids.at(-1)!.id;
    ranges.push({ after, upTo, subscriptions: ids.length });
    after = upTo;
  }
}

async function readNames(query: Query, ids: string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let start = 0; start < ids.length; start += 500) {
    for (const { id, name } of await query.selectFrom('consumer').select(['id', 'name']).where('id', 'in', ids.slice(start, start + 500)).execute()) names.set(id, name);
  }
  return names;
}
