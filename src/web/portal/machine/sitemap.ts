import { load, refusal } from '../../page.server.ts';
import { listPages, readSite } from './site.server.ts';
import { sitemapXml } from './sitemap-xml.server.ts';

export const loader = load(async ({ services, url, web }) => {
  const site = await readSite(services);
  const xml = sitemapXml(listPages(site), site.webUrl, url.searchParams.get('part'));
  if (xml === undefined) throw refusal('not_found', 'The sitemap has no such part.', web);
  return new Response(xml, { headers: { 'content-type': 'application/xml; charset=utf-8' } });
});
