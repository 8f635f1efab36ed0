// One schema as a reader means it: references followed, allOf merged, `null` taken out of choices. Its children keep their places.
import { escapePointer, isObject, referenceOf, valueAt } from './reference.ts';
import { modernise } from './schema-shape.ts';

/** A schema and the JSON pointer where it stands in the document. */
export interface PlacedSchema { schema: unknown; at: string }

export interface GatheredSchema {
  /** Pointer of the schema itself, behind its references. */
  at: string;
  /** `#/components/schemas/City`, outermost first: what a schema inside must not unfold again. */
  trail: string[];
  /** Last part of the reference, or the title. */
  name: string;
  types: string[];
  keywords: Record<string, unknown>;
  required: Set<string>;
  properties: Map<string, PlacedSchema>;
  patterns: [string, PlacedSchema][];
  additional: PlacedSchema | boolean | undefined;
  items: PlacedSchema | undefined;
  prefix: PlacedSchema[];
  not: PlacedSchema | undefined;
  choices: { how: 'oneOf' | 'anyOf'; branches: PlacedSchema[] }[];
  discriminator: { property: string; mapping: Record<string, string> } | undefined;
  /** The reference that leads back to a schema around this one, or nowhere. */
  circle: string | undefined;
}

type Json = Record<string, unknown>;

/** How many schemas one allOf may merge, over all its levels. */
const mergedMax = 64;

export function gatherSchema(document: Json, place: PlacedSchema, trail: readonly string[] = []): GatheredSchema {
  const gathered: GatheredSchema = {
    at: place.at, trail: [...trail], name: '', types: [], keywords: {}, required: new Set(), properties: new Map(), patterns: [], additional: undefined,
    items: undefined, prefix: [], not: undefined, choices: [], discriminator: undefined, circle: undefined,
  };
  gather(document, place, gathered, { left: mergedMax, isOld: String(document['openapi']).startsWith('3.0') }, true);
  return gathered;
}

interface Merging { left: number; isOld: boolean }

function gather(document: Json, { schema, at }: PlacedSchema, into: GatheredSchema, merging: Merging, outermost: boolean): void {
  if (--merging.left < 0) return;
  if (schema === false) into.keywords['not'] = true;
  if (!isObject(schema)) return;
  const reference = referenceOf(schema);
  if (reference === undefined) {
    merge(document, merging.isOld ? modernise(schema) : schema, at, into, merging, outermost);
    return;
  }
  if (!merging.isOld && Object.keys(schema).length > 1) {
    const { $ref: _, ...beside } = schema;
    merge(document, beside, at, into, merging, outermost);
  }
  const target = valueAt(document, reference);
  if (outermost && into.name === '') into.name = nameOf(reference);
  if (into.trail.includes(reference) || target === undefined) {
    if (outermost) into.circle = reference;
    return;
  }
  into.trail.push(reference);
  if (outermost) into.at = reference.slice(1);
  gather(document, { schema: target, at: reference.slice(1) }, into, merging, outermost);
}

function merge(document: Json, schema: Json, at: string, into: GatheredSchema, merging: Merging, outermost: boolean): void {
  const types = typesOf(schema);
  if (types.length > 0) into.types = into.types.length === 0 ? types : into.types.filter((type) => types.includes(type) || (type === 'number' && types.includes('integer')));
  if (outermost && into.name === '' && typeof schema['title'] === 'string') into.name = schema['title'];
  for (const [keyword, value] of Object.entries(schema)) if (!structural.has(keyword) && into.keywords[keyword] === undefined) into.keywords[keyword] = value;
  for (const name of strings(schema['required'])) into.required.add(name);
  const child = (path: string, value: unknown): PlacedSchema => ({ schema: value, at: `${at}/${path}` });
  for (const [name, value] of entries(schema['properties'])) if (!into.properties.has(name)) into.properties.set(name, child(`properties/${escapePointer(name)}`, value));
  for (const [pattern, value] of entries(schema['patternProperties'])) into.patterns.push([pattern, child(`patternProperties/${escapePointer(pattern)}`, value)]);
  const { additionalProperties, items, prefixItems } = schema;
  if (additionalProperties !== undefined) into.additional ??= typeof additionalProperties === 'boolean' ? additionalProperties : child('additionalProperties', additionalProperties);
  if (isObject(items)) into.items ??= child('items', items);
  const listed = Array.isArray(prefixItems) ? { path: 'prefixItems', list: prefixItems } : Array.isArray(items) ? { path: 'items', list: items } : undefined;
  if (listed && into.prefix.length === 0) into.prefix = listed.list.map((item, index) => child(`${listed.path}/${index}`, item));
  if (isObject(schema['not'])) into.not ??= child('not', schema['not']);
  addDiscriminator(schema['discriminator'], into);
  for (const how of ['oneOf', 'anyOf'] as const) addChoice(document, schema, how, at, into, merging, outermost);
  const { allOf } = schema;
  // A lone branch is the schema itself with something said beside it: its name and its circles are the schema's own.
  if (Array.isArray(allOf)) allOf.forEach((branch, index) => gather(document, child(`allOf/${index}`, branch), into, merging, outermost && allOf.length === 1));
}

/** A choice between something and null is that something, or null. */
function addChoice(document: Json, schema: Json, how: 'oneOf' | 'anyOf', at: string, into: GatheredSchema, merging: Merging, outermost: boolean): void {
  const list = schema[how];
  if (!Array.isArray(list) || list.length === 0) return;
  const branches = list.map((branch: unknown, index) => ({ schema: branch, at: `${at}/${how}/${index}` }));
  const real = branches.filter(({ schema: branch }) => !(isObject(branch) && branch['type'] === 'null'));
  const first = real[0];
  if (first && real.length === 1) gather(document, first, into, merging, outermost);
  else if (real.length > 1) into.choices.push({ how, branches: real });
  if (real.length < branches.length && !into.types.includes('null')) into.types = [...into.types, 'null'];
}

function addDiscriminator(value: unknown, into: GatheredSchema): void {
  if (!isObject(value) || typeof value['propertyName'] !== 'string') return;
  const mapping = Object.fromEntries(entries(value['mapping']).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  into.discriminator ??= { property: value['propertyName'], mapping };
}

const structural = new Set(['$ref', 'type', 'title', 'required', 'properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'oneOf', 'anyOf', 'allOf', 'not', 'discriminator', '$defs', 'definitions']);

function typesOf(schema: Json): string[] {
  if (Array.isArray(schema['type'])) return strings(schema['type']);
  if (typeof schema['type'] === 'string') return [schema['type']];
  if (isObject(schema['properties'])) return ['object'];
  return schema['items'] === undefined ? [] : ['array'];
}

/** `City` of `#/components/schemas/City`. */
export function nameOf(reference: string): string {
  return reference.split('/').at(-1)!.replaceAll('~1', '/').replaceAll('~0', '~');
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}
