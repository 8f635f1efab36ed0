import type { ContractOperation } from './contract.ts';
import { follow, isObject } from './reference.ts';

/** `query` since 3.2; more methods stand under `additionalOperations` there. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** One operation as it stands in the document: what shape.ts and sample.ts work on. */
export interface PlacedOperation {
  method: string;
  path: string;
  pathItem: Record<string, unknown>;
  operation: Record<string, unknown>;
}

/** Every operation under `paths` of a bundled document, in document order. */
export function listOperations(document: Record<string, unknown>): Omit<ContractOperation, 'example'>[] {
  const slugs = new Set<string>();
  return placedOperations(document).map((placed) => {
    const { operation, method, path } = placed;
    const id = typeof operation['operationId'] === 'string' && operation['operationId'] !== '' ? operation['operationId'] : `${method} ${path}`;
    const tags = operation['tags'];
    return {
      operation: id,
      slug: uniqueSlug(id, slugs),
      method,
      path,
      summary: text(operation['summary']) || text(placed.pathItem['summary']),
      tag: Array.isArray(tags) && typeof tags[0] === 'string' ? tags[0] : null,
      deprecated: operation['deprecated'] === true,
      enumParameters: enumParameters(document, placed),
    };
  });
}

export function placedOperations(document: Record<string, unknown>): PlacedOperation[] {
  const paths = isObject(document['paths']) ? document['paths'] : {};
  return Object.keys(paths).filter((path) => path.startsWith('/')).flatMap((path) => {
    const pathItem = follow(document, paths[path]);
    if (!isObject(pathItem)) return [];
    const more = isObject(pathItem['additionalOperations']) ? pathItem['additionalOperations'] : {};
    const found = [
      ...Object.keys(pathItem).filter((key) => methods.includes(key)).map((key) => ({ method: key.toUpperCase(), operation: pathItem[key] })),
      ...Object.keys(more).map((method) => ({ method, operation: more[method] })),
    ];
    return found.flatMap(({ method, operation }) => (isObject(operation) ? [{ method, path, pathItem, operation }] : []));
  });
}

/** The operation of that method and path template, without a walk over the others. */
export function findOperation(document: Record<string, unknown>, { method, path }: { method: string; path: string }): PlacedOperation | undefined {
  const pathItem = follow(document, isObject(document['paths']) ? document['paths'][path] : undefined);
  if (!isObject(pathItem)) return undefined;
  const key = method.toLowerCase();
  const more = pathItem['additionalOperations'];
  const operation = methods.includes(key) && isObject(pathItem[key]) ? pathItem[key] : isObject(more) ? more[method] : undefined;
  return isObject(operation) ? { method, path, pathItem, operation } : undefined;
}

/** Parameters of the operation, then those of its path item that it does not replace; references followed. */
export function parametersOf(document: Record<string, unknown>, { pathItem, operation }: PlacedOperation): Record<string, unknown>[] {
  const found = new Map<string, Record<string, unknown>>();
  for (const list of [operation['parameters'], pathItem['parameters']]) {
    if (!Array.isArray(list)) continue;
    for (const entry of list) {
      const parameter = follow(document, entry);
      if (!isObject(parameter)) continue;
      const id = `${String(parameter['in'])} ${String(parameter['name'])}`;
      if (!found.has(id)) found.set(id, parameter);
    }
  }
  return [...found.values()];
}

function enumParameters(document: Record<string, unknown>, placed: PlacedOperation): string[] {
  return parametersOf(document, placed).filter((parameter) => {
    if (parameter['in'] !== 'query' || typeof parameter['name'] !== 'string') return false;
    const schema = follow(document, parameter['schema']);
    if (!isObject(schema)) return false;
    const items = follow(document, schema['items']);
    return Array.isArray(schema['enum']) || (isObject(items) && Array.isArray(items['enum']));
  }).map((parameter) => parameter['name'] as string);
}

function uniqueSlug(id: string, taken: Set<string>): string {
  const base = id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'operation';
  let slug = base;
  for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
  taken.add(slug);
  return slug;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
