// RFC 9309. What needs an account hides itself: a robot is sent to the sign-in page. Named here are addresses that would waste its visits.
import { load } from '../../page.server.ts';

export const loader = load(async ({ services }) => {
  const { webUrl } = await services.configuration.portal();
  const closed = ['/api/', '/workspace', '/start', '/own-account', '/outbox', '/search'];
  return new Response(['User-agent: *', ...closed.map((path) => `Disallow: ${path}`), '', `Sitemap: ${webUrl.replace(/\/$/, '')}/sitemap.xml`, ''].join('\n'), { headers: { 'content-type': 'text/plain; charset=utf-8' } });
});
