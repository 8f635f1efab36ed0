import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { WebContext } from '../../context.ts';
import type { DeveloperActor } from '../../page.server.ts';
import { watchCalls, type SeenCall } from './call-watch.server.ts';

const hour = 3_600_000;
const ended = new Map<string, boolean>();
const requests: Pick<WebContext['services']['requests'], 'watchCalls'> = {
  watchCalls(_actor, { consumerId, signal }) {
    ended.set(consumerId, false);
    signal.addEventListener('abort', () => ended.set(consumerId, true));
  },
};
const watch = (consumerId: string) => watchCalls({ clientAddress: '203.0.113.9', services: { requests } } as unknown as WebContext, { kind: 'developer', developerId: `dev_${consumerId}`, consumerId, email: '', verified: true } satisfies DeveloperActor);
const listener = (_call: SeenCall): void => {};

test('a watch lasts while a page listens, and ends a while after nobody asks for it', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const waiting = watch('waiting');
  waiting.listeners.add(listener);
  watch('left');
  mock.timers.tick(hour);
  assert.deepEqual([ended.get('waiting'), ended.get('left')], [false, true]);
  waiting.listeners.delete(listener);
  mock.timers.tick(hour);
  assert.equal(ended.get('waiting'), true);
  mock.timers.reset();
});

test('where too many are watched, those that nobody listens to go first', () => {
  watch('oldest').listeners.add(listener);
  for (let number = 0; number < 500; number++) watch(`other ${number}`);
  assert.deepEqual([ended.get('oldest'), ended.get('other 0'), ended.get('other 499')], [false, true, false]);
});
