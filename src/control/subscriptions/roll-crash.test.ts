// The end of periods in a process that is killed anywhere, again and again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openSqlite } from '../../store/sqlite.ts';
import { addConsumer } from '../testkit.ts';
import { openSubscriptions } from './testkit.ts';

const child = new URL('roll-child.testkit.ts', import.meta.url).pathname;

test('killed anywhere, every period ends once and the next follows it, with the change that waited for it', { timeout: 120_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-roll-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const file = join(folder, 'portico.db');
  const database = await openSqlite({ file });
  const { deps, plans, at, periods, phases } = await openSubscriptions(database);
  at('2027-01-31T00:00:00Z');
  const ids: string[] = [];
  for (let index = 0; index < 24; index++) {
    const actor = await addConsumer(deps, `many${index}`);
    ids.push((await plans.subscribe(actor, { productSlug: 'atlas', planSlug: 'twenty' })).id);
    await plans.subscribe(actor, { productSlug: 'atlas', planSlug: 'ten' });
  }
  const later = Date.parse('2029-02-01T00:00:00Z');
  let killed = 0;
  for (let round = 0; ; round++) {
    const running = spawn(process.execPath, [child, file, String(later)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const over = once(running, 'exit') as Promise<[number | null, string | null]>;
    await once(running.stdout, 'data');
    // Later and later, so that each gets further than the one before it.
    await Promise.race([over, delay(round * 12 + Math.random() * 20)]);
    running.kill('SIGKILL');
    const [code] = await over;
    if (code === 0) break;
    killed += 1;
  }
  assert.ok(killed >= 5, `killed ${killed} times before it was through`);
  for (const id of ids) {
    const rows = await periods(id);
    assert.equal(rows.length, 25, id);
    const ends = rows.map((row) => /(\S+)\.\.(\S+) (\w+)/.exec(row)!.slice(1));
    for (const [index, [from, , state]] of ends.entries()) assert.deepEqual([from, state], [index === 0 ? '2027-01-31' : ends[index - 1]![1], index === 24 ? 'open' : 'ended']);
    assert.deepEqual(await phases(id), ['twenty.1 2027-01-31..2027-02-28 start', 'ten.1 2027-02-28.. downgrade']);
  }
  await database.close();
});
