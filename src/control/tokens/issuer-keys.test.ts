// Public keys that come from an address: kept as last good, asked within bounds, published when they change.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { openSqlite } from '../../store/sqlite.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { buildSnapshot } from '../gateways/publish-snapshot.ts';
import { admin, atlasDocument, openControl } from '../testkit.ts';
import { followIssuerKeys, readIssuerKeys } from './issuer-keys.ts';

const keyOf = (kid: string): object => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid });

async function open(t: TestContext, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  const database = await openSqlite({ file: ':memory:' });
  const control = await openControl(database);
  const lines: { address: string; reason: string; kept: number }[] = [];
  const deps = { ...control.deps, log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) }) };
  const apply = (issuers: string) => createConfiguration(deps, control.gateways).apply(admin, { bundle: { file: 'portico.yaml', text: `products:\n  - slug: atlas\n    upstream: http://127.0.0.1:4010\n    versions: [ { name: v1, openapi: atlas.yaml } ]\n${issuers}`, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: false });
  const follower = followIssuerKeys(deps, control.gateways);
  t.after(async () => {
    await follower.close();
    server.closeAllConnections();
    server.close();
  });
  after(() => database.close());
  const kids = async () => ((await buildSnapshot(deps)).issuerKeys?.[address] ?? []).map(({ kid }) => kid);
  return { ...control, database, address, lines, apply, follower, kids, issuers: `    policies: { tokens: { issuers: [ { issuer: https://id.example, audience: atlas, jwks: "${address}" } ] } }\n` };
}

test('keys are asked when an issuer is named, again after five minutes, and published when they differ', async (t) => {
  let asked = 0;
  let kid = 'first';
  const key = new Map(['first', 'second'].map((name) => [name, keyOf(name)]));
  const { apply, issuers, follower, kids, advance, gateways, database } = await open(t, (_request, response) => {
    asked++;
    response.end(JSON.stringify({ keys: [key.get(kid), { kty: 'oct', k: 'AA', kid: 'secret' }] }));
  });
  await follower.look();
  assert.equal(asked, 0, 'nobody is asked whom no product names');
  await apply(issuers);
  await follower.look();
  assert.deepEqual([asked, await kids()], [1, ['first']]);
  kid = 'second';
  advance(299_000);
  await follower.look();
  assert.equal(asked, 1);
  advance(2_000);
  const version = gateways.snapshotVersion();
  await follower.look();
  assert.deepEqual([asked, await kids()], [2, ['second']]);
  assert.ok(gateways.snapshotVersion() > version);
  advance(301_000);
  const same = gateways.snapshotVersion();
  await follower.look();
  assert.equal(gateways.snapshotVersion(), same, 'nothing new, nothing published');
  await apply('');
  await follower.look();
  assert.deepEqual(await readIssuerKeys(database.kysely), {}, 'what nobody names is forgotten');
});

test('while an address fails the keys known before stay, each failure has a line, and it is asked again after a minute', async (t) => {
  let answer: RequestListener = (_request, response) => void response.end(JSON.stringify({ keys: [good] }));
  const good = keyOf('good');
  const { apply, issuers, follower, kids, advance, lines, address } = await open(t, (request, response) => answer(request, response));
  await apply(issuers);
  await follower.look();
  const failures: [string, RequestListener, RegExp][] = [
    ['a status', (_request, response) => void response.writeHead(500).end(), /answers 500/],
    ['no JSON', (_request, response) => void response.end('<html>'), /JSON/],
    ['no key', (_request, response) => void response.end('{"keys":[]}'), /no public key/],
    ['too much', (_request, response) => void response.end('x'.repeat(300_000)), /more than 262144 bytes/],
    ['elsewhere', (_request, response) => void response.writeHead(302, { location: '/else' }).end(), /redirect/],
    ['nothing', (request) => void request.socket.destroy(), /fetch failed/],
  ];
  advance(301_000);
  for (const [what, listener, says] of failures) {
    answer = listener;
    lines.length = 0;
    await follower.look();
    await follower.look();
    assert.equal(lines.length, 1, `${what}: asked once a minute`);
    assert.deepEqual([lines[0]!.address, lines[0]!.kept], [address, 1], what);
    assert.match(lines[0]!.reason, says, what);
    assert.deepEqual(await kids(), ['good'], what);
    advance(61_000);
  }
});
