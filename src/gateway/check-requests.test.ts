// Requests that are compared with the contract, through the whole gateway: what passes, what is refused and where, what it may cost.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { requestContracts } from '../contract/request-contract.ts';
import { noPolicies, type ValidatePolicy } from '../domain/policies.ts';
import { openTestGateway, openUpstream, operation, product, rawExchange, snapshot, testKey, version, type TestGateway } from './gateway.testkit.ts';

const live = testKey();
const rules: ValidatePolicy = { parameters: true, body: true, bodyBytesMax: 100_000, except: [] };

const json = (schema: unknown) => ({ required: true, content: { 'application/json': { schema } } });
const parameter = (name: string, place: string, schema: unknown, more: object = {}) => ({ name, in: place, schema, ...more });
const document = {
  openapi: '3.0.3', info: { title: 'A', version: '1' },
  paths: {
    '/items/{id}': {
      parameters: [parameter('id', 'path', { type: 'integer', minimum: 1 }, { required: true })],
      get: {
        operationId: 'getItem', responses: {},
        parameters: [
          parameter('sort', 'query', { type: 'string', enum: ['name', 'age'] }), parameter('limit', 'query', { type: 'integer', maximum: 100 }, { required: true }),
          parameter('tags', 'query', { type: 'array', items: { type: 'string', maxLength: 3 } }), parameter('ids', 'query', { type: 'array', items: { type: 'integer' } }, { explode: false }),
          parameter('filter', 'query', { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] }, { style: 'deepObject' }),
          parameter('X-Mode', 'header', { type: 'boolean' }), parameter('deep', 'query', undefined, { content: { 'application/json': { schema: { type: 'object', required: ['a'] } } } }),
          parameter('maybe', 'query', { type: 'integer', nullable: true }, { allowEmptyValue: true }),
        ],
      },
      put: { operationId: 'putItem', requestBody: json({ $ref: '#/components/schemas/Item' }), responses: {} },
    },
    '/upload': { post: { operationId: 'upload', requestBody: { content: { 'image/*': {}, 'application/merge-patch+json': { schema: { type: 'object' } } } }, responses: {} } },
    '/hostile': { post: { operationId: 'hostile', requestBody: json({ type: 'object', properties: { a: { type: 'string', pattern: '^(x+x+)+y$' }, tree: { $ref: '#/components/schemas/Tree' }, list: { type: 'array', uniqueItems: true } } }), responses: {} } },
  },
  components: {
    schemas: {
      Item: { type: 'object', required: ['name', 'id'], additionalProperties: false, properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string', nullable: true }, twin: { $ref: '#/components/schemas/Item' }, price: { oneOf: [{ type: 'number' }, { type: 'object', required: ['amount'] }] } } },
      Tree: { oneOf: [{ type: 'object', properties: { c: { $ref: '#/components/schemas/Tree' }, x: { type: 'integer' } }, required: ['x'] }, { type: 'object', properties: { c: { $ref: '#/components/schemas/Tree' } } }] },
    },
  },
};

async function setUp(t: TestContext, validate: ValidatePolicy = rules): Promise<{ gateway: TestGateway; seen: string[] }> {
  const seen: string[] = [];
  const upstream = await openUpstream((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(Buffer.concat(chunks).toString());
      response.end('ok');
    });
  });
  const operations = [operation('GET', '/items/{id}', { id: 'getItem' }), operation('PUT', '/items/{id}', { id: 'putItem' }), operation('POST', '/upload', { id: 'upload' }), operation('POST', '/hostile', { id: 'hostile' })];
  const gateway = await openTestGateway({ snapshot: snapshot([product(upstream.url, { versions: [version('v1', operations, { requests: { ...requestContracts(document)!, fingerprint: 'a' } })], policies: { ...noPolicies, validate } })]), keys: [live] });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { gateway, seen };
}

