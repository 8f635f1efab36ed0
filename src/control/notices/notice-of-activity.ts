// What happened to an account, as a notice to its developers, where they should know of it.
import type { Query } from '../../store/database.ts';
import type { NoticeKind } from '../services.ts';
import type { NewNotice } from './write-notice.ts';

interface Happening { id: string; consumerId: string | null; actor: string; kind: string; subject?: string | null; detail?: Record<string, unknown> }

const kinds: Record<string, NoticeKind> = {
  'key.rolled': 'key.rolled', 'key.revoked': 'key.revoked', 'subscription.approved': 'plan.approved', 'subscription.declined': 'plan.declined',
  'subscription.ended': 'subscription.ended', 'subscription.moved': 'plan.moved', 'case.approved': 'case.approved',
  'invoice.finalised': 'invoice.finalised', 'invoice.credited': 'invoice.credited', 'payment.failed': 'payment.failed', 'payment.uncollectible': 'payment.uncollectible', 'payment.refunded': 'payment.refunded',
  'developer.joined': 'developer.joined', 'consumer.blocked': 'consumer.blocked', 'consumer.unblocked': 'consumer.unblocked',
};

const ofSubscriptions = new Set<NoticeKind>(['plan.approved', 'plan.declined', 'plan.moved', 'subscription.ended', 'case.approved']);

/** Undefined for what nobody else needs to be told: a developer alone in an account knows what they did. */
export async function noticeOfActivity(query: Query, { id, consumerId, actor, kind, subject, detail = {} }: Happening): Promise<NewNotice | undefined> {
  const noticeKind = kinds[kind];
  if (noticeKind === undefined || consumerId === null) return undefined;
  // Who moves to a plan sees it happen; what was to wait for the end of a period happens by itself.
  if (noticeKind === 'plan.moved' && actor !== 'system') return undefined;
  const developers = await query.selectFrom('developer').select('email').where('consumer_id', '=', consumerId).where('removed_at', 'is', null).limit(100).execute();
  const byDeveloper = developers.some(({ email }) => email === actor);
  if (byDeveloper && developers.length === 1) return undefined;
  return {
    consumerId, kind: noticeKind, occasion: `activity:${id}`,
    // Who of the producer's people did it is the producer's business.
    detail: { ...detail, ...(await subscriptionNames(query, noticeKind, subject)), by: byDeveloper ? actor : null, ...(kind.startsWith('key.') && { keyId: subject }) },
  };
}

async function subscriptionNames(query: Query, kind: NoticeKind, subscriptionId: string | null | undefined): Promise<Record<string, string>> {
  if (!ofSubscriptions.has(kind) || typeof subscriptionId !== 'string') return {};
  const row = await query.selectFrom('subscription').innerJoin('product', 'product.id', 'subscription.product_id').select(['product.slug', 'product.name']).where('subscription.id', '=', subscriptionId).executeTakeFirst();
  return row ? { productSlug: row.slug, productName: row.name } : {};
}
