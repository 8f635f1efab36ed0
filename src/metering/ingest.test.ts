import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { SpoolRecord } from '../domain/request-event.ts';
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import { forEachEngine } from '../store/testkit.ts';
import type { Stores } from '../store/testkit.ts';
import { startIngest } from './ingest.ts';
import type { Ingest, IngestOptions } from './ingest.ts';
import { rebuildCounters } from './rebuild-counters.ts';
import { completionRecord, requestRecord, sampleAt } from './sample-records.testkit.ts';
import type { RequestRecord } from './sample-records.testkit.ts';
import { frame, listSegments } from './spool-segment.ts';
import { openTestWriter, quietLog, writeAll } from './testkit.ts';

const hour = Math.floor(sampleAt / 3_600_000) * 3_600_000;
const day = Math.floor(sampleAt / 86_400_000) * 86_400_000;
const clock: Clock = { now: () => sampleAt + 60_000, monotonicNs: () => process.hrtime.bigint() };

interface World { database: Database; events: EventStore; spoolFolder: string; ingest(given?: Partial<IngestOptions>): Ingest; end(): Promise<void> }

async function openWorld(stores: Stores): Promise<World> {
  const folder = await stores.folder();
  const spoolFolder = join(folder, 'spool');
  await mkdir(spoolFolder);
  const database = await stores.open();
  const events = await openDuckdbEventStore({ file: join(folder, 'events.duckdb'), threads: 1, memoryMb: 128 });
  const running: Ingest[] = [];
  return {
    database, events, spoolFolder,
    ingest: (given = {}) => {
      const ingest = startIngest({ database, events, spoolFolder, clock, random: randomBytes, log: quietLog, eventRetentionDays: 36_500, spoolRetentionHours: 24, pollMs: 10, eventsPollMs: 10, ...given });
      running.push(ingest);
      return ingest;
    },
    end: async () => {
      await Promise.all(running.map((ingest) => ingest.stop()));
      await events.close();
    },
  };
}

async function usageOf(database: Database): Promise<Record<string, string>> {
  const rows = await database.kysely.selectFrom('usage').selectAll().orderBy('meter').orderBy('subscription_id').orderBy('operation').orderBy('mode').orderBy('hour').execute();
  return Object.fromEntries(rows.map((row) => [[row.subscription_id, row.meter, row.operation, row.version, row.mode, (Number(row.hour) - hour) / 3_600_000].join(' '), row.quantity]));
}

async function eventIds(events: EventStore): Promise<string[]> {
  return (await events.listRequests({ limit: 10_000 })).map(({ id }) => id).sort();
}

async function spool(folder: string, records: SpoolRecord[], given: Parameters<typeof openTestWriter>[1] = {}): Promise<void> {
  const writer = openTestWriter(folder, given);
  await writeAll(writer, records);
  await writer.close();
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5_000; !(await condition()); await delay(10)) assert.ok(Date.now() < deadline, 'the condition did not come true in 5 s');
}

