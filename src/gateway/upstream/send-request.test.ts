// Requests to upstreams that speak octets: every way to answer, and every way to answer wrongly (RFC 9110, RFC 9112).
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { until } from '../gateway.testkit.ts';
import { ask, begin, openRawUpstream, poolOf, type AskOptions } from './upstream.testkit.ts';
import { interimMax } from './response-reader.ts';

interface Row {
  name: string;
  /** What the upstream writes once it was asked; it closes afterwards where `closes` says so. */
  sends: string;
  closes?: 'end' | 'reset';
  asks?: AskOptions;
  status?: number;
  body?: string;
  trailers?: string[];
  interim?: number[];
  fails?: [code: string, detail: RegExp];
  /** A second request finds the connection kept. */
  kept?: boolean;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const broken = 'upstream_invalid';
const rows: Row[] = [
  { name: 'a body of known length', sends: `${ok}Content-Length: 3\r\n\r\nabc`, status: 200, body: 'abc', kept: true },
  { name: 'an empty body', sends: `${ok}Content-Length: 0\r\n\r\n`, status: 200, body: '', kept: true },
  { name: 'a status without a reason phrase', sends: 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', status: 200, kept: true },
  { name: 'chunks', sends: `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x="y"\r\nde\r\n0\r\n\r\n`, status: 200, body: 'abcde', kept: true },
  { name: 'chunks and trailers', sends: `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n`, status: 200, body: 'a', trailers: ['X-Sum', '7'], kept: true },
  { name: 'a body that ends with the connection', sends: `${ok}\r\nto the end`, closes: 'end', status: 200, body: 'to the end', kept: false },
  { name: 'HTTP/1.0 that closes', sends: 'HTTP/1.0 200 OK\r\n\r\nold', closes: 'end', status: 200, body: 'old', kept: false },
  { name: 'HTTP/1.0 with a length', sends: 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold', status: 200, body: 'old', kept: false },
  { name: 'HTTP/1.0 that stays', sends: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold', status: 200, body: 'old', kept: true },
  { name: 'Connection: close', sends: `${ok}Connection: close\r\nContent-Length: 2\r\n\r\nok`, status: 200, body: 'ok', kept: false },
  { name: 'an answer and its half-close', sends: `${ok}Content-Length: 2\r\n\r\nok`, closes: 'end', status: 200, body: 'ok', kept: false },
  { name: 'HEAD, with the length that GET would have', sends: `${ok}Content-Length: 99\r\n\r\n`, asks: { method: 'HEAD' }, status: 200, body: '', kept: true },
  { name: 'HEAD, with the chunks that GET would have', sends: `${ok}Transfer-Encoding: chunked\r\n\r\n`, asks: { method: 'HEAD' }, status: 200, body: '', kept: true },
  { name: 'a body in answer to HEAD', sends: `${ok}Content-Length: 2\r\n\r\nok`, asks: { method: 'HEAD' }, status: 200, body: '', kept: false },
  { name: '204', sends: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, body: '', kept: true },
  { name: '204 with a body', sends: 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok', status: 204, body: '', kept: false },
  { name: '204 that says chunked', sends: 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n', status: 204, body: '', kept: false },
  { name: '304 with the length of what it stands for', sends: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n', status: 304, body: '', kept: true },
  { name: 'interim answers', sends: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}Content-Length: 0\r\n\r\n`, status: 200, interim: [102, 103], kept: true },
  { name: 'octets behind the answer', sends: `${ok}Content-Length: 2\r\n\r\nok!`, status: 200, body: 'ok', kept: false },
  { name: 'a second answer nobody asked for', sends: `${ok}Content-Length: 2\r\n\r\nok${ok}Content-Length: 0\r\n\r\n`, status: 200, body: 'ok', kept: false },
  { name: 'a kept connection that lasts too short to be used', sends: `${ok}Keep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n`, status: 200, kept: false },
  { name: 'more interim answers than can be meant', sends: 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(interimMax + 1), fails: [broken, /more than \d+ interim/], interim: Array.from({ length: interimMax }, () => 102) },
  { name: '101 that nobody asked for', sends: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', fails: [broken, /switched protocols/] },
  { name: 'no HTTP', sends: 'hello there\r\n\r\n', fails: [broken, /HTTP\/1\.1/] },
  { name: 'HTTP/2', sends: 'HTTP/2 200\r\n\r\n', fails: [broken, /HTTP\/1\.1/] },
  { name: 'an empty line first', sends: `\r\n${ok}Content-Length: 0\r\n\r\n`, fails: [broken, /HTTP\/1\.1/] },
  { name: 'a length twice', sends: `${ok}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`, fails: [broken, /more than one Content-Length/] },
  { name: 'two lengths', sends: `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, fails: [broken, /more than one Content-Length/] },
  { name: 'a list of lengths', sends: `${ok}Content-Length: 1, 1\r\n\r\na`, fails: [broken, /not one whole number/] },
  { name: 'a signed length', sends: `${ok}Content-Length: +1\r\n\r\na`, fails: [broken, /not one whole number/] },
  { name: 'length and chunks', sends: `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, fails: [broken, /both/] },
  { name: 'an unknown coding', sends: `${ok}Transfer-Encoding: gzip\r\n\r\n`, fails: [broken, /not "chunked"/] },
  { name: 'a coding in disguise', sends: `${ok}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, fails: [broken, /not "chunked"/] },
  { name: 'a space before a colon', sends: `${ok}Content-Length : 1\r\n\r\na`, fails: [broken, /space/] },
  { name: 'a folded field', sends: `${ok}X: a\r\n b\r\n\r\n`, fails: [broken, /obs-fold/] },
  { name: 'a bare LF', sends: 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', fails: [broken, /LF/] },
  { name: 'NUL in a value', sends: `${ok}X: a\0b\r\n\r\n`, fails: [broken, /0x00/] },
  { name: 'a head without end', sends: `${ok}X: ${'a'.repeat(70_000)}`, fails: [broken, /more than 65536 bytes/] },
  { name: 'a chunk size that is none', sends: `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, status: 200, fails: [broken, /chunk size/] },
  { name: 'a chunk size that overflows', sends: `${ok}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`, status: 200, fails: [broken, /digits/] },
  { name: 'a chunk without its end', sends: `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n`, status: 200, body: 'a', fails: [broken, /chunk must end/] },
  { name: 'half a head', sends: `${ok}Content-Le`, closes: 'end', fails: [broken, /within its head/] },
  { name: 'half a body', sends: `${ok}Content-Length: 9\r\n\r\nhalf`, closes: 'end', status: 200, body: 'half', fails: ['upstream_unreachable', /broke/] },
  { name: 'half a body and a reset', sends: `${ok}Content-Length: 9\r\n\r\nhalf`, closes: 'reset', status: 200, body: 'half', fails: ['upstream_unreachable', /broke/] },
  { name: 'chunks without end', sends: `${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`, closes: 'end', status: 200, body: 'half', fails: ['upstream_unreachable', /broke/] },
  { name: 'a body until the end that is reset', sends: `${ok}\r\nhalf`, closes: 'reset', status: 200, body: 'half', fails: ['upstream_unreachable', /broke/] },
  { name: 'nothing at all', sends: '', closes: 'end', fails: ['upstream_unreachable', /broke before an answer/] },
];

for (const pieces of ['whole', 'octet by octet'] as const) {
  for (const row of rows) {
    if (pieces !== 'whole' && row.sends.length > 4_000) continue;
    test(`${row.name}, ${pieces}`, async (t) => {
      const upstream = await openRawUpstream(t, (socket) => {
        const finish = (): void => {
          // What was written has to arrive before a reset discards it.
          if (row.closes === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
          else if (row.closes === 'end') socket.end();
        };
        if (pieces === 'whole') {
          if (row.sends !== '') socket.write(row.sends, 'latin1');
          finish();
          return;
        }
        const octets = Buffer.from(row.sends, 'latin1');
        let at = 0;
        const next = (): void => {
          if (at === octets.length || socket.destroyed) finish();
          else socket.write(octets.subarray(at, ++at), () => setImmediate(next));
        };
        socket.setNoDelay(true);
        next();
      });
      const answer = await ask(upstream, row.asks);
      assert.deepEqual([answer.failure?.code, answer.status], [row.fails?.[0], row.status ?? 0], answer.failure?.detail);
      if (row.fails) assert.match(answer.failure!.detail, row.fails[1]);
      assert.equal(answer.body, row.body ?? '');
      assert.deepEqual(answer.trailers, row.trailers ?? []);
      assert.deepEqual(answer.interim.map((interim) => interim.status), row.interim ?? []);
      const pool = poolOf(upstream);
      if (row.fails) assert.equal(pool.size, 0, 'the connection is closed');
      if (row.kept === undefined || pieces !== 'whole') return;
      await new Promise((resolve) => setImmediate(resolve));
      await ask(upstream, { ...row.asks, headTimeoutMs: 1_000 });
      assert.equal(upstream.sockets.length, row.kept ? 1 : 2);
    });
  }
}

test('the request is written as it is given, in one piece where it has no body', async (t) => {
  const pieces: string[] = [];
  const upstream = await openRawUpstream(t, (socket) => socket.write(`${ok}Content-Length: 0\r\n\r\n`));
  upstream.sockets.push = (...sockets) => {
    sockets[0]!.on('data', (chunk: Buffer) => pieces.push(chunk.toString('latin1')));
    return Array.prototype.push.apply(upstream.sockets, sockets);
  };
  await ask(upstream, { path: '/a%2Fb?q=\xe4', fields: ['X-Octets', 'caf\xe9'] });
  await ask(upstream, { method: 'POST', fields: ['Content-Length', '5'], contentLength: 5, body: ['he', 'llo'] });
  await ask(upstream, { method: 'POST', body: ['he', 'llo'] });
  await ask(upstream, { method: 'POST', body: ['a'], trailers: () => ['X-Sum', '1'] });
  await ask(upstream, { method: 'POST' });
  const { host } = new URL(upstream.origin);
  assert.equal(upstream.heard[0], [
    `GET /a%2Fb?q=\xe4 HTTP/1.1\r\nHost: ${host}\r\nX-Octets: caf\xe9\r\n\r\n`,
    `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\n\r\nhello`,
    `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`,
    `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n`,
    `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`,
  ].join(''));
  assert.equal(pieces[0], `GET /a%2Fb?q=\xe4 HTTP/1.1\r\nHost: ${host}\r\nX-Octets: caf\xe9\r\n\r\n`);
  assert.match(pieces[1]!, /^POST [\s\S]*\r\n\r\nhe/, 'head and first octets leave together');
});

test('an early answer ends the request: its body is read no further and the connection is not kept', async (t) => {
  const upstream = await openRawUpstream(t, (socket) => socket.write(`HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno`));
  const source = new PassThrough();
  source.write('the beginning');
  const answer = await ask(upstream, { method: 'POST', contentLength: 1_000, body: source });
  assert.deepEqual([answer.status, answer.body, answer.failure], [413, 'no', null]);
  assert.equal(poolOf(upstream).size, 0);
});

test('an answer that begins early lets the rest of the request through', async (t) => {
  const upstream = await openRawUpstream(t, (socket, _connection, heard) => {
    if (heard.endsWith('first')) socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n4\r\necho\r\n`);
    if (heard.endsWith('last')) socket.write('0\r\n\r\n');
  });
  const source = new PassThrough();
  source.write('first');
  const answer = begin(upstream, { method: 'POST', contentLength: 9, body: source });
  await answer.begun;
  source.end('last');
  await answer.over;
  assert.deepEqual([answer.status, answer.body, answer.failure], [200, 'echo', null]);
  assert.ok(upstream.heard[0]!.endsWith('\r\n\r\nfirstlast'));
  assert.equal(poolOf(upstream).idle, 1);
});

test('100 (Continue) invites the body, a final answer does without it, silence invites it after a second', async (t) => {
  const upstream = await openRawUpstream(t, (socket, _connection, heard) => {
    const last = heard.slice(heard.lastIndexOf('GET /'));
    if (/^GET \/first [\s\S]*\r\n\r\n$/.test(last)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    if (/^GET \/refused [\s\S]*\r\n\r\n$/.test(last)) socket.write('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n');
    if (heard.endsWith('body')) socket.write(`${ok}Content-Length: 0\r\n\r\n`);
  });
  let invited = 0;
  const asks = { contentLength: 4, expectsContinue: true, onBegin: () => { invited++; } };
  const first = await ask(upstream, { ...asks, path: '/first', body: ['body'] });
  assert.deepEqual([first.status, first.interim, invited], [200, [], 1]);
  assert.match(upstream.heard[0]!, /\r\nExpect: 100-continue\r\n\r\nbody$/);
  const refused = await ask(upstream, { ...asks, path: '/refused', body: ['body'] });
  assert.deepEqual([refused.status, invited, upstream.heard[0]!.endsWith('body')], [417, 1, false]);
  const silent = await ask(upstream, { ...asks, path: '/silent', body: ['body'] });
  assert.deepEqual([silent.status, invited], [200, 2]);
});

test('101 hands the connection over with what came behind its head, both ways', async (t) => {
  const upstream = await openRawUpstream(t, (socket, _connection, heard) => {
    if (heard.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
    else socket.write(`heard ${heard.slice(-4)}`);
  });
  const answer = await ask(upstream, { upgrade: true, fields: ['Sec-WebSocket-Key', 'k'] });
  assert.match(upstream.heard[0]!, /\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n$/);
  const { socket, head } = answer.upgraded!;
  assert.equal(head, 'hello');
  socket.write('ping');
  socket.resume();
  const [more] = await once(socket, 'data') as [Buffer];
  assert.equal(more.toString(), 'heard ping');
  assert.equal(poolOf(upstream).size, 0);
  socket.destroy();
});

test('an upgrade that is refused is an answer like any other', async (t) => {
  const upstream = await openRawUpstream(t, (socket) => socket.write('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno'));
  const answer = await ask(upstream, { upgrade: true });
  assert.deepEqual([answer.status, answer.body, answer.upgraded], [426, 'no', null]);
});

test('who takes no more octets slows the upstream down until it goes on', async (t) => {
  const bytes = 64 * 1024 * 1024;
  const upstream = await openRawUpstream(t, (socket) => {
    socket.write(`${ok}Content-Length: ${bytes}\r\n\r\n`);
    socket.write(Buffer.alloc(bytes, 'x'));
  });
  const answer = begin(upstream);
  answer.takes = false;
  await answer.begun;
  let before = -1;
  await until(() => {
    const still = before === answer.body.length;
    before = answer.body.length;
    return still;
  }, 'it waits');
  assert.ok(answer.body.length < 1024 * 1024, `${answer.body.length} octets came through`);
  answer.takes = true;
  answer.exchange!.resume();
  await answer.over;
  assert.equal(answer.body.length, bytes);
  assert.equal(poolOf(upstream).idle, 1);
});

test('who leaves takes the connection along, at every stage', async (t) => {
  const upstream = await openRawUpstream(t, (socket, _connection, heard) => { if (heard.includes('/begun')) socket.write(`${ok}Content-Length: 9\r\n\r\nhalf`); });
  const pool = poolOf(upstream);
  begin(upstream).exchange!.abort();
  assert.equal(pool.size, 0);
  const silent = begin(upstream);
  await until(() => upstream.heard.some((heard) => heard.endsWith('\r\n\r\n')), 'the request');
  silent.exchange!.abort();
  const begun = begin(upstream, { path: '/begun' });
  await begun.begun;
  begun.exchange!.abort();
  await until(() => upstream.sockets.every((socket) => socket.readableEnded || socket.destroyed), 'the upstream sees it');
  assert.deepEqual([pool.size, silent.failure, begun.failure], [0, null, null]);
});
