// What every adapter of the store port holds to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { migrate, migrations } from './migrate.ts';
import { forEachEngine } from './testkit.ts';
import type { Stores } from './testkit.ts';

export function databaseContract(): void {
  forEachEngine('database', (stores) => {
    transactions(stores);
    types(stores);
    schema(stores);
  });
}

const consumer = (id: string, name = id) => ({ id, name, origin: 'sign-up' as const, created_at: 1_700_000_000_123, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null });
const names = async (database: Database): Promise<string[]> => (await database.kysely.selectFrom('consumer').select('name').orderBy('id').execute()).map((row) => row.name);

function transactions({ open, prepare }: Stores): void {
  test('a transaction that throws leaves nothing', async () => {
    const database = await open();
    await assert.rejects(database.transaction(async (query) => {
      await query.insertInto('consumer').values(consumer('con_1')).execute();
      throw new Error('no');
    }), /no/);
    assert.deepEqual(await names(database), []);
  });

  test('a statement that fails inside a transaction rolls back what came before it, and the connection works on', async () => {
    const database = await open();
    await assert.rejects(database.transaction(async (query) => {
      await query.insertInto('consumer').values(consumer('con_1')).execute();
      await query.insertInto('consumer').values(consumer('con_1')).execute();
    }));
    await database.kysely.insertInto('consumer').values(consumer('con_2')).execute();
    assert.deepEqual(await names(database), ['con_2']);
  });

  test('a text with the character NUL is refused, in a question and in a change, and the connection works on', async () => {
    const database = await open();
    const refusal = { code: 'input_invalid', message: /character NUL/ };
    await assert.rejects(database.kysely.selectFrom('consumer').select('id').where('name', '=', 'a\0b').execute(), refusal);
    await assert.rejects(database.transaction(async (query) => {
      await query.insertInto('consumer').values(consumer('con_1')).execute();
      await query.updateTable('consumer').set({ name: '\0' }).execute();
    }), refusal);
    await database.kysely.insertInto('consumer').values(consumer('con_2')).execute();
    assert.deepEqual(await names(database), ['con_2']);
  });

  test('others do not see a transaction before it commits', async () => {
    const store = await prepare();
    const [one, other] = [await store.open(), await store.open()];
    await one.transaction(async (query) => {
      await query.insertInto('consumer').values(consumer('con_1')).execute();
      assert.deepEqual(await names(other), []);
    });
    assert.deepEqual(await names(other), ['con_1']);
  });

  test('reading, deciding and writing in a transaction loses no update, within one connection and across several', async () => {
    const store = await prepare();
    const databases = [await store.open(), await store.open(), await store.open()];
    await databases[0]!.kysely.insertInto('attempt').values({ key: 'k', count: 0, since: 0 }).execute();
    const increment = (database: Database) => database.transaction(async (query) => {
      const { count } = await query.selectFrom('attempt').select('count').where('key', '=', 'k').executeTakeFirstOrThrow();
      await query.updateTable('attempt').set({ count: count + 1 }).where('key', '=', 'k').execute();
    });
    for (let round = 0; round < 4; round++) await Promise.all(databases.map(increment));
    await Promise.all([increment(databases[0]!), increment(databases[0]!), increment(databases[0]!)]);
    const { count } = await databases[0]!.kysely.selectFrom('attempt').select('count').executeTakeFirstOrThrow();
    assert.equal(count, 15);
  });

  test('a long run of queries lets others run between them', { timeout: 20_000 }, async () => {
    const { kysely } = await open();
    let turned = false;
    const turn = delay(1).then(() => {
      turned = true;
    });
    while (!turned) await kysely.selectFrom('consumer').select('id').execute();
    await turn;
  });

  test('concurrent increments in one statement all count', async () => {
    const store = await prepare();
    const databases = [await store.open(), await store.open()];
    const add = (database: Database) => database.kysely.insertInto('attempt').values({ key: 'k', count: 1, since: 0 })
      .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ count: eb('attempt.count', '+', 1) }))).execute();
    await Promise.all(Array.from({ length: 40 }, (_, i) => add(databases[i % 2]!)));
    assert.deepEqual(await databases[0]!.kysely.selectFrom('attempt').selectAll().execute(), [{ key: 'k', count: 40, since: 0 }]);
  });

  test('credential changes appear in the order of their numbers', async () => {
    const store = await prepare();
    const [slow, fast, reader] = [await store.open(), await store.open(), await store.open()];
    const insert = { key_id: 'key_1', at: 1 };
    const seen: number[][] = [];
    const look = async () => seen.push((await reader.kysely.selectFrom('credential_change').select('seq').orderBy('seq').execute()).map((row) => row.seq));
    let second: Promise<unknown> | undefined;
    await slow.kysely.transaction().execute(async (query) => {
      await query.insertInto('credential_change').values(insert).execute();
      second = fast.kysely.insertInto('credential_change').values(insert).execute();
      // Long enough for the second to commit if nothing held it back.
      await delay(100);
      await look();
    });
    await second;
    await look();
    assert.deepEqual(seen, [[], [1, 2]]);
  });
}

