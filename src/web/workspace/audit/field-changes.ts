// Enters: a thing's fields before and after. Leaves: one row for each place that differs, to read beside one another. Pure.
export type Leaf = string | number | boolean | null;
export interface FieldChange { field: string; before: Leaf | undefined; after: Leaf | undefined }

type Fields = Record<string, unknown>;
/** What tells the entries of a list apart. */
const names = ['name', 'slug', 'meter'];

/** Only what differs; all of it for what was made or removed. A list of plain values is one place. */
export function fieldChanges(before: Fields | null, after: Fields | null): FieldChange[] {
  const was = leaves(before);
  const is = leaves(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((field) => ({ field, before: was.get(field), after: is.get(field) }))
    .filter((change) => change.before !== change.after && !(isEmpty(change.before) && isEmpty(change.after)));
}

function leaves(fields: Fields | null): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  if (fields !== null) walk('', fields, found);
  return found;
}

function walk(path: string, value: unknown, found: Map<string, Leaf>): void {
  if (Array.isArray(value)) {
    if (!value.some((entry) => typeof entry === 'object' && entry !== null)) found.set(path, value.length === 0 ? null : value.join(', '));
    else value.forEach((entry, index) => walk(`${path} ${nameOf(entry) ?? index + 1}`, entry, found));
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, inner] of Object.entries(value)) walk(path === '' ? field : `${path} ${field}`, inner, found);
  } else {
    found.set(path, value as Leaf);
  }
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const field = names.find((name) => typeof (entry as Fields)[name] === 'string');
  return field && String((entry as Fields)[field]);
}

const isEmpty = (value: Leaf | undefined): boolean => value === undefined || value === null || value === '';
