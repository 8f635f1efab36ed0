import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placedAt, schemaTree, type SchemaNode } from './schema-tree.ts';

const tree = (schemas: Record<string, unknown>, { openapi = '3.1.0', bytes = 1e6, from = 0 } = {}): SchemaNode => {
  const document = { openapi, components: { schemas } };
  return schemaTree(document, placedAt(document, '/components/schemas/Root')!, { bytes }, { from });
};
const count = (node: SchemaNode): number => 1 + (node.children ?? []).reduce((sum, child) => sum + count(child), 0);
const child = (node: SchemaNode, ...names: string[]): SchemaNode => names.reduce((at, name) => at.children!.find((row) => row.name === name)!, node);

const rows: [string, unknown, Partial<SchemaNode>][] = [
  ['3.0 nullable', { type: 'string', nullable: true }, { types: ['string', 'null'] }],
  ['null in a choice', { anyOf: [{ type: 'string', format: 'uri' }, { type: 'null' }] }, { types: ['string', 'null'], format: 'uri' }],
  ['constraints in a fixed order', { type: 'integer', default: 5, maximum: 9, minimum: 1 }, { rules: [['minimum', 1], ['maximum', 9], ['default', 5]] }],
  ['const', { const: 'a' }, { rules: [['const', 'a']] }],
  ['a long enum', { type: 'string', enum: Array.from({ length: 33 }, (_, index) => `v${index}`) }, { rules: [['enum', Array.from({ length: 30 }, (_, index) => `v${index}`)], ['enumMore', 3]] }],
  ['flags', { type: 'string', deprecated: true, readOnly: true }, { flags: ['deprecated', 'readOnly'] }],
  ['no other fields', { type: 'object', additionalProperties: false }, { flags: ['closed'] }],
  ['an array of words', { type: 'array', items: { type: 'string' } }, { types: ['array'], of: ['string'], children: undefined }],
];
for (const [name, schema, expected] of rows) {
  test(name, () => {
    const node = child(tree({ Root: { type: 'object', properties: { x: schema } } }, { openapi: name.startsWith('3.0') ? '3.0.3' : '3.1.0' }), 'x');
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(node[key as keyof SchemaNode], value, key);
  });
}

test('allOf is one schema: fields, required names and descriptions of all', () => {
  const root = tree({ Root: { allOf: [{ $ref: '#/components/schemas/Base' }, { type: 'object', required: ['b'], properties: { b: { type: 'string' } } }], description: 'Mine' }, Base: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } }, description: 'Base' } });
  assert.deepEqual([root.types, root.description, root.children!.map(({ name, flags }) => [name, flags])], [['object'], 'Mine', [['a', ['required']], ['b', ['required']]]]);
});

test('choices say what tells them apart, by the mapping or by their name', () => {
  const root = tree({ Root: { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }], discriminator: { propertyName: 'kind', mapping: { feline: '#/components/schemas/Cat' } } }, Cat: { type: 'object', properties: { lives: { type: 'integer' } } }, Dog: { type: 'object' } });
  assert.deepEqual([root.choice, root.discriminator, root.children!.map(({ role, value, title }) => [role, value, title])], ['oneOf', 'kind', [['choice', 'feline', 'Cat'], ['choice', 'Dog', 'Dog']]]);
});

test('recursion ends in a row that names where it leads back to', () => {
  const root = tree({ Root: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } }, Node: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Node' } } } } });
  assert.equal(child(root, 'next', 'children').children![0]!.circle, 'Node');
  assert.ok(count(root) < 6);
});

test('patterns, other fields, positions and what is forbidden have rows of their own', () => {
  const root = tree({ Root: { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: { type: 'integer' }, prefixItems: [{ type: 'string' }, { type: 'boolean' }], not: { type: 'null' } } });
  assert.deepEqual(root.children!.map(({ role, name, types }) => [role, name, types[0]]), [['pattern', '^x-', 'string'], ['additional', '', 'integer'], ['prefix', '1', 'string'], ['prefix', '2', 'boolean'], ['not', '', 'null']]);
});

test('a budget is spent breadth first, and what is left out says where it goes on', () => {
  const deep = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, { type: 'object', properties: { inner: { type: 'string' } } }]));
  const root = tree({ Root: { type: 'object', properties: deep } }, { bytes: 6_000 });
  assert.ok(count(root) > 10 && count(root) < 40, String(count(root)));
  assert.deepEqual(root.more, { count: 40 - root.children!.length, at: '/components/schemas/Root', from: root.children!.length });
  assert.deepEqual(root.children![0]!.more, { count: 1, at: '/components/schemas/Root/properties/f0', from: 0 });
  assert.equal(tree({ Root: { type: 'object', properties: deep } }, { from: root.children!.length }).children!.length, root.more!.count);
});

test('schemas without end stay within their budget', () => {
  const all = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`S${index}`, { type: 'object', properties: Object.fromEntries(Array.from({ length: 50 }, (__, to) => [`p${to}`, { $ref: `#/components/schemas/S${to}` }])) }]));
  assert.ok(count(tree({ ...all, Root: all['S0'] }, { bytes: 100_000 })) < 400);
});
