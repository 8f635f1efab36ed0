// What every answer of the web server shares: compression, 304 for what the reader still has, and what a TLS address promises.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { BrotliCompress, Gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';
type Body = ConstructorParameters<typeof Response>[0];

/** Shorter bodies of known length gain nothing. */
const compressedLengthMin = 1024;
/** Longer bodies stream without an ETag. */
const taggedLengthMax = 1024 * 1024;
const compressible = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*(?:json|xml|yaml|javascript))|image\/svg\+xml)/;

/** The answer as it is sent: tagged where it may be kept, compressed where the client reads it. Streams stay streams; server-sent events pass untouched. */
export async function finishResponse(request: Request, response: Response, https: boolean): Promise<Response> {
  const secured = https ? onlyOverTls(response) : response;
  const tagged = request.method === 'GET' && mayBeKept(secured) ? await withTag(request, secured) : secured;
  return request.method === 'HEAD' ? tagged : compress(request, tagged);
}

/** Behind an https address browsers keep to https, and cookies never leave it. */
function onlyOverTls(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('strict-transport-security', 'max-age=31536000');
  const cookies = response.headers.getSetCookie();
  headers.delete('set-cookie');
  for (const cookie of cookies) headers.append('set-cookie', /;\s*secure\b/i.test(cookie) ? cookie : `${cookie}; Secure`);
  return rebuilt(response, response.body, headers);
}

function mayBeKept(response: Response): boolean {
  const control = response.headers.get('cache-control') ?? '';
  return response.status === 200 && response.body !== null && control !== '' && !control.includes('no-store') && !isEventStream(response);
}

/** A weak tag of the whole body (RFC 9110, 8.8.3), and 304 when the client names it. Bodies past `taggedLengthMax` go on as a stream. */
async function withTag(request: Request, response: Response): Promise<Response> {
  let tag = response.headers.get('etag');
  let body: Body = response.body;
  if (tag === null) {
    const { whole, rest } = await readUpTo(response.body!, taggedLengthMax);
    if (whole === null) return rebuilt(response, rest!, response.headers);
    tag = `W/"${createHash('sha256').update(whole).digest('base64url').slice(0, 27)}"`;
    body = whole;
  }
  const headers = new Headers(response.headers);
  headers.set('etag', tag);
  const named = (request.headers.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (!named.includes(tag.replace(/^W\//, '')) && !named.includes('*')) return rebuilt(response, body, headers);
  if (body instanceof ReadableStream) await body.cancel();
  for (const name of ['content-length', 'content-type', 'content-encoding']) headers.delete(name);
  return new Response(null, { status: 304, headers });
}

async function readUpTo(body: ReadableStream<Uint8Array>, lengthMax: number): Promise<{ whole: Buffer<ArrayBuffer>; rest: null } | { whole: null; rest: ReadableStream<Uint8Array> }> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { whole: Buffer.concat(chunks), rest: null };
    chunks.push(value);
    length += value.length;
    if (length > lengthMax) return { whole: null, rest: resumed(chunks, reader) };
  }
}

function resumed(chunks: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const first = chunks.shift();
      if (first) return controller.enqueue(first);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function compress(request: Request, response: Response): Response {
  const { headers } = response;
  const length = Number(headers.get('content-length') ?? Infinity);
  if (response.body === null || headers.has('content-encoding') || length < compressedLengthMin || !compressible.test(headers.get('content-type') ?? '')) return response;
  const told = new Headers(headers);
  told.append('vary', 'Accept-Encoding');
  const encoding = chooseEncoding(request.headers.get('accept-encoding'));
  if (encoding === undefined) return rebuilt(response, response.body, told);
  told.set('content-encoding', encoding);
  told.delete('content-length');
  return rebuilt(response, compressedStream(response.body, encoding), told);
}

/** Written chunks leave at the end of their turn of the event loop, so that a page that is still being made shows what is there. */
function compressedStream(body: ReadableStream<Uint8Array>, encoding: Encoding): ReadableStream<Uint8Array> {
  const source = Readable.fromWeb(body as NodeReadableStream<Uint8Array>);
  const packer: BrotliCompress | Gzip = encoding === 'br' ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : createGzip();
  let waiting: NodeJS.Immediate | undefined;
  source.on('data', () => { waiting ??= setImmediate(() => { waiting = undefined; if (!packer.destroyed && !packer.writableEnded) packer.flush(); }); });
  source.on('error', (error) => packer.destroy(error));
  packer.on('close', () => { clearImmediate(waiting); source.destroy(); });
  source.pipe(packer);
  return Readable.toWeb(packer) as unknown as ReadableStream<Uint8Array>;
}

/** Brotli where it is read, else gzip (RFC 9110, 12.5.3); undefined when the client wants neither. */
export function chooseEncoding(accepted: string | null): Encoding | undefined {
  const weights = new Map((accepted ?? '').toLowerCase().split(',').map((part) => {
    const [name = '', ...parameters] = part.trim().split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const;
  }));
  const wanted = (name: string): boolean => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  return wanted('br') ? 'br' : wanted('gzip') ? 'gzip' : undefined;
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

function rebuilt({ status, statusText }: Response, body: Body, headers: Headers): Response {
  return new Response(body, { status, statusText, headers });
}
