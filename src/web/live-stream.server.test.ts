import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { liveStream } from './live-stream.server.ts';

test('a stream ends after ten minutes, so that the browser asks again as who it is by then', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let watched: AbortSignal | undefined;
  const response = liveStream(new Request('https://portal.example/dashboard/events'), 'con_1', (signal) => { watched = signal; });
  mock.timers.tick(599_999);
  assert.equal(watched!.aborted, false);
  mock.timers.tick(1);
  assert.equal(watched!.aborted, true);
  assert.match(await response.text(), /^retry: 2000\n\n(?:: \n\n)+$/);
  mock.timers.reset();
});
