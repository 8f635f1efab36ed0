// Portico's own calls of the documentation's samples: they pass without a subscription and without limits, and leave no record.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { hashKey, newKey } from '../domain/key.ts';
import { openTestGateway, openUpstream, plan, product, snapshot, testKey } from './gateway.testkit.ts';

test('a sample passes in test mode beside the limits of plans and without a client certificate, is recorded nowhere, and opens no live upstream', async (t) => {
  const sample = newKey('sample', 'test', randomBytes);
  const own = testKey({}, 'test');
  const [live, sandbox] = await Promise.all([openUpstream((_request, response) => response.end('live')), openUpstream((_request, response) => response.end('sandbox'))]);
  const limited = [plan([{ name: 'burst', requests: 1, per: 'second' }, { name: 'daily', requests: 3, per: 'day' }])];
  const products = [
    product(live.url, { testUpstream: sandbox.url, plans: limited, policies: { clientCertificate: { subjects: [], fingerprints: [] } } }),
    product(live.url, { id: 'prd_relief', slug: 'relief', name: 'Relief', plans: limited }),
  ];
  const gateway = await openTestGateway({ snapshot: { ...snapshot(products), sampleKeyHash: hashKey(sample) }, keys: [own] });
  t.after(() => Promise.all([gateway.close(), live.close(), sandbox.close()]));
  const call = async (path: string, key: string): Promise<{ status: number; text: string; limits: string | null }> => {
    const response = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, text: await response.text(), limits: response.headers.get('ratelimit') };
  };

  for (let i = 0; i < 12; i++) assert.deepEqual(await call('/atlas/v1/echo', sample), { status: 200, text: 'sandbox', limits: null });
  assert.deepEqual(gateway.spool.records, []);
  const withoutTestMode = await call('/relief/v1/echo', sample);
  assert.deepEqual([withoutTestMode.status, JSON.parse(withoutTestMode.text).code], [403, 'mode_forbidden']);
  assert.equal((await call('/atlas/v1/nowhere', sample)).status, 404);
  assert.deepEqual(gateway.spool.records, []);

  const beside = await call('/atlas/v1/echo', own.key);
  assert.deepEqual([beside.status, JSON.parse(beside.text).code], [403, 'certificate_forbids']);
  gateway.publish({ ...snapshot([product(live.url, { testUpstream: sandbox.url, plans: limited })], 2), sampleKeyHash: hashKey(sample) });
  assert.equal((await call('/atlas/v1/echo', own.key)).status, 200);
  assert.equal(gateway.spool.requests.length, 2);
  const stranger = await call('/atlas/v1/echo', newKey('sample', 'test', randomBytes));
  assert.deepEqual([stranger.status, JSON.parse(stranger.text).code], [401, 'key_unknown']);

  gateway.publish(snapshot(products, 3));
  assert.equal((await call('/atlas/v1/echo', sample)).status, 401, 'a snapshot that names no such key opens to none');
});
