// The Markdown twins of pages: what a page says, for readers that are programs.
import type { Article, OperationSummary, PlanSummary, ProductPage, VersionSummary } from '../../../control/services.ts';
import { controlErrors, errorCatalogue, gatewayErrors, type ErrorCode, type ErrorEntry } from '../../../errors.ts';
import { texts } from '../../texts.ts';
import type { ExampleCall } from '../example-call.server.ts';
import { atLimitText, feeText, limitText, priceLines } from '../products/pricing.ts';
import { tokenExchange } from '../products/token-exchange.ts';
import { isServed, type Site } from './site.server.ts';

const words = texts.twins;
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function homeMarkdown({ name, headline, webUrl, products, pages }: Site): string {
  return paragraphs([
    `# ${name}`, headline ?? '', texts.home.lead, `## ${texts.home.apis}`,
    products.map(({ product }) => `- [${product.name}](${webUrl}/${product.slug}.md)${product.description ? `: ${oneLine(product.description)}` : ''}`).join('\n'),
    pages.length > 0 ? `## ${words.pages}` : '', pages.map(({ slug, title, description }) => `- [${title}](${webUrl}/pages/${slug}.md)${description ? `: ${oneLine(description)}` : ''}`).join('\n'),
  ]);
}

export function productMarkdown(product: ProductPage, call: ExampleCall | null, webUrl: string): string {
  const base = `${webUrl}/${product.slug}`;
  return paragraphs([
    `# ${product.name}`, product.description,
    call ? `## ${texts.product.quickstart}` : '', call ? fenced('sh', call.curl) : '', call?.answer ? `${call.answer.at === null ? texts.home.contractAnswer : texts.home.realAnswer(call.answer.status!, call.answer.durationMs)}:` : '', call?.answer ? fenced('json', call.answer.text) : '',
    product.highlights.length > 0 ? `## ${texts.product.youCanBuild}` : '', product.highlights.map((line) => `- ${line}`).join('\n'),
    product.guides.length > 0 ? `## ${texts.product.guides}` : '', product.guides.map(({ slug, title, description }) => `- [${title}](${base}/guides/${slug}.md)${description ? `: ${oneLine(description)}` : ''}`).join('\n'),
    product.plans.length > 0 ? `## ${texts.product.plans}` : '', ...product.plans.map(planMarkdown),
    product.versions.length > 0 ? `## ${texts.product.versions}` : '', product.versions.map((version) => versionLine(version, base)).join('\n'),
  ]);
}

function planMarkdown(plan: PlanSummary): string {
  return paragraphs([`### ${plan.name}`, plan.description, [
    `- ${texts.product.fee}: ${feeText(plan)}${plan.trialDays > 0 ? `, ${texts.product.trial(plan.trialDays)}` : ''}`,
    ...(plan.prices.length === 0 ? [`- ${texts.product.prices}: ${texts.product.noCharge}`] : plan.prices.map((price) => `- ${price.meter}: ${priceLines(price, plan.currency).join('; ')}`)),
    `- ${texts.product.limits}: ${plan.limits.length === 0 ? texts.product.noLimits : plan.limits.map((limit) => `${limitText(limit)} (${limit.name})`).join(', ')}`,
    `- ${texts.product.atLimit}: ${atLimitText(plan.limits).join(' ')}`,
    `- ${texts.product.planOperations}: ${plan.operations === null ? texts.product.allOperations : texts.product.someOperations(plan.operations)}`,
    `- ${texts.product.access}: ${texts.product.accessOf[plan.access]}`,
  ].join('\n')]).trimEnd();
}

function versionLine(version: VersionSummary, base: string): string {
  const facts = [version.status, ...(version.deprecatedAt === null ? [] : [words.deprecatedOn(date(version.deprecatedAt))]), ...(version.sunsetAt === null ? [] : [words.endsOn(date(version.sunsetAt))]), ...(version.successor === null ? [] : [`${texts.product.moveTo} ${version.successor}`])];
  return isServed(version) ? `- [${version.name}](${base}/${version.name}.md): ${facts.join(', ')}. [OpenAPI](${base}/${version.name}/openapi.json)` : `- ${version.name}: ${facts.join(', ')}`;
}

export function versionMarkdown(product: ProductPage, version: VersionSummary, operations: readonly OperationSummary[], webUrl: string): string {
  const base = `${webUrl}/${product.slug}/${version.name}`;
  return paragraphs([
    `# ${product.name} ${version.name}`, versionLine(version, `${webUrl}/${product.slug}`).replace(/^- /, ''), words.callsStartWith(product.baseUrls[version.name] ?? ''),
    ...tokenParagraphs(product, webUrl),
    `## ${texts.product.operations}`, operations.map((operation) => operationLine(operation, base)).join('\n'),
  ]);
}

function tokenParagraphs({ tokens }: ProductPage, webUrl: string): string[] {
  const { tokens: title, tokensTold, tokensKeyId, tokensElsewhere, tokensElsewhereTold } = texts.reference;
  return [
    ...(tokens?.own ? [`## ${title}`, `${tokensTold} ${tokensKeyId}`, ['```sh', tokenExchange(webUrl), '```'].join('\n')] : []),
    ...(tokens && tokens.issuers.length > 0 ? [`## ${tokensElsewhere}`, tokensElsewhereTold(tokens.issuers)] : []),
  ];
}

export function operationLine({ method, path, slug, summary, deprecated }: OperationSummary, base: string): string {
  return `- [${method} ${path}](${base}/${slug}.md)${summary ? `: ${oneLine(summary)}` : ''}${deprecated ? ` (${words.deprecated})` : ''}`;
}

/** Images and links keep the addresses of this site; request blocks stay as they were written. */
export function articleMarkdown({ title, description, markdown, images }: Article, webUrl: string): string {
  const linked = Object.entries(images).reduce((text, [path, address]) => text.replaceAll(`](${path})`, `](${webUrl}${address})`), markdown);
  const body = linked.replace(/^\s*#[ \t]+(.+?)[ \t]*(\r?\n|$)/, (whole, heading: string) => (heading === title ? '' : whole));
  return paragraphs([`# ${title}`, description, body.trim()]);
}

export function errorListMarkdown(webUrl: string): string {
  const list = (entries: Record<string, ErrorEntry>): string => Object.entries(entries).map(([code, { status, title }]) => `- ${status} [\`${code}\`](${webUrl}/errors/${code}.md): ${title}`).join('\n');
  return paragraphs([`# ${words.errors}`, `## ${words.fromGateway}`, list(gatewayErrors), `## ${words.fromPages}`, list(controlErrors)]);
}

export function errorMarkdown(code: ErrorCode): string {
  const { status, title, meaning, mend } = errorCatalogue[code];
  return paragraphs([`# ${title}`, `${status} \`${code}\``, meaning, `## ${words.whatToDo}`, mend.map((step, index) => `${index + 1}. ${step}`).join('\n')]);
}

export function markdownResponse(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/markdown; charset=utf-8' } });
}

export function paragraphs(parts: string[]): string {
  return `${parts.filter((part) => part.trim() !== '').join('\n\n')}\n`;
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** A fence that is longer than any inside. */
function fenced(language: string, code: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${language}\n${code}\n${fence}`;
}
