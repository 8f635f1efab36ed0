import type { PlanConfig } from '../../domain/config.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { recordSubscriptionChanges } from '../gateways/credential-log.ts';
import { cutPhases } from './cut-phases.ts';
import { rollDue } from './end-subscriptions.ts';

/**
 * Moves a plan's subscribers from some of its revisions, or from all others, to this one, at once; those whose bill is in another currency move with the
 * end of their period. Inside the caller's transaction; the caller publishes and pushes credential changes after its commit.
 */
export async function moveToRevision(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, { planId, from, to }: { planId: string; from: readonly string[] | 'others'; to: string }): Promise<void> {
  const now = deps.clock.now();
  const staying = (subscriptions = query.selectFrom('subscription').select('subscription.id')) => {
    const others = subscriptions.where('subscription.plan_id', '=', planId).where('subscription.state', '!=', 'ended').where('subscription.plan_revision_id', '!=', to);
    return from === 'others' ? others : others.where('subscription.plan_revision_id', 'in', from);
  };
  await rollDue(deps, query, staying(), now);
  const currency = await readCurrency(query, to);
  const rows = await staying().innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id').select(['subscription.state', 'plan_revision.config']).execute();
  const [same, other] = [[] as string[], [] as string[]];
  for (const { id, state, config } of rows) (state === 'pending' || (JSON.parse(config) as PlanConfig).currency === currency ? same : other).push(id);
  await cutPhases(deps, query, { subscriptionIds: same, revisionId: to, at: now, reason: 'revision' });
  for (const part of parts(same)) {
    await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', 'in', part), now);
    await query.updateTable('subscription').set({ plan_revision_id: to, scheduled_revision_id: null, scheduled_at: null }).where('id', 'in', part).execute();
  }
  for (const part of parts(other)) await query.updateTable('subscription').set({ scheduled_revision_id: to, scheduled_at: null }).where('id', 'in', part).execute();
}

async function readCurrency(query: Query, revisionId: string): Promise<string> {
  const { config } = await query.selectFrom('plan_revision').select('config').where('id', '=', revisionId).executeTakeFirstOrThrow();
  return (JSON.parse(config) as PlanConfig).currency;
}

function* parts(ids: string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += 500) yield ids.slice(start, start + 500);
}
