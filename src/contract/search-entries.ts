// In: a bundled document. Out: what search finds in it, operations first. Pure, and one walk over the document.
import { listOperations, parametersOf, placedOperations } from './operations.ts';
import { follow, isObject, referenceOf } from './reference.ts';

export interface DocumentEntry {
  kind: 'operation' | 'schema';
  /** operationId, or the name of the schema. */
  name: string;
  /** Slug of the operation's page; for a schema that of an operation that uses it. */
  page: string;
  method: string;
  path: string;
  title: string;
  tag: string;
  deprecated: boolean;
  description: string;
  /** Parameters and top-level fields of an operation; properties of a schema. */
  fields: string[];
}

type Document = Record<string, unknown>;

const fieldsMax = 60;
const descriptionMax = 1_500;
const depthMax = 200;

/** Schemas that no operation reaches have no page to lead to, and are left out. */
export function listSearchEntries(document: Document): DocumentEntry[] {
  const placed = placedOperations(document);
  const operations = listOperations(document);
  const entries = operations.map((operation, index): DocumentEntry => ({
    kind: 'operation', name: operation.operation, page: operation.slug, method: operation.method, path: operation.path, title: operation.summary, tag: operation.tag ?? '',
    deprecated: operation.deprecated, description: text(placed[index]!.operation['description']).slice(0, descriptionMax),
    fields: [...parametersOf(document, placed[index]!).map((parameter) => String(parameter['name'])), ...bodyFields(document, placed[index]!.operation)].slice(0, fieldsMax),
  }));
  const pages = pagesOfSchemas(document, placed.map(({ operation }, index) => ({ value: operation, page: operations[index]!.slug })));
  return [...entries, ...schemaEntries(document, pages)];
}

function schemaEntries(document: Document, pages: Map<string, string>): DocumentEntry[] {
  const components = isObject(document['components']) ? document['components'] : {};
  const schemas = isObject(components['schemas']) ? components['schemas'] : {};
  return Object.entries(schemas).flatMap(([name, schema]) => {
    const page = pages.get(`#/components/schemas/${name}`);
    if (page === undefined || !isObject(schema)) return [];
    return [{
      kind: 'schema' as const, name, page, method: '', path: '', title: text(schema['title']), tag: '', deprecated: schema['deprecated'] === true,
      description: text(schema['description']).slice(0, descriptionMax), fields: propertyNames(document, schema).slice(0, fieldsMax),
    }];
  });
}

/** The operation nearest to each component: one whose own schema it is comes before one that merely holds it deep inside. */
function pagesOfSchemas(document: Document, operations: { value: unknown; page: string }[]): Map<string, string> {
  const pages = new Map<string, string>();
  let level = operations;
  for (let depth = 0; level.length > 0 && depth < depthMax; depth++) {
    const next: typeof level = [];
    for (const { value, page } of level) {
      for (const reference of referencesIn(value)) {
        if (pages.has(reference)) continue;
        pages.set(reference, page);
        next.push({ value: follow(document, { $ref: reference }), page });
      }
    }
    level = next;
  }
  return pages;
}

function referencesIn(root: unknown): string[] {
  const found: string[] = [];
  const stack: unknown[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const reference = referenceOf(value);
    if (reference !== undefined) found.push(reference);
    for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) stack.push(child);
  }
  return found;
}

function bodyFields(document: Document, operation: Document): string[] {
  const body = follow(document, operation['requestBody']);
  const content = isObject(body) && isObject(body['content']) ? Object.values(body['content']) : [];
  const media = follow(document, content[0]);
  return isObject(media) ? propertyNames(document, media['schema']) : [];
}

/** Of the schema itself and of what it is composed of. */
function propertyNames(document: Document, schema: unknown, depth = 0): string[] {
  const resolved = follow(document, schema);
  if (!isObject(resolved) || depth > 3) return [];
  const own = isObject(resolved['properties']) ? Object.keys(resolved['properties']) : [];
  const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((keyword) => (Array.isArray(resolved[keyword]) ? (resolved[keyword] as unknown[]) : []));
  return [...new Set([...own, ...parts.flatMap((part) => propertyNames(document, part, depth + 1)), ...(resolved['items'] === undefined ? [] : propertyNames(document, resolved['items'], depth + 1))])];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
