import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { LastGoodCopy } from './last-good.ts';
import type { CredentialEntry, Snapshot } from './snapshot.ts';

const snapshot: Snapshot = { version: 7, publishedAt: 1, webUrl: 'http://w', gatewayUrl: 'http://g', products: [] };

function entry(hash: string, state: CredentialEntry['state'] = 'active'): CredentialEntry {
  return { keyId: hash, hash, masked: 'a_live_...0000', mode: 'live', origin: 'own', state, revokedAt: null, expiresAt: null, consumerId: 'c', developerId: 'd', unverified: false, scopes: null, addresses: null, subscriptions: [] };
}

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'portico-last-good-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

const states = (copy: LastGoodCopy): Record<string, string> => Object.fromEntries([...copy.load().credentials].map(([hash, { state }]) => [hash, state]));

test('a base and the changes after it come back as they were, readable by the owner alone', (t) => {
  const path = folder(t);
  const copy = new LastGoodCopy(path);
  assert.deepEqual(copy.load(), { snapshot: null, credentialSeq: 0, credentials: new Map() });
  copy.saveSnapshot(snapshot);
  copy.saveBase({ seq: 5, first: true, last: false, entries: [entry('a')] });
  copy.saveBase({ seq: 5, first: false, last: true, entries: [entry('b')] });
  copy.appendChanges(6, [entry('b', 'revoked'), entry('c')]);
  const again = new LastGoodCopy(path).load();
  assert.deepEqual([again.snapshot, again.credentialSeq], [snapshot, 6]);
  assert.deepEqual(states(copy), { a: 'active', b: 'revoked', c: 'active' });
  for (const file of ['snapshot.json', 'credentials.ndjson']) assert.equal(statSync(join(path, file)).mode & 0o077, 0, file);
});

test('a deleted key, of which only the id is told, is gone', (t) => {
  const copy = new LastGoodCopy(folder(t));
  copy.saveBase({ seq: 5, first: true, last: true, entries: [entry('a'), entry('b'), entry('c')] });
  for (const [at, keyId] of ['a', 'c'].entries()) copy.appendChanges(6 + at, [{ ...entry('', 'deleted'), keyId }]);
  assert.deepEqual(states(copy), { b: 'active' });
});

test('half a base changes nothing, a torn last line is forgotten, an unreadable snapshot is absent', (t) => {
  const path = folder(t);
  const copy = new LastGoodCopy(path);
  copy.saveBase({ seq: 5, first: true, last: true, entries: [entry('a')] });
  copy.saveBase({ seq: 9, first: true, last: false, entries: [entry('z')] });
  assert.equal(copy.load().credentialSeq, 5);
  copy.appendChanges(6, [entry('a', 'revoked')]);
  appendFileSync(join(path, 'credentials.ndjson'), '{"seq":7,"entries":[{"hash":"a","sta');
  writeFileSync(join(path, 'snapshot.json'), '{"version":');
  const again = new LastGoodCopy(path);
  assert.deepEqual([again.load().credentialSeq, again.load().snapshot, states(again)], [6, null, { a: 'revoked' }]);
  again.appendChanges(7, [entry('b')]);
  assert.deepEqual([again.load().credentialSeq, states(again)], [7, { a: 'revoked', b: 'active' }]);
});

test('the file stays bounded by what is in it', (t) => {
  const path = folder(t);
  const copy = new LastGoodCopy(path);
  const many = Array.from({ length: 1_000 }, (_, i) => entry(`${i}`.padStart(64, '0')));
  copy.saveBase({ seq: 1, first: true, last: true, entries: many });
  for (let seq = 2; seq < 80; seq++) copy.appendChanges(seq, many);
  assert.ok(statSync(join(path, 'credentials.ndjson')).size < 12 * 1024 * 1024);
  assert.deepEqual([copy.load().credentialSeq, copy.load().credentials.size], [79, 1_000]);
});
