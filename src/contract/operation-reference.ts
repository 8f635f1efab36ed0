// In: a document as far as one operation reaches. Out: what its reference page shows, within a budget of bytes.
import type { ContractOperation } from './contract.ts';
import { exampleOf, type Direction } from './example-value.ts';
import type { PlacedSchema } from './gather-schema.ts';
import { isJson, preferredMediaType, serialise } from './media-type.ts';
import { findOperation } from './operations.ts';
import { escapePointer, follow, isObject, referenceOf, valueAt } from './reference.ts';
import { parameterValue } from './sample.ts';
import { authoredValue } from './schema-shape.ts';
import { schemaTree, type SchemaNode, type TreeBudget } from './schema-tree.ts';

export interface ParameterReference {
  name: string; in: 'path' | 'query' | 'header' | 'cookie'; description: string;
  /** As OpenAPI's table of style values writes it; `json` is a parameter with a JSON media type. */
  style: string; explode: boolean; json: boolean;
  schema: SchemaNode;
  /** What the author gave, or what a sample needs; null when nothing is known. */
  example: unknown;
}
/** `text` is cut to a length that a page can hold. */
export interface ExampleReference { text: string; cut: boolean }
export interface ContentReference { mediaType: string; schema: SchemaNode | null; example: ExampleReference | null }
export interface ResponseReference { status: string; description: string; headers: SchemaNode[]; content: ContentReference[] }
export interface OperationReference {
  description: string;
  externalDocs: { url: string; description: string } | null;
  parameters: ParameterReference[];
  requestBody: { required: boolean; description: string; content: ContentReference[] } | null;
  responses: ResponseReference[];
}

type Document = Record<string, unknown>;
interface Placed { value: unknown; at: string }

/** Bytes of all trees of a page, of which a body or an answer takes at most its share; and characters of its examples. */
const treeBytes = 34_000;
const treeBytesMin = 6_000;
/** A parameter has a row and a field of the try-it form. */
const parameterBytes = 900;
/** Of a body in several media types, one for each that a form may send. */
const bodyExamplesMax = 4;
const shareOfBody = 0.45;
const shareOfAnswer = 0.6;
const exampleCharacters = 3_000;
const laterExampleCharacters = 600;

export function operationReference(document: Document, named: Pick<ContractOperation, 'method' | 'path'>): OperationReference {
  const placed = findOperation(document, named);
  if (placed === undefined) return { description: '', externalDocs: null, parameters: [], requestBody: null, responses: [] };
  const { operation, pathItem } = placed;
  const item = followPlaced(document, { value: valueAt(document, `/paths/${escapePointer(named.path)}`), at: `/paths/${escapePointer(named.path)}` });
  const key = Object.hasOwn(pathItem, named.method.toLowerCase()) ? named.method.toLowerCase() : `additionalOperations/${escapePointer(named.method)}`;
  const at = `${item.at}/${key}`;
  const parameters = parametersOf(document, [{ value: operation['parameters'], at: `${at}/parameters` }, { value: pathItem['parameters'], at: `${item.at}/parameters` }]);
  const weight = parameters.reduce((sum, { value }) => sum + parameterBytes + 3 * text(value['description']).length, 3 * text(operation['description']).length);
  const budget = { bytes: Math.max(treeBytesMin, treeBytes - weight) };
  const docs = operation['externalDocs'];
  return {
    description: text(operation['description']) || text(pathItem['description']),
    externalDocs: isObject(docs) && typeof docs['url'] === 'string' ? { url: docs['url'], description: text(docs['description']) } : null,
    parameters: parameters.map((parameter) => parameterReference(document, parameter, budget)),
    requestBody: bodyReference(document, { value: operation['requestBody'], at: `${at}/requestBody` }, budget),
    responses: responseReferences(document, { value: operation['responses'], at: `${at}/responses` }, budget),
  };
}

/** The whole example of an answer or body, for who asks for it alone. Undefined when there is none. */
export function wholeExample(document: Document, named: Pick<ContractOperation, 'method' | 'path'>, { status, mediaType }: { status: string | null; mediaType: string | null }): { contentType: string; body: string } | undefined {
  const operation = findOperation(document, named)?.operation;
  const responses = operation?.['responses'];
  const holder = follow(document, status === null ? operation?.['requestBody'] : isObject(responses) ? responses[status] : undefined);
  if (!isObject(holder) || !isObject(holder['content'])) return undefined;
  const type = mediaType ?? preferredMediaType(holder['content']);
  const media = type === undefined ? undefined : follow(document, holder['content'][type]);
  const example = isObject(media) ? exampleOf(document, media, status === null ? 'request' : 'response') : undefined;
  return example && serialise(type!, example);
}

function parametersOf(document: Document, lists: Placed[]): { value: Record<string, unknown>; at: string }[] {
  const found = new Map<string, { value: Record<string, unknown>; at: string }>();
  for (const { value: list, at } of lists) {
    if (!Array.isArray(list)) continue;
    list.forEach((entry: unknown, index) => {
      const { value, at: place } = followPlaced(document, { value: entry, at: `${at}/${index}` });
      if (!isObject(value)) return;
      const id = `${String(value['in'])} ${String(value['name'])}`;
      if (!found.has(id)) found.set(id, { value, at: place });
    });
  }
  return [...found.values()];
}

