// A schema as rows of a page: breadth first, until a budget of bytes is spent; what is left out says where it can be read.
import { gatherSchema, nameOf, type GatheredSchema, type PlacedSchema } from './gather-schema.ts';
import { isObject, valueAt } from './reference.ts';

/** One row. Members that are absent say no; texts are as in the document. */
export interface SchemaNode {
  name: string;
  /** What it is to the row above; a property when absent. */
  role?: 'items' | 'additional' | 'pattern' | 'prefix' | 'choice' | 'not' | undefined;
  /** JSON types; empty for anything. */
  types: string[];
  /** Of an array's items: a name, or types. */
  of?: string[] | undefined;
  /** Name of the component, or title. */
  title?: string | undefined;
  format?: string | undefined;
  description?: string | undefined;
  flags?: ('required' | 'deprecated' | 'readOnly' | 'writeOnly' | 'closed')[] | undefined;
  /** Keyword and value, such as `["minimum", 1]`, with long values cut; `enumMore` counts the values left out. */
  rules?: [string, unknown][] | undefined;
  /** How the rows of role `choice` relate. */
  choice?: 'oneOf' | 'anyOf' | undefined;
  /** The property that tells the choices apart, and for a choice its value there. */
  discriminator?: string | undefined;
  value?: string | undefined;
  /** Values of a discriminator whose schemas stand elsewhere, with their pointers. */
  mapping?: [string, string][] | undefined;
  /** The component that this leads back to. */
  circle?: string | undefined;
  children?: SchemaNode[] | undefined;
  /** How many more rows there are below, which can be read at this pointer, from that row on. */
  more?: { count: number; at: string; from: number } | undefined;
}

export interface TreeBudget { bytes: number }

interface Part { place: PlacedSchema; name: string; role?: SchemaNode['role']; required?: boolean; value?: string | undefined }
interface Open { node: SchemaNode; parts: Part[]; trail: string[]; at: string; depth: number; from: number }

const depthMax = 8;
const valuesMax = 30;
const textMax = 160;

/** The tree below `place`. `trail` names the references around it; `from` leaves out as many of its first rows. */
export function schemaTree(document: Record<string, unknown>, place: PlacedSchema, budget: TreeBudget, { name = '', required = false, trail = [] as string[], from = 0 } = {}): SchemaNode {
  const root = openNode(document, { place, name, required }, trail, 0);
  root.from = from;
  const queue = [root];
  for (let open = queue.shift(); open !== undefined; open = queue.shift()) queue.push(...fill(document, open, budget));
  return root.node;
}

/** Adds the rows that the budget allows and answers those that may go on. */
function fill(document: Record<string, unknown>, { node, parts, trail, at, depth, from }: Open, budget: TreeBudget): Open[] {
  const opened: Open[] = [];
  for (const [index, part] of parts.entries()) {
    if (index < from) continue;
    const child = openNode(document, part, trail, depth + 1);
    const cost = costOf(child.node);
    if (budget.bytes < cost || depth >= depthMax) {
      node.more = { count: parts.length - index, at, from: index };
      break;
    }
    budget.bytes -= cost;
    (node.children ??= []).push(child.node);
    opened.push(child);
  }
  return opened;
}

/** About what a row weighs in the page: its markup, and itself once more as data. */
function costOf({ name, description = '', rules, title = '' }: SchemaNode): number {
  return 290 + 4 * name.length + 2 * title.length + 2.2 * description.length + (rules ? 3 * JSON.stringify(rules).length : 0);
}

function openNode(document: Record<string, unknown>, { place, name, role, required, value }: Part, trail: readonly string[], depth: number): Open {
  const gathered = gatherSchema(document, place, trail);
  const { keywords } = gathered;
  const items = gathered.items && itemOf(document, gathered);
  const description = text(keywords['description']) || (items?.flat ? text(items.gathered.keywords['description']) : '');
  const node: SchemaNode = {
    name, types: gathered.types,
    ...(role && { role }), ...(value !== undefined && { value }),
    ...(items && { of: items.names }),
    ...(gathered.name !== '' && { title: gathered.name }),
    ...(typeof keywords['format'] === 'string' && { format: keywords['format'] }),
    ...(description !== '' && { description }),
    ...(gathered.circle !== undefined && { circle: nameOf(gathered.circle) }),
    ...(gathered.choices[0] && { choice: gathered.choices[0].how }),
    ...(gathered.discriminator && { discriminator: gathered.discriminator.property }),
  };
  const flags = flagsOf(gathered, required === true);
  if (flags.length > 0) node.flags = flags;
  const rules = rulesOf(keywords);
  if (rules.length > 0) node.rules = rules;
  if (gathered.circle !== undefined) return { node, parts: [], trail: [...trail], at: gathered.at, depth, from: 0 };
  const mapped = mappingElsewhere(gathered);
  if (mapped.length > 0) node.mapping = mapped;
  const inner = items?.flat ? items.gathered : gathered;
  return { node, parts: items?.flat ? partsOf(items.gathered) : [...partsOf(gathered), ...(items?.part ? [items.part] : [])], trail: inner.trail, at: inner.at, depth, from: 0 };
}

