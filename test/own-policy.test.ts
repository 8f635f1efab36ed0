// A producer's own policy from its file to its effect, in a real Portico that watches its configuration.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';

const example = fileURLToPath(new URL('../docs/examples/sign-calls.ts', import.meta.url));

test('a policy file is applied, watched, refused with its place, logged when it fails, and exported', { timeout: 120_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const policy = join(dirname(upstream.configuration), 'policies/own.ts');
  mkdirSync(dirname(policy));
  copyFileSync(example, policy);
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8').replace('    versions:', '    policies: { own: { file: ./policies/own.ts } }\n    versions:'));
  const portico = await startPortico(t, { configuration: upstream.configuration, environment: { UPSTREAM_SECRET: 'of this test' }, args: ['--watch'] });
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'dev@example.com');
  const call = async (): Promise<{ status: number; plan: string | null; signed: boolean }> => {
    const answer = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
    return { status: answer.status, plan: answer.headers.get('x-plan'), signed: (await answer.text()).includes('"x-gateway-signature":"t=') };
  };
  assert.deepEqual(await call(), { status: 200, plan: 'unlimited', signed: true });

  writeFileSync(policy, "export default {\n  onRequest(call: { id: string }) {\n    throw new Error(`not now`);\n  },\n};\n");
  await waitFor('the change of the file', async () => (await call()).status === 500, 15_000);
  await waitFor('the place in the log', () => /not now.*\.\/policies\/own\.ts:3:11/.test(portico.stderr()));

  writeFileSync(policy, 'export default {\n  onReqest() {},\n};\n');
  const { code, stderr } = await portico.run('apply', '-f', upstream.configuration);
  assert.equal(code, 1);
  assert.match(stderr, /policies\/own\.ts:2:3: A policy has no "onReqest"/);
  assert.equal((await call()).status, 500);

  copyFileSync(example, policy);
  await portico.run('apply', '-f', upstream.configuration);
  await waitFor('the example', async () => (await call()).status === 200);
  const out = mkdtempSync(join(tmpdir(), 'portico-export-'));
  t.after(() => rmSync(out, { recursive: true }));
  await portico.cli('export', '--out', join(out, 'all'));
  assert.equal(readFileSync(join(out, 'all/policies/echo.ts'), 'utf8'), readFileSync(example, 'utf8'));
  assert.match((await portico.run('apply', '--dry-run', '-f', join(out, 'all/portico.yaml'))).stdout, /^No changes\./);
});
