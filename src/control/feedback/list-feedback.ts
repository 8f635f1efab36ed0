import { sql } from 'kysely';
import type { Query } from '../../store/database.ts';
import type { Feedback } from '../services.ts';

const pageMax = 200;

const sizeOf = (limit: number | undefined): number => Math.min(Math.max(Math.trunc(limit ?? 50) || 50, 1), pageMax);

/** Newest first; the cursor is the id of the last one. */
export async function listFeedback(query: Query, input: Parameters<Feedback['list']>[1] & { productId: string | undefined }): ReturnType<Feedback['list']> {
  const limit = sizeOf(input.limit);
  let select = query.selectFrom('page_feedback').leftJoin('product', 'product.id', 'page_feedback.product_id').leftJoin('developer', 'developer.id', 'page_feedback.developer_id')
    .select(['page_feedback.id', 'page_feedback.at', 'page_feedback.path', 'page_feedback.helpful', 'page_feedback.comment', 'product.slug', 'developer.email', 'developer.consumer_id']);
  if (input.productId !== undefined) select = select.where('page_feedback.product_id', '=', input.productId);
  if (input.path !== undefined) select = select.where('page_feedback.path', '=', input.path);
  if (input.helpful !== undefined) select = select.where('page_feedback.helpful', '=', input.helpful ? 1 : 0);
  if (input.comments) select = select.where('page_feedback.comment', 'is not', null);
  if (input.cursor !== undefined) select = select.where('page_feedback.id', '<', input.cursor);
  const rows = await select.orderBy('page_feedback.id', 'desc').limit(limit + 1).execute();
  const page = rows.slice(0, limit);
  return {
    entries: page.map(({ id, at, path, helpful, comment, slug, email, consumer_id }) => ({ id, at, path, helpful: helpful === 1, comment, product: slug, developer: email === null || consumer_id === null ? null : { email, consumerId: consumer_id } })),
    nextCursor: rows.length > limit ? page.at(-1)!.id : null,
  };
}

/** Most unhelpful answers first, then by path; the cursor is how many came before. */
export async function listFeedbackPages(query: Query, input: Parameters<Feedback['listPages']>[1] & { productId: string | undefined }): ReturnType<Feedback['listPages']> {
  const limit = sizeOf(input.limit);
  const offset = Math.min(Math.max(Number.parseInt(input.cursor ?? '0', 10) || 0, 0), 100_000);
  const helpful = sql<number>`sum(page_feedback.helpful)`;
  const notHelpful = sql<number>`sum(1 - page_feedback.helpful)`;
  let select = query.selectFrom('page_feedback').leftJoin('product', 'product.id', 'page_feedback.product_id')
    .select((eb) => ['page_feedback.path', 'product.slug', helpful.as('helpful'), notHelpful.as('not_helpful'), eb.fn.count('page_feedback.comment').as('comments'), eb.fn.max('page_feedback.at').as('last_at')]);
  if (input.productId !== undefined) select = select.where('page_feedback.product_id', '=', input.productId);
  const rows = await select.groupBy(['page_feedback.path', 'product.slug']).orderBy(notHelpful, 'desc').orderBy(helpful).orderBy('page_feedback.path').limit(limit + 1).offset(offset).execute();
  return {
    pages: rows.slice(0, limit).map((row) => ({ path: row.path, product: row.slug, helpful: Number(row.helpful), notHelpful: Number(row.not_helpful), comments: Number(row.comments), lastAt: Number(row.last_at) })),
    nextCursor: rows.length > limit ? String(offset + limit) : null,
  };
}
