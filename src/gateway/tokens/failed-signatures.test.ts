import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailedSignatures, failuresMax, failuresPerAddressMax } from './failed-signatures.ts';

test('an address, and all together, fail so often in a second and no more', () => {
  const failures = new FailedSignatures();
  const fail = (address: string, now: number): boolean => {
    if (failures.tooMany(address, now)) return false;
    failures.note(address, now);
    return true;
  };
  const failed = (address: string, now: number): number => Array.from({ length: failuresPerAddressMax + 50 }, () => fail(address, now)).filter(Boolean).length;
  assert.equal(failed('192.0.2.1', 10_000), failuresPerAddressMax);
  assert.equal(failed('192.0.2.2', 10_999), failuresPerAddressMax, 'another address has its own');
  const others = Array.from({ length: 10 }, (_, index) => failed(`198.51.100.${index}`, 10_999)).reduce((sum, count) => sum + count);
  assert.equal(others, failuresMax - 2 * failuresPerAddressMax);
  assert.equal(failed('192.0.2.1', 11_000), failuresPerAddressMax, 'the next second begins anew');
  assert.equal(failed('192.0.2.1', 5_000), failuresPerAddressMax, 'and so does a clock that was set back');
});
