import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleResponse, sampleRequest } from './sample.ts';

function documentOf(path: string, method: string, operation: Record<string, unknown>, components: Record<string, unknown> = {}): Record<string, unknown> {
  return { openapi: '3.1.0', paths: { [path]: { [method.toLowerCase()]: operation } }, components };
}

describe('sampleRequest', () => {
  const rows: { name: string; parameters: Record<string, unknown>[]; path?: string; becomes: string }[] = [
    { name: 'a parameter by its example', path: '/a/{id}', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'b c/d' }], becomes: '/a/b%20c%2Fd' },
    { name: 'a parameter by the first of its examples', path: '/a/{id}', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, examples: { one: { value: 1 }, two: { value: 2 } } }], becomes: '/a/1' },
    { name: 'a parameter by its default', parameters: [{ name: 'n', in: 'query', required: true, schema: { type: 'integer', default: 3 } }], becomes: '/a?n=3' },
    { name: 'a parameter by its enum', parameters: [{ name: 'n', in: 'query', required: true, schema: { enum: ['x', 'y'] } }], becomes: '/a?n=x' },
    { name: 'a parameter by the example of its schema', parameters: [{ name: 'n', in: 'query', required: true, schema: { $ref: '#/components/schemas/N' } }], becomes: '/a?n=42' },
    { name: 'a parameter of which nothing is known by its name', path: '/a/{owner}', parameters: [{ name: 'owner', in: 'path', required: true, schema: { type: 'string' } }], becomes: '/a/owner' },
    { name: 'no optional query parameter', parameters: [{ name: 'n', in: 'query', schema: { type: 'integer' }, example: 3 }], becomes: '/a' },
    { name: 'a list, exploded', parameters: [{ name: 'n', in: 'query', required: true, example: ['a', 'b&'], schema: {} }], becomes: '/a?n=a&n=b%26' },
    { name: 'a list, joined', parameters: [{ name: 'n', in: 'query', required: true, explode: false, example: ['a', 'b'], schema: {} }], becomes: '/a?n=a,b' },
    { name: 'a list with pipes', parameters: [{ name: 'n', in: 'query', required: true, style: 'pipeDelimited', example: ['a', 'b'], schema: {} }], becomes: '/a?n=a|b' },
    { name: 'a deep object', parameters: [{ name: 'n', in: 'query', required: true, style: 'deepObject', example: { a: 1, b: 2 }, schema: {} }], becomes: '/a?n%5Ba%5D=1&n%5Bb%5D=2' },
    { name: 'an object, exploded', parameters: [{ name: 'n', in: 'query', required: true, example: { a: 1, b: 2 }, schema: {} }], becomes: '/a?a=1&b=2' },
    { name: 'JSON in a parameter', parameters: [{ name: 'n', in: 'query', required: true, content: { 'application/json': { example: { a: 1 } } } }], becomes: '/a?n=%7B%22a%22%3A1%7D' },
    { name: 'the whole query string of 3.2', parameters: [{ name: 'n', in: 'querystring', required: true, content: { 'application/x-www-form-urlencoded': { example: { a: 1, b: 'x y' } } } }], becomes: '/a?a=1&b=x%20y' },
  ];
  for (const { name, parameters, path = '/a', becomes } of rows) {
    it(`fills ${name}`, () => {
      const document = documentOf(path, 'GET', { parameters }, { schemas: { N: { type: 'integer', examples: [42] } } });
      assert.deepEqual(sampleRequest(document, { method: 'GET', path }), { method: 'GET', path: becomes, headers: {}, body: null });
    });
  }

  it('sends required headers and cookies, without those that OpenAPI says to ignore', () => {
    const parameters = [
      { name: 'X-Tenant', in: 'header', required: true, example: 'acme', schema: {} }, { name: 'Authorization', in: 'header', required: true, example: 'x', schema: {} },
      { name: 'X-Other', in: 'header', example: 'no', schema: {} }, { name: 'lang', in: 'cookie', required: true, example: 'de', schema: {} },
    ];
    assert.deepEqual(sampleRequest(documentOf('/a', 'GET', { parameters }), { method: 'GET', path: '/a' }).headers, { 'X-Tenant': 'acme', Cookie: 'lang=de' });
  });

  const schema = { type: 'object', required: ['name'], properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string', default: 'Ada' } } };
  const bodies: { name: string; content: Record<string, unknown>; type: string; body: string }[] = [
    { name: 'JSON from its example', content: { 'application/json': { example: { a: 1 } } }, type: 'application/json', body: '{\n  "a": 1\n}' },
    { name: 'JSON before other types', content: { 'text/plain': { example: 'x' }, 'application/json': { example: 1 } }, type: 'application/json', body: '1' },
    { name: 'JSON from its schema, without what is read-only', content: { 'application/json': { schema } }, type: 'application/json', body: '{\n  "name": "Ada"\n}' },
    { name: 'a form', content: { 'application/x-www-form-urlencoded': { schema } }, type: 'application/x-www-form-urlencoded', body: 'name=Ada' },
    { name: 'a multipart form', content: { 'multipart/form-data': { schema } }, type: 'multipart/form-data; boundary=portico-example', body: '--portico-example\r\nContent-Disposition: form-data; name="name"\r\n\r\nAda\r\n--portico-example--\r\n' },
    { name: 'text', content: { 'text/plain': { example: 'hello' } }, type: 'text/plain', body: 'hello' },
    { name: 'text as it is serialised, from 3.2', content: { 'text/csv': { examples: { a: { serializedValue: 'a,b' } } } }, type: 'text/csv', body: 'a,b' },
    { name: 'a media range', content: { '*/*': { example: { a: 1 } } }, type: 'application/json', body: '{\n  "a": 1\n}' },
  ];
  for (const { name, content, type, body } of bodies) {
    it(`sends a body: ${name}`, () => {
      const request = sampleRequest(documentOf('/a', 'POST', { requestBody: { content } }), { method: 'POST', path: '/a' });
      assert.deepEqual(request, { method: 'POST', path: '/a', headers: { 'Content-Type': type }, body });
    });
  }
});

