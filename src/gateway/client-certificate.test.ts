// Mutual TLS towards clients: who is asked, who is refused, and what the upstream is told.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, request } from 'node:https';
import { test, type TestContext } from 'node:test';
import { connect } from 'node:tls';
import { systemClock } from '../clock.ts';
import type { PoliciesConfig } from '../domain/policies.ts';
import { makeAuthority, type Identity } from './certificates.testkit.ts';
import { openTestGateway, openUpstream, product, snapshot, testKey, type TestGateway } from './gateway.testkit.ts';

const server = makeAuthority('Server authority');
const clients = makeAuthority('Client authority');
const strangers = makeAuthority('Client authority');
const partner = clients.issue(['partner.test'], 30, 'Acme, Inc.');
const other = clients.issue(['other.test'], 30, 'Other');
const fingerprintOf = ({ cert }: Identity): string => new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();
const live = testKey();

interface Open { gateway: TestGateway; seen: IncomingHttpHeaders[]; call(client?: Identity | null, options?: { key?: string; agent?: Agent; path?: string }): Promise<{ status: number; code?: string; detail?: string }> }

async function setUp(t: TestContext, policies: Partial<PoliciesConfig>, { clientCa = clients.cert as string | null, now = () => Date.now() } = {}): Promise<Open> {
  const seen: IncomingHttpHeaders[] = [];
  const upstream = await openUpstream((incoming, response) => {
    seen.push(incoming.headers);
    response.end('ok');
  });
  const products = [product(upstream.url, { policies }), product(upstream.url, { id: 'prd_open', slug: 'open' })];
  const key = { ...live, entry: { ...live.entry, subscriptions: products.map(({ id }) => ({ ...live.entry.subscriptions[0]!, productId: id })) } };
  const gateway = await openTestGateway({ snapshot: snapshot(products), keys: [key], tls: { ...server.issue(['localhost']), clientCa }, clock: { ...systemClock, now } });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return {
    gateway, seen,
    call: async (client = null, { key: sent = live.key, agent = new Agent({ maxCachedSessions: 0 }), path = '/atlas/v1/echo' } = {}) => {
      const outgoing = request(`https://localhost:${gateway.port}${path}`, { agent, ca: server.cert, headers: { 'x-api-key': sent, 'x-client': 'forged' }, ...(client && { cert: client.cert, key: client.key }) });
      outgoing.end();
      const [response] = await once(outgoing, 'response') as [IncomingMessage];
      let text = '';
      for await (const chunk of response) text += String(chunk);
      const { code, detail } = text.startsWith('{') ? (JSON.parse(text) as { code: string; detail: string }) : {};
      return { status: response.statusCode!, ...(code && { code }), ...(detail && { detail }) };
    },
  };
}

const any = { clientCertificate: { subjects: [], fingerprints: [] } };

