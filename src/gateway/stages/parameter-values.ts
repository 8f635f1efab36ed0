// Reads the values of parameters as OpenAPI serialises them (3.1, section 4.8.12.2), and gives each the JSON types that its schema may have.
import type { CheckedParameter } from '../../snapshot/request-check.ts';
import { decodeSegment } from '../routing/path-tree.ts';

/** What a parameter's text may mean: the first that fits its schema. `bytes` of the text. Undefined: it is not there. */
export interface ParameterValue { candidates: unknown[]; bytes: number; repeated: boolean }

/** Names and raw values in order, percent-encoded. */
export type QueryPairs = readonly { name: string; raw: string }[];

export function queryPairs(query: string): QueryPairs {
  if (query.length < 2) return [];
  return query.slice(1).split('&').filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    return { name: decoded(equals < 0 ? part : part.slice(0, equals)), raw: equals < 0 ? '' : part.slice(equals + 1) };
  });
}

export function queryValue(parameter: CheckedParameter, pairs: QueryPairs): ParameterValue | undefined {
  const { name, style, explode, types } = parameter;
  if (style === 'deepObject') return members(parameter, pairs.flatMap((pair) => (pair.name.startsWith(`${name}[`) && pair.name.endsWith(']') ? [[pair.name.slice(name.length + 1, -1), decoded(pair.raw)] as const] : [])));
  if (style === 'form' && explode && isOnly(types, 'object')) return members(parameter, pairs.filter((pair) => Object.hasOwn(parameter.properties, pair.name)).map((pair) => [pair.name, decoded(pair.raw)] as const));
  const found = pairs.filter((pair) => pair.name === name);
  if (found.length === 0) return undefined;
  const bytes = found.reduce((sum, { raw }) => sum + raw.length, 0);
  if (style === 'json') return { candidates: [jsonOf(decoded(found[0]!.raw))], bytes, repeated: found.length > 1 };
  if (explode && style === 'form') return exploded(parameter, found.map(({ raw }) => decoded(raw)), bytes);
  const between = style === 'spaceDelimited' ? /%20|\+/i : style === 'pipeDelimited' ? /%7C|\|/i : /,/;
  return { candidates: listed(parameter, found[0]!.raw, between, decoded), bytes, repeated: found.length > 1 };
}

/** @param segment of the path as sent, at the parameter's place */
export function pathValue(parameter: CheckedParameter, raw: string): ParameterValue {
  const { style, explode, name } = parameter;
  const text = style === 'label' && raw.startsWith('.') ? raw.slice(1) : style === 'matrix' && raw.startsWith(`;${name}=`) ? raw.slice(name.length + 2) : raw;
  const between = style === 'label' && explode ? /\./ : style === 'matrix' && explode ? new RegExp(`;${RegExp.escape(name)}=`) : /,/;
  return { candidates: style === 'json' ? [jsonOf(decodeSegment(text))] : listed(parameter, text, between, decodeSegment), bytes: raw.length, repeated: false };
}

export function headerValue(parameter: CheckedParameter, values: readonly string[]): ParameterValue | undefined {
  if (values.length === 0) return undefined;
  const text = values.join(', ');
  return { candidates: parameter.style === 'json' ? [jsonOf(text)] : listed(parameter, text, /\s*,\s*/, (part) => part), bytes: text.length, repeated: false };
}

function exploded({ types, items }: CheckedParameter, texts: string[], bytes: number): ParameterValue {
  const list = texts.map((text) => typed(text, items)[0]);
  if (texts.length > 1) return { candidates: [list], bytes, repeated: !may(types, 'array') };
  const scalars = isOnly(types, 'array') ? [] : typed(texts[0]!, types);
  return { candidates: may(types, 'array') ? [...scalars, list] : scalars, bytes, repeated: false };
}

/** A scalar, or a list or an object whose parts stand one behind the other. */
function listed({ types, items, properties, explode, style }: CheckedParameter, raw: string, between: RegExp, decode: (part: string) => string): unknown[] {
  const candidates: unknown[] = isOnly(types, 'array') || isOnly(types, 'object') ? [] : typed(decode(raw), types);
  const parts = raw === '' ? [] : raw.split(between).map(decode);
  if (may(types, 'array')) candidates.push(parts.map((part) => typed(part, items)[0]));
  if (!may(types, 'object') || types.length === 0) return candidates;
  const pairs = explode && style !== 'form' ? parts.map((part) => part.split('=', 2)) : parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : []));
  candidates.push(Object.fromEntries(pairs.map(([name = '', text = '']) => [name, typed(text, properties[name] ?? [])[0]])));
  return candidates;
}

function members({ properties }: CheckedParameter, pairs: (readonly [string, string])[]): ParameterValue | undefined {
  if (pairs.length === 0) return undefined;
  return { candidates: [Object.fromEntries(pairs.map(([name, text]) => [name, typed(text, properties[name] ?? [])[0]]))], bytes: pairs.reduce((sum, [, text]) => sum + text.length, 0), repeated: false };
}

/** The values that a text may stand for, the most particular first. */
function typed(text: string, types: readonly string[]): unknown[] {
  const values: unknown[] = [];
  const any = types.length === 0;
  if ((any || types.includes('number') || types.includes('integer')) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) values.push(Number(text));
  if ((any || types.includes('boolean')) && (text === 'true' || text === 'false')) values.push(text === 'true');
  if (types.includes('null') && (text === '' || text === 'null')) values.push(null);
  if (any || types.includes('string') || values.length === 0) values.push(text);
  return values;
}

function may(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

function isOnly(types: readonly string[], type: string): boolean {
  return types.includes(type) && types.every((known) => known === type || known === 'null');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function decoded(raw: string): string {
  return decodeSegment(raw.replaceAll('+', ' '));
}