function types({ engine, open }: Stores): void {
  test('milliseconds, flags, JSON text and exact decimals come back as they went in', async () => {
    const { kysely } = await open();
    const usage = { subscription_id: 'sub_1', meter: 'tokens', operation: 'GET /a', version: 'v1', mode: 'live' as const, hour: 4_102_444_800_000, quantity: '12345678901234567890.000000000000000001' };
    await kysely.insertInto('usage').values(usage).execute();
    assert.deepEqual(await kysely.selectFrom('usage').selectAll().execute(), [usage]);
    const position = { segment: '00000001-00-000001.spool', offset: 2 ** 40, finished: 1 as const, corrupt_records: 0, updated_at: 1 };
    await kysely.insertInto('spool_position').values(position).execute();
    assert.deepEqual(await kysely.selectFrom('spool_position').selectAll().execute(), [position]);
    const json = JSON.stringify({ text: 'ä \u0000?'.replace('\u0000', ''), list: [1, null], deep: { quote: '"\'' } });
    await kysely.insertInto('setting').values({ name: 'x', value: json }).execute();
    assert.equal((await kysely.selectFrom('setting').select('value').executeTakeFirstOrThrow()).value, json);
  });

  test('text sorts by its bytes', async () => {
    const { kysely } = await open();
    for (const name of ['b', 'B', 'a-b', 'ab', 'a', 'é', '1']) await kysely.insertInto('setting').values({ name, value: '1' }).execute();
    const sorted = await kysely.selectFrom('setting').select('name').orderBy('name').execute();
    assert.deepEqual(sorted.map((row) => row.name), ['1', 'B', 'a', 'a-b', 'ab', 'b', 'é']);
  });

  test('a value of the wrong type, an unknown parent, a double and a missing value are refused', async () => {
    const { kysely } = await open();
    await kysely.insertInto('consumer').values(consumer('con_1')).execute();
    const refused: [string, () => Promise<unknown>][] = [
      ['type', () => kysely.insertInto('attempt').values({ key: 'k', count: 'many' as unknown as number, since: 0 }).execute()],
      ['parent', () => kysely.insertInto('developer').values({ id: 'dev_1', consumer_id: 'con_9', user_id: null, email: 'a@example.com', created_at: 1, removed_at: null }).execute()],
      ['double', () => kysely.insertInto('consumer').values(consumer('con_1')).execute()],
      ['missing', () => kysely.insertInto('consumer').values({ ...consumer('con_2'), name: null as unknown as string }).execute()],
    ];
    for (const [what, attempt] of refused) await assert.rejects(attempt, Error, what);
  });

  test('updates and deletes say how many rows they touched, and returning gives rows', async () => {
    const { kysely } = await open();
    await kysely.insertInto('consumer').values([consumer('con_1'), consumer('con_2')]).execute();
    assert.equal((await kysely.updateTable('consumer').set({ name: 'x' }).executeTakeFirst()).numUpdatedRows, 2n);
    assert.equal((await kysely.deleteFrom('consumer').where('id', '=', 'con_1').executeTakeFirst()).numDeletedRows, 1n);
    assert.deepEqual(await kysely.insertInto('credential_change').values({ key_id: 'k', at: 1 }).returning('seq').execute(), [{ seq: 1 }]);
    assert.deepEqual(await kysely.updateTable('consumer').set({ name: 'y' }).returning('name').execute(), [{ name: 'y' }]);
  });

  test(`names that SQL reserves work on ${engine}`, async () => {
    const { kysely } = await open();
    await kysely.insertInto('mail').values({ id: 'eml_1', to: 'a@example.com', subject: 's', text: 't', html: 'h', created_at: 1, sent_at: null, error: null, next_attempt_at: null }).execute();
    assert.deepEqual(await kysely.selectFrom('mail').select(['to', 'attempts']).execute(), [{ to: 'a@example.com', attempts: 0 }]);
    for (const table of ['user', 'key', 'plan', 'usage'] as const) assert.deepEqual(await kysely.selectFrom(table).selectAll().execute(), []);
  });
}

function schema({ engine, open, prepare }: Stores): void {
  test('many may open a new store at once', async () => {
    const store = await prepare();
    const databases = await Promise.all(Array.from({ length: 6 }, () => store.open()));
    const applied = await databases[5]!.kysely.selectFrom('schema_migration').select(['number', 'name']).orderBy('number').execute();
    assert.deepEqual(applied, migrations.map(({ number, name }) => ({ number, name })));
  });

  test('a store from a newer Portico is refused and left as it is', async () => {
    const store = await prepare();
    const database = await store.open();
    await database.kysely.insertInto('schema_migration').values({ number: 9999, name: 'from-the-future', applied_at: 1 }).execute();
    await assert.rejects(store.open(), { code: 'start_refused', message: /schema 9999/ });
    assert.equal((await database.kysely.selectFrom('schema_migration').select('number').execute()).length, migrations.length + 1);
  });

  test('a migration that fails leaves the store at the schema before it', async () => {
    const database = await open();
    const broken = { number: 9998, name: 'broken', up: async (query: Kysely<unknown>) => {
      await query.schema.createTable('half').addColumn('id', 'text').execute();
      throw new Error('half-way');
    } };
    await assert.rejects(migrate(database.kysely, engine, { now: 1, known: [...migrations, broken] }), /half-way/);
    assert.equal((await database.kysely.introspection.getTables()).some((table) => table.name === 'half'), false);
    await migrate(database.kysely, engine, { now: 1 });
  });
}
