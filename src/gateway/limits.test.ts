// Limits as a client sees them: headers that tell the truth and reach zero, quotas that count exactly what meters count.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Clock } from '../clock.ts';
import type { Limit } from '../domain/limit.ts';
import type { CredentialEntry } from '../snapshot/snapshot.ts';
import { openTestGateway, openUpstream, plan, product, snapshot, testKey, type TestGateway } from './gateway.testkit.ts';

interface Answer { status: number; remaining: Record<string, [number, number]>; policy: string | null; retryAfter: string | null; problem: Record<string, unknown> | null }

class MovableClock implements Clock {
  ms = Date.UTC(2026, 10, 22, 12, 0, 0);
  ns = 10n ** 15n;
  now = (): number => this.ms;
  monotonicNs = (): bigint => this.ns;
  move(ms: number): void {
    this.ms += ms;
    this.ns += BigInt(ms) * 1_000_000n;
  }
}

async function setUp(t: TestContext, limits: Limit[], entry: Partial<CredentialEntry> = {}): Promise<{ gateway: TestGateway; clock: MovableClock; call(path?: string, method?: string): Promise<Answer> }> {
  const upstream = await openUpstream((request, response) => {
    response.statusCode = Number(/\/items\/(\d+)/.exec(request.url!)?.[1] ?? 200);
    response.end();
  });
  const clock = new MovableClock();
  const key = testKey(entry);
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { bodyBytesMax: 10, plans: [plan(limits)] })]), keys: [key], clock });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call = async (path = '/echo', method = 'GET'): Promise<Answer> => {
    const response = await fetch(`${gateway.url}/atlas/v1${path}`, { method, headers: { 'x-api-key': key.key }, ...(method === 'POST' && { body: 'more than ten octets' }) });
    const text = await response.text();
    const remaining = Object.fromEntries((response.headers.get('ratelimit') ?? '').split(', ').filter(Boolean).map((item) => {
      const [, name, r, t] = /^"(.+)";r=(\d+);t=(\d+)$/.exec(item)!;
      return [name!, [Number(r), Number(t)] as [number, number]];
    }));
    return { status: response.status, remaining, policy: response.headers.get('ratelimit-policy'), retryAfter: response.headers.get('retry-after'), problem: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : null };
  };
  return { gateway, clock, call };
}

test('a rate reaches zero, says when the next passes, and keeps its word', async (t) => {
  const { call, clock } = await setUp(t, [{ name: 'burst', requests: 3, per: 'minute' }]);
  for (const left of [2, 1, 0]) assert.deepEqual((await call()).remaining['burst'], [left, (3 - left) * 20]);
  const refused = await call();
  assert.deepEqual([refused.status, refused.remaining['burst'], refused.retryAfter, refused.policy], [429, [0, 60], '20', '"burst";q=3;w=60']);
  assert.deepEqual([refused.problem!['code'], refused.problem!['violated-policies'], refused.problem!['limit']], ['rate_limited', ['burst'], 3]);
  clock.move(19_999);
  assert.equal((await call()).status, 429);
  clock.move(1);
  assert.equal((await call()).status, 200);
  assert.equal((await call()).status, 429);
});

test('a quota reaches zero and begins anew at its real reset', async (t) => {
  const { call, clock } = await setUp(t, [{ name: 'daily', requests: 2, per: 'day' }, { name: 'monthly', requests: 10, per: 'month' }]);
  assert.deepEqual((await call()).remaining, { daily: [1, 43_200], monthly: [9, 8.5 * 86_400] });
  assert.deepEqual((await call()).remaining['daily'], [0, 43_200]);
  const refused = await call();
  assert.deepEqual([refused.status, refused.retryAfter, refused.policy], [429, '43200', '"daily";q=2;w=86400, "monthly";q=10;w=2592000']);
  assert.deepEqual([refused.problem!['code'], refused.problem!['resetsAt'], refused.problem!['violated-policies'], refused.problem!['upgradeUrl']], ['quota_exhausted', '2026-11-23T00:00:00.000Z', ['daily'], 'http://portal.test/atlas#plans']);
  clock.move(43_200_000);
  assert.deepEqual((await call()).remaining, { daily: [1, 86_400], monthly: [7, 8 * 86_400] });
});

