import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinParts, partOf, partsReferredTo, splitDocument } from './parts.ts';

const document = {
  openapi: '3.1.0',
  info: { title: 'Atlas', version: '1' },
  paths: { '/cities/{id}': { get: { responses: { 200: { $ref: '#/components/responses/City' } } } }, '/a~b': {} },
  components: {
    responses: { City: { description: '', content: { 'application/json': { schema: { $ref: '#/components/schemas/City' } } } } },
    schemas: { City: { type: 'object', properties: { twin: { $ref: '#/components/schemas/City' }, odd: { $ref: '#/components/schemas/a%2Fb~1c' } } }, 'a/b/c': { type: 'string' } },
    'x-note': 'kept',
  },
  'x-large': { text: 'x'.repeat(20_000) },
};

test('a document in pieces is the same document when they are put together', () => {
  const parts = splitDocument(document);
  assert.deepEqual(parts.map(({ pointer }) => pointer), ['', '/paths/~1cities~1{id}', '/paths/~1a~0b', '/components/responses/City', '/components/schemas/City', '/components/schemas/a~1b~1c', '/x-large']);
  assert.deepEqual(joinParts(parts), document);
  assert.ok(parts[0]!.json.length < 300, 'the rest is small');
});

test('some of the pieces make a document that holds just them', () => {
  const some = joinParts(splitDocument(document).filter(({ pointer }) => pointer === '' || pointer.endsWith('/City')));
  assert.deepEqual(Object.keys(some['paths'] as object), []);
  assert.deepEqual(Object.keys((some['components'] as { schemas: object }).schemas), ['City']);
});

const pointers: [string, string, string | undefined][] = [
  ['a component', '#/components/schemas/City', '/components/schemas/City'],
  ['inside a component', '#/components/schemas/City/properties/name', '/components/schemas/City'],
  ['inside a path item', '#/paths/~1cities~1{id}/get/responses/200', '/paths/~1cities~1{id}'],
  ['percent-encoded', '#/paths/~1cities~1%7Bid%7D', '/paths/~1cities~1{id}'],
  ['another member', '#/x-large/text', '/x-large'],
  ['the whole', '#', undefined],
];
for (const [name, pointer, part] of pointers) test(`the piece of a pointer: ${name}`, () => assert.equal(partOf(pointer), part));

test('a piece says what it refers to, once each', () => {
  const city = splitDocument(document).find(({ pointer }) => pointer === '/components/schemas/City')!;
  assert.deepEqual(partsReferredTo(city.json), ['/components/schemas/City', '/components/schemas/a~1b~1c']);
});

test('no name of an entry reaches a prototype', () => {
  const hostile = JSON.parse('{"openapi":"3.1.0","paths":{},"components":{"schemas":{"__proto__":{"type":"string"}}}}') as Record<string, unknown>;
  const joined = joinParts(splitDocument(hostile));
  assert.equal(JSON.stringify(joined), JSON.stringify(hostile));
  assert.equal(({} as { type?: string }).type, undefined);
});
