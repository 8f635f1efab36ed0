// A consumer's own cap: exact for requests, and the next call for what is known only once a call is answered.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Clock } from '../clock.ts';
import type { PriceConfig } from '../domain/config.ts';
import { windowAt } from '../domain/window.ts';
import type { SpendCap } from '../snapshot/snapshot.ts';
import { openTestGateway, openUpstream, operation, plan, product, snapshot, testKey, version, type TestKey } from './gateway.testkit.ts';

class MovableClock implements Clock {
  ms = Date.UTC(2026, 10, 22, 12, 0, 0);
  now = (): number => this.ms;
  monotonicNs = (): bigint => BigInt(this.ms) * 1_000_000n;
}

const price = (fields: Partial<PriceConfig>): PriceConfig => ({ meter: 'requests', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...fields });

async function setUp(t: TestContext, cap: Partial<SpendCap>, limits: Parameters<typeof plan>[0] = []) {
  const upstream = await openUpstream((request, response) => {
    const [, , status = '200', tokens = '0'] = new URL(request.url!, 'http://a').pathname.split('/');
    response.writeHead(Number(status), { 'x-tokens': tokens });
    response.end('0123456789');
  });
  const clock = new MovableClock();
  const month = windowAt('period', clock.ms, 0);
  const whole: SpendCap = { currency: 'usd', amount: '1.00', from: month.from, to: month.to, fees: '0.00', nextFees: '0.00', prices: [price({ unitPrice: '0.10' })], requestsBefore: 0, month: month.ordinal, used: [], ...cap };
  const subscription = { subscriptionId: 'sub_1', productId: 'prd_atlas', planRevisionId: 'rev_1', anchorAt: 0, active: true };
  const key = testKey({ subscriptions: [{ ...subscription, spendCap: whole }] });
  const versions = [version('v1', [operation('GET', '/items/{status}/{tokens}', { id: 'getItem' }), operation('GET', '/other/{status}/{tokens}', { id: 'getOther' })])];
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { meters: [{ name: 'tokens', header: 'X-Tokens' }], versions, plans: [plan(limits)] })]), keys: [key], clock });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call = async (tokens = '0', { status = 200, path = 'items', using = key }: { status?: number; path?: string; using?: TestKey } = {}) => {
    const response = await fetch(`${gateway.url}/atlas/v1/${path}/${status}/${tokens}`, { headers: { 'x-api-key': using.key } });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.text() };
  };
  const passes = async (tokens?: string, more?: Parameters<typeof call>[1]): Promise<number> => {
    for (let count = 0; ; count++) if ((await call(tokens, more)).status === 429) return count;
  };
  const put = (next: SpendCap | undefined): void => gateway.put({ key: key.key, entry: { ...key.entry, subscriptions: [{ ...subscription, ...(next && { spendCap: next }) }] } });
  return { gateway, clock, key, whole, call, passes, put };
}

test('the call that would take the bill above the cap is refused, and says until when', async (t) => {
  const { call, passes, clock, whole } = await setUp(t, { fees: '0.25' });
  assert.equal(await passes(), 7, '0.25 and seven at 0.10 are 0.95');
  const refused = await call();
  const problem = JSON.parse(refused.body) as Record<string, unknown>;
  assert.deepEqual([problem['code'], problem['limit'], problem['currency'], problem['resetsAt']], ['spend_cap_reached', '1.00', 'usd', new Date(whole.to).toISOString()]);
  assert.equal(refused.retryAfter, String((whole.to - clock.ms) / 1000));
});

test('a call that the upstream fails costs nothing', async (t) => {
  const { call, passes } = await setUp(t, {});
  for (let index = 0; index < 12; index++) assert.equal((await call('0', { status: 500 })).status, 500);
  assert.equal(await passes(), 10);
});