function parameterReference(document: Document, { value: parameter, at }: { value: Record<string, unknown>; at: string }, budget: TreeBudget): ParameterReference {
  const place = parameter['in'] === 'path' || parameter['in'] === 'header' || parameter['in'] === 'cookie' ? parameter['in'] : 'query';
  const required = parameter['required'] === true || place === 'path';
  const [mediaType, entry] = isObject(parameter['content']) ? (Object.entries(parameter['content'])[0] ?? []) : [];
  const media = mediaType === undefined ? undefined : followPlaced(document, { value: entry, at: `${at}/content/${escapePointer(mediaType)}` });
  const holder = isObject(media?.value) ? { value: media.value, at: media.at } : { value: parameter, at };
  const style = text(parameter['style']) || (place === 'query' || place === 'cookie' ? 'form' : 'simple');
  const schema = schemaTree(document, { schema: holder.value['schema'] ?? {}, at: `${holder.at}/schema` }, share(budget, 0.3), { name: text(parameter['name']), required });
  if (parameter['deprecated'] === true && !schema.flags?.includes('deprecated')) schema.flags = [...(schema.flags ?? []), 'deprecated'];
  const hasExample = holder.value['example'] !== undefined || holder.value['examples'] !== undefined;
  const description = text(parameter['description']);
  // One description is enough: the parameter's own.
  if (description !== '') delete schema.description;
  return {
    name: text(parameter['name']), in: place, description,
    style, explode: typeof parameter['explode'] === 'boolean' ? parameter['explode'] : style === 'form', json: mediaType !== undefined && isJson(mediaType),
    schema,
    example: (required || hasExample ? parameterValue(document, parameter) : authoredValue(document, holder.value['schema'])) ?? null,
  };
}

function bodyReference(document: Document, place: Placed, budget: TreeBudget): OperationReference['requestBody'] {
  const { value, at } = followPlaced(document, place);
  if (!isObject(value)) return null;
  const content = contentReferences(document, { value: value['content'], at: `${at}/content` }, 'request', share(budget, shareOfBody), exampleCharacters);
  return { required: value['required'] === true, description: text(value['description']), content };
}

/** Successes first take what they need of the budget; the others share what is left. */
function responseReferences(document: Document, { value, at }: Placed, budget: TreeBudget): ResponseReference[] {
  const statuses = Object.keys(isObject(value) ? value : {}).filter((status) => !status.startsWith('x-'));
  const main = statuses.find((status) => status.startsWith('2')) ?? statuses[0];
  const made = new Map<string, ResponseReference>();
  for (const status of statuses.toSorted((a, b) => Number(b === main) - Number(a === main))) {
    const response = followPlaced(document, { value: (value as Record<string, unknown>)[status], at: `${at}/${escapePointer(status)}` });
    const found = isObject(response.value) ? response.value : {};
    const own = share(budget, status === main ? shareOfAnswer : 0.3);
    made.set(status, {
      status, description: text(found['description']) || text(found['summary']),
      headers: headerNodes(document, { value: found['headers'], at: `${response.at}/headers` }, own),
      content: contentReferences(document, { value: found['content'], at: `${response.at}/content` }, 'response', own, status === main ? exampleCharacters : laterExampleCharacters),
    });
  }
  return statuses.map((status) => made.get(status)!);
}

function headerNodes(document: Document, { value, at }: Placed, budget: TreeBudget): SchemaNode[] {
  return Object.entries(isObject(value) ? value : {}).flatMap(([name, entry]) => {
    const header = followPlaced(document, { value: entry, at: `${at}/${escapePointer(name)}` });
    if (!isObject(header.value)) return [];
    const node = schemaTree(document, { schema: header.value['schema'] ?? {}, at: `${header.at}/schema` }, budget, { name, required: header.value['required'] === true });
    const description = text(header.value['description']);
    return [description === '' ? node : { ...node, description }];
  });
}

function contentReferences(document: Document, { value, at }: Placed, direction: Direction, budget: TreeBudget, characters: number): ContentReference[] {
  const made: ContentReference[] = [];
  const shown = new Map<string, boolean>();
  for (const [mediaType, entry] of Object.entries(isObject(value) ? value : {})) {
    const media = followPlaced(document, { value: entry, at: `${at}/${escapePointer(mediaType)}` });
    const found = isObject(media.value) ? media.value : {};
    const place = schemaPlace(found, media.at);
    const id = JSON.stringify(place?.schema);
    // The same schema in several media types is shown once.
    const schema = place === undefined || shown.has(id) ? null : schemaTree(document, place, budget);
    if (place) shown.set(id, true);
    made.push({ mediaType, schema, example: made.length >= (direction === 'request' ? bodyExamplesMax : 1) ? null : exampleReference(document, mediaType, found, direction, characters) });
  }
  return made;
}

function schemaPlace(media: Record<string, unknown>, at: string): PlacedSchema | undefined {
  const keyword = media['schema'] === undefined ? 'itemSchema' : 'schema';
  return media[keyword] === undefined ? undefined : { schema: media[keyword], at: `${at}/${keyword}` };
}

function exampleReference(document: Document, mediaType: string, media: Record<string, unknown>, direction: Direction, characters: number): ExampleReference | null {
  const example = exampleOf(document, media, direction);
  if (example === undefined) return null;
  const { body } = serialise(mediaType, example);
  if (body.length <= characters) return { text: body, cut: false };
  const end = body.lastIndexOf('\n', characters);
  return { text: body.slice(0, end > characters / 2 ? end : characters), cut: true };
}

/** A part of what is left; what it does not use stays. */
function share(budget: TreeBudget, part: number): TreeBudget {
  const own = { bytes: budget.bytes * part };
  return { get bytes() { return own.bytes; }, set bytes(left: number) { budget.bytes -= own.bytes - left; own.bytes = left; } };
}

function followPlaced(document: Document, { value, at }: Placed): Placed {
  let place = { value, at };
  for (let hops = 0; hops < 32; hops++) {
    const reference = referenceOf(place.value);
    if (reference === undefined) return place;
    place = { value: valueAt(document, reference), at: reference.slice(1) };
  }
  return place;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
