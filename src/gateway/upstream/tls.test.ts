// TLS towards upstreams: verified, and told in plain words when it fails.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import { makeAuthority, type Identity } from '../certificates.testkit.ts';
import { ask, begin, openRawUpstream, routed } from './upstream.testkit.ts';
import { UpstreamPools } from './upstream-pools.ts';

const authority = makeAuthority('Test authority');
const stranger = makeAuthority('Stranger');

interface TlsUpstream { origin: string; sockets: TLSSocket[]; pools: UpstreamPools }

async function openTls(t: TestContext, identity: Identity, answer: (socket: TLSSocket, heard: string) => void, host = '127.0.0.1'): Promise<TlsUpstream> {
  const sockets: TLSSocket[] = [];
  const server = createServer({ ...identity, ALPNProtocols: ['http/1.1'] }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => answer(socket, chunk.toString('latin1')));
  });
  server.on('tlsClientError', () => undefined);
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => raw.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pools = new UpstreamPools();
  t.after(() => {
    pools.destroy();
    for (const socket of raw) socket.destroy();
    server.close();
  });
  return { origin: `https://${host}:${(server.address() as AddressInfo).port}`, sockets, pools };
}

const answerOk = (socket: TLSSocket): void => { socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret'); };

test('an upstream that the given authority vouches for is asked by its name, over connections that are kept', async (t) => {
  const upstream = await openTls(t, authority.issue(['localhost']), answerOk, 'localhost');
  const target = { upstream: routed([upstream.origin], { ca: authority.cert }) };
  for (let i = 0; i < 3; i++) {
    const answer = await ask(upstream, target);
    assert.deepEqual([answer.failure, answer.status, answer.body], [null, 200, 'secret']);
  }
  assert.equal(upstream.sockets.length, 1);
  assert.deepEqual([(upstream.sockets[0] as TLSSocket & { servername: string }).servername, upstream.sockets[0]!.alpnProtocol], ['localhost', 'http/1.1']);
});

test('an address in place of a name is verified too', async (t) => {
  const upstream = await openTls(t, authority.issue(['127.0.0.1']), answerOk);
  const answer = await ask(upstream, { upstream: routed([upstream.origin], { ca: authority.cert }), method: 'POST', contentLength: 4, body: ['body'] });
  assert.deepEqual([answer.failure, answer.body], [null, 'secret']);
});

test('large bodies go both ways through TLS with back-pressure', async (t) => {
  const bytes = 8 * 1024 * 1024;
  let received = 0;
  const upstream = await openTls(t, authority.issue(['127.0.0.1']), (socket, heard) => {
    received += heard.length;
    if (received > bytes) {
      received = -Infinity;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`);
    }
  });
  const answer = begin(upstream, { upstream: routed([upstream.origin], { ca: authority.cert }), method: 'POST', contentLength: bytes, body: Array.from({ length: 8 }, () => 'y'.repeat(bytes / 8)) });
  answer.takes = false;
  await answer.begun;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(answer.body.length < bytes);
  answer.takes = true;
  answer.exchange!.resume();
  await answer.over;
  assert.deepEqual([answer.failure, answer.body.length], [null, bytes]);
});

for (const row of [
  { name: 'an authority that is not trusted', identity: stranger.issue(['127.0.0.1']), ca: authority.cert, says: /certificate .*issuer is unknown \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/ },
  { name: 'an authority of one’s own without `upstreamCa`', identity: authority.issue(['127.0.0.1']), ca: null, says: /certificate .*issuer is unknown/ },
  { name: 'a certificate that vouches for itself', identity: stranger, ca: authority.cert, says: /certificate .*vouches for itself \(DEPTH_ZERO_SELF_SIGNED_CERT\)/ },
  { name: 'another name', identity: authority.issue(['api.example.com']), ca: authority.cert, says: /certificate .*is for another name \(ERR_TLS_CERT_ALTNAME_INVALID\)/ },
  { name: 'a certificate that has expired', identity: authority.issue(['127.0.0.1'], -2), ca: authority.cert, says: /certificate .*has expired \(CERT_HAS_EXPIRED\)/ },
]) {
  test(`${row.name}: nothing is sent, and the answer says why`, async (t) => {
    let asked = 0;
    const upstream = await openTls(t, row.identity, () => { asked++; });
    const { failure } = await ask(upstream, { upstream: routed([upstream.origin], { ca: row.ca }) });
    assert.equal(failure?.code, 'upstream_unreachable');
    assert.match(failure.detail, row.says);
    assert.doesNotMatch(failure.detail, /127\.0\.0\.1|localhost|example\.com/, 'the address is nobody’s business');
    assert.equal(asked, 0);
  });
}

test('an upstream that speaks plain HTTP where TLS is expected', async (t) => {
  const upstream = await openRawUpstream(t, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
  const { failure } = await ask(upstream, { upstream: routed([upstream.origin.replace('http:', 'https:')]) });
  assert.equal(failure?.code, 'upstream_unreachable');
  assert.match(failure.detail, /could not connect .*SSL/);
});

test('an upgrade goes through TLS', async (t) => {
  const upstream = await openTls(t, authority.issue(['127.0.0.1']), (socket, heard) => {
    socket.write(heard.startsWith('GET') ? 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi' : `heard ${heard}`);
  });
  const answer = await ask(upstream, { upstream: routed([upstream.origin], { ca: authority.cert }), upgrade: true });
  assert.equal(answer.upgraded?.head, 'hi');
  answer.upgraded.socket.write('ping');
  answer.upgraded.socket.resume();
  const [more] = await once(answer.upgraded.socket, 'data') as [Uint8Array];
  assert.equal(String(more), 'heard ping');
  answer.upgraded.socket.destroy();
});
