// Enters: the blocks of an article. Leaves: the same, with each request block as the call that it stands for, or what is wrong with it.
import { isAppError } from '../../errors.ts';
import type { Actor, OperationReferencePage, Services } from '../../control/services.ts';
import { highlight } from '../highlight.server.ts';
import { texts } from '../texts.ts';
import { curlOf } from '../ui/curl.ts';
import type { ArticleBlock } from './parse-article.server.ts';

type Request = Extract<ArticleBlock, { kind: 'request' }>;
export type ShownBlock =
  | Exclude<ArticleBlock, { kind: 'request' | 'callout' | 'tabs' }>
  | { kind: 'callout'; tone: 'note' | 'tip' | 'warning'; blocks: ShownBlock[] }
  | { kind: 'tabs'; tabs: { label: string; blocks: ShownBlock[] }[] }
  | { kind: 'call'; method: string; path: string; title: string; href: string; curl: string; html: string }
  | { kind: 'problem'; text: string };

interface Reader { services: Services; actor: Actor | undefined; /** Of the guide; undefined on pages of the portal. */ product?: string | undefined }
type Input = Record<string, unknown>;
const requestsMax = 40;

export async function resolveRequests(reader: Reader, blocks: ArticleBlock[], count = { left: requestsMax }): Promise<ShownBlock[]> {
  const shown: ShownBlock[] = [];
  for (const block of blocks) {
    if (block.kind === 'request') shown.push(count.left-- > 0 ? await resolve(reader, block) : { kind: 'problem', text: texts.article.tooManyRequests(requestsMax) });
    else if (block.kind === 'callout') shown.push({ ...block, blocks: await resolveRequests(reader, block.blocks, count) });
    else if (block.kind === 'tabs') {
      const tabs = [];
      for (const tab of block.tabs) tabs.push({ label: tab.label, blocks: await resolveRequests(reader, tab.blocks, count) });
      shown.push({ kind: 'tabs', tabs });
    } else shown.push(block);
  }
  return shown;
}

async function resolve({ services, actor, product: ownProduct }: Reader, { words, input: text }: Request): Promise<ShownBlock> {
  const input = readInput(text);
  if (typeof input === 'string') return { kind: 'problem', text: input };
  const name = words.at(-1);
  const slug = words.length > 2 ? words[0] : ownProduct;
  if (name === undefined || slug === undefined || words.length > 3) return { kind: 'problem', text: texts.article.requestNeedsNames };
  try {
    const product = await services.products.get(actor, slug);
    const version = words.length > 1 ? words.at(-2)! : product.currentVersion;
    const { operations, baseUrl } = await services.reference.getVersion(actor, slug, version ?? '');
    const operation = operations.find((candidate) => candidate.operation === name || candidate.slug === name);
    if (!operation) return { kind: 'problem', text: texts.article.noSuchOperation(name, slug, version ?? '') };
    const page = await services.reference.getOperation(actor, slug, version!, operation.slug);
    const sample = sampleWith(page, input);
    if (typeof sample === 'string') return { kind: 'problem', text: sample };
    const { keyPrefix } = await services.configuration.portal();
    const curl = curlOf(baseUrl, sample, `${keyPrefix}_${product.testMode ? 'test' : 'live'}_YOUR_KEY`);
    return { kind: 'call', method: operation.method, path: sample.path, title: operation.summary || operation.operation, href: `/${slug}/${version}/${operation.slug}`, curl, html: highlight(curl, 'bash') };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
    return { kind: 'problem', text: texts.article.noSuchOperation(name, slug, words.length > 1 ? words.at(-2)! : '') };
  }
}

function readInput(text: string): Input | string {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : texts.article.requestNeedsObject;
  } catch {
    return texts.article.requestNeedsObject;
  }
}

/** The document's own sample where nothing is said; else what is said, by name: in the path, the header or the query, and `body`. */
function sampleWith({ operation, parameters, sample }: OperationReferencePage, input: Input): OperationReferencePage['sample'] | string {
  const { body, ...named } = input;
  const unknown = Object.keys(named).find((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined) return texts.article.noSuchParameter(unknown, operation.operation);
  const sampled = sample.path.split('?', 1)[0]!.split('/');
  const path = operation.path.split('/').map((segment, index) => segment.replaceAll(/\{([^}]+)\}/g, (_, name: string) => (name in named ? encodeURIComponent(textOf(named[name])) : (sampled[index] ?? '')))).join('/');
  const headers = { ...sample.headers };
  const query = new URLSearchParams(Object.keys(named).length === 0 ? sample.path.split('?')[1] : undefined);
  for (const { name, in: place } of parameters) {
    if (!(name in named)) continue;
    if (place === 'header') headers[name] = textOf(named[name]);
    if (place === 'query') for (const value of [named[name]].flat()) query.append(name, textOf(value));
  }
  return { method: sample.method, path: query.size === 0 ? path : `${path}?${query}`, headers, body: body === undefined ? sample.body : JSON.stringify(body, null, 2) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
