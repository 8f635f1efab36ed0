import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { cardDrawer } from './card-drawer.ts';
import { threadStarter } from './threads.ts';

const startThread = threadStarter(new URL('../main.ts', import.meta.url));
const fonts = [createRequire(import.meta.url).resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf')];
const svg = (words: string): string => `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"><rect width="1200" height="630" fill="#fff"/><text x="80" y="300" font-family="Inter" font-size="72">${words}</text></svg>`;
const open = (t: { after(fn: () => unknown): void }, options = {}) => {
  const drawer = cardDrawer(startThread, options);
  t.after(() => drawer.close());
  return (words: string) => drawer.draw({ svg: svg(words), fonts });
};

test('the thread that asks answers others while a card is drawn', async (t) => {
  const draw = open(t);
  let turns = 0;
  let drawn = false;
  const turn = (): void => {
    turns++;
    if (!drawn) setImmediate(turn);
  };
  setImmediate(turn);
  const png = await draw('One');
  drawn = true;
  assert.deepEqual([...png!.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.ok(turns > 100, `${turns} turns of the event loop`);
});

test('a card is drawn once for all who ask, and waits for its turn up to a bound', async (t) => {
  const draw = open(t, { waitingMax: 1 });
  const [first, again, second, third] = [draw('One'), draw('One'), draw('Two'), draw('Three')];
  assert.equal(await third, undefined, 'one is drawn, one waits');
  assert.equal(await first, await again);
  assert.ok(await second);
  assert.equal(await draw('One'), await first, 'kept');
  assert.ok(await draw('Three'));
});

test('what cannot be drawn fails alone', async (t) => {
  const drawer = cardDrawer(startThread);
  t.after(() => drawer.close());
  const broken = drawer.draw({ svg: '<svg', fonts });
  const whole = drawer.draw({ svg: svg('One'), fonts });
  await assert.rejects(broken);
  assert.ok(await whole);
});

test('who waits when the server ends is told', async () => {
  const drawer = cardDrawer(startThread);
  const waiting = [drawer.draw({ svg: svg('One'), fonts }), drawer.draw({ svg: svg('Two'), fonts })];
  const outcomes = Promise.allSettled(waiting);
  await drawer.close();
  assert.deepEqual((await outcomes).map(({ status }) => status), ['rejected', 'rejected']);
});
