// In: a document. Out: what each of its operations says of requests, in pieces of JSON text that whoever checks requests reads one by one.
import { gatherSchema, type GatheredSchema } from './gather-schema.ts';
import { listOperations, parametersOf, placedOperations, type PlacedOperation } from './operations.ts';
import { follow, isObject } from './reference.ts';
import { ignoredHeaders } from './sample.ts';
import { openConverter, type SchemaConverter } from './standalone-schema.ts';

/** Everything is JSON text, so that a large document costs what its text does until a part of it is needed. */
export interface RequestContracts {
  /** A RequestContract by operation id. */
  operations: Record<string, string>;
  /** Schemas by name; others refer to them as `#/$defs/<name>`. */
  definitions: Record<string, string>;
}

export interface RequestContract {
  /** Path template. */
  path: string;
  parameters: ParameterContract[];
  /** Null: a body is none of the contract's business. */
  body: { required: boolean; content: { mediaType: string; schema: unknown }[] } | null;
}

export interface ParameterContract {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  /** OpenAPI's `style` and `explode`; `json`: one JSON text (`content`). */
  style: 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject' | 'simple' | 'label' | 'matrix' | 'json';
  explode: boolean;
  allowEmpty: boolean;
  /** JSON types that the value, its items and its properties may have; none where the schema does not say. */
  types: string[];
  items: string[];
  properties: Record<string, string[]>;
  schema: unknown;
}

/** More schemas than this are not read. */
const schemasMax = 50_000;
const styles: Record<ParameterContract['in'], { first: ParameterContract['style']; all: string[] }> = {
  path: { first: 'simple', all: ['simple', 'label', 'matrix'] },
  query: { first: 'form', all: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] },
  header: { first: 'simple', all: ['simple'] },
};
/** The gateway's own fields, and those that OpenAPI leaves to HTTP. */
const unchecked = new Set([...ignoredHeaders, 'x-api-key']);

/** Undefined for a document with too many schemas. */
export function requestContracts(document: Record<string, unknown>): RequestContracts | undefined {
  const converter = openConverter(document, 'request');
  const ids = listOperations(document).map(({ operation }) => operation);
  const operations = Object.fromEntries(placedOperations(document).map((placed, index) => [ids[index]!, JSON.stringify(contractOf(document, converter, placed))]));
  const definitions = converter.definitions(schemasMax);
  return definitions && { operations, definitions: Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, JSON.stringify(schema)])) };
}

function contractOf(document: Record<string, unknown>, converter: SchemaConverter, placed: PlacedOperation): RequestContract {
  return {
    path: placed.path,
    parameters: parametersOf(document, placed).flatMap((parameter) => parameterOf(document, converter, parameter)),
    body: bodyOf(document, converter, placed.operation['requestBody']),
  };
}

function parameterOf(document: Record<string, unknown>, converter: SchemaConverter, parameter: Record<string, unknown>): ParameterContract[] {
  const { name, in: place, required, style, explode, allowEmptyValue, content } = parameter;
  if (typeof name !== 'string' || (place !== 'path' && place !== 'query' && place !== 'header') || (place === 'header' && unchecked.has(name.toLowerCase()))) return [];
  const media = isObject(content) ? follow(document, Object.values(content)[0]) : undefined;
  const schema = isObject(media) ? media['schema'] : parameter['schema'];
  const known = styles[place];
  const chosen = isObject(content) ? 'json' : known.all.includes(String(style)) ? (style as ParameterContract['style']) : known.first;
  const gathered = gatherSchema(document, { schema: schema ?? true, at: '' });
  return [{
    name, in: place, required: required === true || place === 'path', style: chosen,
    explode: typeof explode === 'boolean' ? explode : chosen === 'form' || chosen === 'deepObject',
    allowEmpty: allowEmptyValue === true,
    types: typesOf(document, gathered),
    items: gathered.items ? typesOf(document, gatherSchema(document, gathered.items)) : [],
    properties: Object.fromEntries([...gathered.properties].map(([property, placedSchema]) => [property, typesOf(document, gatherSchema(document, placedSchema))])),
    schema: converter.convert(schema ?? true),
  }];
}

/** Its own, else those of its choices. */
function typesOf(document: Record<string, unknown>, { types, choices, trail }: GatheredSchema): string[] {
  if (types.length > 0) return types;
  return [...new Set(choices.flatMap(({ branches }) => branches.flatMap((branch) => gatherSchema(document, branch, trail).types)))];
}

function bodyOf(document: Record<string, unknown>, converter: SchemaConverter, requestBody: unknown): RequestContract['body'] {
  const described = follow(document, requestBody);
  if (!isObject(described) || !isObject(described['content'])) return null;
  const content = Object.entries(described['content']).map(([mediaType, value]) => {
    const media = follow(document, value);
    return { mediaType: mediaType.toLowerCase().replace(/\s*;.*$/, ''), schema: isObject(media) && media['schema'] !== undefined ? converter.convert(media['schema']) : true };
  });
  return { required: described['required'] === true, content };
}
