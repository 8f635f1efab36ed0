import type { RequestEvent } from '../../domain/request-event.ts';
import type { Query } from '../../store/database.ts';
import type { RequestRow } from '../services.ts';

/** Adds the names that people know: product, key and consumer. */
export async function nameRequests(query: Query, events: RequestEvent[]): Promise<RequestRow[]> {
  if (events.length === 0) return [];
  const ids = (field: 'productId' | 'keyId' | 'consumerId'): string[] => [...new Set(events.map((event) => event[field]))];
  const [products, keys, consumers] = await Promise.all([
    query.selectFrom('product').select(['id', 'slug']).where('id', 'in', ids('productId')).execute(),
    query.selectFrom('key').select(['id', 'masked']).where('id', 'in', ids('keyId')).execute(),
    query.selectFrom('consumer').select(['id', 'name']).where('id', 'in', ids('consumerId')).execute(),
  ]);
  const slugs = new Map(products.map(({ id, slug }) => [id, slug]));
  const masked = new Map(keys.map((key) => [key.id, key.masked]));
  const names = new Map(consumers.map(({ id, name }) => [id, name]));
  return events.map((event) => ({ ...event, productSlug: slugs.get(event.productId) ?? event.productId, keyMasked: masked.get(event.keyId) ?? null, consumerName: names.get(event.consumerId) ?? null }));
}