/** An array of objects shows the fields of its items at once; other items stand in a row of their own when there is more to say than their type. */
function itemOf(document: Record<string, unknown>, { items, trail }: GatheredSchema): { gathered: GatheredSchema; names: string[]; flat: boolean; part?: Part } {
  const gathered = gatherSchema(document, items!, trail);
  const names = gathered.name === '' ? gathered.types : [gathered.name];
  const rules = rulesOf(gathered.keywords);
  const flat = gathered.circle === undefined && gathered.properties.size > 0 && gathered.choices.length === 0 && rules.length === 0;
  const says = flat || (gathered.circle === undefined && partsOf(gathered).length === 0 && gathered.items === undefined && rules.length === 0 && text(gathered.keywords['description']) === '');
  return { gathered, names, flat, ...(!says && { part: { place: items!, name: '', role: 'items' as const } }) };
}

function partsOf({ properties, required, patterns, additional, prefix, not, choices, discriminator }: GatheredSchema): Part[] {
  const parts: Part[] = [...properties].map(([name, place]) => ({ place, name, required: required.has(name) }));
  for (const [pattern, place] of patterns) parts.push({ place, name: pattern, role: 'pattern' });
  if (typeof additional === 'object' && isObject(additional.schema) && Object.keys(additional.schema).length > 0) parts.push({ place: additional, name: '', role: 'additional' });
  prefix.forEach((place, index) => parts.push({ place, name: String(index + 1), role: 'prefix' }));
  for (const { branches } of choices) branches.forEach((place, index) => parts.push({ place, name: String(index + 1), role: 'choice', value: discriminator && valueOf(place, discriminator.mapping) }));
  if (not) parts.push({ place: not, name: '', role: 'not' });
  return parts;
}

/** The discriminator's value for a branch: as mapped, else the component's name. */
function valueOf({ schema }: PlacedSchema, mapping: Record<string, string>): string | undefined {
  const reference = isObject(schema) && typeof schema['$ref'] === 'string' ? schema['$ref'] : undefined;
  if (reference === undefined) return undefined;
  return Object.entries(mapping).find(([, target]) => target === reference || target === nameOf(reference))?.[0] ?? nameOf(reference);
}

function mappingElsewhere({ discriminator, choices }: GatheredSchema): [string, string][] {
  if (!discriminator || choices.length > 0) return [];
  return Object.entries(discriminator.mapping).map(([value, target]) => [value, target.startsWith('#') ? target.slice(1) : `/components/schemas/${target}`]);
}

function flagsOf({ keywords, additional }: GatheredSchema, required: boolean): NonNullable<SchemaNode['flags']> {
  return [
    ...(required ? (['required'] as const) : []),
    ...(['deprecated', 'readOnly', 'writeOnly'] as const).filter((keyword) => keywords[keyword] === true),
    ...(additional === false ? (['closed'] as const) : []),
  ];
}

const ruleKeywords = ['const', 'enum', 'minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'contentEncoding', 'contentMediaType', 'default'];

function rulesOf(keywords: Record<string, unknown>): [string, unknown][] {
  const rules: [string, unknown][] = ruleKeywords.flatMap((keyword) => (keywords[keyword] === undefined || keywords[keyword] === false && keyword === 'uniqueItems' ? [] : [[keyword, keyword === 'enum' ? listed(keywords[keyword]) : short(keywords[keyword])] as [string, unknown]]));
  if (Array.isArray(keywords['enum']) && keywords['enum'].length > valuesMax) rules.push(['enumMore', keywords['enum'].length - valuesMax]);
  const examples = Array.isArray(keywords['examples']) ? keywords['examples'] : keywords['example'] === undefined ? [] : [keywords['example']];
  const simple = examples.filter((example) => typeof example !== 'object' || example === null).slice(0, 3);
  if (simple.length > 0) rules.push(['examples', simple.map(short)]);
  return rules;
}

function listed(value: unknown): unknown[] {
  return (Array.isArray(value) ? value.slice(0, valuesMax) : [value]).map(short);
}

function short(value: unknown): unknown {
  const shown = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : undefined;
  if (shown === undefined || shown.length <= textMax) return value;
  return `${shown.slice(0, textMax)}…`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The schema at a pointer into the document; undefined where none stands. */
export function placedAt(document: Record<string, unknown>, at: string): PlacedSchema | undefined {
  const schema = at === '' ? undefined : valueAt(document, at);
  return isObject(schema) || typeof schema === 'boolean' ? { schema, at } : undefined;
}
