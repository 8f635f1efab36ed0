import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashKey, maskKey, newKey, parseKey } from './key.ts';

test('a key has its prefix, mode and at least 160 random bits', () => {
  const key = newKey('atlas', 'live', randomBytes);
  assert.match(key, /^atlas_live_[0-9A-Za-z]{33}$/);
  assert.ok(27 * Math.log2(62) >= 160);
  assert.deepEqual(parseKey(key), { prefix: 'atlas', mode: 'live' });
  assert.equal(maskKey(key), `atlas_live_...${key.slice(-4)}`);
  assert.match(hashKey(key), /^[0-9a-f]{64}$/);
});

test('a changed, added or lost character is found without a look-up', () => {
  const key = newKey('atlas', 'test', randomBytes);
  fc.assert(fc.property(fc.integer({ min: 0, max: key.length - 1 }), fc.constantFrom(...'abcXYZ019_- "'), (at, character) => {
    fc.pre(key[at] !== character);
    assert.equal(parseKey(key.slice(0, at) + character + key.slice(at + 1)), undefined);
  }));
  assert.equal(parseKey(key.slice(1)), undefined);
  assert.equal(parseKey(key.slice(0, -1)), undefined);
  assert.equal(parseKey(` ${key}`), undefined);
  assert.equal(parseKey(`${key}x`), undefined);
});

test('every character of the secret is equally likely', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 4_000; i++) for (const character of newKey('a', 'live', randomBytes).slice(7, 34)) counts.set(character, (counts.get(character) ?? 0) + 1);
  assert.equal(counts.size, 62);
  const expected = (4_000 * 27) / 62;
  for (const [character, count] of counts) assert.ok(Math.abs(count - expected) < expected * 0.2, `${character} occurred ${count} times, expected about ${expected}`);
});
