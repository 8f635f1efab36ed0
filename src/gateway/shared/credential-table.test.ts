import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { CredentialTable, CredentialTableWriter, hashText, type StoredCredential } from './credential-table.ts';

const hexOf = (number: number): string => createHash('sha256').update(`key ${number}`).digest('hex');
const hashOf = (number: number): string => hashText(hexOf(number));

function stored(keyId: string, more: Partial<StoredCredential> = {}): StoredCredential {
  return {
    keyId, masked: 'a_live_...0000', mode: 'live', origin: 'own', state: 'active', revokedAt: null, expiresAt: null, consumerId: 'con', developerId: 'dev',
    unverified: false, scopes: null, addresses: null, subscriptions: [], slots: [], consumerSlot: 0, ...more,
  };
}

test('the table behaves like a map while it grows and records change their size', () => {
  fc.assert(fc.property(fc.array(fc.record({ key: fc.integer({ min: 0, max: 60 }), size: fc.integer({ min: 0, max: 400 }) }), { maxLength: 200 }), (changes) => {
    const writer = new CredentialTableWriter(2);
    const table = new CredentialTable(writer.buffer);
    const model = new Map<number, string>();
    for (const { key, size } of changes) {
      const keyId = `${key} ${'é'.repeat(size)}`;
      writer.put(hexOf(key), stored(keyId));
      model.set(key, keyId);
    }
    for (let key = 0; key <= 60; key++) assert.equal(table.find(hashOf(key))?.keyId, model.get(key));
    assert.equal(writer.size, model.size);
    assert.equal(writer.hashes().length, model.size);
  }), { numRuns: 50 });
});

test('a record reads back as it was written', () => {
  const writer = new CredentialTableWriter();
  const credential = stored('k', {
    revokedAt: 0, expiresAt: 1_790_000_000_001, unverified: true, consumerSlot: 7, scopes: ['tab\there', 'né', '"'], addresses: [], slots: [3, 4],
    subscriptions: [{ subscriptionId: 's1', productId: 'p1', planRevisionId: 'r1', anchorAt: 0, active: true }, { subscriptionId: 's2', productId: 'p2', planRevisionId: 'r2', anchorAt: 5, active: false, spendCap: { currency: 'usd', amount: '5.00', from: 0, to: 1, fees: '0', nextFees: '0', prices: [], requestsBefore: 0, month: 0, place: 6 } }],
  });
  writer.put(hexOf(1), credential);
  const { allowed, scopeSet, spendCaps, ...read } = new CredentialTable(writer.buffer).find(hashOf(1))!;
  assert.deepEqual(read, credential);
  assert.deepEqual([allowed?.check('10.0.0.1'), scopeSet, spendCaps?.map((cap) => cap?.cap.place ?? null)], [false, new Set(credential.scopes), [null, 6]]);
});

test('whatever is changed in the midst of a search, nobody gets the credential of another key', (t) => {
  const load = Atomics.load.bind(Atomics);
  let changed = true;
  for (let moment = 1; changed; moment++) {
    const writer = new CredentialTableWriter(4);
    const table = new CredentialTable(writer.buffer);
    writer.put(hexOf(1), stored('one'));
    let loads = 0;
    changed = false;
    t.mock.method(Atomics, 'load', (words: Int32Array, place: number) => {
      const value = load(words, place);
      if (++loads !== moment) return value;
      changed = true;
      // The index grows; then the record of the first key is written anew, and another key gets its place.
      for (const key of [2, 3, 4, 5]) writer.put(hexOf(key), stored('more'));
      writer.put(hexOf(1), stored('one', { state: 'revoked' }));
      writer.put(hexOf(6), stored('six'));
      return value;
    });
    assert.equal(table.find(hashOf(1))?.keyId, 'one', `changed at look ${moment}`);
    t.mock.restoreAll();
    assert.equal(table.find(hashOf(1))?.state, changed ? 'revoked' : 'active');
  }
});

