// Every address that the pages answer, from routes.ts, and who may see it: what the walks of safety and pictures go by.
import type { RouteConfigEntry } from '@react-router/dev/routes';
import configured from '../src/web/routes.ts';

/** `page` is drawn and has a picture; `document` is not. Of whom else than the named it answers 403, and sends strangers to the sign-in page. */
export interface RouteFacts { who: 'everyone' | 'developer' | 'member' | 'signed-out' | 'action'; kind: 'page' | 'document' | 'stream'; /** The right that a member's role needs. */ right?: string }

const page = (who: RouteFacts['who'], right?: string): RouteFacts => ({ who, kind: 'page', ...(right !== undefined && { right }) });
const file = (who: RouteFacts['who'], right?: string): RouteFacts => ({ who, kind: 'document', ...(right !== undefined && { right }) });
const stream = (who: RouteFacts['who']): RouteFacts => ({ who, kind: 'stream' });

export const routes: Record<string, RouteFacts> = {
  '/': page('everyone'),
  '/search': page('everyone'),
  '/errors': page('everyone'),
  '/errors/:code': page('everyone'),
  '/sign-up': page('signed-out'),
  '/sign-in': page('signed-out'),
  '/verify-email': page('everyone'),
  '/magic-link': page('everyone'),
  '/forgot-password': page('everyone'),
  '/reset-password': page('everyone'),
  '/invitation': page('everyone'),
  '/own-account': page('member'),
  '/start': page('developer'),
  '/outbox': page('everyone'),
  '/pages/:slug': page('everyone'),
  '/design': page('everyone'),
  '/dashboard': page('developer'),
  '/dashboard/usage': page('developer'),
  '/dashboard/latency': page('developer'),
  '/dashboard/keys': page('developer'),
  '/dashboard/keys/new': page('developer'),
  '/dashboard/keys/:id': page('developer'),
  '/dashboard/requests': page('developer'),
  '/dashboard/requests/:id': page('developer'),
  '/dashboard/team': page('developer'),
  '/dashboard/plan': page('developer'),
  '/dashboard/notices': page('developer'),
  '/dashboard/account': page('developer'),
  '/dashboard/events': stream('developer'),
  '/dashboard/requests.csv': file('developer'),
  '/dashboard/usage.csv': file('developer'),
  '/dashboard/keys/operations': file('developer'),
  '/:product': page('everyone'),
  '/:product/guides': file('everyone'),
  '/:product/guides/:guide': page('everyone'),
  '/:product/:version': page('everyone'),
  '/:product/:version/:operation': page('everyone'),
  '/:product/:version/openapi.schema': file('everyone'),
  '/:product/:version/openapi.json': file('everyone'),
  '/:product/:version/openapi.example': file('everyone'),
  '/:product/:version/openapi.key': file('action'),
  '/:product/:version/:operation.md': file('everyone'),
  '/sign-out': file('action'),
  '/leave-view': file('action'),
  '/theme': file('action'),
  '/start/events': stream('developer'),
  '/favicon.ico': file('everyone'),
  '/llms.txt': file('everyone'),
  '/llms-full.txt': file('everyone'),
  '/sitemap.xml': file('everyone'),
  '/robots.txt': file('everyone'),
  '/.well-known/api-catalog': file('everyone'),
  '/social/:page': file('everyone'),
  '/social/:product/:page': file('everyone'),
  '/social/:product/:version/:page': file('everyone'),
  '/index.md': file('everyone'),
  '/errors.md': file('everyone'),
  '/errors/:code.md': file('everyone'),
  '/pages/:slug.md': file('everyone'),
  '/:product.md': file('everyone'),
  '/:product/:version.md/': file('everyone'),
  '/:product/guides/:guide.md': file('everyone'),
  '/feedback': file('action'),
  '/brand/:hash.css': file('everyone'),
  '/brand/:hash/:name': file('everyone'),
  '/workspace/first-owner': page('everyone'),
  '/workspace': page('member'),
  '/workspace/products': page('member'),
  '/workspace/products/publish': page('member', 'products.change'),
  '/workspace/products/new': page('member', 'products.change'),
  '/workspace/products/:product': page('member'),
  '/workspace/products/:product/edit': page('member', 'products.change'),
  '/workspace/products/:product/versions/:version': page('member'),
  '/workspace/products/:product/plans/new': page('member', 'plans.change'),
  '/workspace/products/:product/plans/:plan': page('member'),
  '/workspace/approvals': page('member'),
  '/workspace/consumers': page('member'),
  '/workspace/consumers/new': page('member', 'consumers.change'),
  '/workspace/consumers/:id': page('member'),
  '/workspace/consumers/:id/view': file('action'),
  '/workspace/requests': page('member'),
  '/workspace/events': stream('member'),
  '/workspace/requests/:id': page('member'),
  '/workspace/members': page('member'),
  '/workspace/account': page('member'),
  '/workspace/settings/brand': page('member'),
  '/workspace/settings': page('member'),
  '/workspace/audit': page('member', 'audit.read'),
  '/workspace/audit.csv': file('member', 'audit.read'),
  '/workspace/audit.json': file('member', 'audit.read'),
  '/workspace/find': file('member'),
  '/workspace/portico.yaml': file('member'),
  '/workspace/portico.json': file('member'),
  '/workspace/documentation': page('member'),
  '/workspace/documentation/feedback': page('member'),
  '/workspace/system': page('member'),
};

/** Each address that routes.ts answers, as a pattern that begins with a slash; layouts have none of their own. */
export function routePaths(entries: RouteConfigEntry[] = configured, under = ''): string[] {
  return entries.flatMap((entry) => {
    const path = entry.path === undefined ? under : `${under}/${entry.path}`;
    return entry.children ? routePaths(entry.children, path) : [path === '' ? '/' : path];
  });
}

/** Fails the walks while a route has no entry in the table above. */
export function routesWithoutFacts(): string[] {
  return routePaths().filter((path) => !(path in routes));
}
