// The same call as code: the operation's sample, with the parameters that a request was recorded with.
import type { OperationPage } from '../../control/services.ts';

type Sample = OperationPage['sample'];

/** Stands where the value was not kept: only names are, and the values of enum parameters. */
export const unknownValue = 'VALUE';

/** `fields` as a request event keeps them: `limit`, `sort=name`; query parameters and top-level body fields. */
export function recordedCall({ sample, parameters }: Pick<OperationPage, 'sample' | 'parameters'>, fields: readonly string[]): Sample {
  const queryNames = new Set(parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name));
  const [path = '', query = ''] = sample.path.split('?', 2);
  const sampled = new URLSearchParams(query);
  const sent = fields.map(splitField);
  const bodyNames = bodyFields(sample.body);
  const isQuery = ({ name }: SentField): boolean => queryNames.has(name) || !bodyNames.has(name) && sample.body === null;
  const parts = sent.filter(isQuery).map(({ name, value }) => {
    const filled = value ?? sampled.get(name) ?? exampleOf(parameters.find((parameter) => parameter.in === 'query' && parameter.name === name)) ?? unknownValue;
    return `${encodeURIComponent(name)}=${encodeURIComponent(filled)}`;
  });
  return { ...sample, path: parts.length > 0 ? `${path}?${parts.join('&')}` : path, body: recordedBody(sample.body, sent.filter((field) => !isQuery(field))) };
}

interface SentField { name: string; value: string | undefined }

function splitField(field: string): SentField {
  const at = field.indexOf('=');
  return at < 0 ? { name: field, value: undefined } : { name: field.slice(0, at), value: field.slice(at + 1) };
}

function exampleOf(parameter: OperationPage['parameters'][number] | undefined): string | undefined {
  const schema = parameter?.schema as { default?: unknown } | undefined;
  const example = parameter?.example ?? schema?.default;
  return typeof example === 'string' || typeof example === 'number' || typeof example === 'boolean' ? String(example) : undefined;
}

function bodyFields(body: string | null): Set<string> {
  return new Set(Object.keys(jsonObject(body) ?? {}));
}

/** A JSON object holds the fields that were sent; any other body stays as it is in the sample. */
function recordedBody(body: string | null, sent: SentField[]): string | null {
  const object = jsonObject(body);
  if (object === undefined || sent.length === 0) return body;
  return JSON.stringify(Object.fromEntries(sent.map(({ name, value }) => [name, value ?? object[name] ?? unknownValue])), null, 2);
}

function jsonObject(text: string | null): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