test('a change is seen by a view that has read the credential before', () => {
  const writer = new CredentialTableWriter();
  const table = new CredentialTable(writer.buffer);
  const hash = hashOf(1);
  writer.put(hexOf(1), stored('k', { addresses: ['10.0.0.0/8'], scopes: ['a'] }));
  assert.equal(table.find(hash)!.allowed!.check('10.1.2.3'), true);
  assert.equal(table.find(hash)!.scopeSet!.has('a'), true);
  assert.equal(table.find(hash), table.find(hash));
  writer.put(hexOf(1), stored('k', { state: 'revoked' }));
  assert.equal(table.find(hash)!.state, 'revoked');
  writer.forget(hexOf(1));
  assert.equal(table.find(hash)!.state, 'deleted');
  assert.equal(table.find(hashOf(2)), undefined);
});

test('100,000 keys fit in modest memory, and one revocation costs the same as with few', () => {
  const writer = new CredentialTableWriter();
  const table = new CredentialTable(writer.buffer);
  const subscriptions = [{ subscriptionId: 'sub_01JDXXXXXXXXXXXXXXXXXXXXXX', productId: 'prd_01JDXXXXXXXXXXXXXXXXXXXXXX', planRevisionId: 'rev_01JDXXXXXXXXXXXXXXXXXXXXXX', anchorAt: 1_790_000_000_000, active: true }];
  for (let i = 0; i < 100_000; i++) writer.put(hexOf(i), stored(`key_01JDXXXXXXXXXXXXXXXXXXXX${i}`, { subscriptions, slots: [i] }));
  assert.ok(writer.buffer.byteLength < 100 * 1024 * 1024, `${writer.buffer.byteLength} bytes`);
  const begun = performance.now();
  for (let i = 0; i < 1_000; i++) writer.put(hexOf(i * 7), stored('x', { state: 'revoked' }));
  assert.ok(performance.now() - begun < 500);
  assert.equal(table.find(hashOf(7))!.state, 'revoked');
  assert.equal(table.find(hashOf(99_999))!.slots[0], 99_999);
});

test('a thread that reads while the table is written never sees half a change', async () => {
  const writer = new CredentialTableWriter(2);
  const hashes = Array.from({ length: 3 }, (_, i) => hashOf(i));
  // Equal sizes, so that a freed record is the next to be written over.
  const put = (i: number, round: number): void => writer.put(hexOf(i), stored(`${round}`.padStart(6, '0'), { scopes: Array.from({ length: 600 }, () => `${round}`.padStart(6, '0')) }));
  hashes.forEach((_, i) => put(i, 0));
  const stop = new SharedArrayBuffer(4);
  const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    import(workerData.module).then(({ CredentialTable }) => {
      const table = new CredentialTable(workerData.buffer);
      const hashes = workerData.hashes;
      const stop = new Int32Array(workerData.stop);
      let reads = 0, torn = 0;
      parentPort.postMessage('ready');
      while (Atomics.load(stop, 0) === 0) for (const hash of hashes) {
        const credential = table.find(hash);
        reads++;
        if (credential.scopes.some((scope) => scope !== credential.keyId)) torn++;
      }
      parentPort.postMessage({ reads, torn });
    });`;
  const worker = new Worker(source, { eval: true, workerData: { buffer: writer.buffer, hashes, stop, module: new URL('./credential-table.ts', import.meta.url).href } });
  await new Promise((resolve) => worker.once('message', resolve));
  const result = new Promise<{ reads: number; torn: number }>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  for (let round = 1; round < 5_000; round++) {
    for (let i = 0; i < hashes.length; i++) put(i, round);
    // Growth of the index under the reader.
    if (round % 4 === 0) writer.put(createHash('sha256').update(`more ${round}`).digest('hex'), stored('m'));
  }
  Atomics.store(new Int32Array(stop), 0, 1);
  const { reads, torn } = await result;
  assert.ok(reads > 100);
  assert.equal(torn, 0);
});
