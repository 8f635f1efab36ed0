import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, joined, joinedProgress, takenUpAgain, type ItemProgress } from './learn-progress.ts';

const wrong = answered(undefined, { fingerprint: 'f', choice: 2, right: false, at: 10 });

test('the first answer stands, and a second tab does not overrule it', () => {
  assert.deepEqual(answered(wrong, { fingerprint: 'f', choice: 0, right: true, at: 20 }), wrong);
});

test('a question that is taken up again is open, and its first answer is still known', () => {
  const open = takenUpAgain(wrong);
  assert.deepEqual([open.doneAt, open.choice, open.tries, open.firstChoice], [null, null, 1, 2]);
  const right = answered(open, { fingerprint: 'f', choice: 0, right: true, at: 30 });
  assert.deepEqual([right.right, right.firstRight, right.firstAt, right.doneAt], [true, false, 10, 30]);
});

test('another wording is another question', () => {
  const anew = answered(wrong, { fingerprint: 'g', choice: 0, right: true, at: 40 });
  assert.deepEqual([anew.firstRight, anew.firstAt, anew.right], [true, 40, true]);
});

test('joining loses nothing of either side, whichever is named first', () => {
  const here: ItemProgress = { ...wrong, doneAt: 50, choice: 0, right: true };
  const there = answered(undefined, { fingerprint: 'f', choice: 1, right: false, at: 5 });
  for (const both of [joined(here, there), joined(there, here)]) assert.deepEqual(both, { ...here, firstChoice: 1, firstRight: false, firstAt: 5 });
  const open = takenUpAgain(wrong);
  assert.equal(joined(open, there).doneAt, 5, 'done in either is done');
  const entries = joinedProgress([{ ...wrong, set: 's', item: 'a' }], [{ ...there, set: 's', item: 'b' }, { ...there, set: 's', item: 'a' }]);
  assert.deepEqual(entries.map(({ item, firstAt }) => [item, firstAt]), [['a', 5], ['b', 5]]);
});
