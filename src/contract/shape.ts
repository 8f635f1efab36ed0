// In: a bundled document and one of its operations. Out: what a reference page shows of it, without a walk over the rest.
import type { ContractOperation } from './contract.ts';
import { exampleOf } from './example-value.ts';
import { findOperation, parametersOf } from './operations.ts';
import { follow, isObject } from './reference.ts';
import { parameterValue } from './sample.ts';
import { authoredValue, shapeSchema } from './schema-shape.ts';

export interface ParameterShape { name: string; in: 'path' | 'query' | 'header' | 'cookie'; required: boolean; deprecated: boolean; description: string; schema: unknown; example: unknown }
export interface ContentShape { mediaType: string; schema: unknown; example: unknown }
export interface OperationShape {
  description: string;
  parameters: ParameterShape[];
  requestBody: { required: boolean; description: string; content: ContentShape[] } | null;
  responses: { status: string; description: string; content: ContentShape[] }[];
}

type Document = Record<string, unknown>;

/**
 * Everything that a page shows of one operation. Schemas come in the form of 3.1, with every $ref in reach resolved;
 * where one leads back to itself, or too deep, `{ $ref }` stays. An example that nobody gave and none can be made of is null.
 */
export function operationPage(document: Document, named: Pick<ContractOperation, 'method' | 'path'>): OperationShape {
  const placed = findOperation(document, named);
  if (placed === undefined) return { description: '', parameters: [], requestBody: null, responses: [] };
  const { operation, pathItem } = placed;
  return {
    description: text(operation['description']) || text(pathItem['description']),
    parameters: parametersOf(document, placed).map((parameter) => parameterShape(document, parameter)),
    requestBody: requestBodyShape(document, operation['requestBody']),
    responses: Object.entries(isObject(operation['responses']) ? operation['responses'] : {}).filter(([status]) => !status.startsWith('x-')).map(([status, entry]) => {
      const response = follow(document, entry);
      const found = isObject(response) ? response : {};
      return { status, description: text(found['description']) || text(found['summary']), content: contentShape(document, found['content'], 'response') };
    }),
  };
}

function parameterShape(document: Document, parameter: Record<string, unknown>): ParameterShape {
  const place = parameter['in'];
  const required = parameter['required'] === true || place === 'path';
  const media = isObject(parameter['content']) ? follow(document, Object.values(parameter['content'])[0]) : undefined;
  const holder = isObject(media) ? media : parameter;
  const { schema } = holder;
  const hasExample = holder['example'] !== undefined || holder['examples'] !== undefined;
  return {
    name: text(parameter['name']),
    in: place === 'path' || place === 'header' || place === 'cookie' ? place : 'query',
    required,
    deprecated: parameter['deprecated'] === true,
    description: text(parameter['description']),
    schema: shapeSchema(document, schema ?? {}),
    example: (required || hasExample ? parameterValue(document, parameter) : authoredValue(document, schema)) ?? null,
  };
}

function requestBodyShape(document: Document, entry: unknown): OperationShape['requestBody'] {
  const body = follow(document, entry);
  if (!isObject(body)) return null;
  return { required: body['required'] === true, description: text(body['description']), content: contentShape(document, body['content'], 'request') };
}

function contentShape(document: Document, content: unknown, direction: 'request' | 'response'): ContentShape[] {
  if (!isObject(content)) return [];
  return Object.entries(content).map(([mediaType, entry]) => {
    const media = follow(document, entry);
    const found = isObject(media) ? media : {};
    const example = exampleOf(document, found, direction);
    return { mediaType, schema: shapeSchema(document, found['schema'] ?? found['itemSchema'] ?? {}), example: example === undefined ? null : 'text' in example ? example.text : example.value };
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