const refused: [string, Identity | null, RegExp][] = [
  ['none', null, /^Atlas API is called with a client certificate beside the key, and this connection came without one\./],
  ['an expired one', clients.issue(['partner.test'], -1), /the one shown, CN=partner\.test, has expired\./],
  ['one that vouches for itself', makeAuthority('partner.test'), /the one shown, CN=partner\.test, vouches for itself alone\./],
  ['one of another authority with the same name', strangers.issue(['partner.test']), /was issued by none of the authorities that this gateway trusts \(/],
  ['one of the server’s authority', server.issue(['partner.test']), /was issued by none of the authorities/],
];

for (const [name, client, detail] of refused) {
  test(`refused before anything is forwarded, and recorded: ${name}`, async (t) => {
    const { gateway, seen, call } = await setUp(t, any);
    const answer = await call(client);
    assert.deepEqual([answer.status, answer.code], [403, 'certificate_forbids']);
    assert.match(answer.detail!, detail);
    assert.deepEqual([seen.length, gateway.spool.requests.map(({ status, code, keyId }) => [status, code, keyId])], [0, [[403, 'certificate_forbids', live.entry.keyId]]]);
    assert.equal((await call(client, { path: '/open/v1/echo' })).status, 200);
  });
}

test('a verified certificate opens the product, and no key comes first', async (t) => {
  const { call } = await setUp(t, any);
  assert.deepEqual([await call(partner), (await call(partner, { key: 'wrong' })).code, (await call(null, { key: 'wrong' })).code], [{ status: 200 }, 'key_malformed', 'key_malformed']);
});

test('subjects by their parts, fingerprints as they are: either list opens', async (t) => {
  const lists: [string[], string[], boolean, boolean][] = [
    [['CN=partner.test'], [], true, false],
    [['CN=partner.test,O=Acme\\, Inc.'], [], true, false],
    [['O=Acme\\, Inc.', 'O=Other'], [], true, true],
    [['CN=partner.test,O=Other'], [], false, false],
    [['CN=partner'], [], false, false],
    [[], [fingerprintOf(other)], false, true],
    [['CN=partner.test'], [fingerprintOf(other)], true, true],
  ];
  for (const [subjects, fingerprints, first, second] of lists) {
    const { call } = await setUp(t, { clientCertificate: { subjects, fingerprints } });
    const [ofPartner, ofOther] = [await call(partner), await call(other)];
    assert.deepEqual([ofPartner.status === 200, ofOther.status === 200], [first, second], `${subjects.join(' ')} ${fingerprints.join(' ')}`);
    if (!first) assert.match(ofPartner.detail!, new RegExp(`^Atlas API is open to certain client certificates, and the one shown, CN=partner\\.test,O=Acme\\\\, Inc\\., with the SHA-256 fingerprint ${fingerprintOf(partner)}, is not among them`));
  }
});

test('the upstream is told of a verified certificate alone, whatever the caller says', async (t) => {
  const set = { 'X-Client': '{certificate.subject}|{certificate.issuer}|{certificate.fingerprint}|{certificate.serial}' };
  const { seen, call } = await setUp(t, { requestHeaders: { set, remove: [] } });
  for (const client of [partner, strangers.issue(['partner.test']), null]) assert.equal((await call(client)).status, 200);
  const serial = new X509Certificate(partner.cert).serialNumber;
  assert.deepEqual(seen.map((headers) => headers['x-client']), [`CN=partner.test,O=Acme\\, Inc.|CN=Client authority|${fingerprintOf(partner)}|${serial}`, '|||', '|||']);
});

test('a certificate that expires while its connection is open is refused from then on', async (t) => {
  let now = Date.now();
  const { call } = await setUp(t, any, { now: () => now });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.equal((await call(partner, { agent })).status, 200);
  now += 31 * 86_400_000;
  assert.match((await call(partner, { agent })).detail!, /expired while the connection was open/);
});

for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) test(`${maxVersion}: a session that is taken up again has the certificate that it began with, good or bad`, async (t) => {
  const { gateway } = await setUp(t, any);
  const ask = async (client: Identity | null, session?: Buffer): Promise<{ text: string; session: Buffer; reused: boolean }> => {
    const socket = connect({ port: gateway.port, host: '127.0.0.1', servername: 'localhost', ca: server.cert, maxVersion, ...(session && { session }), ...(client && { cert: client.cert, key: client.key }) });
    const ticket = Promise.withResolvers<Buffer>();
    socket.once('session', ticket.resolve);
    let reused = false;
    socket.once('secureConnect', () => { reused = socket.isSessionReused(); });
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => { text += part; });
    socket.write(`GET /atlas/v1/echo HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${live.key}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    return { text, session: session ?? await ticket.promise, reused };
  };
  for (const [client, expected] of [[partner, '200'], [strangers.issue(['partner.test']), '403'], [null, '403']] as const) {
    const first = await ask(client);
    // Whatever comes along with the second has no part in it.
    const second = await ask(client === partner ? null : partner, first.session);
    assert.deepEqual([first.text.split(' ')[1], second.reused, second.text.split(' ')[1]], [expected, true, expected]);
  }
});

test('HTTP/2 alike', async (t) => {
  const { gateway } = await setUp(t, any);
  for (const [client, expected] of [[partner, 200], [null, 403]] as const) {
    const session = connectHttp2(`https://localhost:${gateway.port}`, { ca: server.cert, ...(client && { cert: client.cert, key: client.key }) });
    const stream = session.request({ ':path': '/atlas/v1/echo', 'x-api-key': live.key });
    const [headers] = await once(stream, 'response') as [IncomingHttpHeaders & { ':status': number }];
    assert.equal(headers[':status'], expected);
    session.destroy();
  }
});

test('where no client is asked, such a product refuses every call', async (t) => {
  const { call } = await setUp(t, any, { clientCa: null });
  assert.equal((await call(partner)).code, 'certificate_forbids');
  assert.equal((await call(partner, { path: '/open/v1/echo' })).status, 200);
});
