// What llms.txt links to, in one text of a bounded length: it ends with what was left out.
import type { Services } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { readExampleCall } from '../example-call.server.ts';
import { keptText, textResponse } from './kept-text.server.ts';
import { llmsFullText } from './llms-text.server.ts';
import { articleMarkdown, productMarkdown } from './markdown-pages.server.ts';
import { readSite } from './site.server.ts';

export const loader = load(async ({ services }) => textResponse((await keptText(services, 'llms-full', () => writeFullText(services)))!, 'text/plain; charset=utf-8'));

async function writeFullText(services: Services): Promise<string> {
  const site = await readSite(services);
  const { keyPrefix } = await services.configuration.portal();
  async function* parts() {
    for (const { product } of site.products) {
      yield { address: `/${product.slug}.md`, text: productMarkdown(product, await readExampleCall(services, undefined, product, keyPrefix), site.webUrl) };
      for (const { slug } of product.guides) yield { address: `/${product.slug}/guides/${slug}.md`, text: articleMarkdown(await services.content.getGuide(undefined, product.slug, slug), site.webUrl) };
    }
    for (const { slug } of site.pages) yield { address: `/pages/${slug}.md`, text: articleMarkdown(await services.content.getPage(slug), site.webUrl) };
  }
  return llmsFullText(site, parts());
}
