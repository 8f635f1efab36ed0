// Tokens, as programs use them: for which a key was exchanged, and of other issuers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeToken, testSigner } from '../src/gateway/tokens/token.testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';
import { signUpBy, visit } from './visitors.ts';

test('sign up, exchange the key for a token, call with it: the call is the key’s, and ends with it', { timeout: 90_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8').replace('    testUpstream: examples\n', '    testUpstream: examples\n    policies: { tokens: { own: true } }\n'));
  const portico = await startPortico(t, { configuration: upstream.configuration });
  await signUpBy(visit(portico), 'ada@example.com');
  const { key, id } = await portico.cli<{ key: string; id: string }>('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'ada@example.com');

  const described = (await (await fetch(`${portico.webUrl}/.well-known/oauth-authorization-server`)).json()) as { issuer: string; token_endpoint: string; jwks_uri: string };
  assert.equal(described.issuer, portico.webUrl);
  const answer = await fetch(described.token_endpoint, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` }, body: new URLSearchParams({ grant_type: 'client_credentials' }) });
  assert.equal(answer.status, 200);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  assert.equal(((await (await fetch(described.jwks_uri)).json()) as { keys: unknown[] }).keys.length, 3);

  const told = async (path: string): Promise<string> => (await fetch(portico.webUrl + path, { headers: { accept: 'text/html' } })).text();
  for (const path of ['/echo/v1', '/echo/v1.md']) assert.match(await told(path), /grant_type=client_credentials [^<]*\/oauth\/token/, path);
  assert.match(await told('/echo/v1/openapi.json'), new RegExp(`"tokenUrl":"${described.token_endpoint}"`));
  assert.match(await told('/errors/token_invalid'), /Request a new token/);

  const call = async (): Promise<{ status: number; body: { code?: string; headers?: Record<string, string> }; limits: string | null }> => {
    const made = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bearer ${token}` } });
    return { status: made.status, body: (await made.json()) as { code?: string }, limits: made.headers.get('ratelimit') };
  };
  const first = await call();
  assert.deepEqual([first.status, first.body.headers?.['authorization']], [200, undefined]);
  assert.match(first.limits!, /"monthly";r=999;/);
  const listed = async () => (await portico.cli<{ requests: { keyId: string; status: number; code: string | null }[] }>('requests', '--email', 'ada@example.com')).requests;
  await waitFor('the call is in the request log', async () => (await listed()).length > 0, 15_000);
  assert.deepEqual((await listed()).map(({ keyId, status }) => [keyId, status]), [[id, 200]]);
  const { usage } = await portico.cli<{ usage: { meter: string; quantity: string }[] }>('usage', '--email', 'ada@example.com');
  assert.deepEqual(usage.filter(({ meter }) => meter === 'requests').map(({ quantity }) => quantity), ['1']);

  await portico.cli('keys', 'revoke', id);
  const last = await call();
  assert.deepEqual([last.status, last.body.code], [401, 'key_revoked']);
  const again = await fetch(described.token_endpoint, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: key }) });
  assert.deepEqual([again.status, ((await again.json()) as { error: string }).error], [401, 'invalid_client']);
});

test('tokens of other issuers: keys from an address and from a file, a binding by the command line, and its end', { timeout: 90_000 }, async (t) => {
  const [online, offline] = [testSigner('RS256', 'a'), testSigner('ES256', 'b')];
  const identityProvider = createServer((_request, response) => response.end(JSON.stringify({ keys: [online.jwk] }))).listen(0, '127.0.0.1');
  await once(identityProvider, 'listening');
  t.after(() => identityProvider.close());
  const upstream = await startEchoUpstream(t);
  writeFileSync(join(dirname(upstream.configuration), 'keys.json'), JSON.stringify({ keys: [offline.jwk] }));
  const address = `http://127.0.0.1:${(identityProvider.address() as AddressInfo).port}/jwks.json`;
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8').replace('    testUpstream: examples\n', `    testUpstream: examples
    policies:
      tokens:
        issuers:
          - { issuer: https://online.example, audience: echo, jwks: "${address}" }
          - { issuer: https://offline.example, audience: echo, jwks: ./keys.json, claim: sub }
`));
  const portico = await startPortico(t, { configuration: upstream.configuration });
  const { id } = await portico.cli<{ id: string }>('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'bob@example.com');
  const call = async (token: string): Promise<[number, string?]> => {
    const made = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bearer ${token}` } });
    return [made.status, ((await made.json()) as { code?: string }).code];
  };
  const exp = Math.floor(Date.now() / 1000) + 600;
  const tokens = { online: makeToken(online, { iss: 'https://online.example', aud: 'echo', exp, client_id: 'billing' }), offline: makeToken(offline, { iss: 'https://offline.example', aud: ['echo'], exp, sub: 'reports' }, { typ: 'JWT' }) };
  assert.deepEqual(await call(tokens.offline), [401, 'token_invalid'], 'bound to nobody yet');

  const bound = await portico.cli<{ id: string; keyId: string }>('tokens', 'bind', id, '--issuer', 'https://online.example', '--subject', 'billing');
  await portico.cli('tokens', 'bind', id, '--issuer', 'https://offline.example', '--subject', 'reports');
  assert.equal(bound.keyId, id);
  assert.deepEqual(await call(tokens.offline), [200, undefined]);
  await waitFor('the keys of the address have come', async () => (await call(tokens.online))[0] === 200);
  assert.equal((await portico.run('tokens', 'bind', id, '--issuer', 'https://else.example', '--subject', 'x')).code, 1);
  assert.equal((await portico.cli<{ bindings: unknown[] }>('tokens', 'list', '--key', id)).bindings.length, 2);
  assert.match((await portico.run('tokens', 'list')).stdout, /reports[^\n]*\n[^\n]*billing/);
  assert.match(await (await fetch(`${portico.webUrl}/echo/v1`, { headers: { accept: 'text/html' } })).text(), /Access tokens of https:\/\/online\.example, https:\/\/offline\.example are taken/);

  const gateway = portico.pids().gateway;
  process.kill(gateway, 'SIGKILL');
  await waitFor('the gateway is back with its bindings', async () => (await call(tokens.online).catch(() => [0]))[0] === 200, 15_000);
  await portico.cli('tokens', 'unbind', bound.id);
  assert.deepEqual([await call(tokens.online), await call(tokens.offline)], [[401, 'token_invalid'], [200, undefined]]);
  const exported = await portico.run('export');
  assert.match(exported.stdout, /issuer: https:\/\/online\.example/);
  await portico.cli('keys', 'revoke', id);
  assert.deepEqual(await call(tokens.offline), [401, 'key_revoked']);
});
