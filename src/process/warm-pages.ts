import type { Services } from '../control/services.ts';
import type { WebParts } from './web-server.ts';

interface WarmParts {
  services: Services;
  pages: Pick<WebParts['pages'], 'handle'>;
  webUrl: string;
  /** Ends it between two pages. */
  signal: AbortSignal;
}

/** Operation pages that are drawn before anybody asks: the compiler has seen the code that draws them by then. */
const operationPages = 6;

/** Draws what a stranger reads first, so that nobody's first page waits for code to be loaded and compiled. */
export async function warmPages({ services, pages, webUrl, signal }: WarmParts): Promise<void> {
  for (const path of await firstPaths(services)) {
    if (signal.aborted) return;
    const response = await pages.handle(new Request(webUrl + path, { headers: { accept: 'text/html' }, signal }), { nonce: 'unused', clientAddress: '127.0.0.1' });
    await response.arrayBuffer();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Of the product with most operations: its pages are those that take long. */
async function firstPaths({ products }: Services): Promise<string[]> {
  const listed = await products.list(undefined);
  const versions = listed.flatMap(({ slug, versions: own }) => own.map(({ name, operationCount }) => ({ slug, name, operationCount })));
  const largest = versions.toSorted((a, b) => b.operationCount - a.operationCount)[0];
  if (!largest) return ['/'];
  const operations = await products.listOperations(undefined, largest.slug, largest.name);
  const base = `/${largest.slug}/${largest.name}`;
  return ['/', `/${largest.slug}`, `/search?q=${largest.slug}`, base, ...operations.slice(0, operationPages).map(({ slug }) => `${base}/${slug}`)];
}
