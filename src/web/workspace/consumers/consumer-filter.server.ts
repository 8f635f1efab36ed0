import type { Consumers, ConsumerSort, ConsumerState } from '../../../control/services.ts';

const states: readonly ConsumerState[] = ['stalled', 'active', 'blocked', 'unverified'];
const sorts: readonly ConsumerSort[] = ['created', '-created', 'active', '-active', 'ttfc', '-ttfc', 'calls', '-calls'];
export const consumerFields = ['search', 'product', 'plan', 'state', 'origin', 'since'] as const;

type Shown = Record<(typeof consumerFields)[number], string>;

/** What the address bar asks for; what it spells wrong is left out. `plan` is `product/plan`. */
export function readConsumerFilter({ searchParams }: URL): { shown: Shown; filter: Parameters<Consumers['list']>[1] } {
  const value = (name: string): string => searchParams.get(name)?.trim() ?? '';
  const shown = Object.fromEntries(consumerFields.map((name) => [name, value(name)])) as Shown;
  const [planProduct, planSlug] = shown.plan.split('/');
  const since = /^\d{4}-\d\d-\d\d$/.test(shown.since) ? Date.parse(`${shown.since}T00:00:00Z`) : NaN;
  return {
    shown,
    filter: {
      search: shown.search || undefined, productSlug: shown.product || (planSlug && planProduct) || undefined, planSlug, state: states.find((state) => state === shown.state), origin: shown.origin || undefined,
      since: Number.isNaN(since) ? undefined : since, sort: sorts.find((sort) => sort === value('sort')), cursor: value('cursor') || undefined,
    },
  };
}
