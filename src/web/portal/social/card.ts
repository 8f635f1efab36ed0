// The picture that a link to a page shows elsewhere. Only pages that strangers may see have one, so that nobody fills the cache with others.
import { join } from 'node:path';
import regular from '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf?url';
import semibold from '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf?url';
import { load, refusal, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { cardSvg, type Card } from './card-svg.server.ts';

export const loader = load(async ({ services, url, web }) => {
  const address = /^\/social\/(.+)\.png$/.exec(url.pathname)?.[1];
  const parts = address === undefined ? undefined : decodedParts(address);
  if (parts === undefined) throw refusal('not_found', 'There is no picture at this address.', web);
  const [page, portal, brand] = await Promise.all([readPage(services, parts), services.configuration.portal(), services.content.brand()]);
  if (!page) throw refusal('not_found', 'There is no picture at this address.', web);
  const logo = brand.logo === null ? undefined : await services.content.findAsset(undefined, brand.logo.split('/')[2]!);
  const png = await web.drawCard({ fonts: [regular, semibold].map((file) => join(web.clientFolder, file)), svg: cardSvg({ ...page, site: portal.name, accent: brand.accent?.light ?? null, logo }) });
  if (!png) return new Response(null, { status: 503, headers: { 'retry-after': '10', 'cache-control': 'no-store' } });
  return new Response(png, { headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400', 'cross-origin-resource-policy': 'cross-origin' } });
});

/** Undefined where a percent sign begins nothing. */
function decodedParts(address: string): string[] | undefined {
  try {
    return address.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Undefined where there is no page. @throws AppError `not_found` likewise */
async function readPage(services: Page['services'], [first = '', second, third, ...more]: string[]): Promise<Pick<Card, 'title' | 'above' | 'below'> | undefined> {
  if (more.length > 0) return undefined;
  if (first === 'home' && second === undefined) {
    const { headline, name } = await services.configuration.portal();
    return { title: headline ?? texts.home.headline(name), above: '', below: '' };
  }
  if (first === 'pages' && second !== undefined && third === undefined) {
    const { title, description } = await services.content.getPage(second);
    return { title, above: '', below: description };
  }
  const product = await services.products.get(undefined, first);
  if (second === undefined) return { title: product.name, above: '', below: product.description };
  if (second === 'guides') {
    if (third === undefined) return undefined;
    const { title, description } = await services.content.getGuide(undefined, first, third);
    return { title, above: product.name, below: description };
  }
  const operations = await services.products.listOperations(undefined, first, second);
  if (third === undefined) return { title: `${product.name} ${second}`, above: '', below: product.description };
  const operation = operations.find(({ slug }) => slug === third);
  return operation ? { title: operation.summary || operation.operation, above: `${product.name} ${second}`, below: `${operation.method} ${operation.path}` } : undefined;
}
