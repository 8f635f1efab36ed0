import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskCheck } from './learn.ts';
import { judgeTask, type PractisedCall } from './learn-task.ts';

const call = (id: number, sent: Partial<PractisedCall> = {}): PractisedCall => ({ id: `req_${id}`, at: id * 1_000, product: 'atlas', version: 'v2', operation: 'listCities', status: 200, code: null, mode: 'test', fields: [], ...sent });
const expect = (status: string, more: Partial<TaskCheck['calls'][number]> = {}): TaskCheck['calls'][number] => ({ operation: null, status, code: null, query: [], ...more });
const check = (calls: TaskCheck['calls'], more: Partial<TaskCheck> = {}): TaskCheck => ({ product: 'atlas', version: null, mode: null, withinMs: null, calls, ...more });

const list = expect('2xx', { operation: 'listCities' });
const mended = check([expect('401'), expect('2xx')]);
const paged = check([list, { ...list, query: ['cursor'] }], { withinMs: 60_000 });

const done: [string, TaskCheck, PractisedCall[]][] = [
  ['one call', check([list]), [call(1)]],
  ['a status by its class', check([expect('4xx')]), [call(1, { status: 404 })]],
  ['two steps, with another call between them', mended, [call(1, { status: 401 }), call(2, { status: 404 }), call(3)]],
  ['calls that come in any order to the judge', mended, [call(3), call(1, { status: 401 })]],
  ['the next page, by the name of a parameter', paged, [call(1), call(2, { fields: ['limit', 'cursor'] })]],
  ['a parameter with its value', check([expect('200', { query: ['order'] })]), [call(1, { fields: ['order=name'] })]],
  ['a second try in time after a first that was too slow', paged, [call(1), call(100), call(101, { fields: ['cursor'] })]],
  ['a refusal by its code', check([expect('429', { code: 'rate_limited' })]), [call(1, { status: 429, code: 'rate_limited' })]],
];
for (const [name, asked, calls] of done) test(`${name} carries the task out`, () => assert.equal(judgeTask(asked, calls).done, true));

const open: [string, TaskCheck, PractisedCall[], number, unknown][] = [
  ['no call', paged, [], 0, null],
  ['another product', check([list]), [call(1, { product: 'relief' })], 0, ['product', 'atlas', 'relief']],
  ['another operation', check([list]), [call(1, { operation: 'getCity' })], 0, ['operation', 'listCities', 'getCity']],
  ['another status', check([list]), [call(1, { status: 401 })], 0, ['status', '2xx', '401']],
  ['another version', check([list], { version: 'v1' }), [call(1)], 0, ['version', 'v1', 'v2']],
  ['another mode', check([list], { mode: 'live' }), [call(1)], 0, ['mode', 'live', 'test']],
  ['another code', check([expect('429', { code: 'quota_exhausted' })]), [call(1, { status: 429, code: 'rate_limited' })], 0, ['code', 'quota_exhausted', 'rate_limited']],
  ['the first page again', paged, [call(1), call(2)], 1, ['query', 'cursor', null]],
  ['a second page too late', paged, [call(1), call(62, { fields: ['cursor'] })], 1, ['time', '60000', '61000']],
  ['the second step before the first', mended, [call(1, { status: 200 })], 0, ['order', '1', '2']],
  ['the first step alone', mended, [call(1, { status: 401 })], 1, null],
  ['the newest miss is told', check([list]), [call(1, { status: 401 }), call(2, { operation: 'getCity' })], 0, ['operation', 'listCities', 'getCity']],
];
for (const [name, asked, calls, met, almost] of open) {
  test(`${name} does not, and says why`, () => {
    const state = judgeTask(asked, calls);
    assert.ok(!state.done);
    assert.deepEqual([state.met.length, state.almost && [state.almost.miss, state.almost.expected, state.almost.sent]], [met, almost]);
  });
}
