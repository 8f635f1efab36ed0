// https://www.sitemaps.org/protocol.html
import type { SitePage } from './site.server.ts';

export const sitemapPagesMax = 50_000;

/** All pages when they fit one file; else an index of parts, and each part by its number from 1. Undefined for a part that is not there. */
export function sitemapXml(pages: SitePage[], webUrl: string, part: string | null, pagesMax = sitemapPagesMax): string | undefined {
  const parts = Math.ceil(pages.length / pagesMax);
  if (part === null && parts > 1) return document('sitemapindex', Array.from({ length: parts }, (_, index) => `<sitemap><loc>${escapeXml(`${webUrl}/sitemap.xml?part=${index + 1}`)}</loc></sitemap>`));
  const number = part === null ? 1 : Number(part);
  if (!Number.isInteger(number) || number < 1 || number > parts) return undefined;
  return document('urlset', pages.slice((number - 1) * pagesMax, number * pagesMax).map(({ path, changedAt }) => (
    `<url><loc>${escapeXml(new URL(webUrl + path).href)}</loc>${changedAt === null ? '' : `<lastmod>${new Date(changedAt).toISOString()}</lastmod>`}</url>`
  )));
}

function document(root: string, entries: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</${root}>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll("'", '&apos;').replaceAll('"', '&quot;');
}
