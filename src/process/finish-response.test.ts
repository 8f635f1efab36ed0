import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { brotliDecompressSync, createBrotliDecompress, gunzipSync } from 'node:zlib';
import { chooseEncoding, finishResponse } from './finish-response.ts';

const page = '<p>'.padEnd(5000, 'portico ');
const get = (headers: Record<string, string> = {}): Request => new Request('http://portal.test/', { headers });
const html = (headers: Record<string, string> = {}): Response => new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test('the encoding is the best that the client reads', () => {
  const rows: [string, string | null, string | undefined][] = [
    ['none named', null, undefined], ['both', 'gzip, deflate, br', 'br'], ['gzip alone', 'gzip', 'gzip'], ['brotli refused', 'br;q=0, gzip', 'gzip'], ['any', '*', 'br'], ['none wanted', 'identity, *;q=0', undefined],
  ];
  for (const [name, accepted, encoding] of rows) assert.equal(chooseEncoding(accepted), encoding, name);
});

test('text is compressed, and comes back as it was', async () => {
  const brotli = await finishResponse(get({ 'accept-encoding': 'br' }), html(), false);
  assert.equal(brotli.headers.get('content-encoding'), 'br');
  assert.equal(brotli.headers.get('vary'), 'Accept-Encoding');
  assert.equal(brotliDecompressSync(await bytesOf(brotli)).toString(), page);
  const gzip = await finishResponse(get({ 'accept-encoding': 'gzip' }), html(), false);
  assert.equal(gunzipSync(await bytesOf(gzip)).toString(), page);
});

test('what is small, packed already or not text goes as it is', async () => {
  const rows: [string, Response][] = [
    ['a short answer', new Response('{}', { headers: { 'content-type': 'application/json', 'content-length': '2' } })],
    ['a font', new Response(page, { headers: { 'content-type': 'font/woff2' } })],
    ['a packed answer', html({ 'content-encoding': 'gzip' })],
    ['a client that reads no encoding', html()],
  ];
  for (const [name, response] of rows) {
    const before = response.headers.get('content-encoding');
    const finished = await finishResponse(get(name.startsWith('a client') ? {} : { 'accept-encoding': 'br' }), response, false);
    assert.equal(finished.headers.get('content-encoding'), before, name);
  }
});

test('server-sent events leave one by one, and parts of a page before it is whole', async () => {
  for (const [type, packed] of [['text/event-stream', false], ['text/html', true]] as const) {
    let send = (_text: string): void => {};
    const body = new ReadableStream<Uint8Array>({ start(controller) { send = (text) => controller.enqueue(new TextEncoder().encode(text)); } });
    const response = await finishResponse(get({ 'accept-encoding': 'br' }), new Response(body, { headers: { 'content-type': type, 'cache-control': 'no-store' } }), false);
    assert.equal(response.headers.has('content-encoding'), packed, type);
    const reader = response.body!.getReader();
    const unpack = packed ? createBrotliDecompress() : new PassThrough();
    let seen = '';
    unpack.on('data', (chunk: Buffer) => { seen += chunk.toString(); });
    for (const text of ['first', 'second']) {
      seen = '';
      send(text);
      while (seen === '') {
        const { value } = await reader.read();
        await new Promise((resolve) => unpack.write(value, resolve));
      }
      assert.equal(seen, text, type);
    }
    await reader.cancel();
  }
});

test('what may be kept has a tag, and is not sent again to who names it', async () => {
  const kept = (): Response => html({ 'cache-control': 'private, no-cache' });
  const first = await finishResponse(get(), kept(), false);
  const tag = first.headers.get('etag')!;
  assert.match(tag, /^W\/"/);
  assert.equal(await first.text(), page);
  const again = await finishResponse(get({ 'if-none-match': `"other", ${tag}` }), kept(), false);
  assert.equal(again.status, 304);
  assert.equal(again.headers.get('etag'), tag);
  assert.equal(await again.text(), '');
  assert.equal((await finishResponse(get({ 'if-none-match': '"other"' }), kept(), false)).status, 200);
  assert.equal((await finishResponse(get(), html({ 'cache-control': 'private, no-store' }), false)).headers.has('etag'), false, 'never of a page that nobody keeps');
});

test('a long body streams whole and without a tag', async () => {
  const chunk = Buffer.alloc(300_000, 'x');
  const body = ReadableStream.from(Array.from({ length: 5 }, () => new Uint8Array(chunk)));
  const response = await finishResponse(get(), new Response(body, { headers: { 'content-type': 'application/json', 'cache-control': 'private, no-cache' } }), false);
  assert.equal(response.headers.has('etag'), false);
  assert.equal((await bytesOf(response)).length, 1_500_000);
});

test('behind an https address every cookie is secure and browsers keep to https', async () => {
  const answer = html();
  answer.headers.append('set-cookie', 'theme=dark; Path=/; SameSite=Lax');
  answer.headers.append('set-cookie', 'session=x; HttpOnly; Secure');
  const secured = await finishResponse(get(), answer, true);
  assert.deepEqual(secured.headers.getSetCookie(), ['theme=dark; Path=/; SameSite=Lax; Secure', 'session=x; HttpOnly; Secure']);
  assert.match(secured.headers.get('strict-transport-security')!, /max-age=31536000/);
  assert.equal((await finishResponse(get(), html(), false)).headers.has('strict-transport-security'), false);
});
