import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceOrder } from './choice-order.ts';

test('an order holds every choice once, is the same again, and is another on the next try', () => {
  for (const count of [2, 3, 4, 5, 6]) {
    for (let tries = 0; tries < 50; tries++) {
      const order = choiceOrder(count, 'set/item', tries);
      assert.deepEqual(order.toSorted(), Array.from({ length: count }, (_, index) => index));
      assert.deepEqual(order, choiceOrder(count, 'set/item', tries));
      assert.notDeepEqual(order, choiceOrder(count, 'set/item', tries + 1));
    }
  }
});

test('over all questions the written first choice stands anywhere', () => {
  const places = [0, 0, 0, 0];
  for (let question = 0; question < 400; question++) places[choiceOrder(4, `set/${question}`, 0).indexOf(0)]!++;
  assert.ok(places.every((count) => count > 50), places.join(' '));
});

test('four choices come in all their 24 orders', () => {
  assert.equal(new Set(Array.from({ length: 24 }, (_, tries) => choiceOrder(4, 'a', tries).join())).size, 24);
});
