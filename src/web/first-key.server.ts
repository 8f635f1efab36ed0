// The first key travels from its creation to the first-call page in a cookie that only this site's server reads: it is
// stored nowhere else, survives the reloads of a page without scripts, and goes with the session or after an hour.
import type { Person, Services } from '../control/services.ts';
import type { DeveloperActor } from './page.server.ts';

const name = 'first_key';
const maxAgeSeconds = 3600;

export interface FirstKey { key: string; productSlug: string; mode: 'live' | 'test' }

/** Makes a key for the first product that has a version: in test mode where the product has one. Undefined when nothing is published. */
export async function createFirstKey(services: Services, actor: DeveloperActor): Promise<FirstKey | undefined> {
  const product = (await services.products.list(actor)).find((candidate) => candidate.currentVersion !== null);
  if (!product) return undefined;
  const mode = product.testMode ? 'test' : 'live';
  const { key } = await services.keys.create(actor, { name: 'First key', mode, productSlug: product.slug });
  return { key, productSlug: product.slug, mode };
}

/** Makes the first key of a new developer and answers the header that carries it to the first-call page. */
export async function firstKeyCookies(services: Services, { developer, email, verified }: Person, request: Request): Promise<Headers> {
  const headers = new Headers();
  if (!developer) return headers;
  const first = await createFirstKey(services, { kind: 'developer', developerId: developer.developerId, consumerId: developer.consumerId, email, verified });
  if (first) headers.append('set-cookie', firstKeyCookie(first, request));
  return headers;
}

export function firstKeyCookie({ key, productSlug }: FirstKey, request: Request): string {
  return `${name}=${productSlug}.${key}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure(request)}`;
}

export function clearFirstKeyCookie(request: Request): string {
  return `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure(request)}`;
}

export function readFirstKey(request: Request): FirstKey | undefined {
  const match = /(?:^|;\s*)first_key=([a-z0-9-]+)\.([a-z0-9]+_(live|test)_[0-9A-Za-z]+)/.exec(request.headers.get('cookie') ?? '');
  return match ? { productSlug: match[1]!, key: match[2]!, mode: match[3] as FirstKey['mode'] } : undefined;
}

function secure(request: Request): string {
  return request.url.startsWith('https:') ? '; Secure' : '';
}
