// What a term's page shows of this very portal and of who reads it.
import type { LiveThing } from '../../../domain/learn.ts';
import type { DeveloperActor, Page } from '../../page.server.ts';

export type LiveView =
  | { kind: 'sign-in' }
  | { kind: 'first-call'; ttfcMs: number | null; since: number }
  | { kind: 'account'; name: string; developers: number; email: string }
  | { kind: 'plans'; products: { slug: string; name: string; plans: string[] }[] }
  | { kind: 'limits'; limits: { plan: string; product: string; name: string; test: boolean; requests: number; per: string; remaining: number | null; resetsAt: number | null }[] }
  | { kind: 'versions'; versions: { slug: string; product: string; name: string; deprecatedAt: number; sunsetAt: number | null }[] }
  | { kind: 'keys'; keys: number; used: number };

const shownMax = 8;

export async function readLiveThing({ services }: Pick<Page, 'services'>, actor: DeveloperActor | undefined, live: LiveThing): Promise<LiveView> {
  if (live === 'plans' || live === 'versions') return readOffer({ services }, actor, live);
  if (!actor) return { kind: 'sign-in' };
  const { consumerId } = actor;
  if (live === 'limits') {
    // Newcomers begin with a test key: what it used is counted apart, and is what their answers' headers say.
    const limits = (await services.usage.limits(actor, { consumerId })).filter(({ mode, used }) => mode === 'live' || (used ?? 0) > 0);
    return { kind: 'limits', limits: limits.slice(0, shownMax).map(({ planName, productName, mode, limit, remaining, resetsAt }) => ({ plan: planName, product: productName, name: limit.name, test: mode === 'test', requests: limit.requests, per: limit.per, remaining, resetsAt })) };
  }
  const { name, createdAt, ttfcMs, keys, developerList } = await services.consumers.get(actor, consumerId);
  if (live === 'account') return { kind: 'account', name, developers: developerList.length, email: actor.email };
  if (live === 'keys') return { kind: 'keys', keys: keys.filter(({ revokedAt }) => revokedAt === null).length, used: keys.filter(({ lastUsedAt }) => lastUsedAt !== null).length };
  return { kind: 'first-call', ttfcMs, since: createdAt };
}

async function readOffer({ services }: Pick<Page, 'services'>, actor: DeveloperActor | undefined, live: 'plans' | 'versions'): Promise<LiveView> {
  const products = await services.products.list(actor);
  if (live === 'versions') return { kind: 'versions', versions: products.flatMap(({ slug, name: product, versions }) => versions.flatMap(({ name, deprecatedAt, sunsetAt }) => (deprecatedAt === null ? [] : [{ slug, product, name, deprecatedAt, sunsetAt }]))).slice(0, shownMax) };
  const offered = await Promise.all(products.slice(0, shownMax).map(({ slug }) => services.products.get(actor, slug)));
  return { kind: 'plans', products: offered.flatMap(({ slug, name, plans }) => (plans.length === 0 ? [] : [{ slug, name, plans: plans.map((plan) => plan.name) }])) };
}
