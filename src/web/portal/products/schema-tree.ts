// Reduces a JSON Schema to what a reference page shows of it: bounded in depth and size, whatever the document holds.
export interface SchemaNode {
  name: string;
  type: string;
  required: boolean;
  deprecated: boolean;
  description: string;
  /** `at least 1`, `one of "a", "b"`, `default 20` */
  rules: string[];
  children: SchemaNode[];
  /** Deeper levels were left out. */
  cut: boolean;
}

const depthMax = 8;
const nodesMax = 600;
type Json = Record<string, unknown>;
interface Part { name: string; schema: unknown; required: boolean }

/** The tree of `schema`; at most 600 nodes and 8 levels. `describe` turns each description into what the page shows. */
export function schemaTree(name: string, schema: unknown, required = false, describe = (text: string): string => text): SchemaNode {
  return build({ name, schema, required }, 0, { left: nodesMax, describe });
}

function build({ name, schema, required }: Part, depth: number, budget: { left: number; describe: (text: string) => string }): SchemaNode {
  budget.left -= 1;
  const source: Json = isObject(schema) ? schema : {};
  const node: SchemaNode = {
    name, required,
    type: schema === false ? 'nothing' : typeName(source),
    deprecated: source['deprecated'] === true,
    description: typeof source['description'] === 'string' ? budget.describe(source['description']) : '',
    rules: rulesOf(source),
    children: [],
    cut: false,
  };
  const parts = partsOf(source);
  if (depth >= depthMax || budget.left <= 0) return { ...node, cut: parts.length > 0 };
  for (const part of parts) {
    if (budget.left <= 0) return { ...node, cut: true };
    node.children.push(build(part, depth + 1, budget));
  }
  return node;
}

function partsOf(schema: Json): Part[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const parts: Part[] = Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).map(([name, value]) => ({ name, schema: value, required: required.includes(name) }));
  const items = schema['items'];
  if (isObject(items)) {
    if (partsOf(items).length > 0) parts.push({ name: 'each item', schema: items, required: false });
  }
  if (isObject(schema['additionalProperties'])) parts.push({ name: 'any other name', schema: schema['additionalProperties'], required: false });
  for (const [keyword, word] of [['oneOf', 'one of'], ['anyOf', 'any of'], ['allOf', 'and']] as const) {
    const branches = schema[keyword];
    if (Array.isArray(branches)) branches.forEach((branch, index) => parts.push({ name: `${word} ${index + 1}${isObject(branch) && typeof branch['title'] === 'string' ? `: ${branch['title']}` : ''}`, schema: branch, required: false }));
  }
  return parts;
}

/** `string`, `integer or null`, `array of string`, `Country (recursive)` */
export function typeName(schema: Json): string {
  if (typeof schema['$ref'] === 'string') return `${schema['$ref'].split('/').at(-1)} (recursive)`;
  const types = Array.isArray(schema['type']) ? schema['type'].map(String) : typeof schema['type'] === 'string' ? [schema['type']] : [];
  if (schema['nullable'] === true) types.push('null');
  const names = types.map((type) => (type === 'array' && isObject(schema['items']) ? `array of ${typeName(schema['items'])}` : type));
  if (names.length > 0) return `${names.join(' or ')}${typeof schema['format'] === 'string' ? ` (${schema['format']})` : ''}`;
  if (schema['properties']) return 'object';
  return Array.isArray(schema['oneOf']) || Array.isArray(schema['anyOf']) ? 'one of several' : 'any';
}

function rulesOf(schema: Json): string[] {
  const rules: string[] = [];
  const show = (value: unknown): string => JSON.stringify(value);
  if (Array.isArray(schema['enum'])) rules.push(`one of ${schema['enum'].slice(0, 40).map(show).join(', ')}${schema['enum'].length > 40 ? `, and ${schema['enum'].length - 40} more` : ''}`);
  if ('const' in schema) rules.push(`always ${show(schema['const'])}`);
  const words: Record<string, string> = { minimum: 'at least', maximum: 'at most', exclusiveMinimum: 'above', exclusiveMaximum: 'below', multipleOf: 'a multiple of', minLength: 'characters at least', maxLength: 'characters at most', minItems: 'items at least', maxItems: 'items at most', pattern: 'matches', default: 'default' };
  for (const [keyword, word] of Object.entries(words)) {
    if (keyword in schema) rules.push(`${word} ${typeof schema[keyword] === 'string' && keyword === 'pattern' ? schema[keyword] : show(schema[keyword])}`);
  }
  if (schema['uniqueItems'] === true) rules.push('no item twice');
  if (schema['readOnly'] === true) rules.push('read only');
  if (schema['writeOnly'] === true) rules.push('write only');
  return rules;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