describe('exampleResponse', () => {
  const json = (example: unknown): Record<string, unknown> => ({ description: 'd', content: { 'application/json': { example } } });
  const rows: { name: string; responses: Record<string, unknown>; answer: unknown }[] = [
    { name: 'the first success', responses: { 404: json('no'), 201: json(1), 200: json(2) }, answer: { status: 200, contentType: 'application/json', body: '2' } },
    { name: 'a range of statuses', responses: { '2XX': json(1) }, answer: { status: 200, contentType: 'application/json', body: '1' } },
    { name: 'the default', responses: { default: json(1), 404: json(2) }, answer: { status: 200, contentType: 'application/json', body: '1' } },
    { name: 'an answer without a body', responses: { 204: { description: 'd' } }, answer: { status: 204, contentType: '', body: '' } },
    { name: 'a redirect where there is nothing better', responses: { 302: { description: 'd' }, 404: json(1) }, answer: { status: 302, contentType: '', body: '' } },
    { name: 'nothing where only errors are described', responses: { 404: json(1) }, answer: null },
    { name: 'what the schema gives, without what is write-only', responses: { 200: { description: 'd', content: { 'application/json': { schema: { properties: { a: { const: 1 }, secret: { type: 'string', writeOnly: true } } } } } } }, answer: { status: 200, contentType: 'application/json', body: '{\n  "a": 1\n}' } },
  ];
  for (const { name, responses, answer } of rows) {
    it(`is ${name}`, () => {
      assert.deepEqual(exampleResponse(documentOf('/a', 'GET', { responses }), { method: 'GET', path: '/a' }), answer);
    });
  }

  it('ends for a schema that contains itself', () => {
    const schemas = { Node: { type: 'object', required: ['next'], properties: { next: { $ref: '#/components/schemas/Node' } } } };
    const document = documentOf('/a', 'GET', { responses: { 200: { description: 'd', content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } } } }, { schemas });
    assert.equal(exampleResponse(document, { method: 'GET', path: '/a' })?.status, 200);
  });
});

it('schemas that all refer to each other still have examples, within bounds', async () => {
  const count = 60;
  const schemas = Object.fromEntries(Array.from({ length: count }, (_, i) => [`S${i}`, {
    type: 'object', properties: { name: { type: 'string' }, ...Object.fromEntries(Array.from({ length: 12 }, (_, j) => [`p${j}`, { $ref: `#/components/schemas/S${(i * 7 + j) % count}` }])) },
  }]));
  const document = {
    openapi: '3.1.0', info: { title: 'Dense', version: '1' }, components: { schemas },
    paths: Object.fromEntries(Array.from({ length: count }, (_, i) => [`/r${i}`, { get: { responses: { 200: { description: 'One', content: { 'application/json': { schema: { $ref: `#/components/schemas/S${i}` } } } } } } }])),
  };
  for (let i = 0; i < count; i++) {
    const example = exampleResponse(document, { method: 'GET', path: `/r${i}` });
    assert.equal((JSON.parse(example!.body) as { name: string }).name, 'string');
    assert.ok(example!.body.length < 100_000, `${example!.body.length} characters`);
  }
});
