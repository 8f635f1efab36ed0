import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialEntry, Snapshot, ToControl, ToGateway } from '../../snapshot/snapshot.ts';
import type { Query } from '../../store/database.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { openControl, startOfTests, type ControlUnderTest } from '../testkit.ts';
import { recordConsumerCredentialChanges, recordCredentialChanges } from './credential-log.ts';
import { readLines } from './read-lines.ts';

/** A gateway that keeps what it is told, and confirms it unless it is mute. */
class TestGateway {
  readonly socket: Socket;
  snapshot: Snapshot | undefined;
  readonly credentials = new Map<string, CredentialEntry>();
  readonly watches: string[] = [];
  lines = 0;
  bases = 0;
  seq = 0;
  mute = false;
  #base: Map<string, CredentialEntry> | undefined;
  readonly #id: string;

  constructor(path: string, id: string) {
    this.#id = id;
    this.socket = connect(path);
    this.socket.on('error', () => undefined);
    readLines(this.socket, 100_000_000, (line) => this.#take(JSON.parse(line) as ToGateway));
  }

  say(message: ToControl): void {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }

  hello(token: string, known: { snapshotVersion?: number; credentialSeq?: number } = {}): void {
    this.seq = known.credentialSeq ?? 0;
    this.say({ type: 'hello', gatewayId: this.#id, pid: process.pid, token, snapshotVersion: known.snapshotVersion ?? 0, credentialSeq: this.seq });
  }

  confirm(): void {
    this.say({ type: 'state', snapshotVersion: this.snapshot?.version ?? 0, credentialSeq: this.seq, threads: 2, accepting: true, unmeterable: false, upstreams: [] });
  }

  #take(message: ToGateway): void {
    this.lines++;
    if (message.type === 'snapshot') this.snapshot = message.snapshot;
    if (message.type === 'watch') this.watches.push(message.address);
    if (message.type === 'credentials') {
      if (message.reset) {
        this.#base = new Map();
        this.bases++;
      }
      for (const entry of message.entries) (this.#base ?? this.credentials).set(entry.keyId, entry);
      if (!message.last) return;
      if (this.#base) {
        this.credentials.clear();
        for (const [id, entry] of this.#base) this.credentials.set(id, entry);
        this.#base = undefined;
      }
      this.seq = message.seq;
    }
    if (!this.mute && message.type !== 'watch') this.confirm();
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 5_000; !holds(); await delay(5)) assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
}

async function addConsumer(query: Query, id: string): Promise<void> {
  await query.insertInto('consumer').values({ id, name: id, origin: 'command', created_at: 1, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
  await query.insertInto('developer').values({ id: `dev_${id}`, consumer_id: id, user_id: null, email: `${id}@example.com`, created_at: 1, removed_at: null }).execute();
}

async function addKeys(query: Query, consumerId: string, ids: string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 500) {
    await query
      .insertInto('key')
      .values(ids.slice(start, start + 500).map((id) => ({
        id, consumer_id: consumerId, developer_id: `dev_${consumerId}`, name: id, mode: 'live' as const, origin: 'own' as const, hash: `hash of ${id}`, masked: 'atlas_live_...abcd', scopes: null, addresses: null,
        created_at: 1, expires_at: null, revoked_at: null, revoked_by: null, replaced_by: null, last_used_at: null,
      })))
      .execute();
  }
}

forEachEngine('bridge', (stores) => {
  async function open(): Promise<ControlUnderTest & { query: Query; join(id?: string): Promise<TestGateway> }> {
    const database = await stores.open();
    const control = await openControl(database);
    const join = async (id = 'gw_1'): Promise<TestGateway> => {
      const gateway = new TestGateway(control.bridge.path, id);
      gateway.hello(control.bridge.token);
      await until(() => gateway.snapshot !== undefined && gateway.bases === 1, 'the gateway has snapshot and base');
      return gateway;
    };
    return { ...control, query: database.kysely, join };
  }

  async function change(control: { deps: ControlUnderTest['deps'] }, ids: string[], work: (query: Query) => Promise<unknown>): Promise<void> {
    await control.deps.database.transaction(async (query) => {
      await work(query);
      await recordCredentialChanges(query, ids, startOfTests);
    });
  }

  test('a gateway that joins gets the snapshot and all keys, however many', async () => {
    const { query, join, gateways } = await open();
    await addConsumer(query, 'con_1');
    await addKeys(query, 'con_1', Array.from({ length: 2_500 }, (_, index) => `key_${String(index).padStart(5, '0')}`));
    const gateway = await join();
    await until(() => gateway.credentials.size === 2_500, 'all keys have come');
    assert.equal(gateway.snapshot!.version, gateways.snapshotVersion());
    assert.deepEqual(gateway.credentials.get('key_00007'), {
      keyId: 'key_00007', hash: 'hash of key_00007', masked: 'atlas_live_...abcd', mode: 'live', origin: 'own', state: 'active', revokedAt: null, expiresAt: null, consumerId: 'con_1', developerId: 'dev_con_1',
      unverified: true, scopes: null, addresses: null, subscriptions: [],
    });
    await until(() => gateways.list()[0]!.accepting, 'its state has come');
    assert.deepEqual(gateways.list().map(({ id, connected, threads, staleMs }) => ({ id, connected, threads, staleMs })), [{ id: 'gw_1', connected: true, threads: 2, staleMs: 0 }]);
  });

  test('a change is answered once the gateway has confirmed it, and a deleted key is told as deleted', async () => {
    const control = await open();
    await addConsumer(control.query, 'con_1');
    await addKeys(control.query, 'con_1', ['key_a', 'key_b']);
    const gateway = await control.join();
    await change(control, ['key_a'], (query) => query.updateTable('key').set({ revoked_at: 5, revoked_by: 'x' }).where('id', '=', 'key_a').execute());
    assert.deepEqual(await control.gateways.credentialsChanged(), { unconfirmed: [] });
    assert.equal(gateway.credentials.get('key_a')!.state, 'revoked');
    await change(control, ['key_b'], (query) => query.deleteFrom('key').where('id', '=', 'key_b').execute());
    await control.gateways.credentialsChanged();
    assert.equal(gateway.credentials.get('key_b')!.state, 'deleted');
    await control.deps.database.transaction(async (query) => {
      await query.updateTable('consumer').set({ blocked_at: 9, verified_at: 9 }).execute();
      await query.updateTable('key').set({ revoked_at: null }).execute();
      await recordConsumerCredentialChanges(query, 'con_1', startOfTests);
    });
    await control.gateways.credentialsChanged();
    assert.equal(gateway.credentials.get('key_a')!.state, 'consumer-blocked');
    assert.equal(gateway.credentials.get('key_a')!.unverified, false);
    assert.equal(gateway.bases, 1);
  });

  test('a gateway that comes back gets only what it missed; one that knows another history gets all', async () => {
    const control = await open();
    await addConsumer(control.query, 'con_1');
    await addKeys(control.query, 'con_1', ['key_a', 'key_b', 'key_c']);
    await change(control, ['key_a'], async () => undefined);
    await control.gateways.credentialsChanged();
    const first = await control.join();
    await until(() => first.seq === 1, 'it has the log');
    first.socket.destroy();
    await change(control, ['key_b'], async () => undefined);
    await control.gateways.credentialsChanged();
    const again = new TestGateway(control.bridge.path, 'gw_1');
    again.hello(control.bridge.token, { credentialSeq: 1, snapshotVersion: 1 });
    await until(() => again.seq === 2, 'it has caught up');
    assert.deepEqual([...again.credentials.keys()], ['key_b']);
    assert.equal(again.bases, 0);
    const stray = new TestGateway(control.bridge.path, 'gw_2');
    stray.hello(control.bridge.token, { credentialSeq: 99, snapshotVersion: 500 });
    await until(() => stray.credentials.size === 3 && (stray.snapshot?.version ?? 0) > 500, 'it has all of it, under a higher version');
  });

  test('publishing waits for each gateway; one that is mute or cut off is named', async () => {
    const { gateways, join } = await open();
    const quick = await join('gw_quick');
    const slow = await join('gw_slow');
    const all = await gateways.publishSnapshot();
    assert.deepEqual(all.unconfirmed, []);
    assert.equal(quick.snapshot!.version, all.version);
    slow.mute = true;
    const partly = await gateways.publishSnapshot();
    assert.deepEqual(partly, { version: all.version + 1, unconfirmed: ['gw_slow'] });
    slow.socket.destroy();
    await until(() => gateways.list().some(({ connected }) => !connected), 'the loss is noticed');
    assert.deepEqual((await gateways.publishSnapshot()).unconfirmed, ['gw_slow']);
    assert.equal((await gateways.credentialsChanged()).unconfirmed[0], 'gw_slow');
  });

  test('versions grow across restarts of control', async () => {
    const control = await open();
    const { version } = await control.gateways.publishSnapshot();
    const next = await openControl(control.deps.database);
    assert.ok(next.gateways.snapshotVersion() > version);
  });

  test('a wrong token, another protocol and an endless line end the connection', async () => {
    const { bridge, gateways } = await open();
    const closed = async (act: (gateway: TestGateway) => void): Promise<void> => {
      const gateway = new TestGateway(bridge.path, 'gw_x');
      await once(gateway.socket, 'connect');
      act(gateway);
      await until(() => gateway.socket.closed, 'it is cut off');
      assert.equal(gateway.lines, 0);
    };
    await closed((gateway) => gateway.hello('another token'));
    await closed((gateway) => void gateway.socket.write('GET / HTTP/1.1\r\n\r\n'));
    await closed((gateway) => gateway.confirm());
    await closed((gateway) => void gateway.socket.write('x'.repeat(2_000_000)));
    assert.deepEqual(gateways.list(), []);
    assert.equal((await stat(bridge.path)).mode & 0o777, 0o600);
  });

  test('lines may come in any pieces', async () => {
    const { bridge } = await open();
    const gateway = new TestGateway(bridge.path, 'gw_é');
    const bytes = Buffer.from(`\n${JSON.stringify({ type: 'hello', gatewayId: 'gw_é', pid: process.pid, token: bridge.token, snapshotVersion: 0, credentialSeq: 0 })}\n`);
    for (const byte of bytes) {
      gateway.socket.write(Buffer.from([byte]));
      await delay(0);
    }
    await until(() => gateway.snapshot !== undefined, 'it was understood');
  });

  test('a reader that stops is waited for, and gets what it missed in one go', async () => {
    const control = await open();
    await addConsumer(control.query, 'con_1');
    await addKeys(control.query, 'con_1', Array.from({ length: 4_000 }, (_, index) => `key_${String(index).padStart(5, '0')}`));
    const gateway = await control.join();
    await until(() => gateway.credentials.size === 4_000, 'it has the base');
    gateway.socket.pause();
    const every = [...gateway.credentials.keys()];
    for (let round = 0; round < 3; round++) {
      await change(control, every, async () => undefined);
      await control.gateways.credentialsChanged();
    }
    const before = gateway.lines;
    gateway.socket.resume();
    await until(() => gateway.seq === 12_000, 'it has caught up');
    assert.ok(gateway.lines - before <= 13, `${gateway.lines - before} lines`);
  });

  test('watched addresses reach gateways that are there and those that come, and strangers reach listeners', async () => {
    const { gateways, join, advance } = await open();
    const gateway = await join('gw_1');
    gateways.watch('203.0.113.9', startOfTests + 60_000);
    await until(() => gateway.watches.includes('203.0.113.9'), 'it watches');
    const later = await join('gw_2');
    assert.deepEqual(later.watches, ['203.0.113.9']);
    const seen: string[] = [];
    const stop = gateways.onStranger((refusal) => seen.push(refusal.requestId));
    const stranger = (requestId: string): void => gateway.say({ type: 'stranger', at: 1, address: '203.0.113.9', method: 'GET', productSlug: 'atlas', operation: null, status: 401, code: 'key_missing', requestId, hint: null });
    stranger('req_1');
    await until(() => seen.length === 1, 'the stranger was told of');
    stop();
    stranger('req_2');
    gateway.confirm();
    advance(120_000);
    gateways.watch('203.0.113.10', startOfTests + 240_000);
    const last = await join('gw_3');
    assert.deepEqual(last.watches, ['203.0.113.10']);
    assert.deepEqual(seen, ['req_1']);
  });
});
