import { load } from '../../page.server.ts';
import { readExampleCall } from '../example-call.server.ts';
import { markdownResponse, productMarkdown } from './markdown-pages.server.ts';

export const loader = load(async ({ params, services, reader }) => {
  const actor = await reader();
  const [product, portal] = await Promise.all([services.products.get(actor, params['product']!), services.configuration.portal()]);
  return markdownResponse(productMarkdown(product, await readExampleCall(services, actor, product, portal.keyPrefix), portal.webUrl.replace(/\/$/, '')));
});
