import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Engine } from '../migrate.ts';

/** A subscription that asked for a plan with approval keeps its present plan until the producer decides. */
export async function addRequestedPlan(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema.alterTable('subscription').addColumn('requested_plan_id', engine === 'postgres' ? sql`text collate "C"` : 'text', (column) => column.references('plan.id').onDelete('set null')).execute();
  await db.schema.createIndex('subscription_requested_plan').on('subscription').column('requested_plan_id').execute();
}
