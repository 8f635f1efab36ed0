// "Was this helpful": what readers say of a page, and what the producer reads of it.
import { newId } from '../../domain/id.ts';
import { AppError, errorCatalogue } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { countAttempt } from '../accounts/attempts.ts';
import type { ControlDeps } from '../deps.ts';
import { findProductRowEver } from '../products/product-rows.ts';
import { getVisibleProduct } from '../products/visible-product.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Feedback } from '../services.ts';
import { listFeedback, listFeedbackPages } from './list-feedback.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

export const commentMax = 2_000;
/** Answers are kept this long. */
const retentionMs = 730 * 86_400_000;
const forgottenAtOnce = 100;
const pathPattern = /^\/[a-z0-9-]+(\/[^/\s?#]{1,200}){1,3}$/;

export function createFeedback(deps: Deps): Feedback {
  const query = deps.database.kysely;
  return {
    async send(actor, { path, helpful, comment, address }) {
      const productId = await productOfPage(query, actor, path);
      await countAttempt(deps, 'feedback-address', address);
      const now = deps.clock.now();
      const developerId = actor?.kind === 'developer' ? actor.developerId : null;
      await deps.database.transaction(async (inside) => {
        if (developerId !== null) await inside.deleteFrom('page_feedback').where('developer_id', '=', developerId).where('path', '=', path).execute();
        await inside.insertInto('page_feedback').values({ id: newId('feedback', now, deps.random), at: now, path, helpful: helpful ? 1 : 0, comment: plainComment(comment), product_id: productId, developer_id: developerId }).execute();
        const over = inside.selectFrom('page_feedback').select('id').where('at', '<', now - retentionMs).limit(forgottenAtOnce);
        await inside.deleteFrom('page_feedback').where('id', 'in', over).execute();
      });
    },
    async list(actor, input) {
      requireRight(actor, 'workspace.read');
      return listFeedback(query, { ...input, productId: await productOf(query, input.product) });
    },
    async listPages(actor, input) {
      requireRight(actor, 'workspace.read');
      return listFeedbackPages(query, { ...input, productId: await productOf(query, input.product) });
    },
  };
}

/** A page that the actor can read: of a product, or of an error code. @throws AppError `input_invalid`, `not_found` */
async function productOfPage(query: Query, actor: Actor | undefined, path: string): Promise<string | null> {
  const [first = '', second = ''] = path.split('/').slice(1);
  if (path.length > 400 || !pathPattern.test(path)) throw new AppError('input_invalid', 'This is not a page that can be answered about.', { errors: [{ pointer: '/path', detail: 'must be the path of a reference page, a guide or an error page' }] });
  if (first === 'errors' && Object.hasOwn(errorCatalogue, second)) return null;
  return (await getVisibleProduct(query, actor, first)).id;
}

/** Plain text: without control characters, and no longer than a paragraph or two. */
function plainComment(comment: string | undefined): string | null {
  const text = (comment ?? '').replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{C}\n]/gu, '').trim().slice(0, commentMax).toWellFormed();
  return text === '' ? null : text;
}

async function productOf(query: Query, slug: string | undefined): Promise<string | undefined> {
  if (slug === undefined) return undefined;
  const row = await findProductRowEver(query, slug);
  if (!row) throw new AppError('not_found', `There is no product "${slug}" here.`);
  return row.id;
}
