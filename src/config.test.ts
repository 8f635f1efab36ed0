import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig, unsupportedSettings } from './config.ts';
import { makeAuthority } from './gateway/certificates.testkit.ts';

test('nothing set works, and an empty variable is as good as none', () => {
  const config = readConfig({});
  assert.deepEqual([config.host, config.webPort, config.gatewayPort, config.role, config.webUrl, config.gatewayUrl], ['127.0.0.1', 3000, 8080, 'all', 'http://127.0.0.1:3000', 'http://127.0.0.1:8080']);
  assert.deepEqual(readConfig({ PORTICO_HOST: '', PORTICO_WEB_PORT: '', PORTICO_SECRET: '', PORTICO_REDIS_URL: '' }), config);
});

test('a flag wins over a variable, which wins over the default', () => {
  assert.equal(readConfig({ PORTICO_WEB_PORT: '4000' }).webPort, 4000);
  assert.equal(readConfig({ PORTICO_WEB_PORT: '4000' }, { webPort: '5000' }).webPort, 5000);
});

test('an address without a port is shown with that of its listener, and one for everybody as localhost', () => {
  assert.equal(readConfig({ PORTICO_HOST: '0.0.0.0', PORTICO_WEB_PORT: '81' }).webUrl, 'http://localhost:81');
  assert.equal(readConfig({ PORTICO_HOST: '::1' }).gatewayUrl, 'http://[::1]:8080');
  assert.equal(readConfig({ PORTICO_PUBLIC_WEB_URL: 'https://developers.example.com/' }).webUrl, 'https://developers.example.com');
});

const refused: [string, string][] = [
  ['PORTICO_WEB_PORT', '65536'],
  ['PORTICO_WEB_PORT', '-1'],
  ['PORTICO_GATEWAY_PORT', '80 80'],
  ['PORTICO_ROLE', 'both'],
  ['PORTICO_WORKERS', '0'],
  ['PORTICO_PUBLIC_WEB_URL', 'developers.example.com'],
  ['PORTICO_PUBLIC_GATEWAY_URL', 'ftp://example.com'],
  ['PORTICO_TRUSTED_PROXIES', '10.0.0.0/8, proxy.example.com'],
  ['PORTICO_TRUSTED_PROXIES', '10.0.0.0/33'],
  ['PORTICO_SPOOL_SYNC_MS', '1s'],
  ['PORTICO_WHEN_UNMETERABLE', 'ignore'],
  ['PORTICO_EVENT_RETENTION_DAYS', '0'],
];
for (const [variable, value] of refused) {
  test(`${variable}=${value} is refused in one line that names it`, () => {
    assert.throws(() => readConfig({ [variable]: value }), (error: Error & { code?: string }) => error.code === 'start_refused' && error.message.startsWith(`${variable} is "${value}", but it must be `) && !error.message.includes('\n'));
  });
}

test('a refused value that may hold a password is not repeated', () => {
  for (const variable of ['PORTICO_SECRET', 'PORTICO_DATABASE_URL', 'PORTICO_SMTP_URL']) {
    assert.throws(() => readConfig({ [variable]: 'me:pa55word' }), (error: Error) => error.message.startsWith(`${variable} must be `) && !error.message.includes('pa55word'));
  }
});

test('a setting of a later release is refused, not ignored', () => {
  for (const variable of Object.keys(unsupportedSettings)) {
    assert.throws(() => readConfig({ [variable]: 'anything' }), (error: Error & { code?: string }) => error.code === 'start_refused' && error.message.startsWith(`${variable} is set, but this release does not support it.`) && !error.message.includes('anything'));
  }
});

test('the gateway speaks TLS with a certificate and its key, both of them and right', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [one, other] = [makeAuthority('One').issue(['a.test']), makeAuthority('Other').issue(['a.test'])];
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const [cert, key, otherKey, empty] = [file('cert', one.cert), file('key', one.key), file('other', other.key), file('empty', '')];
  const config = readConfig({ PORTICO_TLS_CERT: cert, PORTICO_TLS_KEY: key });
  assert.deepEqual(readConfig({ PORTICO_TLS_CERT: cert, PORTICO_TLS_KEY: key, PORTICO_TLS_CLIENT_CA: cert }).tls, { ...one, clientCa: one.cert });
  assert.deepEqual([config.tls, config.gatewayUrl, config.webUrl], [{ ...one, clientCa: null }, 'https://127.0.0.1:8080', 'http://127.0.0.1:3000']);
  assert.equal(readConfig({}).tls, null);
  for (const [name, environment, said] of [
    ['no key', { PORTICO_TLS_CERT: cert }, /^PORTICO_TLS_KEY is "", but it must be set, too, since PORTICO_TLS_CERT is\.$/],
    ['no certificate', { PORTICO_TLS_KEY: key }, /^PORTICO_TLS_CERT is "", but it must be set, too, since PORTICO_TLS_KEY is\.$/],
    ['no such file', { PORTICO_TLS_CERT: join(folder, 'none'), PORTICO_TLS_KEY: key }, /^PORTICO_TLS_CERT is ".*none", but it must be a file that can be read \(ENOENT\)\.$/],
    ['the key of another', { PORTICO_TLS_CERT: cert, PORTICO_TLS_KEY: otherKey }, /^PORTICO_TLS_CERT .* whose certificate belongs to the key in PORTICO_TLS_KEY \(.*\)\.$/],
    ['clients\' authorities without TLS', { PORTICO_TLS_CLIENT_CA: cert }, /^PORTICO_TLS_CERT is "", but it must be set, too, since PORTICO_TLS_CLIENT_CA is: certificates are asked for by TLS\.$/],
    ['clients\' authorities that are none', { PORTICO_TLS_CERT: cert, PORTICO_TLS_KEY: key, PORTICO_TLS_CLIENT_CA: key }, /^PORTICO_TLS_CLIENT_CA is ".*", but it must be a PEM file with at least one certificate\.$/],
    ['clients\' authorities in no file', { PORTICO_TLS_CERT: cert, PORTICO_TLS_KEY: key, PORTICO_TLS_CLIENT_CA: join(folder, 'none') }, /^PORTICO_TLS_CLIENT_CA is ".*none", but it must be a file that can be read \(ENOENT\)\.$/],
    ['no PEM', { PORTICO_TLS_CERT: empty, PORTICO_TLS_KEY: key }, /^PORTICO_TLS_CERT .* must be a PEM file/],
  ] as const) {
    assert.throws(() => readConfig(environment), (error: Error & { code?: string }) => error.code === 'start_refused' && said.test(error.message), name);
  }
});
