// In: a document and a request that somebody wrote for one of its operations. Out: why the operation would not take it.
import { compileSchema, explainErrors } from './compile-schema.ts';
import { isJson, preferredMediaType } from './media-type.ts';
import { findOperation, parametersOf } from './operations.ts';
import { follow, isObject } from './reference.ts';
import { ignoredHeaders } from './sample.ts';

/** `parameters` by name, wherever they stand in the request; without any, those of the sample are meant. `body` undefined: that of the sample. */
export interface GivenRequest { parameters: Record<string, unknown>; body: unknown }

type Document = Record<string, unknown>;
type Parameter = Record<string, unknown>;

/** In plain words what is wrong first: a parameter that is unknown, missing or of a wrong value, or the body. Undefined when nothing is. */
export function requestProblem(document: Document, named: { method: string; path: string }, { parameters, body }: GivenRequest): string | undefined {
  const placed = findOperation(document, named);
  if (placed === undefined) return undefined;
  const known = parametersOf(document, placed);
  const name = `${named.method} ${named.path}`;
  return unknownParameter(known, parameters, name)
    ?? missingParameter(document, known, parameters, name)
    ?? wrongParameter(document, known, parameters)
    ?? (body === undefined ? undefined : bodyProblem(document, placed.operation['requestBody'], body, name));
}

function unknownParameter(known: Parameter[], given: GivenRequest['parameters'], operation: string): string | undefined {
  const unknown = Object.keys(given).find((name) => !known.some((parameter) => parameter['name'] === name));
  if (unknown === undefined) return undefined;
  const names = known.map((parameter) => `"${String(parameter['name'])}"`).slice(0, 20);
  return `${operation} has no parameter "${unknown}"${names.length === 0 ? ' and takes none' : `; it has ${names.join(', ')}`}.`;
}

function missingParameter(document: Document, known: Parameter[], given: GivenRequest['parameters'], operation: string): string | undefined {
  if (Object.keys(given).length === 0) return undefined;
  const missing = known.find((parameter) => {
    const { name, in: place, required } = parameter;
    if (place === 'header' && ignoredHeaders.has(String(name).toLowerCase())) return false;
    const schema = follow(document, parameter['schema']);
    return (required === true || place === 'path') && !Object.hasOwn(given, String(name)) && !(isObject(schema) && Object.hasOwn(schema, 'default'));
  });
  return missing && `The parameter "${String(missing['name'])}" is missing: ${operation} requires it.`;
}

function wrongParameter(document: Document, known: Parameter[], given: GivenRequest['parameters']): string | undefined {
  for (const parameter of known) {
    const name = String(parameter['name']);
    if (!Object.hasOwn(given, name) || parameter['schema'] === undefined) continue;
    const validate = compileSchema(document, { type: 'object', properties: { value: parameter['schema'] } }, 'request', { typed: true });
    if (!validate || validate({ value: given[name] })) continue;
    return `The parameter "${name}" is ${JSON.stringify(given[name]).slice(0, 100)}, which the contract does not allow: ${explainErrors(validate.errors)?.said ?? 'it does not match its schema'}.`;
  }
  return undefined;
}

function bodyProblem(document: Document, requestBody: unknown, body: unknown, operation: string): string | undefined {
  const described = follow(document, requestBody);
  const content = isObject(described) && isObject(described['content']) ? described['content'] : {};
  const mediaType = preferredMediaType(content);
  if (mediaType === undefined) return `${operation} takes no body.`;
  const media = follow(document, content[mediaType]);
  if (!isJson(mediaType) || !isObject(media) || media['schema'] === undefined) return undefined;
  const validate = compileSchema(document, media['schema'], 'request');
  if (!validate || validate(body)) return undefined;
  const error = explainErrors(validate.errors);
  return `The body is not what ${operation} takes${error ? `: at ${error.at || 'its top'}, ${error.said}` : ''}.`;
}
