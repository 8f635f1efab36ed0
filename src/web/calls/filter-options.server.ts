import type { Actor, Services } from '../../control/services.ts';

export interface FilterOptions {
  products: { slug: string; name: string }[];
  versions: string[];
  keys: { id: string; name: string }[];
  /** Those that were called in the range, most called first. */
  operations: string[];
  /** In the workspace: those that called in the range, most calls first, and the one that is chosen. */
  consumers: { id: string; name: string }[];
}

const optionsMax = 100;

/** What the filters of a page may choose: operations that were called, a developer's own keys, and for members the keys and accounts that called. */
export async function readOptions(services: Services, actor: Actor, { from, to, consumerId }: { from: number; to: number; consumerId?: string }): Promise<FilterOptions> {
  const all = { from, to, bucketMs: to - from, valuesMax: optionsMax };
  const of = { ...all, ...(consumerId && { consumerId }) };
  const [products, keys, operations, consumers] = await Promise.all([
    services.products.list(actor),
    actor.kind === 'developer' ? ownKeys(services, actor) : called(services, actor, { ...of, by: 'key' }),
    services.requests.breakdown(actor, { ...of, by: 'operation' }),
    actor.kind === 'developer' ? [] : callers(services, actor, all, consumerId),
  ]);
  return {
    products: products.map(({ slug, name }) => ({ slug, name })),
    versions: [...new Set(products.flatMap(({ versions }) => versions.map(({ name }) => name)))].sort(),
    keys, consumers,
    operations: operations.map(({ value }) => value).filter((value) => value !== null),
  };
}

async function ownKeys(services: Services, actor: Extract<Actor, { kind: 'developer' }>): Promise<FilterOptions['keys']> {
  const { keys } = await services.keys.list(actor, { consumerId: actor.consumerId, limit: 200 });
  return keys.map(({ id, name, masked }) => ({ id, name: `${name} ${masked.slice(masked.lastIndexOf('_') + 1)}` }));
}

async function called(services: Services, actor: Actor, input: Parameters<Services['requests']['breakdown']>[1]): Promise<{ id: string; name: string }[]> {
  return (await services.requests.breakdown(actor, input)).flatMap(({ value, name }) => (value === null ? [] : [{ id: value, name: name ?? value }]));
}

async function callers(services: Services, actor: Actor, of: Omit<Parameters<Services['requests']['breakdown']>[1], 'by'>, chosen: string | undefined): Promise<FilterOptions['consumers']> {
  const most = await called(services, actor, { ...of, by: 'consumer' });
  if (chosen === undefined || most.some(({ id }) => id === chosen)) return most;
  const consumer = await services.consumers.get(actor, chosen).catch(() => undefined);
  return consumer ? [{ id: chosen, name: consumer.name }, ...most] : most;
}
