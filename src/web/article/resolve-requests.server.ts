// Enters: the blocks of an article. Leaves: the same, with each request block as the call that it stands for, or what is wrong with it.
import { isAppError } from '../../errors.ts';
import type { Actor, ReferenceVersion, Services } from '../../control/services.ts';
import { parameterText, readRequestBlock, requestBodyText, type RequestBlock } from '../../domain/request-block.ts';
import { highlight } from '../highlight.server.ts';
import { codeSamples } from '../portal/products/code-samples.ts';
import { buildCall, fieldId, initialValues, type TryItOperation, type TryItValues } from '../portal/products/try-it/build-call.ts';
import { tryItKey, tryItOperation, type TryItKey } from '../portal/products/try-it/try-it.server.ts';
import { texts } from '../texts.ts';
import type { ArticleBlock } from './parse-article.server.ts';

type Request = Extract<ArticleBlock, { kind: 'request' }>;
export interface CallBlock {
  kind: 'call';
  title: string;
  href: string;
  operation: TryItOperation;
  values: TryItValues;
  key: TryItKey;
  /** Stands in the code where there is no key. */
  placeholder: string;
  /** Code with colours, in the order of the languages. Null where a page holds much of it already. */
  highlighted: string[] | null;
}
export type ShownBlock =
  | Exclude<ArticleBlock, { kind: 'request' | 'callout' | 'tabs' }>
  | { kind: 'callout'; tone: 'note' | 'tip' | 'warning'; blocks: ShownBlock[] }
  | { kind: 'tabs'; tabs: { label: string; blocks: ShownBlock[] }[] }
  | CallBlock
  | { kind: 'problem'; text: string };

interface Reader {
  services: Services;
  /** As whom the contract is read. */
  actor: Actor | undefined;
  /** Whose test key fills the code. */
  developer: Actor | undefined;
  /** Of the guide; undefined on pages of the portal. */
  product?: string | undefined;
}
interface Page { reader: Reader; left: number; /** Characters that may still be coloured. */ colours: number; keys: Map<string, Promise<TryItKey>> }

const requestsMax = 40;
const coloursMax = 24_000;

export function resolveRequests(reader: Reader, blocks: ArticleBlock[]): Promise<ShownBlock[]> {
  return resolveBlocks({ reader, left: requestsMax, colours: coloursMax, keys: new Map() }, blocks);
}

async function resolveBlocks(page: Page, blocks: ArticleBlock[]): Promise<ShownBlock[]> {
  const shown: ShownBlock[] = [];
  for (const block of blocks) {
    if (block.kind === 'request') shown.push(page.left-- > 0 ? await resolve(page, block) : problem(texts.article.tooManyRequests(requestsMax)));
    else if (block.kind === 'callout') shown.push({ ...block, blocks: await resolveBlocks(page, block.blocks) });
    else if (block.kind === 'tabs') {
      const tabs = [];
      for (const tab of block.tabs) tabs.push({ label: tab.label, blocks: await resolveBlocks(page, tab.blocks) });
      shown.push({ kind: 'tabs', tabs });
    } else shown.push(block);
  }
  return shown;
}

async function resolve(page: Page, { words, input }: Request): Promise<ShownBlock> {
  const { services, actor, product: ownProduct } = page.reader;
  const block = readRequestBlock(words, input);
  if (block === 'object') return problem(texts.article.requestNeedsObject);
  const slug = typeof block === 'object' ? (block.product ?? ownProduct) : undefined;
  if (block === 'names' || slug === undefined) return problem(texts.article.requestNeedsNames);
  try {
    const name = block.version ?? (await services.products.get(actor, slug)).currentVersion ?? '';
    const version = await services.reference.getVersion(actor, slug, name);
    const found = version.operations.find(({ operation, slug: address }) => operation === block.operation || address === block.operation);
    if (!found) return problem(texts.article.noSuchOperation(block.operation, slug, name));
    const reference = await services.reference.getOperation(actor, slug, name, found.slug);
    const unknown = Object.keys(block.parameters).find((parameter) => !reference.parameters.some((known) => known.name === parameter));
    if (unknown !== undefined) return problem(texts.article.noSuchParameter(unknown, found.operation));
    const operation = tryItOperation(version, reference);
    return await callBlock(page, { title: found.summary || found.operation, href: `/${slug}/${name}/${found.slug}`, operation, values: valuesOf(operation, block) }, version.product);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
    return problem(texts.article.noSuchOperation(block.operation, slug, block.version ?? ''));
  }
}

async function callBlock(page: Page, call: Pick<CallBlock, 'title' | 'href' | 'operation' | 'values'>, product: ReferenceVersion['product']): Promise<CallBlock> {
  const { services, developer } = page.reader;
  if (!page.keys.has(product.slug)) page.keys.set(product.slug, tryItKey(services, developer, product));
  const [key, { keyPrefix }] = await Promise.all([page.keys.get(product.slug)!, services.configuration.portal()]);
  const placeholder = `${keyPrefix}_${product.testMode ? 'test' : 'live'}_YOUR_KEY`;
  const highlighted = codeSamples(buildCall(call.operation, call.values, key.state === 'ready' ? key.key : placeholder)).map(({ code, language }) => highlight(code, language));
  const weight = highlighted.reduce((sum, { length }) => sum + length, 0);
  const coloured = weight <= page.colours;
  if (coloured) page.colours -= weight;
  return { kind: 'call', ...call, key, placeholder, highlighted: coloured ? highlighted : null };
}

/** What the block says, over the document's own sample: by name, in the path first. */
function valuesOf(operation: TryItOperation, { parameters, body }: RequestBlock): TryItValues {
  const given = Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    const field = operation.fields.find((one) => one.name === name && one.in === 'path') ?? operation.fields.find((one) => one.name === name);
    if (!field) return [];
    return [[fieldId(field), field.kind === 'list' ? [value].flat().map(parameterText).join('\n') : parameterText(value)]];
  });
  return { ...initialValues(operation), ...Object.fromEntries(given), ...(body !== undefined && operation.body ? { body: requestBodyText(operation.body.mediaType, body) } : {}) };
}

function problem(text: string): ShownBlock {
  return { kind: 'problem', text };
}
