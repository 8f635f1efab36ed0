// A key exchanged for a token, as a program does it: from sign-up to a metered call, and to the end of the key.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
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
