// Enters: articles and the contracts that they stand beside. Leaves: every request block that would not work, with its place.
import type { AnswerCheck } from '../../contract/answer-check.ts';
import type { PorticoConfig } from '../../domain/config.ts';
import { readRequestBlock, type RequestBlock } from '../../domain/request-block.ts';
import type { ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { closestName } from '../../domain/closest-name.ts';
import { documentKey } from '../configuration/config-state.ts';
import type { BundledDocument } from '../configuration/load-documents.ts';
import type { ControlDeps } from '../deps.ts';
import { loadedReach, pathPointer, readReach } from '../versions/document-parts.ts';
import { findRequestBlocks } from './request-blocks.ts';

interface Operation { operation: string; slug: string; method: string; path: string }
interface Contract { operations: Operation[]; reach(path: string): Promise<Record<string, unknown>> }
interface Checking { products: PorticoConfig['products']; contract(product: string, version: string): Promise<Contract>; check: AnswerCheck['check'] }

export const requestsMax = 40;
const mistakesMax = 100;

/** A text and the file that it stands in; `product` is the slug of its product, null for a page of the portal. */
export interface CheckedArticle { file: string; product: string | null; text: string }
export interface RequestsToCheck { articles: CheckedArticle[]; products: PorticoConfig['products']; /** Documents that are not stored yet. */ documents?: Map<string, BundledDocument> }

/** At most a hundred, each with file and line. Reads through `query` alone, so that a transaction can ask about what it has written. */
export async function requestMistakes({ openAnswerCheck }: Pick<ControlDeps, 'openAnswerCheck'>, query: Query, { articles, products, documents }: RequestsToCheck): Promise<ErrorPlace[]> {
  const checker = openAnswerCheck();
  const contracts = new Map<string, Promise<Contract>>();
  const checking: Checking = {
    products, check: checker.check,
    contract(product, version) {
      const key = documentKey(product, version);
      const contract = contracts.get(key) ?? readContract(query, documents?.get(key), product, version);
      contracts.set(key, contract);
      return contract;
    },
  };
  const mistakes: ErrorPlace[] = [];
  try {
    for (const { file, product, text: markdown } of articles) {
      for (const [index, { words, text, line }] of findRequestBlocks(markdown).entries()) {
        const detail = index >= requestsMax ? `A page shows at most ${requestsMax} requests.` : await mistakeOf(checking, product, readRequestBlock(words, text));
        if (detail !== undefined) mistakes.push({ file, line, column: 1, detail });
        if (mistakes.length >= mistakesMax) return mistakes;
      }
    }
    return mistakes;
  } finally {
    await checker.close();
  }
}

async function mistakeOf(checking: Checking, ownProduct: string | null, block: ReturnType<typeof readRequestBlock>): Promise<string | undefined> {
  if (block === 'names') return 'A request block names an operation: `request listCountries`, `request v2 listCountries` or `request atlas v2 listCountries`.';
  if (block === 'object') return 'A request block holds a JSON object: parameters by name, and `body`.';
  const slug = block.product ?? ownProduct;
  if (slug === null) return 'On a page of the portal a request block names its product and version: `request atlas v2 listCountries`.';
  const product = checking.products.find((candidate) => candidate.slug === slug);
  if (!product) return `There is no product "${slug}".${meant(slug, checking.products.map((candidate) => candidate.slug))}`;
  const version = block.version ?? currentVersion(product.versions);
  if (version === undefined) return `"${slug}" has no published version yet. Name the version: \`request v1 ${block.operation}\`.`;
  if (!product.versions.some(({ name }) => name === version)) return `"${slug}" has no version "${version}".${meant(version, product.versions.map(({ name }) => name))}`;
  return operationMistake(checking, await checking.contract(slug, version), block, `${slug} ${version}`);
}

async function operationMistake({ check }: Checking, { operations, reach }: Contract, { operation: name, parameters, body }: RequestBlock, place: string): Promise<string | undefined> {
  const operation = operations.find((candidate) => candidate.operation === name || candidate.slug === name);
  if (!operation) return `${place} has no operation "${name}".${meant(name, operations.map((candidate) => candidate.operation))}`;
  const { method, path } = operation;
  return check({ document: await reach(path), named: { method, path }, request: { parameters, body } });
}

/** As pages choose it: the newest published one, else the newest deprecated one. */
function currentVersion(versions: PorticoConfig['products'][number]['versions']): string | undefined {
  return (versions.findLast(({ status }) => status === 'published') ?? versions.findLast(({ status }) => status === 'deprecated'))?.name;
}

async function readContract(query: Query, bundled: BundledDocument | undefined, product: string, version: string): Promise<Contract> {
  if (bundled?.loaded) {
    const { operations, parts } = bundled.loaded.contract;
    return { operations, reach: (path) => loadedReach(parts, [pathPointer(path)]) };
  }
  const row = await query.selectFrom('version').innerJoin('product', 'product.id', 'version.product_id').select('version.id')
    .where('product.slug', '=', product).where('product.removed_at', 'is', null).where('version.name', '=', version).executeTakeFirst();
  const operations = row ? await query.selectFrom('operation').select(['operation', 'slug', 'method', 'path']).where('version_id', '=', row.id).execute() : [];
  return { operations, reach: (path) => (row ? readReach(query, row.id, [pathPointer(path)]) : Promise.resolve({})) };
}

function meant(written: string, names: string[]): string {
  const close = closestName(written, names);
  return close === undefined ? '' : ` Did you mean "${close}"?`;
}
