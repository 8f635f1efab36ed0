// The Markdown twin of an operation's page, for readers that are programs.
import { errorCatalogue } from '../../../errors.ts';
import { load } from '../../page.server.ts';
import { curlOf } from '../../ui/curl.ts';
import { gatewayErrorsOf } from './operation-errors.ts';
import { schemaTree, type SchemaNode } from './schema-tree.ts';

export const loader = load(async ({ params, services, reader }) => {
  const actor = await reader();
  const { product: slug = '', version = '', operation: name = '' } = params;
  const [product, page, portal] = await Promise.all([services.products.get(actor, slug), services.products.getOperation(actor, slug, version, name), services.configuration.portal()]);
  const { operation } = page;
  const lines = [`# ${operation.summary || operation.operation}`, '', `\`${operation.method} ${operation.path}\` of ${product.name} ${version}${operation.deprecated ? ' (deprecated)' : ''}`, '', page.description, '', '```sh', curlOf(product.baseUrls[version] ?? '', page.sample, `${portal.keyPrefix}_live_YOUR_KEY`), '```', ''];
  if (page.parameters.length > 0) {
    lines.push('## Parameters', '');
    for (const parameter of page.parameters) lines.push(...treeLines({ ...schemaTree(parameter.name, parameter.schema, parameter.required), description: parameter.description }, 0, ` in ${parameter.in}`));
    lines.push('');
  }
  if (page.requestBody) {
    lines.push(`## Request body${page.requestBody.required ? '' : ' (optional)'}`, '', page.requestBody.description, '');
    for (const { mediaType, schema } of page.requestBody.content) lines.push(`\`${mediaType}\``, '', ...schemaTree('', schema).children.flatMap((node) => treeLines(node, 0)), '');
  }
  lines.push('## Responses', '');
  for (const response of page.responses) {
    lines.push(`### ${response.status}`, '', response.description, '');
    for (const { mediaType, schema } of response.content) lines.push(`\`${mediaType}\`: ${schemaTree('', schema).type}`, '', ...schemaTree('', schema).children.flatMap((node) => treeLines(node, 0)), '');
  }
  const errors = gatewayErrorsOf({ hasBody: page.requestBody !== null });
  lines.push('## Refusals by the gateway', '', ...errors.map((code) => `- ${errorCatalogue[code].status} [${code}](${portal.webUrl}/errors/${code}): ${errorCatalogue[code].title}`), '');
  return new Response(lines.join('\n').replaceAll(/\n{3,}/g, '\n\n'), { headers: { 'content-type': 'text/markdown; charset=utf-8' } });
});

function treeLines(node: SchemaNode, depth: number, place = ''): string[] {
  const facts = [`${node.type}${place}`, ...(node.required ? ['required'] : []), ...(node.deprecated ? ['deprecated'] : []), ...node.rules].join(', ');
  return [`${'  '.repeat(depth)}- \`${node.name}\` (${facts})${node.description ? `: ${node.description.replaceAll(/\s*\n\s*/g, ' ')}` : ''}`, ...node.children.flatMap((child) => treeLines(child, depth + 1))];
}
