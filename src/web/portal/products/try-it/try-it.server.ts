// What the try-it form of an operation needs: for reference pages, and for guides that hold one.
import type { Actor, OperationReferencePage, ParameterReference, ReferenceVersion } from '../../../../control/services.ts';
import { isAppError } from '../../../../errors.ts';
import type { WebContext } from '../../../context.ts';
import { isFileType, type TryItField, type TryItOperation } from './build-call.ts';

/** Why there is a key to send with, or none. */
export type TryItKey =
  | { state: 'ready'; key: string; expiresAt: number }
  | { state: 'stranger' }
  | { state: 'no-test-mode' }
  | { state: 'refused'; detail: string };

/** Body text past this length is left to the reader: pages stay small. */
const bodyMax = 3_000;

export function tryItOperation({ product, version, baseUrl }: Pick<ReferenceVersion, 'product' | 'version' | 'baseUrl'>, page: Pick<OperationReferencePage, 'operation' | 'parameters' | 'requestBody' | 'sample'>): TryItOperation {
  const { method, path, slug } = page.operation;
  const names = new Set(page.parameters.map(({ name }) => name.toLowerCase()));
  const body = page.requestBody;
  return {
    product: product.slug, version: version.name, operation: slug, method, path, baseUrl,
    fields: page.parameters.filter(({ in: place, name }) => place !== 'header' || !ignored.has(name.toLowerCase())).map(fieldOf),
    headers: Object.fromEntries(Object.entries(page.sample.headers).filter(([name]) => !names.has(name.toLowerCase()) && !['content-type', 'cookie'].includes(name.toLowerCase()))),
    body: body && body.content.length > 0 ? bodyOf(body, page.sample) : null,
  };
}

/** The sample's type first, then the others with their own examples. */
function bodyOf({ required, content }: NonNullable<OperationReferencePage['requestBody']>, sample: OperationReferencePage['sample']): NonNullable<TryItOperation['body']> {
  const mediaType = sample.headers['Content-Type'] ?? content[0]!.mediaType;
  const others = content.filter((one) => bare(one.mediaType) !== bare(mediaType)).map(({ mediaType: other, example }) => ({ mediaType: withBoundary(other, example?.text ?? ''), initial: example && !example.cut && example.text.length <= bodyMax && !isFileType(other) ? example.text : '' }));
  return { required, mediaType, initial: sample.body !== null && sample.body.length <= bodyMax && !isFileType(mediaType) ? sample.body : '', ...(others.length > 0 && { others }) };
}

/** An example of several parts names its boundary in its first line. */
function withBoundary(mediaType: string, text: string): string {
  const boundary = /^multipart\//i.test(mediaType) && !/boundary=/i.test(mediaType) ? /^--(\S+)\r?\n/.exec(text)?.[1] : undefined;
  return boundary === undefined ? mediaType : `${mediaType}; boundary=${boundary}`;
}

const bare = (mediaType: string): string => mediaType.split(';', 1)[0]!.trim().toLowerCase();

/** OpenAPI says that parameters of these names are to be ignored. */
const ignored = new Set(['accept', 'content-type', 'authorization']);

function fieldOf({ name, in: place, schema, style, explode, json, example }: ParameterReference): TryItField {
  const types = schema.types.filter((type) => type !== 'null');
  const type = types.length === 1 ? types[0] : undefined;
  const required = schema.flags?.includes('required') === true;
  const values = schema.rules?.find(([keyword]) => keyword === 'enum')?.[1];
  const complete = !schema.rules?.some(([keyword]) => keyword === 'enumMore');
  const kind = json ? 'text' : type === 'array' ? 'list' : type === 'object' ? 'object' : type === 'number' || type === 'integer' || type === 'boolean' ? type : 'text';
  return {
    name, in: place, required, kind, style, explode,
    ...(kind !== 'list' && Array.isArray(values) && complete ? { values: values.filter((value) => value !== null).map(plain) } : {}),
    initial: required && example !== null ? (kind === 'list' && Array.isArray(example) ? example.map(plain).join('\n') : plain(example)) : '',
  };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A test key of the signed-in developer, shared by their pages while it lasts. */
export async function tryItKey(services: WebContext['services'], actor: Actor | undefined, product: ReferenceVersion['product']): Promise<TryItKey> {
  if (!product.testMode) return { state: 'no-test-mode' };
  if (actor?.kind !== 'developer') return { state: 'stranger' };
  try {
    return { state: 'ready', ...(await services.keys.mintTryIt(actor, { productSlug: product.slug })) };
  } catch (error) {
    if (isAppError(error)) return { state: 'refused', detail: error.message };
    throw error;
  }
}
