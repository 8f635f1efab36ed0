import { load, refusal } from '../../page.server.ts';
import { markdownResponse, versionMarkdown } from './markdown-pages.server.ts';

export const loader = load(async ({ params, services, reader, web }) => {
  const actor = await reader();
  const { product: slug = '', version: name = '' } = params;
  const [product, operations, portal] = await Promise.all([services.products.get(actor, slug), services.products.listOperations(actor, slug, name), services.configuration.portal()]);
  const version = product.versions.find((candidate) => candidate.name === name);
  if (!version) throw refusal('not_found', `${product.name} has no version ${name}.`, web);
  return markdownResponse(versionMarkdown(product, version, operations, portal.webUrl.replace(/\/$/, '')));
});
