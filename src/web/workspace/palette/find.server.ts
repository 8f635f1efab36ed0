// What the command palette finds on the server: by name, address, key ending or id, a few of each kind.
import { errorCatalogue, isAppError } from '../../../errors.ts';
import type { MemberActor, Page } from '../../page.server.ts';

export type FoundKind = 'product' | 'plan' | 'consumer' | 'request' | 'error';
export interface Found { kind: FoundKind; to: string; title: string; note: string }

const ofEachMax = 6;
const productsLookedAt = 20;

export async function findInWorkspace(services: Page['services'], actor: MemberActor, query: string): Promise<Found[]> {
  const [request, consumers, catalogue] = await Promise.all([findRequest(services, actor, query), findConsumers(services, actor, query), findProducts(services, actor, query)]);
  return [...request, ...catalogue, ...consumers, ...findErrors(query)];
}

async function findRequest(services: Page['services'], actor: MemberActor, query: string): Promise<Found[]> {
  if (!/^req_[0-9A-Z]{26}$/i.test(query)) return [];
  try {
    const request = await services.requests.get(actor, query);
    return [{ kind: 'request', to: `/workspace/requests/${request.id}`, title: request.id, note: `${request.status} ${request.method} ${request.operation ?? ''}` }];
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return [];
    throw error;
  }
}

async function findConsumers(services: Page['services'], actor: MemberActor, search: string): Promise<Found[]> {
  const { consumers } = await services.consumers.list(actor, { search, limit: ofEachMax });
  return consumers.map(({ id, name, plans }) => ({ kind: 'consumer', to: `/workspace/consumers/${id}`, title: name, note: plans.join(', ') }));
}

async function findProducts(services: Page['services'], actor: MemberActor, query: string): Promise<Found[]> {
  const matches = (...texts: string[]): boolean => texts.some((text) => text.toLowerCase().includes(query.toLowerCase()));
  const products = await services.products.list(actor);
  const plans = await Promise.all(products.slice(0, productsLookedAt).map(async ({ slug, name }) => (await services.plans.list(actor, slug)).filter((plan) => matches(plan.name, plan.slug)).map((plan): Found => ({ kind: 'plan', to: `/workspace/products/${slug}`, title: plan.name, note: name }))));
  return [
    ...products.filter(({ slug, name }) => matches(slug, name)).slice(0, ofEachMax).map(({ slug, name }): Found => ({ kind: 'product', to: `/workspace/products/${slug}`, title: name, note: slug })),
    ...plans.flat().slice(0, ofEachMax),
  ];
}

function findErrors(query: string): Found[] {
  const wanted = query.toLowerCase().replaceAll(' ', '_');
  return Object.entries(errorCatalogue).filter(([code]) => code.includes(wanted)).slice(0, ofEachMax).map(([code, { title }]) => ({ kind: 'error', to: `/errors/${code}`, title: code, note: title }));
}
