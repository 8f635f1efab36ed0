import { bitsOf, fieldIds, type FieldList, valueOf } from './http1/field-section.ts';

/** Header fields as they stood on the wire: name, value, name, value, ... */
export type Fields = readonly string[];

/** The first value of a field, or undefined. @param name in lower case */
export function findField(list: FieldList, name: string): string | undefined {
  const place = list.names.indexOf(name);
  return place < 0 ? undefined : list.fields[2 * place + 1];
}

/** Every value of a field, in order. @param name in lower case */
export function findFields(list: FieldList, name: string): string[] {
  return list.names.flatMap((known, place) => (known === name ? [list.fields[2 * place + 1]!] : []));
}

// RFC 9110 section 5.6.3: space and tab. String.trim would take octet 0xA0, too, which others read as a part of the member.
const blanksAround = /^[ \t]+|[ \t]+$/g;

/** Members of a comma-separated list field, in lower case. */
export function listMembers(list: FieldList, name: string): string[] {
  return findFields(list, name).flatMap((value) => value.split(',')).map((member) => member.replace(blanksAround, '').toLowerCase()).filter((member) => member !== '');
}

// RFC 9110 section 7.6.1, with the two of older practice that it names.
const connectionFields = bitsOf('connection', 'proxy-connection', 'keep-alive', 'te', 'transfer-encoding', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info');

/**
 * The fields that a proxy passes on: without those of the connection and those that Connection names.
 * @param dropped bits of known fields that are left out as well
 * @param drops says so of a field without a number, by its name in lower case
 */
export function endToEndFields(list: FieldList, dropped = 0, drops?: (name: string) => boolean): string[] {
  const { fields, names, ids } = list;
  const nominated = nominatedBy(list);
  const bits = connectionFields | dropped;
  const kept: string[] = [];
  for (let place = 0; place < names.length; place++) {
    const id = ids[place]!;
    if (id === 0 ? drops?.(names[place]!) === true : (bits & (1 << id)) !== 0) continue;
    if (nominated !== null && nominated.includes(names[place]!)) continue;
    kept.push(fields[2 * place]!, fields[2 * place + 1]!);
  }
  return kept;
}

/** What Connection names beyond itself; null where it says no more than whether the connection lasts. */
function nominatedBy(list: FieldList): string[] | null {
  const value = valueOf(list, fieldIds.connection);
  if (value === undefined) return null;
  if ((list.repeated & bitsOf('connection')) === 0 && /^(?:keep-alive|close)$/i.test(value)) return null;
  return listMembers(list, 'connection');
}

// Fields that must not travel as trailers: framing, routing, authentication (RFC 9110 section 6.5.1), and those of the connection.
const neverTrailers = new Set([
  'content-length', 'host', 'content-encoding', 'content-type', 'content-range', 'trailer', 'authorization', 'set-cookie', 'cache-control', 'x-api-key', 'x-request-id',
  'connection', 'proxy-connection', 'keep-alive', 'te', 'transfer-encoding', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info',
]);

export function trailerFields(trailers: Fields): string[] {
  const kept: string[] = [];
  for (let i = 0; i < trailers.length; i += 2) if (!neverTrailers.has(trailers[i]!.toLowerCase())) kept.push(trailers[i]!, trailers[i + 1]!);
  return kept;
}
