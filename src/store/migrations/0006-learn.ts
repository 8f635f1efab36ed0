import type { Kysely } from 'kysely';
import type { Engine } from '../migrate.ts';
import { primary, references, required, tableIn, typesOf } from './columns.ts';

/** What a producer teaches, and how far each developer is. */
export async function addLearn(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { text, integer, flag, time } = typesOf(engine);
  const table = tableIn(db, engine);
  await table('learn_term').addColumn('id', text, primary).addColumn('position', integer, required).addColumn('json', text, required).addColumn('hash', text, required).addColumn('updated_at', time, required).execute();
  await table('learn_set').addColumn('id', text, primary).addColumn('position', integer, required).addColumn('json', text, required).addColumn('hash', text, required).addColumn('updated_at', time, required).execute();
  await table('learn_progress').addColumn('developer_id', text, references('developer.id', 'cascade')).addColumn('set_id', text, required).addColumn('item_id', text, required).addColumn('fingerprint', text, required)
    .addColumn('tries', integer, required).addColumn('choice', integer).addColumn('done_at', time).addColumn('first_choice', integer).addColumn('first_right', flag, required).addColumn('first_at', time, required).addColumn('right', flag, required)
    .addPrimaryKeyConstraint('learn_progress_of_item', ['developer_id', 'set_id', 'item_id'] as never).execute();
  await db.schema.createIndex('learn_progress_set').on('learn_progress').columns(['set_id', 'item_id']).execute();
  await table('learn_start').addColumn('developer_id', text, references('developer.id', 'cascade')).addColumn('set_id', text, required).addColumn('started_at', time, required).addColumn('finished_at', time)
    .addPrimaryKeyConstraint('learn_start_of_set', ['developer_id', 'set_id'] as never).execute();
  await table('learn_refusal').addColumn('request_id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'cascade')).addColumn('at', time, required).addColumn('product_slug', text).addColumn('operation', text).addColumn('status', integer, required).addColumn('code', text, required).execute();
  await db.schema.createIndex('learn_refusal_consumer').on('learn_refusal').columns(['consumer_id', 'at']).execute();
}
