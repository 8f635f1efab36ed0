// The first key travels from its creation to the first-call page in a cookie that only this site's server reads: it is
// stored nowhere else, survives the reloads of a page without scripts, and goes with the session or after an hour.
import type { Person, Services } from '../control/services.ts';
import type { DeveloperActor } from './page.server.ts';

const name = 'first_key';
const maxAgeSeconds = 3600;

export interface FirstKey { key: string; productSlug: string; mode: 'live' | 'test' }

/** Makes a key for the wanted product, else for the first that has a version: in test mode where the product has one. Undefined when nothing is published. */
export async function createFirstKey(services: Services, actor: DeveloperActor, wanted: string | null): Promise<FirstKey | undefined> {
  const products = (await services.products.list(actor)).filter((candidate) => candidate.currentVersion !== null);
  const product = products.find(({ slug }) => slug === wanted) ?? products[0];
  if (!product) return undefined;
  const mode = product.testMode ? 'test' : 'live';
  const { key } = await services.keys.create(actor, { name: 'First key', mode, productSlug: product.slug });
  return { key, productSlug: product.slug, mode };
}

/** Makes the first key of a new developer and answers the header that carries it to the first-call page. */
export async function firstKeyCookies(services: Services, { developer, email, verified }: Person, wanted: string | null = null): Promise<Headers> {
  const headers = new Headers();
  if (!developer) return headers;
  const first = await createFirstKey(services, { kind: 'developer', developerId: developer.developerId, consumerId: developer.consumerId, email, verified }, wanted);
  if (first) headers.append('set-cookie', firstKeyCookie(first));
  return headers;
}

/** The product that a path to the first-call page names. */
export function wantedProduct(next: string): string | null {
  const url = new URL(next, 'http://own.invalid');
  return url.pathname === '/start' ? url.searchParams.get('product') : null;
}

export function firstKeyCookie({ key, productSlug }: FirstKey): string {
  return `${name}=${productSlug}.${key}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax`;
}

export const clearFirstKeyCookie = `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

export function readFirstKey(request: Request): FirstKey | undefined {
  const match = /(?:^|;\s*)first_key=([a-z0-9-]+)\.([a-z0-9]+_(live|test)_[0-9A-Za-z]+)/.exec(request.headers.get('cookie') ?? '');
  return match ? { productSlug: match[1]!, key: match[2]!, mode: match[3] as FirstKey['mode'] } : undefined;
}
