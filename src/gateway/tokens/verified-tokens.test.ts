import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VerifiedTokens } from './verified-tokens.ts';

const token = { hash: 'h', keyId: 'key_1', named: '', notBefore: 0, expiresAt: 1 };

test('the oldest leave once all have more characters than may be kept', () => {
  const tokens = new VerifiedTokens(30);
  for (const name of 'abcd') tokens.add(name.repeat(10), token);
  assert.deepEqual(['a', 'b', 'c', 'd'].map((name) => tokens.find(name.repeat(10)) !== undefined), [false, true, true, true]);
  tokens.forget('b'.repeat(10));
  tokens.forget('never there');
  tokens.add('e'.repeat(10), token);
  assert.equal(tokens.size, 3, 'what was forgotten made room');
});
