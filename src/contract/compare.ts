// Enters: two bundled documents. Leaves: which operations come, go and differ, and in what. Pure.
import { isDeepStrictEqual } from 'node:util';
import { listOperations, parametersOf, placedOperations, type PlacedOperation } from './operations.ts';
import { follow, isObject, valueAt } from './reference.ts';
import type { ContractOperation } from './contract.ts';

type Listed = Omit<ContractOperation, 'example'>;
type Document = Record<string, unknown>;

export interface OperationComparison {
  added: Listed[];
  removed: Listed[];
  /** `changes` in words, the most telling first. */
  changed: { operation: Listed; changes: string[] }[];
  unchanged: number;
}

/** Operations are the same when method and path template are. */
export function compareOperations(before: Document, after: Document): OperationComparison {
  const old = placed(before);
  const now = placed(after);
  const schemas = schemaChanges(before, after);
  const changed: OperationComparison['changed'] = [];
  let unchanged = 0;
  for (const [name, { listed, operation }] of now) {
    const previous = old.get(name);
    if (!previous) continue;
    const changes = operationChanges({ document: before, ...previous }, { document: after, listed, operation }, schemas);
    if (changes.length > 0) changed.push({ operation: listed, changes });
    else unchanged += 1;
  }
  return {
    added: [...now].filter(([name]) => !old.has(name)).map(([, { listed }]) => listed),
    removed: [...old].filter(([name]) => !now.has(name)).map(([, { listed }]) => listed),
    changed, unchanged,
  };
}

interface Side { document: Document; listed: Listed; operation: PlacedOperation }

function placed(document: Document): Map<string, Omit<Side, 'document'>> {
  const listed = listOperations(document);
  return new Map(placedOperations(document).map((operation, index) => [`${operation.method} ${operation.path}`, { listed: listed[index]!, operation }]));
}

function operationChanges(before: Side, after: Side, schemas: SchemaChanges): string[] {
  const was = before.operation.operation;
  const is = after.operation.operation;
  const changes = [
    ...(before.listed.operation === after.listed.operation ? [] : [`operation id: ${before.listed.operation} -> ${after.listed.operation}`]),
    ...(before.listed.deprecated === after.listed.deprecated ? [] : [after.listed.deprecated ? 'now deprecated' : 'no longer deprecated']),
    ...parameterChanges(before, after, schemas),
    ...partChange('request body', follow(before.document, was['requestBody']), follow(after.document, is['requestBody']), schemas),
    ...responseChanges(before, after, schemas),
    ...(isDeepStrictEqual(was['security'], is['security']) ? [] : ['security changed']),
  ];
  const words = ['summary', 'description', 'tags'].filter((field) => !isDeepStrictEqual(was[field], is[field]));
  if (words.length > 0) changes.push(`${words.join(', ')} changed`);
  return changes.length === 0 && !isDeepStrictEqual(was, is) ? ['changed elsewhere'] : changes;
}

function parameterChanges(before: Side, after: Side, schemas: SchemaChanges): string[] {
  const named = ({ document, operation }: Side) => new Map(parametersOf(document, operation).map((parameter) => [`${String(parameter['in'])} parameter ${String(parameter['name'])}`, parameter]));
  const old = named(before);
  const now = named(after);
  return [
    ...[...now].flatMap(([name, parameter]) => {
      const previous = old.get(name);
      if (!previous) return [`${name} added${parameter['required'] === true ? ', required' : ''}`];
      if (previous['required'] !== true && parameter['required'] === true) return [`${name} is now required`];
      return partChange(name, previous, parameter, schemas);
    }),
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `${name} removed`),
  ];
}

function responseChanges(before: Side, after: Side, schemas: SchemaChanges): string[] {
  const responses = ({ document, operation }: Side) => new Map(Object.entries(isObject(operation.operation['responses']) ? operation.operation['responses'] : {}).map(([status, response]) => [status, follow(document, response)]));
  const old = responses(before);
  const now = responses(after);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((status) => partChange(`response ${status}`, old.get(status), now.get(status), schemas));
}

function partChange(name: string, before: unknown, after: unknown, schemas: SchemaChanges): string[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [`${name} added`];
  if (after === undefined) return [`${name} removed`];
  if (!isDeepStrictEqual(before, after)) return [`${name} changed`];
  const reached = schemas.reachedBy(after);
  return reached === undefined ? [] : [`${name} changed, in ${reached}`];
}

interface SchemaChanges {
  /** A changed component that this value refers to, directly or through others. */
  reachedBy(value: unknown): string | undefined;
}

/** Which components differ, and which of them lie in reach of a value. Each component is walked once. */
function schemaChanges(before: Document, after: Document): SchemaChanges {
  const links = new Map<string, Set<string>>();
  const differs = new Map<string, boolean>();
  const linksOf = (pointer: string): Set<string> => {
    const known = links.get(pointer);
    if (known) return known;
    const found = referencesIn(valueAt(after, pointer));
    links.set(pointer, found);
    return found;
  };
  const isChanged = (pointer: string): boolean => {
    const known = differs.get(pointer);
    if (known !== undefined) return known;
    const changed = !isDeepStrictEqual(valueAt(before, pointer), valueAt(after, pointer));
    differs.set(pointer, changed);
    return changed;
  };
  return {
    reachedBy(value) {
      const seen = new Set<string>();
      const waiting = [...referencesIn(value)];
      for (let pointer = waiting.pop(); pointer !== undefined; pointer = waiting.pop()) {
        if (seen.has(pointer)) continue;
        seen.add(pointer);
        if (isChanged(pointer)) return pointer.split('/').at(-1);
        waiting.push(...linksOf(pointer));
      }
      return undefined;
    },
  };
}

function referencesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const entry of value) referencesIn(entry, found);
  else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) {
      if (key === '$ref' && typeof entry === 'string' && entry.startsWith('#')) found.add(entry);
      else referencesIn(entry, found);
    }
  }
  return found;
}
