// A policy without an end: what is noticed by the thread's neighbours, in a whole gateway.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { call, open, type Run } from '../gateway-process.testkit.ts';
import { openUpstream, product, snapshot, testKey, until } from '../gateway.testkit.ts';

const code = `export default { onRequest(call) {
  if (call.query === '?hang') for (;;);
  if (call.query === '?await') return Promise.resolve().then(() => { for (;;); });
  if (call.query === '?later') Promise.reject(new Error('left alone'));
} };`;

interface Opened { run: Run; lines: string[]; ask(query: string): Promise<number | string> }

async function setUp(t: TestContext): Promise<Opened> {
  const upstream = await openUpstream((_request, response) => response.end('ok'));
  t.after(() => upstream.close());
  const key = testKey();
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const own = { file: './policies/loop.ts', source: '', code, timeLimitMs: 1_000 };
  const run = await open(t, snapshot([product(upstream.url, { policies: { own } })]), [key], undefined, log);
  return { run, lines, ask: (query) => call(`${run.url}/atlas/v1/echo${query}`, key.key).then(({ status }) => status, () => 'broken') };
}

describe('a policy without an end', { concurrency: true }, () => {
  test('the thread is replaced, and from then on the loop costs its own call alone; a promise left alone costs nothing', { timeout: 30_000 }, async (t) => {
    const { run, lines, ask } = await setUp(t);
    assert.equal(await ask('?later'), 200);
    await until(() => lines.some((line) => line.includes('left alone')), 'the log of the promise');
    assert.equal(await ask('?hang'), 'broken');
    await until(() => run.workers.length === 3 && run.control.state?.threads === 2, 'the thread is replaced');
    const [told] = lines.filter((line) => line.includes('does not return')).map((line) => JSON.parse(line) as { products: string[]; file: string });
    assert.deepEqual([told!.products, told!.file], [['atlas'], './policies/loop.ts']);
    // On either thread, the new one and the other.
    assert.deepEqual(await Promise.all(Array.from({ length: 6 }, () => ask('?hang'))), [500, 500, 500, 500, 500, 500]);
    assert.equal(await ask(''), 200);
    assert.equal(run.workers.length, 3);
  });

  test('a loop behind an `await` ends with its thread', { timeout: 40_000 }, async (t) => {
    const { run, lines, ask } = await setUp(t);
    assert.equal(await ask('?await'), 'broken');
    await until(() => run.workers.length === 3 && run.control.state?.threads === 2, 'the thread is replaced');
    assert.ok(lines.some((line) => line.includes('a thread is stuck and is replaced')));
    assert.equal(await ask(''), 200);
  });
});
