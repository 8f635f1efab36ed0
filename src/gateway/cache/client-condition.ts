import { findField, findFields } from '../fields.ts';
import type { FieldList } from '../http1/field-section.ts';

/** Whether the client has this answer already (RFC 9110 section 13.2.2): If-None-Match counts before If-Modified-Since. */
export function clientHas(request: FieldList, answer: FieldList): boolean {
  const etag = findField(answer, 'etag');
  if (findField(request, 'if-none-match') !== undefined) {
    const tags: string[] = findFields(request, 'if-none-match').join(',').match(/(?:W\/)?"[^"]*"|\*/g) ?? [];
    return tags.includes('*') || (etag !== undefined && tags.some((tag) => weak(tag) === weak(etag)));
  }
  const since = Date.parse(findField(request, 'if-modified-since') ?? '');
  const modified = Date.parse(findField(answer, 'last-modified') ?? '');
  return !Number.isNaN(since) && !Number.isNaN(modified) && modified <= since;
}

/** Compared weakly (section 8.8.3.2). */
function weak(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
