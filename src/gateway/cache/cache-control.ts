import { findFields } from '../fields.ts';
import type { FieldList } from '../http1/field-section.ts';

/** Directives by name in lower case; one without an argument has an empty one. */
export type Directives = ReadonlyMap<string, string>;

const none: Directives = new Map();

/** Cache-Control (RFC 9111 section 5.2). Of one that stands twice, the smaller number counts. */
export function cacheDirectives(list: FieldList): Directives {
  const values = findFields(list, 'cache-control');
  if (values.length === 0) return none;
  const found = new Map<string, string>();
  for (const [, name, quoted, plain] of values.join(',').matchAll(/([\w!#$%&'*+.^`|~-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g)) {
    const lower = name!.toLowerCase();
    const value = quoted ?? plain ?? '';
    const before = found.get(lower);
    found.set(lower, before === undefined || Number(value) < Number(before) ? value : before);
  }
  return found;
}

/** Delta-seconds (section 1.2.2) in ms; what cannot be read counts as none left. Undefined when the directive is not there. */
export function secondsOf(directives: Directives, name: string): number | undefined {
  const value = directives.get(name);
  if (value === undefined) return undefined;
  return /^\d{1,10}$/.test(value) ? Number(value) * 1_000 : 0;
}
