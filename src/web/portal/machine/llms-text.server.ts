import { texts } from '../../texts.ts';
import { oneLine, operationLine, paragraphs, versionMarkdown } from './markdown-pages.server.ts';
import type { Site } from './site.server.ts';

const words = texts.twins;
export const llmsFullCharactersMax = 1_000_000;

export function llmsText(site: Site): string {
  const { name, webUrl, products, pages } = site;
  return paragraphs([
    `# ${name}`, `> ${words.howToCall(site.gatewayUrl, webUrl)}`,
    ...products.flatMap(({ product, versions }) => [
      `## ${product.name}`, oneLine(product.description), [`- [${product.name}](${webUrl}/${product.slug}.md)`, ...product.guides.map(({ slug, title, description }) => `- [${title}](${webUrl}/${product.slug}/guides/${slug}.md)${description ? `: ${oneLine(description)}` : ''}`)].join('\n'),
      ...versions.flatMap(({ version, operations }) => {
        const base = `${webUrl}/${product.slug}/${version.name}`;
        return [`### ${product.name} ${version.name}${version.status === 'deprecated' ? ` (${words.deprecated})` : ''}`, [`- [${words.openapi}](${base}/openapi.json)`, ...operations.map((operation) => operationLine(operation, base))].join('\n')];
      }),
    ]),
    `## ${words.more}`, [...pages.map(({ slug, title }) => `- [${title}](${webUrl}/pages/${slug}.md)`), ...(site.learn.sets.length + site.learn.terms.length > 0 ? [`- [${words.learn}](${webUrl}/learn.md)`] : []), `- [${words.errors}](${webUrl}/errors.md)`, `- [${words.full}](${webUrl}/llms-full.txt)`].join('\n'),
  ]);
}

/** Products, guides and pages whole, then each version's operations in a line; operations themselves stand in their own twins. */
export async function llmsFullText(site: Site, parts: AsyncIterable<{ address: string; text: string }>, charactersMax = llmsFullCharactersMax): Promise<string> {
  const texts: string[] = [`# ${site.name}`, `> ${words.howToCall(site.gatewayUrl, site.webUrl)} ${words.fullHolds}`];
  const left: string[] = [];
  let length = texts.join('').length;
  const add = (address: string, text: string): void => {
    if (length + text.length > charactersMax) return void left.push(address);
    length += text.length;
    texts.push(`---\n\n${text.trimEnd()}`);
  };
  for await (const { address, text } of parts) add(address, text);
  for (const { product, versions } of site.products) for (const { version, operations } of versions) add(`/${product.slug}/${version.name}.md`, versionMarkdown(product, version, operations, site.webUrl));
  if (left.length > 0) texts.push('---', words.leftOut(charactersMax), left.slice(0, 1_000).map((address) => `- ${site.webUrl}${address}`).join('\n'));
  return paragraphs(texts);
}