type Errors = { detail: string; pointer?: string; parameter?: string; in?: string }[];

async function send(gateway: TestGateway, method: string, path: string, headers: Record<string, string> = {}, body?: string | Uint8Array<ArrayBuffer>): Promise<{ status: number; code: string; errors: Errors }> {
  const answer = await fetch(`${gateway.url}/atlas/v1${path}`, { method, headers: { 'x-api-key': live.key, ...headers }, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return answer.ok ? { status: answer.status, code: text, errors: [] } : { status: answer.status, ...(JSON.parse(text) as { code: string; errors: Errors }) };
}

const inJson = { 'content-type': 'application/json; charset=utf-8' };

const parameters: [string, string, string | null, Record<string, string>?][] = [
  ['all is well', '/items/7?limit=5&sort=name&tags=a&tags=b&ids=1,2&filter[age]=4&deep=%7B%22a%22%3A1%7D&maybe=', null, { 'x-mode': 'true' }],
  ['an unknown parameter is the upstream’s business', '/items/7?limit=5&else=1', null],
  ['a path parameter of the wrong type', '/items/seven?limit=5', 'path id: The path parameter "id" is "seven": it must be integer.'],
  ['a path parameter out of bounds', '/items/0?limit=5', 'path id: The path parameter "id" is 0: it must be >= 1.'],
  ['a missing parameter', '/items/7', 'query limit: The query parameter "limit" is missing.'],
  ['a number that is a text', '/items/7?limit=five', 'query limit: The query parameter "limit" is "five": it must be integer.'],
  ['a number that is empty', '/items/7?limit=', 'query limit: The query parameter "limit" is "": it must be integer.'],
  ['a number in another spelling', '/items/7?limit=0x10', 'query limit: The query parameter "limit" is "0x10": it must be integer.'],
  ['a parameter twice', '/items/7?limit=5&limit=6', 'query limit: The query parameter "limit" stands more than once, but takes one value.'],
  ['a word that is not in the enum', '/items/7?limit=5&sort=size', 'query sort: The query parameter "sort" is "size": it must be one of "name", "age".'],
  ['an item of a list', '/items/7?limit=5&tags=ok&tags=long', 'query tags: The query parameter "tags" is ["ok","long"], whose "/1" must NOT have more than 3 characters.'],
  ['an item of a list with commas', '/items/7?limit=5&ids=1,b', 'query ids: The query parameter "ids" is [1,"b"], whose "/1" must be integer.'],
  ['a field of a deep object', '/items/7?limit=5&filter[age]=old', 'query filter: The query parameter "filter" is {"age":"old"}, whose "/age" must be integer.'],
  ['a JSON parameter', '/items/7?limit=5&deep={', 'query deep: The query parameter "deep" is "{": it must be object.'],
  ['a header field', '/items/7?limit=5', 'header X-Mode: The header parameter "X-Mode" is "yes": it must be boolean.', { 'x-mode': 'yes' }],
];

test('parameters are compared with the contract', async (t) => {
  const { gateway } = await setUp(t);
  for (const [name, path, expected, headers] of parameters) {
    const { status, code, errors } = await send(gateway, 'GET', path, headers);
    assert.deepEqual([status, code, errors.map((error) => `${error.in} ${error.parameter}: ${error.detail}`)], expected === null ? [200, 'ok', []] : [400, 'request_invalid', [expected]], name);
  }
});

test('several mistakes are told at once, and the refusal is recorded under its key, its quota given back', async (t) => {
  const { gateway } = await setUp(t);
  const { errors } = await send(gateway, 'GET', '/items/x?limit=500&sort=z');
  assert.deepEqual(errors.map((error) => error.parameter), ['sort', 'limit', 'id']);
  assert.deepEqual(gateway.spool.requests.map(({ status, code, upstreamStatus, operation }) => [status, code, upstreamStatus, operation]), [[400, 'request_invalid', null, 'getItem']]);
});

const bodies: [string, string, [string, string][]][] = [
  ['all is well', '{"name":"a","twin":{"name":null}}', []],
  ['what only answers carry may be sent', '{"name":"a","id":4}', []],
  ['a missing field', '{}', [['', 'The body: the field "name" is missing.']]],
  ['wrong fields at two places', '{"name":5,"twin":{"name":"a","more":1}}', [['/name', '"/name": must be string or null.'], ['/twin', '"/twin": the field "more" is not in the contract.']]],
  ['none of the choices', '{"name":"a","price":true}', [['/price', '"/price": must be number, or must be object.']]],
  ['no JSON', '{"name":', [['', 'The body is not JSON']]],
];

test('JSON bodies are compared with the contract, and go on unchanged', async (t) => {
  const { gateway, seen } = await setUp(t);
  for (const [name, body, expected] of bodies) {
    const { status, errors } = await send(gateway, 'PUT', '/items/7', inJson, body);
    assert.equal(status, expected.length === 0 ? 200 : 400, name);
    assert.deepEqual(errors.map(({ pointer, detail }) => [pointer, detail.slice(0, expected[0]![1].length > 20 ? undefined : 20)]).map(([pointer, detail]) => [pointer, detail!.startsWith('The body is not JSON') ? 'The body is not JSON' : detail]), expected, name);
    if (status === 200) assert.equal(seen.at(-1), body, name);
  }
  assert.equal(seen.length, 2);
  const spaced = ` { "name" : "é" }\n`;
  assert.equal((await send(gateway, 'PUT', '/items/7', inJson, spaced)).status, 200);
  assert.equal(seen.at(-1), spaced);
  const zipped = gzipSync('{"name":"z"}');
  assert.equal((await send(gateway, 'PUT', '/items/7', { ...inJson, 'content-encoding': 'gzip' }, new Uint8Array(zipped))).status, 200);
  assert.deepEqual((await send(gateway, 'PUT', '/items/7', { ...inJson, 'content-encoding': 'gzip' }, new Uint8Array(gzipSync('{}')))).errors[0]!.detail, 'The body: the field "name" is missing.');
  assert.match((await send(gateway, 'PUT', '/items/7', { ...inJson, 'content-encoding': 'gzip' }, new Uint8Array(gzipSync(`{"name":"${'z'.repeat(200_000)}"}`)))).errors[0]!.detail, /more than 100000 bytes/);
});

test('a body in chunks, and one that waits for an invitation, are checked before the upstream hears of them', async (t) => {
  const { gateway, seen } = await setUp(t);
  const head = `PUT /atlas/v1/items/7 HTTP/1.1\r\nHost: x\r\nX-API-Key: ${live.key}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  assert.match(await rawExchange(gateway.port, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"nam\r\n7\r\ne":"a"}\r\n0\r\n\r\n`), /^HTTP\/1.1 200[^]*ok/);
  assert.equal(seen.at(-1), '{"name":"a"}');
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(gateway.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write('{}');
    });
    socket.on('close', () => resolve(text));
    socket.write(`${head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
  });
  assert.match(answer, /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 400 /);
  assert.equal(seen.length, 1);
});

test('the media type of a body is one of the contract; other bodies than JSON stream through', async (t) => {
  const { gateway, seen } = await setUp(t);
  const wrong = await send(gateway, 'PUT', '/items/7', { 'content-type': 'text/plain' }, '{"name":"a"}');
  assert.deepEqual(wrong.errors, [{ detail: 'The Content-Type is "text/plain", but the operation takes application/json.', parameter: 'Content-Type', in: 'header' }]);
  assert.deepEqual((await send(gateway, 'PUT', '/items/7')).errors, [{ detail: 'The operation needs a body, but none was sent.', pointer: '' }]);
  assert.equal((await send(gateway, 'POST', '/upload')).status, 200);
  const image = 'x'.repeat(300_000);
  assert.equal((await send(gateway, 'POST', '/upload', { 'content-type': 'image/png' }, image)).status, 200);
  assert.equal(seen.at(-1), image);
  assert.equal((await send(gateway, 'POST', '/upload', { 'content-type': 'application/merge-patch+json' }, '[]')).status, 400);
});

test('a body above the maximum is refused, whether or not its length is said', async (t) => {
  const { gateway, seen } = await setUp(t);
  const body = JSON.stringify({ name: 'x'.repeat(100_001) });
  assert.deepEqual(await send(gateway, 'PUT', '/items/7', inJson, body).then(({ status, code }) => [status, code]), [413, 'body_too_large']);
  const chunked = await rawExchange(gateway.port, `PUT /atlas/v1/items/7 HTTP/1.1\r\nHost: x\r\nX-API-Key: ${live.key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
  assert.match(chunked, /^HTTP\/1.1 413/);
  assert.equal(seen.length, 0);
});

test('hostile values cost a bounded time: patterns that backtrack, schemas in themselves, lists of equal items', async (t) => {
  const { gateway } = await setUp(t);
  let tree = '{}';
  for (let depth = 0; depth < 60; depth++) tree = `{"c":${tree},"x":"no"}`;
  const rows: [string, string, RegExp][] = [
    ['a pattern that backtracks', JSON.stringify({ a: 'x'.repeat(60) }), /takes too long to check|must match pattern/],
    ['choices within choices', `{"tree":${tree}}`, /takes too long to check|"\/tree/],
    ['a nest', `{"tree":${'{"c":'.repeat(9_000)}1${'}'.repeat(9_000)}}`, /takes too long|nested too deep|must be object/],
    ['equal items', JSON.stringify({ list: Array.from({ length: 20_000 }, () => ({})) }), /takes too long to check|must not have the same item twice/],
  ];
  for (const [name, body, says] of rows) {
    const begun = process.cpuUsage();
    const { status, errors } = await send(gateway, 'POST', '/hostile', inJson, body);
    const spent = process.cpuUsage(begun);
    assert.deepEqual([status, says.test(errors[0]?.detail ?? '')], [400, true], `${name}: ${JSON.stringify(errors).slice(0, 300)}`);
    assert.ok(spent.user + spent.system < 1_000_000, `${name} took ${spent.user + spent.system} us of processor time`);
  }
});

test('each half can be left out, and operations excepted', async (t) => {
  const { gateway } = await setUp(t, { ...rules, parameters: false, except: ['putItem'] });
  assert.equal((await send(gateway, 'GET', '/items/x')).status, 200);
  assert.equal((await send(gateway, 'PUT', '/items/7', inJson, '{}')).status, 200);
  assert.equal((await send(gateway, 'POST', '/hostile', inJson, '[]')).status, 400);
});

test('what cannot be prepared in the gateway is refused, not let through unchecked, and the log says why', async (t) => {
  const { gateway, seen } = await setUp(t);
  const [known] = gateway.gateway.routes.snapshot.products;
  const { requests, operations } = known!.versions[0]!;
  const broken = { ...requests!, fingerprint: 'broken', operations: { ...requests!.operations, upload: 'no JSON' } };
  gateway.publish(snapshot([{ ...known!, versions: [version('v1', operations, { requests: broken })] }], 2));
  const refused = await send(gateway, 'POST', '/upload', { 'content-type': 'image/png' }, 'x');
  assert.deepEqual([refused.status, refused.code, seen.length], [500, 'policy_failed', 0]);
  assert.deepEqual(gateway.policyFaults.map(({ product: slug, file, function: name }) => [slug, file, name]), [['atlas', 'contract of v1', 'upload']]);
  assert.match(gateway.policyFaults[0]!.error, /JSON/);
  assert.equal((await send(gateway, 'GET', '/items/7?limit=5')).status, 200);
});
