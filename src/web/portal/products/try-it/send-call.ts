// One call from the browser to the gateway. What comes back is read up to a bound, so that no answer freezes the page.
import type { SampleCall } from '../code-samples.ts';

export interface Answer {
  status: number;
  headers: [string, string][];
  ms: number;
  bytes: number;
  /** More was there than is read. */
  cut: boolean;
  requestId: string | null;
  mediaType: string;
  body: { kind: 'none' } | { kind: 'text'; text: string } | { kind: 'binary'; bytes: Uint8Array<ArrayBuffer> };
  /** Of a refusal by the gateway. */
  problem: { code: string; title: string; detail: string; type: string } | null;
}
export type Failure = 'stopped' | 'too-slow' | 'unreachable';

const timeoutMs = 60_000;
const bytesMax = 5_000_000;
const textMax = 200_000;
/** Names that browsers keep to themselves. */
const forbidden = new Set(['cookie', 'host', 'content-length', 'connection', 'origin', 'referer']);

/** Answers what came, or why nothing came. `file` is the body in place of a text. */
export async function sendCall({ url, method, headers, body }: SampleCall, stop: AbortSignal, file: Blob | null = null): Promise<Answer | Failure> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const begun = performance.now();
  try {
    const sent = Object.entries(headers).filter(([name]) => !forbidden.has(name.toLowerCase()));
    const response = await fetch(url, { method, headers: sent, body: method === 'GET' || method === 'HEAD' ? null : (file ?? body), signal: AbortSignal.any([stop, timeout]), credentials: 'omit', cache: 'no-store', redirect: 'follow' });
    const { bytes, cut } = await readBody(response);
    return answerOf(response, bytes, cut, performance.now() - begun);
  } catch {
    return stop.aborted ? 'stopped' : timeout.aborted ? 'too-slow' : 'unreachable';
  }
}

async function readBody(response: Response): Promise<{ bytes: Uint8Array<ArrayBuffer>; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader && size < bytesMax) {
    const { done, value } = await reader.read();
    if (done) return { bytes: joined(chunks, size), cut: false };
    chunks.push(value);
    size += value.length;
  }
  await reader?.cancel();
  return { bytes: joined(chunks, size), cut: reader !== undefined };
}

function joined(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function answerOf(response: Response, bytes: Uint8Array<ArrayBuffer>, cut: boolean, ms: number): Answer {
  const mediaType = response.headers.get('content-type') ?? '';
  const text = textOf(mediaType, bytes);
  const value = text !== undefined && !cut && !/\d{16}/.test(text) && /[/+]json\b/i.test(mediaType) ? parsed(text) : undefined;
  const shown = value === undefined ? text : JSON.stringify(value, null, 2);
  return {
    status: response.status, headers: [...response.headers].toSorted(([a], [b]) => (a < b ? -1 : 1)), ms: Math.round(ms), bytes: bytes.length,
    cut: cut || (shown?.length ?? 0) > textMax, requestId: response.headers.get('x-request-id'), mediaType,
    body: bytes.length === 0 ? { kind: 'none' } : shown === undefined ? { kind: 'binary', bytes } : { kind: 'text', text: shown.slice(0, textMax) },
    problem: /^application\/problem\+json\b/i.test(mediaType) ? problemOf(value) : null,
  };
}

function problemOf(value: unknown): Answer['problem'] {
  if (typeof value !== 'object' || value === null) return null;
  const { code, title, detail, type } = value as Record<string, unknown>;
  return typeof code === 'string' && typeof title === 'string' ? { code, title, detail: String(detail ?? ''), type: String(type ?? '') } : null;
}

/** Text that is text by its type, or by its bytes where the type says nothing. */
function textOf(mediaType: string, bytes: Uint8Array<ArrayBuffer>): string | undefined {
  if (/^(image|audio|video|font)\/(?!svg)|octet-stream|zip|pdf/i.test(mediaType)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: bytes.length < bytesMax }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
