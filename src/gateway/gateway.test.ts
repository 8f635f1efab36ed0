import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestGateway, openUpstream, plan, product, snapshot, testKey } from './gateway.testkit.ts';

test('a call with a key is forwarded without the key, metered, and told its limits', async (t) => {
  const seen: { url: string; headers: Record<string, unknown> }[] = [];
  const upstream = await openUpstream((request, response) => {
    seen.push({ url: request.url!, headers: request.headers });
    response.setHeader('content-type', 'application/json');
    response.end('{"ok":true}');
  });
  t.after(() => upstream.close());
  const key = testKey();
  const limits = [{ name: 'burst', requests: 2, per: 'second' as const }, { name: 'monthly', requests: 10, per: 'month' as const }];
  const gateway = await openTestGateway({ snapshot: snapshot([product(`${upstream.url}/base`, { plans: [plan(limits)] })]), keys: [key] });
  t.after(() => gateway.close());

  const answer = await fetch(`${gateway.url}/atlas/v1/items/a%2Fb?q=1`, { headers: { authorization: `Bearer ${key.key}` } });
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { ok: true });
  assert.match(answer.headers.get('x-request-id')!, /^req_/);
  assert.match(answer.headers.get('ratelimit')!, /^"burst";r=1;t=1, "monthly";r=9;t=\d+$/);
  assert.equal(seen[0]!.url, '/base/items/a%2Fb?q=1');
  assert.equal(seen[0]!.headers['authorization'], undefined);
  assert.equal(gateway.spool.requests.length, 1);
  assert.equal(gateway.spool.requests[0]!.operation, 'GET /items/{id}');
  assert.equal(gateway.spool.requests[0]!.responseBytes, 11);
  assert.deepEqual(gateway.spool.requests[0]!.fields, ['q']);

  const refused = await fetch(`${gateway.url}/atlas/v1/echo`);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.equal((await refused.json() as { code: string }).code, 'key_missing');
});
