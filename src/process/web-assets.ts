// The files that pages load: read and compressed once, when they are first asked for, and kept. Their names carry hashes.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { chooseEncoding } from './finish-response.ts';
import type { Encoding } from './finish-response.ts';

const types: Record<string, { type: string; packed: boolean }> = {
  '.js': { type: 'text/javascript; charset=utf-8', packed: true },
  '.css': { type: 'text/css; charset=utf-8', packed: true },
  '.svg': { type: 'image/svg+xml', packed: true },
  '.wasm': { type: 'application/wasm', packed: true },
  '.woff2': { type: 'font/woff2', packed: false },
  '.png': { type: 'image/png', packed: false },
};
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Answers files of `folder` by name, for ever cacheable; undefined where there is none. What is kept is bounded by the folder. */
export function serveAssets(folder: string): (name: string, request: Request) => Promise<Response | undefined> {
  const names = new Set(readdirSync(folder));
  const kept = new Map<string, Promise<Buffer<ArrayBuffer>>>();
  const bytesOf = (name: string, encoding: Encoding | 'plain'): Promise<Buffer<ArrayBuffer>> => {
    const key = `${encoding} ${name}`;
    const known = kept.get(key);
    if (known) return known;
    const made = encoding === 'plain' ? readFile(join(folder, name)) : bytesOf(name, 'plain').then((bytes) => pack(bytes, encoding));
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    return made;
  };
  return async (name, request) => {
    if (!names.has(name)) return undefined;
    const { type, packed } = types[extname(name)] ?? { type: 'application/octet-stream', packed: false };
    const headers: Record<string, string> = { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff', etag: `"${name}"`, ...(packed && { vary: 'Accept-Encoding' }) };
    const encoding = packed ? chooseEncoding(request.headers.get('accept-encoding')) : undefined;
    const bytes = await bytesOf(name, encoding ?? 'plain');
    return new Response(request.method === 'HEAD' ? null : bytes, { headers: { ...headers, 'content-length': String(bytes.length), ...(encoding && { 'content-encoding': encoding }) } });
  };
}

async function pack(bytes: Buffer, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
  return encoding === 'br' ? brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }) : zip(bytes, { level: 9 });
}
