// Which consumer and product a question is about, and whether the actor may ask it.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { findProductRowEver } from '../products/product-rows.ts';
import { getVisibleProduct, seesAll } from '../products/visible-product.ts';
import { requireConsumer, requireRight } from '../rights.ts';
import type { Actor } from '../services.ts';

/** A developer's own consumer, or the one that the producer names by id or by a developer's address; undefined is all. */
export async function chosenConsumer(query: Query, actor: Actor, input: { consumerId?: string; email?: string }): Promise<string | undefined> {
  if (actor.kind === 'developer') {
    const consumerId = input.consumerId ?? actor.consumerId;
    requireConsumer(actor, consumerId, 'workspace.read');
    if (input.email !== undefined && input.email.toLowerCase() !== actor.email) throw new AppError('not_found', 'There is no such account here, or it is not yours.');
    return consumerId;
  }
  requireRight(actor, 'workspace.read');
  if (input.email === undefined) return input.consumerId;
  const rows = await query.selectFrom('developer').select(['consumer_id', 'removed_at']).where('email', '=', input.email.trim().toLowerCase()).orderBy('id', 'desc').limit(20).execute();
  const theirs = rows.filter(({ consumer_id }) => input.consumerId === undefined || consumer_id === input.consumerId);
  const found = theirs.find(({ removed_at }) => removed_at === null) ?? theirs[0];
  if (!found) throw new AppError('not_found', `Nobody here has the address ${input.email}.`);
  return found.consumer_id;
}

/** The producer also asks about products that were removed: their ledger stays. */
export async function chosenProduct(query: Query, actor: Actor, slug: string | undefined): Promise<string | undefined> {
  if (slug === undefined) return undefined;
  const row = seesAll(actor) ? await findProductRowEver(query, slug) : await getVisibleProduct(query, actor, slug);
  if (!row) throw new AppError('not_found', `There is no product "${slug}" here.`);
  return row.id;
}
