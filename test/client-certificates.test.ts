// Mutual TLS in a real Portico: the setting, the policy, and a start that lacks the one for the other.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeAuthority, type Identity } from '../src/gateway/certificates.testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico } from './portico.ts';

test('a product that wants client certificates gets them, and no start without the authorities', { timeout: 120_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8').replace('    versions:', '    policies: { clientCertificate: { subjects: [CN=partner.test] }, requestHeaders: { set: { X-Client: "{certificate.subject}" } } }\n    versions:'));
  const dataFolder = mkdtempSync(join(tmpdir(), 'portico-certificates-'));
  t.after(() => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const [server, clients] = [makeAuthority('Server authority'), makeAuthority('Client authority')];
  const identity = server.issue(['127.0.0.1']);
  const file = (name: string, text: string): string => {
    writeFileSync(join(dataFolder, name), text);
    return join(dataFolder, name);
  };
  const tls = { PORTICO_TLS_CERT: file('cert.pem', identity.cert), PORTICO_TLS_KEY: file('key.pem', identity.key) };
  await assert.rejects(startPortico(t, { dataFolder, configuration: upstream.configuration, environment: tls }), /portico\.yaml:\d+:\d+: "echo" wants client certificates, but the gateway asks for none/);

  const portico = await startPortico(t, { dataFolder, configuration: upstream.configuration, environment: { ...tls, PORTICO_TLS_CLIENT_CA: file('clients.pem', clients.cert), NODE_EXTRA_CA_CERTS: file('server.pem', server.cert) } });
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'dev@example.com');
  const call = async (client: Identity | null): Promise<{ status: number; text: string }> => {
    const outgoing = request(`${portico.gatewayUrl}/echo/v1/echo`, { agent: false, ca: server.cert, headers: { 'x-api-key': key }, ...(client && { cert: client.cert, key: client.key }) });
    outgoing.end();
    const [response] = await once(outgoing, 'response') as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode!, text };
  };
  const answer = await call(clients.issue(['partner.test']));
  assert.deepEqual([answer.status, answer.text.includes('"x-client":"CN=partner.test"')], [200, true]);
  for (const other of [null, clients.issue(['other.test'])]) assert.match((await call(other)).text, /"code": "certificate_forbids"/);

  await portico.stop();
  await assert.rejects(startPortico(t, { dataFolder, environment: tls }), /error: "echo" wants client certificates, but the gateway asks for none\. Start it with PORTICO_TLS_CLIENT_CA/);
});
