import type { Kysely } from 'kysely';
import type { Engine } from '../migrate.ts';
import { primary, references, required, tableIn, typesOf } from './columns.ts';

/** Whom other issuers of tokens name, and the key that this one's calls are made with. */
export async function addTokenBindings(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { text, time } = typesOf(engine);
  await tableIn(db, engine)('token_binding').addColumn('id', text, primary).addColumn('issuer', text, required).addColumn('subject', text, required)
    .addColumn('key_id', text, references('key.id', 'cascade')).addColumn('created_at', time, required).addColumn('created_by', text, required)
    .addUniqueConstraint('token_binding_once', ['issuer', 'subject'] as never).execute();
  await db.schema.createIndex('token_binding_key').on('token_binding').column('key_id').execute();
}
