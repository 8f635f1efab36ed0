// Which pictures there are: one for each page of the table of routes.
import type { DemoScene } from './demo-scene.ts';
import { routePaths, routes } from './routes.ts';

export interface Picture { name: string; who: 'everyone' | 'developer' | 'newcomer' | 'owner'; path(scene: DemoScene): string }

const names: Record<string, string> = { '/': 'home', '/:product': 'product', '/:product/:version': 'reference', '/:product/:version/:operation': 'operation', '/:product/guides/:guide': 'guide', '/pages/:slug': 'page', '/start': 'first-call' };
/** Pages that show more with a question, or that only some people reach. */
const addresses: Record<string, string> = { '/search': '/search?q=city' };
/** Pages that a link in a mail opens: without its token they only say that it was used. */
const people: Record<string, Picture['who']> = { '/start': 'newcomer', '/own-account': 'owner' };

export function pictures(): Picture[] {
  return [...new Set(routePaths())].filter((pattern) => routes[pattern]?.kind === 'page').map((pattern) => ({
    name: names[pattern] ?? pattern.slice(1).replaceAll('/', '-').replaceAll(':', ''),
    who: people[pattern] ?? (routes[pattern]!.who === 'member' ? 'owner' : routes[pattern]!.who === 'developer' ? 'developer' : 'everyone'),
    path: (scene) => addressOf(pattern, scene),
  }));
}

function addressOf(pattern: string, { ids, operation, content }: DemoScene): string {
  const values: Record<string, string> = { product: 'atlas', version: 'v2', operation, code: 'key_malformed', plan: 'free', guide: content.guide, slug: content.page, invoice: ids.invoice, coupon: 'WELCOME-20', simulation: ids.simulation, position: '1', term: 'time-to-first-call', set: 'api-as-a-product' };
  if (pattern === '/invitation') return content.invitation;
  if (pattern === '/upgrade-case') return content.upgradeCase;
  const id = pattern.includes('/requests/') ? ids.request : pattern.includes('/keys/') ? ids.key : ids.consumer;
  return (addresses[pattern] ?? pattern).replaceAll(/:([a-z]+)/g, (_, name: string) => (name === 'id' ? id : values[name] ?? name));
}
