// Enters: the text of a portico.yaml, or of one plan of it. Leaves: its plans with every default filled in, or each mistake with its place.
import type { OfferedPlan } from '../../domain/config.ts';
import { parseConfig, type Framed } from './parse-config.ts';
import { builtInMeters } from './semantic-problems.ts';

/** A plan that stands alone may price any meter that a product could have. @throws AppError `config_invalid` */
export function readPlans(file: string, text: string): OfferedPlan[] {
  let alone = false;
  const { config } = parseConfig(file, text, (content) => {
    alone = isPlan(content);
    return alone ? frameOf(content as object) : { value: content, at: '' };
  });
  return config.products.flatMap(({ slug, meters, plans }) => plans.map((plan): OfferedPlan => ({ product: alone ? null : slug, plan, meters: [...builtInMeters, ...meters.map(({ name }) => name)] })));
}

function isPlan(content: unknown): boolean {
  return typeof content === 'object' && content !== null && !Array.isArray(content) && !('products' in content) && !('portal' in content);
}

function frameOf(plan: object): Framed {
  const meters = metersOf(plan).map((name) => ({ name, header: 'X-Units' }));
  return { value: { products: [{ slug: 'product', upstream: 'http://127.0.0.1', meters, plans: [{ slug: 'plan', ...plan }] }] }, at: '/products/0/plans/0' };
}

function metersOf(plan: { prices?: unknown }): string[] {
  const names = (Array.isArray(plan.prices) ? plan.prices : []).map((price: { meter?: unknown } | null) => price?.meter);
  const own = names.filter((name): name is string => typeof name === 'string' && /^[a-z][a-z0-9_-]{0,62}$/.test(name) && !(builtInMeters as readonly string[]).includes(name));
  return [...new Set(own)];
}
