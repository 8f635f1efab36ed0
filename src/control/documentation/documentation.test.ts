import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import { openTestGateway, openUpstream } from '../../gateway/gateway.testkit.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { buildSnapshot } from '../gateways/publish-snapshot.ts';
import { addConsumer, admin, openControl, refusalOf } from '../testkit.ts';
import type { SampleRow } from '../services.ts';
import { createDocumentation } from './documentation.ts';

const dayMs = 86_400_000;

const document = (more = '') => `openapi: 3.1.0
info: { title: Atlas, version: '2.0' }
paths:
  /cities/{id}:
    get:
      operationId: getCity
      parameters: [ { name: id, in: path, required: true, schema: { type: integer }, example: 7 } ]
      responses: { '200': { description: A city, content: { application/json: { schema: { $ref: '#/components/schemas/City' } } } } }
  /cities:
    post:
      operationId: addCity
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/City' }, example: { name: Oslo } } } }
      responses: { '201': { description: Made } }
${more}components:
  schemas:
    City: { type: object, required: [name], properties: { name: { type: string } } }
`;

const good: RequestListener = (request, response) => {
  if (request.method === 'POST') response.writeHead(201).end();
  else response.setHeader('content-type', 'application/json').end(JSON.stringify({ name: 'Paris' }));
};

