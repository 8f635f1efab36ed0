import type { Example } from './example-value.ts';
import { isObject } from './reference.ts';

export function isJson(mediaType: string): boolean {
  return /^application\/(.*\+)?json\b/i.test(mediaType) || /\+json\b/i.test(mediaType);
}

/** JSON where it is offered, since every client speaks it; else the first. */
export function preferredMediaType(content: Record<string, unknown>): string | undefined {
  const offered = Object.keys(content);
  return offered.find((type) => /^application\/json\b/i.test(type)) ?? offered.find(isJson) ?? offered[0];
}

/** A media range such as `text/*` cannot be sent as a Content-Type. */
export function concreteMediaType(mediaType: string): string {
  if (!mediaType.includes('*')) return mediaType;
  return mediaType.startsWith('text/') ? 'text/plain' : 'application/json';
}

const boundary = 'portico-example';

/** The body's text and its Content-Type. */
export function serialise(mediaType: string, example: Example): { contentType: string; body: string } {
  const contentType = concreteMediaType(mediaType);
  if ('text' in example) return { contentType, body: example.text };
  const { value } = example;
  if (isJson(contentType)) return { contentType, body: JSON.stringify(value, null, 2) ?? 'null' };
  if (/^application\/x-www-form-urlencoded/i.test(contentType) && isObject(value)) return { contentType, body: formText(value) };
  if (/^multipart\/form-data/i.test(contentType) && isObject(value)) return { contentType: `multipart/form-data; boundary=${boundary}`, body: multipart(value) };
  return { contentType, body: plainText(value) };
}

export function plainText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function formText(fields: Record<string, unknown>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.append(name, plainText(value));
  return form.toString();
}

/** RFC 7578. */
function multipart(fields: Record<string, unknown>): string {
  const parts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name.replaceAll('"', '%22')}"\r\n\r\n${plainText(value)}\r\n`);
  return `${parts.join('')}--${boundary}--\r\n`;
}
