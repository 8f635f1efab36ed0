// What may stand in an audit entry. Callers hand over no secrets; this is the second lock, for those that slip through a wide row.
import { createHash } from 'node:crypto';

const secretField = /^(password|token|hash|secret|token_hash|tokenHash|credential|credentials|apiKey|api_key)$/i;
const wholeKey = /\b([a-z0-9-]+_(?:live|test)_)[0-9A-Za-z]{20,}/g;
const userInfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi;
const textMax = 2_000;
const entriesMax = 200;
const depthMax = 8;

/** JSON text with secrets masked, and long texts by their hash and length. */
export function auditJson(fields: Record<string, unknown> | null): string | null {
  return fields === null ? null : JSON.stringify(clean(fields, 0));
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthMax) return '...';
  if (Array.isArray(value)) {
    const entries = value.slice(0, entriesMax).map((entry) => clean(entry, depth + 1));
    return value.length > entriesMax ? [...entries, `... and ${value.length - entriesMax} more`] : entries;
  }
  return Object.fromEntries(Object.entries(value).flatMap(([field, content]) => (content === undefined ? [] : [[field, secretField.test(field) && content !== null ? '(hidden)' : clean(content, depth + 1)]])));
}

function cleanText(text: string): string {
  if (text.length > textMax) return `${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex')}`;
  return text.replace(wholeKey, '$1...').replace(userInfo, '$1...@');
}
