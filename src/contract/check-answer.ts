// In: a document and an answer to one of its operations. Out: where the answer is not what the document describes.
import { compileSchema, explainErrors } from './compile-schema.ts';
import { isJson } from './media-type.ts';
import { findOperation } from './operations.ts';
import { follow, isObject } from './reference.ts';

export interface GivenAnswer {
  status: number;
  /** Empty when there is none. */
  contentType: string;
  /** Null when it was too long to be kept whole: then its schema is not looked at. */
  body: string | null;
}

type Document = Record<string, unknown>;

/** In plain words, with the place, what differs first: status, media type, or the body against its schema. Undefined when all is as described. */
export function answerProblem(document: Document, named: { method: string; path: string }, answer: GivenAnswer): string | undefined {
  const responses = findOperation(document, named)?.operation['responses'];
  if (!isObject(responses)) return undefined;
  const response = follow(document, responses[String(answer.status)] ?? responses[`${Math.floor(answer.status / 100)}XX`] ?? responses['default']);
  if (!isObject(response)) return `The contract does not describe the status ${answer.status}; it has ${Object.keys(responses).filter((status) => !status.startsWith('x-')).join(', ') || 'none'}.`;
  const content = isObject(response['content']) ? response['content'] : {};
  const offered = Object.keys(content);
  if (offered.length === 0 || answer.status === 204 || answer.status === 304 || named.method === 'HEAD') return undefined;
  const given = bareType(answer.contentType);
  const mediaType = offered.find((type) => bareType(type) === given) ?? offered.find((type) => isRange(type, given));
  if (mediaType === undefined) return given === '' ? `The answer has no Content-Type; the contract says ${offered.join(' or ')}.` : `The answer is ${given}; the contract says ${offered.join(' or ')}.`;
  const media = follow(document, content[mediaType]);
  if (!isJson(given) || answer.body === null || !isObject(media) || media['schema'] === undefined) return undefined;
  return bodyProblem(document, media['schema'], answer.body);
}

function bodyProblem(document: Document, schema: unknown, body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body === '' ? 'The answer has no body; the contract says JSON.' : 'The body is not valid JSON.';
  }
  // A schema that is too large: of such an answer only status and media type are checked.
  const validate = compileSchema(document, schema, 'response');
  if (!validate || validate(value)) return undefined;
  const error = explainErrors(validate.errors);
  return error ? `At ${error.at || 'the top of the body'}: ${error.said}.` : 'The body does not match its schema.';
}

function bareType(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase();
}

function isRange(offered: string, given: string): boolean {
  const range = bareType(offered);
  return range === '*/*' || (range.endsWith('/*') && given.startsWith(range.slice(0, -1)));
}
