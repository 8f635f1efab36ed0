/** @param mediaType in lower case, without parameters */
export function isJsonType(mediaType: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json$|\+json$/.test(mediaType);
}
