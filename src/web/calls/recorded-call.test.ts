import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationPage } from '../../control/services.ts';
import { recordedCall } from './recorded-call.ts';

const parameter = (name: string, more: Partial<OperationPage['parameters'][number]> = {}): OperationPage['parameters'][number] => ({ name, in: 'query', required: false, deprecated: false, description: '', schema: {}, example: undefined, ...more });
const list = { sample: { method: 'GET', path: '/cities/7?limit=5', headers: {}, body: null }, parameters: [parameter('limit'), parameter('sort', { schema: { default: 'name' } }), parameter('near', { example: 'a b' }), parameter('id', { in: 'path' })] };
const add = { sample: { method: 'POST', path: '/cities', headers: {}, body: '{"name":"Oslo","size":3,"tags":[]}' }, parameters: [parameter('dryRun')] };

const cases: [string, Pick<OperationPage, 'sample' | 'parameters'>, string[], string, string | null][] = [
  ['without parameters, the query of the sample goes', list, [], '/cities/7', null],
  ['values of enum parameters were kept', list, ['sort=population'], '/cities/7?sort=population', null],
  ['other values come from the sample, the example or the default', list, ['limit', 'near', 'sort'], '/cities/7?limit=5&near=a%20b&sort=name', null],
  ['a parameter that the contract does not know is shown with a gap', list, ['colour', 'x=1&y'], '/cities/7?colour=VALUE&x=1%26y', null],
  ['body fields hold what the sample has for them', add, ['name', 'dryRun', 'extra'], '/cities?dryRun=VALUE', '{\n  "name": "Oslo",\n  "extra": "VALUE"\n}'],
  ['without recorded fields the body of the sample stays', add, [], '/cities', '{"name":"Oslo","size":3,"tags":[]}'],
];
for (const [name, operation, fields, path, body] of cases) {
  test(name, () => assert.deepEqual(recordedCall(operation, fields), { ...operation.sample, path, body }));
}
