import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaTree, type SchemaNode } from './schema-tree.ts';

const count = (node: SchemaNode): number => 1 + node.children.reduce((sum, child) => sum + count(child), 0);

test('names, types and rules are read from 3.0 and 3.1 forms', () => {
  const tree = schemaTree('', { type: 'object', required: ['code'], properties: { code: { type: 'string', pattern: '^[A-Z]{2}$' }, old: { type: 'integer', nullable: true, minimum: 0 }, both: { type: ['number', 'null'] }, near: { type: 'array', items: { $ref: '#/components/schemas/Country' } } } });
  assert.deepEqual(tree.children.map(({ name, type, required, rules }) => [name, type, required, rules]), [
    ['code', 'string', true, ['matches ^[A-Z]{2}$']], ['old', 'integer or null', false, ['at least 0']], ['both', 'number or null', false, []], ['near', 'array of Country (recursive)', false, []],
  ]);
});

test('a schema of any depth and width stays within its bounds and says that it was cut', () => {
  let deep: object = { type: 'string' };
  for (let level = 0; level < 50; level++) deep = { type: 'object', properties: { inner: deep } };
  assert.equal(count(schemaTree('', deep)), 9);
  const wide = { type: 'object', properties: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`p${index}`, { type: 'string' }])) };
  const tree = schemaTree('', wide);
  assert.equal(count(tree), 600);
  assert.equal(tree.cut, true);
});
