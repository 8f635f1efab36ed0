/** Header fields as they stood on the wire: name, value, name, value, ... */
export type Fields = readonly string[];

/** The first value of a field, or undefined. @param name in lower case */
export function findField(fields: Fields, name: string): string | undefined {
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]!.length === name.length && fields[i]!.toLowerCase() === name) return fields[i + 1];
  }
  return undefined;
}

/** Every value of a field, in order. @param name in lower case */
export function findFields(fields: Fields, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]!.length === name.length && fields[i]!.toLowerCase() === name) values.push(fields[i + 1]!);
  }
  return values;
}

/** Members of a comma-separated list field, in lower case. */
export function listMembers(fields: Fields, name: string): string[] {
  return findFields(fields, name).flatMap((value) => value.split(',')).map((member) => member.trim().toLowerCase()).filter((member) => member !== '');
}

// RFC 9110 section 7.6.1, with the two of older practice that it names.
const connectionFields = new Set(['connection', 'proxy-connection', 'keep-alive', 'te', 'transfer-encoding', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info']);

/** The fields that a proxy passes on: without those of the connection, those that Connection names, and `dropped` (lower case). */
export function endToEndFields(fields: Fields, dropped: (name: string) => boolean): string[] {
  const nominated = listMembers(fields, 'connection');
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    if (connectionFields.has(name) || nominated.includes(name) || dropped(name)) continue;
    kept.push(fields[i]!, fields[i + 1]!);
  }
  return kept;
}

// Fields that must not travel as trailers: framing, routing, authentication (RFC 9110 section 6.5.1).
const neverTrailers = new Set(['content-length', 'host', 'content-encoding', 'content-type', 'content-range', 'trailer', 'authorization', 'set-cookie', 'cache-control', 'x-api-key', 'x-request-id']);

export function trailerFields(trailers: Fields): string[] {
  return endToEndFields(trailers, (name) => neverTrailers.has(name));
}
