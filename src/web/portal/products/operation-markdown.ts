// The Markdown twin of an operation's page, for readers that are programs.
import type { ContentReference, SchemaNode } from '../../../control/services.ts';
import { refusalsOf } from '../../../domain/gateway-refusals.ts';
import { errorCatalogue } from '../../../errors.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { codeSamples, sampleCall } from './code-samples.ts';
import { plansOf } from './operation-cost.ts';
import { flagsOf, rowName, ruleWords, typeWords } from './schema-words.ts';

const words = texts.reference;

export const loader = load(async ({ params, services, reader }) => {
  const actor = await reader();
  const { product: slug = '', version: name = '', operation: operationSlug = '' } = params;
  const [page, version, portal] = await Promise.all([services.reference.getOperation(actor, slug, name, operationSlug), services.reference.getVersion(actor, slug, name), services.configuration.portal()]);
  const { operation, requestBody } = page;
  const { product, plans, baseUrl } = version;
  const base = `${portal.webUrl}/${slug}/${name}`;
  const placeholder = `${portal.keyPrefix}_${product.testMode ? 'test' : 'live'}_YOUR_KEY`;
  const lines = [
    `# ${operation.summary || operation.operation}`, '', `\`${operation.method} ${operation.path}\` ${words.markdown.operationOf(product.name, name)}${operation.deprecated ? ` (${words.deprecated})` : ''}`, '', page.description, '',
    '```sh', codeSamples(sampleCall(baseUrl, page.sample, placeholder))[0]!.code, '```', '', words.putYourKey(`\`${placeholder}\``), '',
  ];
  for (const place of ['path', 'query', 'header', 'cookie'] as const) {
    const parameters = page.parameters.filter((parameter) => parameter.in === place);
    if (parameters.length > 0) lines.push(`## ${words.parameters[place]}`, '', ...parameters.flatMap(({ schema, description }) => treeLines({ ...schema, ...(description !== '' && { description }) }, 0, base)), '');
  }
  if (requestBody) lines.push(`## ${requestBody.required ? words.requestBody : words.requestBodyOptional}`, '', requestBody.description, '', ...contentLines(requestBody.content, base));
  lines.push(`## ${words.responses}`, '');
  for (const { status, description, headers, content } of page.responses) {
    lines.push(`### ${status}`, '', description, '');
    if (headers.length > 0) lines.push(`${words.responseHeaders}:`, '', ...headers.flatMap((header) => treeLines(header, 0, base)), '');
    lines.push(...contentLines(content, base));
  }
  lines.push(`## ${words.plans}`, '', `| ${words.plan} | ${words.limits} | ${words.cost} |`, '|---|---|---|');
  for (const plan of plansOf(plans, operation.operation, undefined)) lines.push(plan.opens ? `| ${plan.name} | ${plan.limits.join(', ') || words.noLimit} | ${plan.cost} |` : `| ${plan.name} | | ${words.notOnPlan} |`);
  lines.push('', words.countsWhenAnswered, '', `## ${words.refusals}`, '', words.refusalsNote, '');
  const codes = refusalsOf({ operation: operation.operation, hasBody: requestBody !== null, policies: product.policies, status: version.version.status, plans });
  lines.push(...codes.map((code) => `- ${errorCatalogue[code].status} [${code}](${portal.webUrl}/errors/${code}): ${errorCatalogue[code].title}`), '');
  return new Response(lines.join('\n').replaceAll(/\n{3,}/g, '\n\n'), { headers: { 'content-type': 'text/markdown; charset=utf-8' } });
});

function contentLines(content: ContentReference[], base: string): string[] {
  return content.flatMap(({ mediaType, schema, example }) => [
    `\`${mediaType}\`: ${schema ? typeWords(schema) : words.sameSchema}`, '', ...(schema ? belowLines(schema, 0, base) : []), '',
    ...(example ? ['```', example.text, ...(example.cut ? ['...'] : []), '```', ''] : []),
  ]);
}

function treeLines(node: SchemaNode, depth: number, base: string): string[] {
  const { code, words: said } = rowName(node);
  const type = node.circle === undefined ? typeWords(node) : `${words.leadsBackTo} ${node.circle}`;
  const facts = [type, ...flagsOf(node).map(({ text }) => text), ...ruleWords(node), ...(node.discriminator ? [`${words.toldApartBy} ${node.discriminator}`] : [])].filter((fact) => fact !== '').join(', ');
  const text = node.description ? `: ${node.description.replaceAll(/\s*\n\s*/g, ' ')}` : '';
  return [`${'  '.repeat(depth)}- ${code ? `\`${code}\`` : said} (${facts})${text}`, ...belowLines(node, depth + 1, base)];
}

function belowLines({ children = [], more }: SchemaNode, depth: number, base: string): string[] {
  const link = more && `${'  '.repeat(depth)}- [${words.moreRows(more.count)}](${base}/openapi.schema?${new URLSearchParams({ at: more.at, ...(more.from > 0 ? { from: String(more.from) } : {}) })})`;
  return [...children.flatMap((child) => treeLines(child, depth, base)), ...(link ? [link] : [])];
}
