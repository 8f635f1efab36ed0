import { load, refusal } from '../../page.server.ts';
import { keptText, textResponse } from './kept-text.server.ts';
import { listPages, readSite } from './site.server.ts';
import { sitemapXml } from './sitemap-xml.server.ts';

export const loader = load(async ({ services, url, web }) => {
  const part = url.searchParams.get('part');
  const missing = () => refusal('not_found', 'The sitemap has no such part.', web);
  // Only what can be a part is looked for: other names would push the parts out of what is kept.
  if (part !== null && !/^[1-9]\d{0,2}$/.test(part)) throw missing();
  const xml = await keptText(services, `sitemap ${part ?? ''}`, async () => {
    const site = await readSite(services);
    return sitemapXml(listPages(site), site.webUrl, part);
  });
  if (!xml) throw missing();
  return textResponse(xml, 'application/xml; charset=utf-8');
});
