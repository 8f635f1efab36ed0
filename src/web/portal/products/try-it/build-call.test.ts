import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeSamples } from '../code-samples.ts';
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
  ['letters of Latin-1 in a header field', { kind: 'text', in: 'header' }, 'São', undefined],
  ['a letter beyond Latin-1 in a header field', { kind: 'text', in: 'header' }, 'Łódź', 'notHeaderText'],
  ['a line break in a header field', { kind: 'text', in: 'header' }, 'a\nb', 'notHeaderText'],
  ['a list for an object', { kind: 'object' }, '[]', 'notObject'],
];
for (const [name, part, value, mistake] of mistakes) test(`checked: ${name}`, () => assert.equal(findMistakes(operation([field(part)]), { [fieldId(field(part))]: value })[fieldId(field(part))], mistake));

test('a JSON body is checked before it is sent', () => {
  const tried = operation([], { required: false, mediaType: 'application/vnd.atlas+json', initial: '' });
  assert.deepEqual([findMistakes(tried, { body: '{' }), findMistakes(tried, { body: '' })], [{ body: 'notJson' }, {}]);
});

test('a body goes as the chosen type: text with line ends that the type needs, or a file by its name', () => {
  const tried = operation([], { required: true, mediaType: 'application/json', initial: '{}', others: [{ mediaType: 'multipart/form-data; boundary=b', initial: '' }, { mediaType: 'image/png', initial: '' }] });
  const sent = (mediaType: string, body: string) => buildCall(tried, { mediaType, body }, 'k');
  assert.deepEqual(sent('multipart/form-data; boundary=b', '--b\nx\r\n--b--\n').body, '--b\r\nx\r\n--b--\r\n');
  const file = sent('image/png', 'a photo.png');
  assert.deepEqual([file.body, file.file, file.headers['Content-Type']], [null, 'a photo.png', 'image/png']);
  const [curl, typescript, python, go, php, java] = codeSamples(file).map(({ code }) => code);
  for (const [code, text] of [[curl, "--data-binary '@a photo.png'"], [typescript, "await openAsBlob('a photo.png')"], [python, 'open("a photo.png", "rb").read()'], [go, 'os.Open("a photo.png")'], [php, "file_get_contents('a photo.png')"], [java, 'ofFile(Path.of("a photo.png"))']]) assert.ok(code!.includes(text!), code);
  assert.deepEqual(findMistakes(tried, { mediaType: 'image/png', body: '' }), { body: 'missing' });
});