test('what is not metered is given back: 5xx, failures, and bodies that are refused; 4xx counts', async (t) => {
  const { call } = await setUp(t, [{ name: 'daily', requests: 5, per: 'day' }]);
  assert.deepEqual((await call('/items/503')).remaining['daily']![0], 5);
  assert.deepEqual((await call('/echo', 'POST')).status, 413);
  assert.deepEqual((await call('/items/404')).remaining['daily']![0], 4);
  assert.deepEqual((await call()).remaining['daily']![0], 3);
});

test('a call that a quota refuses leaves the rates alone', async (t) => {
  const { call } = await setUp(t, [{ name: 'burst', requests: 5, per: 'hour' }, { name: 'daily', requests: 1, per: 'day' }]);
  assert.deepEqual((await call()).remaining['burst']![0], 4);
  for (let i = 0; i < 3; i++) assert.deepEqual((await call()).remaining['burst']![0], 4);
});

test('a clock that jumps a window ahead and back loses no count', async (t) => {
  const { call, clock } = await setUp(t, [{ name: 'daily', requests: 3, per: 'day' }]);
  await call();
  await call();
  clock.ms += 86_400_000;
  assert.equal((await call()).remaining['daily']![0], 2);
  clock.ms -= 86_400_000;
  assert.equal((await call()).remaining['daily']![0], 0);
  assert.equal((await call()).status, 429);
});

test('a wall clock that jumps does not open a rate', async (t) => {
  const { call, clock } = await setUp(t, [{ name: 'hourly', requests: 1, per: 'hour' }]);
  assert.equal((await call()).status, 200);
  clock.ms += 10 * 3_600_000;
  assert.equal((await call()).status, 429);
});

test('a change of plan takes effect at once and needs no recount', async (t) => {
  const { call, gateway } = await setUp(t, [{ name: 'daily', requests: 2, per: 'day' }, { name: 'burst', requests: 2, per: 'hour' }]);
  await call();
  await call();
  assert.equal((await call()).status, 429);
  const [first] = gateway.gateway.routes.snapshot.products;
  gateway.publish(snapshot([{ ...first!, plans: [plan([{ name: 'monthly', requests: 4, per: 'month' }, { name: 'burst', requests: 50, per: 'hour' }])] }], 2));
  const after = await call();
  assert.deepEqual([after.status, after.remaining['monthly']![0], after.remaining['burst']![0]], [200, 1, 49]);
});

test('until an address is verified, a consumer has 100 calls a day over all its subscriptions', async (t) => {
  const { call } = await setUp(t, [{ name: 'daily', requests: 1_000, per: 'day' }], { unverified: true });
  const first = await call();
  assert.deepEqual([first.remaining['unverified'], first.remaining['daily']![0]], [[99, 43_200], 999]);
  for (let i = 0; i < 99; i++) assert.equal((await call()).status, 200);
  const refused = await call();
  assert.equal(refused.status, 429);
  assert.match(refused.problem!['detail'] as string, /Confirm your e-mail address/);
  assert.deepEqual(refused.remaining['daily']![0], 900);
});

test('a key that still names a plan as it was is served until the change of the key itself has come', async (t) => {
  const { gateway, call } = await setUp(t, [{ name: 'monthly', requests: 10, per: 'month' }]);
  const [before] = gateway.gateway.routes.snapshot.products;
  const changed = { ...before!, plans: [plan([{ name: 'monthly', requests: 20, per: 'month' }], { revisionId: 'rev_2' })] };
  gateway.publish(snapshot([changed], 2));
  assert.deepEqual([(await call()).status, (await call()).policy], [200, '"monthly";q=10;w=2592000']);
  gateway.publish(snapshot([changed], 3));
  assert.equal((await call()).problem?.['code'], 'subscription_inactive');
});