test('what a call reports is counted behind it: the next call is refused once the cap is passed', async (t) => {
  const tokens = price({ meter: 'tokens', unitPrice: '0.01' });
  const cases: [name: string, prices: PriceConfig[], calls: string[], statuses: number[]][] = [
    ['above the cap with one call', [tokens], ['101', '0'], [200, 429]], ['at the cap', [tokens], ['60', '40', '0'], [200, 200, 429]], ['below it', [tokens], ['60', '39.4', '0'], [200, 200, 200]],
    ['tokens leave less for requests', [tokens, price({ unitPrice: '0.10' })], ['75', '0', '0'], [200, 200, 429]],
    ['a volume price that falls again', [price({ meter: 'tokens', model: 'volume', tiers: [{ upTo: '100', unitPrice: '0.02', flatFee: '0' }, { upTo: null, unitPrice: '0.001', flatFee: '0' }] })], ['60', '0'], [200, 429]],
    ['octets', [price({ meter: 'bytes', unitPrice: '0.05' })], ['0', '0', '0'], [200, 200, 429]], ['successes', [price({ meter: 'successes', unitPrice: '1' })], ['0', '0'], [200, 429]],
  ];
  for (const [name, prices, calls, statuses] of cases) {
    await t.test(name, async (inner) => {
      const { call } = await setUp(inner, { prices });
      const answered: number[] = [];
      for (const reported of calls) answered.push((await call(reported)).status);
      assert.deepEqual(answered, statuses);
    });
  }
});

test('a meter of named operations counts those alone', async (t) => {
  const { call, passes } = await setUp(t, { prices: [price({ meter: 'lookups', unitPrice: '0.50', source: { meter: 'requests', operations: ['getItem'] } })] });
  for (let index = 0; index < 5; index++) assert.equal((await call('0', { path: 'other' })).status, 200);
  assert.equal(await passes(), 2);
});

test('what was used before the cap was set counts, as far as the ledger knew', async (t) => {
  const { passes } = await setUp(t, { prices: [price({ unitPrice: '0.10' }), price({ meter: 'tokens', unitPrice: '0.01' })], used: [{ meter: 'tokens', operation: 'getItem', quantity: '30' }, { meter: 'tokens', operation: 'getOther', quantity: '20.5' }, { meter: 'requests', operation: 'getItem', quantity: '7' }] });
  assert.equal(await passes(), 4, '0.51 of 1.00 is left for four at 0.10');
});

test('in a period of a year its earlier months count', async (t) => {
  const { passes, clock, put, whole, call } = await setUp(t, { requestsBefore: 6 });
  const year = { ...whole, to: windowAt('period', whole.to, 0).to };
  put(year);
  for (let index = 0; index < 2; index++) assert.equal((await call()).status, 200);
  clock.ms = whole.to;
  assert.equal(await passes(), 2, '6 before, 2 in the last month, 2 in this one');
});

test('the next period begins by the clock, though control is away, with its own fee', async (t) => {
  const { passes, clock, whole } = await setUp(t, { fees: '0.90', nextFees: '0.50' });
  assert.equal(await passes(), 1);
  clock.ms = whole.to;
  assert.equal(await passes(), 5);
});

test('a trial costs nothing; the same key goes on when the cap is raised or taken away, and counts on', async (t) => {
  const { call, passes, put, whole } = await setUp(t, { fees: null });
  for (let index = 0; index < 12; index++) assert.equal((await call()).status, 200);
  put({ ...whole, fees: '0.00' });
  assert.equal((await call()).status, 429);
  put({ ...whole, fees: '0.00', amount: '1.50' });
  assert.equal(await passes(), 3);
  put(undefined);
  assert.equal((await call()).status, 200);
});

test('test calls cost nothing, and a quota that is used up says so itself', async (t) => {
  const { call, passes, key } = await setUp(t, {}, [{ name: 'daily', requests: 3, per: 'day' }]);
  assert.equal(await passes(), 3);
  assert.equal((JSON.parse((await call()).body) as { code: string }).code, 'quota_exhausted');
  assert.equal(key.entry.mode, 'live');
});
