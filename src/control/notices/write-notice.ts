import type { ControlDeps } from '../deps.ts';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { NoticeKind } from '../services.ts';

/** What a developer should learn even when nobody looks at the portal. The others only stand on the page. */
const mailed: ReadonlySet<NoticeKind> = new Set(['limit.near', 'limit.reached', 'key.expiring', 'key.expired', 'key.revoked', 'plan.approved', 'plan.declined', 'plan.moved', 'subscription.ended', 'prices.change', 'prices.kept', 'spend.near', 'spend.reached', 'case.approved', 'invoice.finalised', 'invoice.credited', 'payment.failed', 'payment.uncollectible', 'payment.refunded', 'version.deprecated', 'version.sunset', 'consumer.blocked', 'consumer.unblocked']);

export interface NewNotice {
  consumerId: string;
  kind: NoticeKind;
  /** The same occasion is told once. */
  occasion: string;
  detail: Record<string, unknown>;
}

/** Writes them inside the caller's transaction; those whose occasion was told already are left out. */
export async function writeNotices(query: Query, { clock, random }: Pick<ControlDeps, 'clock' | 'random'>, notices: NewNotice[]): Promise<void> {
  const at = clock.now();
  for (let start = 0; start < notices.length; start += 500) {
    const rows = notices.slice(start, start + 500).map(({ consumerId, kind, occasion, detail }) => ({
      id: newId('notice', at, random), consumer_id: consumerId, at, kind, occasion, detail: JSON.stringify(detail), read_at: null, mailed_at: mailed.has(kind) && detail['mode'] !== 'test' ? null : at,
    }));
    await query.insertInto('notice').values(rows).onConflict((conflict) => conflict.columns(['consumer_id', 'occasion']).doNothing()).execute();
  }
}
