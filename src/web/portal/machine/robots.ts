// RFC 9309. Pages that need an account hold nothing to find.
import { load } from '../../page.server.ts';

export const loader = load(async ({ services }) => {
  const { webUrl } = await services.configuration.portal();
  const closed = ['/api/', '/dashboard', '/workspace', '/start', '/own-account', '/outbox', '/search'];
  return new Response(['User-agent: *', ...closed.map((path) => `Disallow: ${path}`), '', `Sitemap: ${webUrl.replace(/\/$/, '')}/sitemap.xml`, ''].join('\n'), { headers: { 'content-type': 'text/plain; charset=utf-8' } });
});