forEachEngine('ingest', (stores) => {
  const inWorld = (title: string, test: (world: World) => Promise<void>): void => void it(title, async () => {
    const world = await openWorld(stores);
    try {
      await test(world);
    } finally {
      await world.end();
    }
  });

  describe('the ledger', () => {
    inWorld('counts what the upstream answered below 500, by subscription, operation, version, mode and hour', async ({ database, spoolFolder, ingest }) => {
      const refused = { upstreamStatus: null, status: 429, code: 'rate_limited' };
      await spool(spoolFolder, [
        requestRecord(), requestRecord({ at: sampleAt + 1 }), requestRecord({ status: 404, upstreamStatus: 404 }), requestRecord({ status: 500, upstreamStatus: 500 }), requestRecord(refused),
        requestRecord({ mode: 'test', origin: 'try-it' }), requestRecord({ operation: 'getCity', version: 'v2' }), requestRecord({ subscriptionId: 'sub_2' }),
        requestRecord({ at: sampleAt + 3_600_000, status: 304, upstreamStatus: 304, responseBytes: 0 }), requestRecord({ subscriptionId: null, ...refused }),
        { kind: 'refusals', minute: sampleAt, productId: null, operation: null, code: 'key_missing', count: 7 },
      ]);
      await ingest().drain();
      assert.deepEqual(await usageOf(database), {
        'sub_1 bytes getCity v2 live 0': '1000', 'sub_1 bytes listCities v1 live 0': '3000', 'sub_1 bytes listCities v1 live 1': '100', 'sub_1 bytes listCities v1 test 0': '1000', 'sub_2 bytes listCities v1 live 0': '1000',
        'sub_1 requests getCity v2 live 0': '1', 'sub_1 requests listCities v1 live 0': '3', 'sub_1 requests listCities v1 live 1': '1', 'sub_1 requests listCities v1 test 0': '1', 'sub_2 requests listCities v1 live 0': '1',
        'sub_1 successes getCity v2 live 0': '1', 'sub_1 successes listCities v1 live 0': '2', 'sub_1 successes listCities v1 live 1': '1', 'sub_1 successes listCities v1 test 0': '1', 'sub_2 successes listCities v1 live 0': '1',
      });
    });

    inWorld('adds units exactly, over batches, and leaves out what is no quantity or would count a meter of its own', async ({ database, spoolFolder, ingest }) => {
      const amounts = ['0.1', '0.2', '9007199254740993', '0.000001'];
      await spool(spoolFolder, [...amounts.map((tokens) => requestRecord({ units: { tokens } })), requestRecord({ units: { tokens: '1e3', exports: '-1', requests: '5' } })]);
      await ingest({ recordsMax: 2 }).drain();
      const usage = await usageOf(database);
      assert.equal(usage['sub_1 tokens listCities v1 live 0'], '9007199254740993.300001');
      assert.equal(usage['sub_1 requests listCities v1 live 0'], '5');
      assert.equal(usage['sub_1 exports listCities v1 live 0'], undefined);
    });

    inWorld('counts an open request at its head and its bytes and units at its end, under the hour of admission', async ({ database, events, spoolFolder, ingest }) => {
      const open = requestRecord({ open: true, requestBytes: 0, responseBytes: 0 });
      const failed = requestRecord({ open: true, requestBytes: 0, responseBytes: 0, upstreamStatus: 503, status: 503 });
      await spool(spoolFolder, [open, failed, completionRecord(open, { durationMs: 7_200_000, units: { tokens: '2.5' } }), completionRecord(failed, { metered: false, units: { tokens: '99' } })]);
      await ingest().drain();
      assert.deepEqual(await usageOf(database), { 'sub_1 bytes listCities v1 live 0': '5010', 'sub_1 requests listCities v1 live 0': '1', 'sub_1 successes listCities v1 live 0': '1', 'sub_1 tokens listCities v1 live 0': '2.5' });
      const event = (await events.findRequest(open.id))!;
      assert.deepEqual([event.open, event.responseBytes, event.durationMs], [false, 5_000, 7_200_000]);
    });

    inWorld('notes the last use of a key and the first success of a consumer, which only an earlier one replaces', async ({ database, spoolFolder, ingest }) => {
      await addConsumer(database, 1);
      await addConsumer(database, 2);
      const consumers = () => database.kysely.selectFrom('consumer').select(['id', 'first_success_at as any', 'first_live_success_at as live']).orderBy('id').execute();
      const running = ingest();
      const writer = openTestWriter(spoolFolder);
      await writeAll(writer, [
        requestRecord({ at: sampleAt + 50, mode: 'test' }), requestRecord({ at: sampleAt + 10, status: 404, upstreamStatus: 404 }), requestRecord({ at: sampleAt + 20, origin: 'try-it' }),
        requestRecord({ at: sampleAt + 30, consumerId: 'con_2', keyId: 'key_2', origin: 'sample' }), requestRecord({ consumerId: 'con_unknown', keyId: 'key_unknown' }),
      ]);
      await running.drain();
      assert.deepEqual(await consumers(), [{ id: 'con_1', any: sampleAt + 50, live: null }, { id: 'con_2', any: null, live: null }]);
      await writeAll(writer, [requestRecord({ at: sampleAt + 90 }), requestRecord({ at: sampleAt + 40, mode: 'test' })]);
      await running.drain();
      await writeAll(writer, [requestRecord({ at: sampleAt + 95 }), requestRecord({ at: sampleAt + 60, consumerId: 'con_2', keyId: 'key_2' })]);
      await running.drain();
      assert.deepEqual(await consumers(), [{ id: 'con_1', any: sampleAt + 40, live: sampleAt + 90 }, { id: 'con_2', any: sampleAt + 60, live: sampleAt + 60 }]);
      const keys = await database.kysely.selectFrom('key').select(['id', 'last_used_at']).orderBy('id').execute();
      assert.deepEqual(keys, [{ id: 'key_1', last_used_at: sampleAt + 95 }, { id: 'key_2', last_used_at: sampleAt + 60 }]);
      const activity = await database.kysely.selectFrom('activity').select(['consumer_id', 'kind', 'at']).orderBy('consumer_id').execute();
      assert.deepEqual(activity, [{ consumer_id: 'con_1', kind: 'first-success', at: sampleAt + 50 }, { consumer_id: 'con_2', kind: 'first-success', at: sampleAt + 60 }]);
      await writer.close();
    });
  });

  describe('exactly once', () => {
    inWorld('takes what a live writer adds, and tells each call once after its commit', async ({ database, events, spoolFolder, ingest }) => {
      const told: string[] = [];
      const running = ingest({ onCalls: ({ consumerIds, of }) => told.push(...[...consumerIds].flatMap(of).map(({ id }) => id)) });
      const writer = openTestWriter(spoolFolder, { segmentBytes: 5_000 });
      const records: RequestRecord[] = [];
      for (let turn = 0; turn < 20; turn++) {
        const batch = Array.from({ length: 1 + (turn % 5) }, () => requestRecord());
        records.push(...batch);
        await writeAll(writer, batch);
      }
      await until(() => told.length >= records.length);
      await running.drain();
      assert.deepEqual(told.toSorted(), records.map(({ id }) => id).sort());
      assert.deepEqual(await eventIds(events), records.map(({ id }) => id).sort());
      assert.equal((await usageOf(database))['sub_1 requests listCities v1 live 0'], String(records.length));
      const status = await running.status();
      assert.deepEqual({ lag: status.lagBytes, corrupt: status.corruptRecords, failing: status.failing }, { lag: 0, corrupt: 0, failing: { ledger: null, events: null } });
      assert.ok(status.spoolBytes > 20_000);
      await writer.close();
    });

    inWorld('tells whose calls can be read only once the event store has them, however long after the ledger', async ({ events, spoolFolder, ingest }) => {
      const held = Promise.withResolvers<void>();
      const inLedger: string[] = [];
      const found: Promise<string[]>[] = [];
      const told: string[][] = [];
      const running = ingest({
        events: { ...events, load: async (batch) => { await held.promise; await events.load(batch); } },
        onCalls: ({ consumerIds, of }) => inLedger.push(...[...consumerIds].flatMap(of).map(({ id }) => id)),
        onReadable: (consumerIds) => { told.push(consumerIds); found.push(eventIds(events)); },
      });
      const records = [requestRecord(), requestRecord(), requestRecord({ consumerId: 'con_2' })];
      await spool(spoolFolder, records);
      await until(() => inLedger.length === 3);
      assert.equal(told.length, 0);
      held.resolve();
      await until(() => told.flat().includes('con_2'));
      await running.drain();
      assert.deepEqual((await found.at(-1)!).toSorted(), records.map(({ id }) => id).sort());
      assert.deepEqual([...new Set(told.flat())].sort(), ['con_1', 'con_2'], 'each of a batch once');
    });

    inWorld('a segment cut at any byte loses no whole record and gives none twice, however often ingest starts', async ({ database, events, spoolFolder, ingest }) => {
      const records = Array.from({ length: 3 }, () => requestRecord());
      const data = Buffer.from(records.map((record) => frame(JSON.stringify(record))).join(''));
      const cuts = Array.from({ length: 60 }, (_, index) => Math.round((index * data.length) / 59));
      for (const [index, cut] of cuts.entries()) {
        const own = records.map((record) => ({ ...record, id: `req_${index}_${record.id}`.slice(0, record.id.length), subscriptionId: `sub_${index}` }));
        const text = Buffer.from(own.map((record) => frame(JSON.stringify(record))).join(''));
        await writeFile(join(spoolFolder, `${String(index + 1).padStart(8, '0')}-00-000001.spool`), text);
        await truncate(join(spoolFolder, `${String(index + 1).padStart(8, '0')}-00-000001.spool`), Math.min(cut, text.length));
        if (index % 20 === 7) await ingest().stop();
      }
      await spool(spoolFolder, [], { epoch: 999 });
      for (let start = 0; start < 3; start++) {
        const running = ingest();
        await running.drain();
        await running.stop();
      }
      const usage = await usageOf(database);
      const line = data.length / 3;
      for (const [index, cut] of cuts.entries()) {
        const counted = Number(usage[`sub_${index} requests listCities v1 live 0`] ?? 0);
        const length = (await readFile(join(spoolFolder, `${String(index + 1).padStart(8, '0')}-00-000001.spool`))).toString().split('\n').length - 1;
        assert.equal(counted, length, `cut at ${cut} of ${line} per line`);
      }
      const total = Object.entries(usage).filter(([name]) => name.includes(' requests ')).reduce((sum, [, quantity]) => sum + Number(quantity), 0);
      assert.equal((await eventIds(events)).length, total);
      assert.ok((await ingest().status()).corruptRecords > 30);
    });

    inWorld('goes on where each store stands when it failed, died or fell behind between the two', async ({ database, events, spoolFolder, ingest }) => {
      const records = Array.from({ length: 50 }, () => requestRecord());
      await spool(spoolFolder, records);
      let commits = 0;
      const deaf: Database = { ...database, transaction: async (work) => {
        const result = await database.transaction(work);
        if (++commits === 4) throw new Error('the answer to the commit was lost');
        return result;
      } };
      let loads = 0;
      const dying: EventStore = { ...events, load: async (batch) => {
        loads++;
        // Fails before the commit, then after it: the caller cannot tell which.
        if (loads === 3) throw new Error('the disk is gone');
        await events.load(batch);
        if (loads === 5) throw new Error('the connection broke after the commit');
      } };
      const first = ingest({ database: deaf, events: dying, recordsMax: 7 });
      await until(async () => (await usageOf(database))['sub_1 requests listCities v1 live 0'] === '50' && loads >= 5);
      await first.stop();
      const second = ingest({ recordsMax: 7 });
      await second.drain();
      assert.equal((await usageOf(database))['sub_1 requests listCities v1 live 0'], '50');
      assert.deepEqual(await eventIds(events), records.map(({ id }) => id).sort());
    });

    inWorld('a ledger that fails does not hold up the event store, says so, and loses nothing', async ({ database, events, spoolFolder, ingest }) => {
      let broken = true;
      const failing: Database = { ...database, transaction: (work) => database.transaction(async (query) => {
        const result = await work(query);
        if (broken) throw new Error('no space left in the ledger');
        return result;
      }) };
      const records = Array.from({ length: 10 }, () => requestRecord());
      const running = ingest({ database: failing });
      await spool(spoolFolder, records);
      await until(async () => (await eventIds(events)).length === 10 && (await running.status()).failing.ledger !== null);
      const status = await running.status();
      assert.equal(status.failing.events, null);
      assert.ok(status.lagBytes > 1_000);
      assert.deepEqual(await usageOf(database), {});
      broken = false;
      await running.drain();
      assert.equal((await usageOf(database))['sub_1 requests listCities v1 live 0'], '10');
      assert.equal((await running.status()).failing.ledger, null);
    });

    inWorld('refuses to count what another reader has counted', async ({ database, spoolFolder, ingest }) => {
      await spool(spoolFolder, Array.from({ length: 10 }, () => requestRecord()));
      const one = ingest();
      await one.drain();
      await one.stop();
      const writer = openTestWriter(spoolFolder, { epoch: 2 });
      const two = ingest();
      const three = ingest();
      for (let turn = 0; turn < 20; turn++) await writeAll(writer, [requestRecord()]);
      await until(async () => (await usageOf(database))['sub_1 requests listCities v1 live 0'] === '30');
      await Promise.allSettled([two.drain(), three.drain()]);
      assert.equal((await usageOf(database))['sub_1 requests listCities v1 live 0'], '30');
      await writer.close();
    });

    inWorld('says up to which moment all is in the ledger: nothing before the first whole round, nor while the ledger fails or a damaged record waits', async ({ database, spoolFolder, ingest }) => {
      await spool(spoolFolder, [requestRecord()]);
      const failing = ingest({ database: { ...database, transaction: () => Promise.reject(new Error('down')) } });
      await until(async () => (await failing.status()).failing.ledger !== null);
      const { readUpTo, unread, failing: why } = (await failing.status()).ledger;
      assert.deepEqual([readUpTo, unread.map(({ segment }) => segment), why], [null, ['00000001-00-000001.spool'], 'down']);
      await failing.stop();
      const line = frame(JSON.stringify(requestRecord()));
      await writeFile(join(spoolFolder, '00000002-00-000001.spool'), `00000000 ${line.slice(9)}${'\0'.repeat(100)}`);
      let now = clock.now();
      const running = ingest({ clock: { ...clock, now: () => now } });
      await until(async () => (await usageOf(database))['sub_1 requests listCities v1 live 0'] === '1');
      assert.deepEqual([(await running.status()).ledger.readUpTo, (await running.status()).ledger.unread.map(({ segment }) => segment)], [null, ['00000002-00-000001.spool']]);
      await until(async () => (await running.status()).corruptRecords === 1);
      now += 5_000;
      await until(async () => (await running.status()).ledger.readUpTo === now);
      assert.deepEqual((await running.status()).ledger.unread, []);
    });

    inWorld('a damaged record in a live segment costs itself alone', async ({ database, spoolFolder, ingest }) => {
      const lines = Array.from({ length: 3 }, () => frame(JSON.stringify(requestRecord())));
      await writeFile(join(spoolFolder, '00000001-00-000001.spool'), `${lines[0]}00000000 ${lines[1]!.slice(9)}${lines[2]}${'\0'.repeat(100)}`);
      const running = ingest();
      await until(async () => (await usageOf(database))['sub_1 requests listCities v1 live 0'] === '2');
      assert.equal((await running.status()).corruptRecords, 1);
    });
  });

  describe('retention', () => {
    const age = (folder: string, segment: string, hours: number): Promise<void> => utimes(join(folder, segment), (clock.now() - hours * 3_600_000) / 1_000, (clock.now() - hours * 3_600_000) / 1_000);

    inWorld('deletes old segments that both stores have read, and their positions once a later epoch has begun', async ({ database, events, spoolFolder, ingest }) => {
      for (const epoch of [1, 2]) for (let number = 0; number < 3; number++) await spool(spoolFolder, [requestRecord()], { epoch });
      await spool(spoolFolder, [requestRecord()], { epoch: 1, thread: 1 });
      const running = ingest();
      await running.drain();
      for (const segment of await listSegments(spoolFolder)) await age(spoolFolder, segment, 25);
      await age(spoolFolder, '00000001-00-000002.spool', 23);
      await running.sweep();
      const left = ['00000001-00-000002.spool', '00000002-00-000003.spool'];
      assert.deepEqual(await listSegments(spoolFolder), left, 'young ones and the last of the newest epoch stay');
      await running.sweep();
      const known = [...left, '00000002-00-000001.spool', '00000002-00-000002.spool'].sort();
      assert.deepEqual((await events.positions()).map(({ segment }) => segment), known);
      assert.deepEqual((await database.kysely.selectFrom('spool_position').select('segment').orderBy('segment').execute()).map(({ segment }) => segment), known);
      assert.equal((await usageOf(database))['sub_1 requests listCities v1 live 0'], '7');
    });

    inWorld('keeps what one store has not read, however old it is, and never less than two hours', async ({ events, spoolFolder, ingest }) => {
      for (const epoch of [1, 2, 3]) await spool(spoolFolder, [requestRecord()], { epoch });
      const failing = ingest({ spoolRetentionHours: 0, events: { ...events, load: () => Promise.reject(new Error('down')) } });
      await until(async () => (await failing.status()).failing.events !== null);
      await age(spoolFolder, '00000001-00-000001.spool', 500);
      await failing.sweep();
      await failing.stop();
      assert.equal((await listSegments(spoolFolder)).length, 3);
      const running = ingest({ spoolRetentionHours: 0 });
      await running.drain();
      await age(spoolFolder, '00000002-00-000001.spool', 1.9);
      await running.sweep();
      assert.deepEqual(await listSegments(spoolFolder), ['00000002-00-000001.spool', '00000003-00-000001.spool']);
    });

    inWorld('deletes old events and keeps the ledger', async ({ database, events, spoolFolder, ingest }) => {
      const young = requestRecord();
      await spool(spoolFolder, [requestRecord({ at: sampleAt - 8 * 86_400_000 }), young]);
      const running = ingest({ eventRetentionDays: 7 });
      await running.drain();
      await running.sweep();
      assert.deepEqual(await eventIds(events), [young.id]);
      assert.equal(Object.keys(await usageOf(database)).filter((name) => name.includes('requests')).length, 2);
    });
  });

  describe('rebuilding counters', () => {
    inWorld('tells the same whether ingest has read nothing, something or everything', async ({ database, spoolFolder, ingest }) => {
      const records = [
        requestRecord({ at: sampleAt - 3 * 86_400_000 }), requestRecord({ at: day }), requestRecord({ at: day - 1 }), requestRecord({ mode: 'test' }), requestRecord({ subscriptionId: 'sub_2', at: sampleAt + 5 }),
        requestRecord({ upstreamStatus: 500, status: 500, at: sampleAt + 1 }), requestRecord({ upstreamStatus: null, status: 429, code: 'rate_limited' }), requestRecord({ upstreamStatus: null, status: 502, code: 'upstream_unreachable', at: sampleAt + 2 }),
      ];
      const writer = openTestWriter(spoolFolder);
      const rebuild = () => rebuildCounters({ database, spoolFolder, clock }, { since: day - 86_400_000 + 5, recentSince: sampleAt });
      const bySubscription = (a: { subscriptionId: string; mode: string; day: number }, b: typeof a) => `${a.subscriptionId}${a.mode}${a.day}`.localeCompare(`${b.subscriptionId}${b.mode}${b.day}`);
      const expected = {
        days: [
          { subscriptionId: 'sub_1', mode: 'live', day: day - 86_400_000, requests: 1 }, { subscriptionId: 'sub_1', mode: 'live', day, requests: 1 },
          { subscriptionId: 'sub_1', mode: 'test', day, requests: 1 }, { subscriptionId: 'sub_2', mode: 'live', day, requests: 1 },
        ],
        recent: [
          { subscriptionId: 'sub_1', mode: 'test', at: sampleAt }, { subscriptionId: 'sub_1', mode: 'live', at: sampleAt + 1 },
          { subscriptionId: 'sub_1', mode: 'live', at: sampleAt + 2 }, { subscriptionId: 'sub_2', mode: 'live', at: sampleAt + 5 },
        ],
      };
      const check = async (title: string): Promise<void> => {
        const { days, recent } = await rebuild();
        assert.deepEqual({ days: days.sort(bySubscription), recent }, expected, title);
      };
      await writeAll(writer, records.slice(0, 3));
      const running = ingest();
      await running.drain();
      await running.stop();
      await writeAll(writer, records.slice(3));
      await check('read in part');
      const rest = ingest();
      await rest.drain();
      await check('read whole, not finished');
      await writer.close();
      await rest.drain();
      await check('read whole');
    });

    inWorld('tells what is metered at every moment while ingest commits', async ({ database, spoolFolder, ingest }) => {
      await spool(spoolFolder, Array.from({ length: 300 }, () => requestRecord()));
      const running = ingest({ recordsMax: 5 });
      let finished = false;
      const drained = running.drain().then(() => { finished = true; });
      do {
        const { days } = await rebuildCounters({ database, spoolFolder, clock }, { since: day, recentSince: sampleAt + 1 });
        assert.deepEqual(days, [{ subscriptionId: 'sub_1', mode: 'live', day, requests: 300 }]);
      } while (!finished);
      await drained;
    });
  });
});

async function addConsumer(database: Database, number: number): Promise<void> {
  const common = { created_at: 1, consumer_id: `con_${number}` };
  await database.kysely.insertInto('consumer').values({ id: `con_${number}`, name: 'Acme', origin: 'sign-up', created_at: 1, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
  await database.kysely.insertInto('developer').values({ id: `dev_${number}`, ...common, user_id: null, email: `dev${number}@example.com`, removed_at: null }).execute();
  await database.kysely.insertInto('key').values({
    id: `key_${number}`, ...common, developer_id: `dev_${number}`, name: 'default', mode: 'live', origin: 'own', hash: `hash_${number}`, masked: 'atlas_live_...0000',
    scopes: null, addresses: null, expires_at: null, revoked_at: null, revoked_by: null, replaced_by: null, last_used_at: null,
  }).execute();
}
