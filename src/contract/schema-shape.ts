import { follow, isObject, referenceOf, valueAt } from './reference.ts';

/** Schemas that one parameter or body unfolds at most; beyond, and in a circle, `{ $ref }` stays. */
const schemasMax = 1500;
/** How many $refs lie on the way from the outermost schema to the innermost that is unfolded. */
const depthMax = 8;

/** A schema in the form of OpenAPI 3.1 with the $refs in its reach replaced by what they name. */
export function shapeSchema(document: Record<string, unknown>, schema: unknown): unknown {
  const isOld = String(document['openapi']).startsWith('3.0');
  let left = schemasMax;
  return shape(schema, []);

  function shape(value: unknown, trail: string[]): unknown {
    if (!isObject(value)) return value;
    left--;
    const reference = referenceOf(value);
    if (reference !== undefined) return unfold(reference, value, trail);
    const shaped: Record<string, unknown> = {};
    for (const [keyword, child] of Object.entries(value)) shaped[keyword] = shapeKeyword(keyword, child, trail);
    return isOld ? modernise(shaped) : shaped;
  }

  function unfold(reference: string, value: Record<string, unknown>, trail: string[]): unknown {
    const target = valueAt(document, reference);
    if (trail.includes(reference) || trail.length >= depthMax || left <= 0 || target === undefined) return { $ref: reference };
    const { $ref: _, ...beside } = value;
    const shaped = shape(target, [...trail, reference]);
    // 3.0 ignores what stands beside a $ref; later versions apply it.
    return isOld || Object.keys(beside).length === 0 || !isObject(shaped) ? shaped : { ...shaped, ...(shape(beside, trail) as Record<string, unknown>) };
  }

  function shapeKeyword(keyword: string, child: unknown, trail: string[]): unknown {
    if (keyword === 'items' && Array.isArray(child)) return child.map((item) => shape(item, trail));
    if (single.has(keyword)) return shape(child, trail);
    if (list.has(keyword) && Array.isArray(child)) return child.map((item) => shape(item, trail));
    if (map.has(keyword) && isObject(child)) return Object.fromEntries(Object.entries(child).map(([name, item]) => [name, shape(item, trail)]));
    return child;
  }
}

// Where JSON Schema 2020-12 keeps schemas: one, a list, or a map of them. All else (enum, default, examples) is data.
export const single = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties', 'contentSchema']);
export const list = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
export const map = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);

/** What 3.0 says by `nullable`, boolean `exclusiveMinimum` and `example`, as 3.1 says it. */
export function modernise({ nullable, example, ...schema }: Record<string, unknown>): Record<string, unknown> {
  if (example !== undefined && schema['examples'] === undefined) schema['examples'] = [example];
  for (const [exclusive, bound] of [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    const isExclusive = schema[exclusive] && schema[bound] !== undefined;
    delete schema[exclusive];
    if (!isExclusive) continue;
    schema[exclusive] = schema[bound];
    delete schema[bound];
  }
  return nullable === true ? orNull(schema) : schema;
}

function orNull(schema: Record<string, unknown>): Record<string, unknown> {
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(null)) schema['enum'] = [...schema['enum'], null];
  if (typeof schema['type'] === 'string') return { ...schema, type: [schema['type'], 'null'] };
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (Array.isArray(schema[keyword])) return { ...schema, [keyword]: [...schema[keyword], { type: 'null' }] };
  }
  if (!Array.isArray(schema['allOf'])) return schema;
  const { allOf, ...rest } = schema;
  return { ...rest, anyOf: [{ allOf }, { type: 'null' }] };
}

/** The value that an author gave: an example, the default or the first of an enum. Undefined when there is none. */
export function authoredValue(document: Record<string, unknown>, schema: unknown): unknown {
  const resolved = follow(document, schema);
  if (!isObject(resolved)) return undefined;
  if (resolved['example'] !== undefined) return resolved['example'];
  if (Array.isArray(resolved['examples'])) return resolved['examples'][0];
  if (resolved['default'] !== undefined) return resolved['default'];
  return Array.isArray(resolved['enum']) ? resolved['enum'][0] : undefined;
}
