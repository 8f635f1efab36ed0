import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { CredentialEntry } from '../snapshot/snapshot.ts';
import { CredentialKeeper } from './credential-keeper.ts';
import { CredentialTable, hashText } from './shared/credential-table.ts';

const hexOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const entryOf = (name: string, more: Partial<CredentialEntry> = {}): CredentialEntry => ({
  keyId: `key_${name}`, hash: hexOf(name), masked: name, mode: 'test', origin: 'try-it', state: 'active', revokedAt: null, expiresAt: null, consumerId: 'con_1', developerId: 'dev_1', unverified: false, scopes: null, addresses: null, subscriptions: [], ...more,
});

test('a deleted key, of which control tells only the id, is unknown from then on, and those told with it are taken', () => {
  const keeper = new CredentialKeeper({ clock: { now: () => 0, monotonicNs: () => 0n } as never, elapsedNs: () => 0, routes: () => null }, { days: [], recent: [], spending: [] } as never);
  const table = new CredentialTable(keeper.table.buffer);
  keeper.apply({ first: true, reset: true, last: true, entries: [entryOf('old'), entryOf('other', { origin: 'own' })] });
  const gone = { hash: '', state: 'deleted' } as const;
  keeper.apply({ first: false, reset: false, last: true, entries: [entryOf('old', gone), entryOf('never known', gone), entryOf('new')] });
  assert.deepEqual(['old', 'other', 'new'].map((name) => table.find(hashText(hexOf(name)))?.state), ['deleted', 'active', 'active']);
});
