import type { WebContext } from './context.ts';

/**
 * True when a form was sent from a page of this portal. Browsers set Sec-Fetch-Site themselves; where it is absent, Origin
 * must be ours. A request with neither does not come from a browser's form.
 */
export function isSameOrigin(request: Request, web: Pick<WebContext, 'origins'>): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null) return web.origins.includes(origin);
  const site = request.headers.get('sec-fetch-site');
  return site === 'same-origin' || site === 'none';
}
