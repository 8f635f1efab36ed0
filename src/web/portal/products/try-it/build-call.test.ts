import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCall, fieldId, findMistakes, initialValues, type TryItField, type TryItOperation } from './build-call.ts';

const field = (part: Partial<TryItField>): TryItField => ({ name: 'p', in: 'query', required: false, kind: 'text', style: 'form', explode: true, initial: '', ...part });
const operation = (fields: TryItField[], body: TryItOperation['body'] = null): TryItOperation => ({ product: 'atlas', version: 'v2', operation: 'x', method: 'GET', path: '/c/{p}', baseUrl: 'http://gw/atlas/v2', fields, headers: {}, body });

/** Of OpenAPI's table of style values: colour = "blue", ["blue", "black"], { R: 100, G: 200 }. */
const rows: [string, Partial<TryItField>, string, string][] = [
  ['text in a query', {}, 'São & co', '/c/{p}?p=S%C3%A3o%20%26%20co'],
  ['a list, exploded', { kind: 'list' }, 'blue\nblack', '/c/{p}?p=blue&p=black'],
  ['a list with commas', { kind: 'list', explode: false }, 'a,b\nblack', '/c/{p}?p=a%2Cb,black'],
  ['a list with spaces', { kind: 'list', explode: false, style: 'spaceDelimited' }, 'blue\nblack', '/c/{p}?p=blue%20black'],
  ['a list with pipes', { kind: 'list', explode: false, style: 'pipeDelimited' }, 'blue\nblack', '/c/{p}?p=blue%7Cblack'],
  ['an object, exploded', { kind: 'object' }, '{"R":100,"G":200}', '/c/{p}?R=100&G=200'],
  ['an object', { kind: 'object', explode: false }, '{"R":100,"G":200}', '/c/{p}?p=R,100,G,200'],
  ['a deep object', { kind: 'object', style: 'deepObject' }, '{"R":100,"G":200}', '/c/{p}?p%5BR%5D=100&p%5BG%5D=200'],
  ['a path', { in: 'path', style: 'simple' }, 'a/b?c', '/c/a%2Fb%3Fc'],
  ['a list in a path', { in: 'path', style: 'simple', kind: 'list' }, 'blue\nblack', '/c/blue,black'],
  ['an object in a path, exploded', { in: 'path', style: 'simple', kind: 'object' }, '{"R":100,"G":200}', '/c/R=100,G=200'],
  ['a label', { in: 'path', style: 'label', kind: 'list' }, 'blue\nblack', '/c/.blue.black'],
  ['a matrix', { in: 'path', style: 'matrix', kind: 'list' }, 'blue\nblack', '/c/;p=blue;p=black'],
  ['a matrix of an object', { in: 'path', style: 'matrix', kind: 'object', explode: false }, '{"R":100,"G":200}', '/c/;p=R,100,G,200'],
  ['nothing is not sent', {}, '', '/c/{p}'],
];
for (const [name, part, value, path] of rows) {
  test(`serialised: ${name}`, () => {
    const one = field(part);
    assert.equal(buildCall(operation([one]), { [fieldId(one)]: value }, 'k').url, `http://gw/atlas/v2${path}`);
  });
}

test('header fields, cookies and the body travel with their key', () => {
  const fields = [field({ name: 'X-List', in: 'header', kind: 'list', style: 'simple', initial: 'a\nb' }), field({ name: 'sid', in: 'cookie', initial: 'x y' })];
  const tried = operation(fields, { required: true, mediaType: 'application/json', initial: '{}' });
  assert.deepEqual(buildCall(tried, initialValues(tried), 'k'), { method: 'GET', url: 'http://gw/atlas/v2/c/{p}', headers: { Authorization: 'Bearer k', 'X-List': 'a,b', Cookie: 'sid=x%20y', 'Content-Type': 'application/json' }, body: '{}' });
});

const mistakes: [string, Partial<TryItField>, string, string | undefined][] = [
  ['a required field that is empty', { required: true }, '', 'missing'],
  ['an optional one', {}, '', undefined],
  ['a word for a whole number', { kind: 'integer' }, 'many', 'notInteger'],
  ['a fraction for a whole number', { kind: 'integer' }, '1.5', 'notInteger'],
  ['a number', { kind: 'number' }, ' -1.5e3 ', undefined],
  ['a list for an object', { kind: 'object' }, '[]', 'notObject'],
];
for (const [name, part, value, mistake] of mistakes) test(`checked: ${name}`, () => assert.equal(findMistakes(operation([field(part)]), { 'query-p': value })['query-p'], mistake));

test('a JSON body is checked before it is sent', () => {
  const tried = operation([], { required: false, mediaType: 'application/vnd.atlas+json', initial: '' });
  assert.deepEqual([findMistakes(tried, { body: '{' }), findMistakes(tried, { body: '' })], [{ body: 'notJson' }, {}]);
});