forEachEngine('documentation', (stores) => {
  async function open(listener: RequestListener = good) {
    const control = await openControl(await stores.open());
    const upstream = await openUpstream(listener);
    const seen: string[] = [];
    upstream.server.on('request', (request) => seen.push(`${request.method} ${request.url} ${request.headers['atlas-version'] ?? ''}`.trim()));
    const apply = (text = document(), versioning = '{ by: path }', more = '') => createConfiguration(control.deps, control.gateways).apply(admin, {
      bundle: {
        file: 'portico.yaml', files: [{ path: 'atlas.yaml', text }],
        text: `products:
  - { slug: atlas, name: Atlas, upstream: "http://127.0.0.1:1", testUpstream: "${upstream.url}", versioning: ${versioning}, versions: [ { name: v1, openapi: atlas.yaml }, { name: v2, openapi: atlas.yaml, status: draft } ], plans: [ { slug: free, currency: usd, limits: [ { name: burst, requests: 1, per: second } ]${more} } ] }
  - { slug: relief, upstream: "http://127.0.0.1:1", versions: [ { name: v1, openapi: atlas.yaml } ], plans: [ { slug: free, currency: usd } ] }
`,
      }, dryRun: false, prune: true,
    });
    await apply();
    const gateway = await openTestGateway({ snapshot: await buildSnapshot(control.deps) });
    let ready = true;
    const documentation = createDocumentation(control.deps, { onPublished: () => () => undefined, list: () => [], snapshotVersion: () => 0 }, {
      gateway: { address: gateway.url, isReady: () => ready }, lookEveryMs: 3_600_000, againMs: 3_600_000, perSecond: 10_000, timeoutMs: 400,
    });
    after(async () => {
      await documentation.close();
      await gateway.close();
      await upstream.close();
    });
    const look = async (): Promise<void> => {
      gateway.publish(await buildSnapshot(control.deps));
      await documentation.runner.look();
    };
    await look();
    const samples = async (): Promise<SampleRow[]> => (await documentation.listSamples(admin, {})).samples;
    return { ...control, gateway, documentation, apply, look, samples, seen, setReady: (value: boolean) => { ready = value; } };
  }

  test('every sample of a served version with a test mode is sent through the gateway, past the limits of plans, and leaves no record there', async () => {
    const { samples, seen, gateway, documentation } = await open();
    assert.deepEqual(seen.toSorted(), ['GET /cities/7', 'POST /cities']);
    assert.deepEqual((await samples()).map(({ product, version, operation, state, run }) => [product.slug, version, operation.operation, state, run!.status, run!.reason]), [['atlas', 'v1', 'getCity', 'worked', 200, null], ['atlas', 'v1', 'addCity', 'worked', 201, null]]);
    assert.deepEqual(gateway.spool.records, []);
    const [version, ...others] = await documentation.listVersions(admin, {});
    assert.deepEqual(others, []);
    assert.deepEqual({ ...version, lastAt: 0 }, { product: { slug: 'atlas', name: 'Atlas' }, version: 'v1', samples: 2, worked: 2, failed: 0, notRun: 0, lastAt: 0, running: null, due: 0 });
    const run = await documentation.findRun(undefined, { product: 'atlas', version: 'v1', operation: 'get-city' });
    assert.deepEqual([run!.worked, run!.answer], [true, { status: 200, contentType: 'application/json', body: '{"name":"Paris"}', whole: true }]);
  });

  const failures: [name: string, listener: RequestListener, reason: RegExp, status: number | null][] = [
    ['another status than promised', (_request, response) => response.writeHead(404).end('{}'), /^The test upstream answered 404; the contract promises 200\.$/, 404],
    ['a status that is not described', (_request, response) => response.writeHead(202).end(), /^The contract does not describe the status 202; it has 200\.$/, 202],
    ['another media type', (_request, response) => response.setHeader('content-type', 'text/html').end('<p>'), /^The answer is text\/html; the contract says application\/json\.$/, 200],
    ['a body that does not match, with its place', (_request, response) => response.setHeader('content-type', 'application/json').end('{"name":7}'), /^At \/name: must be string\.$/, 200],
    ['a field that is missing', (_request, response) => response.setHeader('content-type', 'application/json').end('{}'), /^At the top of the body: the field "name" is missing\.$/, 200],
    ['no JSON at all', (_request, response) => response.setHeader('content-type', 'application/json').end('{'), /^The body is not valid JSON\.$/, 200],
    ['no answer in time', () => undefined, /^No whole answer came within 0\.4 seconds\.$/, null],
    ['an upstream that hangs up', (request) => request.socket.destroy(), /^The test upstream could not be reached \(502 upstream_unreachable\)\.$/, 502],
  ];
  for (const [name, listener, reason, status] of failures) {
    test(`it fails with the reason: ${name}`, async () => {
      const { documentation } = await open(listener);
      const { samples: [row] } = await documentation.listSamples(admin, { state: 'failed' });
      assert.equal(row!.operation.operation, 'getCity');
      assert.match(row!.run!.reason!, reason);
      assert.equal(row!.run!.status, status);
      const shown = await documentation.findRun(undefined, { product: 'atlas', version: 'v1', operation: 'get-city' });
      assert.deepEqual([shown!.worked, shown!.workedAt, shown!.reason, shown!.answer], [false, null, null, null], 'a stranger learns that, not why');
    });
  }

  test('it runs again a day later, when the document changes and when asked, and remembers when it last worked', async () => {
    let broken = false;
    const { documentation, advance, look, seen, apply, deps, samples } = await open((request, response) => (broken ? response.writeHead(500).end() : good(request, response)));
    const first = (await samples())[0]!.run!.at;
    await look();
    assert.equal(seen.length, 2, 'nothing is due');
    advance(dayMs - 1);
    await look();
    assert.equal(seen.length, 2);
    advance(2);
    broken = true;
    await look();
    assert.equal(seen.length, 4, 'a day later');
    assert.deepEqual((await samples()).map(({ run }) => [run!.worked, run!.workedAt]), [[false, first], [false, first]]);
    advance(1);
    broken = false;
    await apply(document('  /new: { get: { operationId: listNew, responses: { "200": { description: New } } } }\n'));
    await look();
    assert.equal(seen.length, 7, 'with a new document');
    advance(1);
    assert.deepEqual(await documentation.run(admin, { product: 'atlas', version: 'v1' }), { samples: 3 });
    await look();
    assert.equal(seen.length, 10, 'on demand');
    advance(1);
    await apply();
    await look();
    const left = await deps.database.kysely.selectFrom('sample_run').select('operation').execute();
    assert.deepEqual(left.map(({ operation }) => operation).toSorted(), ['addCity', 'getCity'], 'runs of operations that are gone are forgotten');
  });

  test('it waits while the gateway is not ready, and while it is away nothing counts as failed', async () => {
    const { documentation, advance, look, seen, setReady, samples, gateway } = await open();
    advance(dayMs + 1);
    setReady(false);
    await look();
    assert.equal(seen.length, 2);
    assert.deepEqual((await documentation.listVersions(admin, {}))[0]!.running, { done: 0, of: 2, waiting: true });
    setReady(true);
    await gateway.close();
    await look();
    assert.deepEqual((await samples()).map(({ state }) => state), ['worked', 'worked']);
    assert.equal((await documentation.listVersions(admin, {}))[0]!.due, 2);
  });

  test('a version that is chosen by header is called with it', async () => {
    const { advance, apply, look, seen } = await open();
    advance(1);
    await apply(document(), '{ by: header, header: Atlas-Version }');
    await look();
    assert.deepEqual(seen.slice(2).toSorted(), ['GET /cities/7 v1', 'POST /cities v1']);
  });

  test('long answers are kept in part, and what is no text is not kept', async () => {
    const { documentation } = await open((request, response) => {
      if (request.method === 'POST') response.writeHead(201, { 'content-type': 'image/png' }).end(Buffer.alloc(100));
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ name: 'é'.repeat(20_000) }));
    });
    const [long, binary] = (await documentation.listSamples(admin, {})).samples.map(({ run }) => run!.answer!);
    assert.deepEqual([long!.whole, Buffer.byteLength(long!.body) <= 16_384, long!.body.includes('\ufffd')], [false, true, false]);
    assert.deepEqual(binary, { status: 201, contentType: 'image/png', body: '', whole: false });
  });

  test('samples page, filter and are the producer’s alone', async () => {
    const { documentation, deps } = await open((request, response) => (request.method === 'POST' ? response.writeHead(500).end() : good(request, response)));
    const first = await documentation.listSamples(admin, { limit: 1 });
    const second = await documentation.listSamples(admin, { limit: 1, cursor: first.nextCursor! });
    assert.deepEqual([first.samples[0]!.operation.operation, second.samples[0]!.operation.operation, second.nextCursor], ['getCity', 'addCity', null]);
    assert.deepEqual((await documentation.listSamples(admin, { state: 'failed' })).samples.map(({ operation }) => operation.operation), ['addCity']);
    assert.deepEqual((await documentation.listSamples(admin, { product: 'relief' })).samples, []);
    const ada = await addConsumer(deps, 'ada');
    const viewer = { kind: 'member', memberId: 'mem_1', email: 'v@example.com', role: 'viewer' } as const;
    assert.equal((await refusalOf(documentation.listSamples(ada, {}))).code, 'role_forbids');
    assert.equal((await refusalOf(documentation.listVersions(ada, {}))).code, 'role_forbids');
    assert.equal((await refusalOf(documentation.run(viewer, { product: 'atlas' }))).code, 'role_forbids');
    assert.equal((await refusalOf(documentation.run(admin, { product: 'relief' }))).code, 'not_found');
    assert.equal((await refusalOf(documentation.findRun(ada, { product: 'atlas', version: 'v2', operation: 'get-city' }))).code, 'not_found', 'a draft');
  });
});
