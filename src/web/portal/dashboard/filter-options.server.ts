import type { Services } from '../../../control/services.ts';
import type { DeveloperActor } from '../../page.server.ts';

export interface FilterOptions {
  products: { slug: string; name: string }[];
  versions: string[];
  keys: { id: string; name: string }[];
  /** Those that were called in the range, most called first. */
  operations: string[];
}

/** What the filters of a page may choose: the account's own keys, and the operations that it called. */
export async function readOptions(services: Services, actor: DeveloperActor, range: { from: number; to: number }): Promise<FilterOptions> {
  const { consumerId } = actor;
  const [products, { keys }, operations] = await Promise.all([
    services.products.list(actor),
    services.keys.list(actor, { consumerId, limit: 200 }),
    services.requests.breakdown(actor, { consumerId, from: range.from, to: range.to, bucketMs: range.to - range.from, by: 'operation', valuesMax: 100 }),
  ]);
  return {
    products: products.map(({ slug, name }) => ({ slug, name })),
    versions: [...new Set(products.flatMap(({ versions }) => versions.map(({ name }) => name)))].sort(),
    keys: keys.map(({ id, name, masked }) => ({ id, name: `${name} ${masked.slice(masked.lastIndexOf('_') + 1)}` })),
    operations: operations.map(({ value }) => value).filter((value) => value !== null),
  };
}
