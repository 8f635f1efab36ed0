import type { Site } from './site.server.ts';

interface Link { href: string; type?: string; title?: string }
interface LinkContext { anchor: string; item?: Link[]; 'service-desc'?: Link[]; 'service-doc'?: Link[]; 'successor-version'?: Link[] }

/** One context for the catalogue with all APIs as items, and one for each version that answers. */
export function apiCatalog({ webUrl, products }: Site): { linkset: LinkContext[] } {
  const served = products.flatMap(({ product, versions }) => versions.map(({ version }) => ({ product, version })));
  return {
    linkset: [
      { anchor: `${webUrl}/.well-known/api-catalog`, item: served.map(({ product, version }) => ({ href: product.baseUrls[version.name]!, title: `${product.name} ${version.name}` })) },
      ...served.map(({ product, version }): LinkContext => ({
        anchor: product.baseUrls[version.name]!,
        'service-desc': [{ href: `${webUrl}/${product.slug}/${version.name}/openapi.json`, type: 'application/json' }],
        'service-doc': [{ href: `${webUrl}/${product.slug}/${version.name}`, type: 'text/html' }, { href: `${webUrl}/${product.slug}/${version.name}.md`, type: 'text/markdown' }],
        ...(version.successor !== null && product.baseUrls[version.successor] !== undefined && { 'successor-version': [{ href: product.baseUrls[version.successor]! }] }),
      })),
    ],
  };
}
