import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract } from './load.ts';
import { serveDocument, type ServedFacts } from './served-document.ts';

const facts: ServedFacts = {
  serverUrl: 'http://gateway.example/atlas/v2', webUrl: 'http://portal.example', status: 'published', versionHeader: null, tokens: null, policies: [],
  plans: [{ slug: 'free', name: 'Free', limits: [{ name: 'burst', requests: 5, per: 'second' }], operations: null }, { slug: 'basic', name: 'Basic', limits: [], operations: ['listCities'] }],
};

const documentOf = (openapi: string): Record<string, unknown> => ({
  openapi, info: { title: 'Atlas', version: '1' }, servers: [{ url: 'https://hidden.example' }], security: [{ secret: [] }],
  paths: {
    '/cities': {
      servers: [{ url: 'https://other.example' }],
      get: { operationId: 'listCities', security: [], responses: { 200: { description: 'Cities', headers: { 'x-request-id': { schema: { type: 'string' } } } }, 404: { $ref: '#/components/responses/Missing' } } },
      post: { operationId: 'addCity', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/City' } } } }, responses: { 201: { description: 'Made' }, 403: { description: 'Not yours', content: { 'application/json': { schema: { type: 'object' } } } } } },
    },
  },
  components: {
    schemas: { City: { type: 'object' }, GatewayThing: { type: 'string' } },
    responses: { Missing: { description: 'Nothing here' } },
    securitySchemes: { secret: { type: 'http', scheme: 'basic' } },
  },
});

type Served = { servers: { url: string }[]; security: object[]; paths: Record<string, Record<string, { responses: Record<string, { $ref?: string; headers?: object; content?: object }>; deprecated?: boolean; 'x-portico-plans'?: string[] }>>; components: Record<string, Record<string, { examples?: object }>>; 'x-portico-plans': { slug: string }[] };
const serve = (openapi: string, changed: Partial<ServedFacts> = {}) => serveDocument(documentOf(openapi), { ...facts, ...changed }) as unknown as Served;

for (const openapi of ['3.0.3', '3.1.0', '3.2.0']) {
  test(`a served ${openapi} document loads without a mistake, for each state and way of versioning`, async () => {
    for (const changed of [{}, { status: 'deprecated' }, { status: 'retired' }, { tokens: { url: 'http://portal.example/oauth/token' } }, { versionHeader: { name: 'Atlas-Version', value: 'v2' } }] satisfies Partial<ServedFacts>[]) {
      const { operations } = await loadContract({ file: 'served.json', text: JSON.stringify(serve(openapi, changed)), files: [] });
      assert.equal(operations.length, 2);
    }
  });
}

test('it names the gateway and its keys, and nothing of the upstream', () => {
  const served = serve('3.1.0');
  assert.deepEqual(served.servers.map(({ url }) => url), ['http://gateway.example/atlas/v2']);
  assert.doesNotMatch(JSON.stringify(served), /hidden\.example|other\.example|"secret"/);
  assert.deepEqual(Object.keys(served.components['securitySchemes']!), ['PorticoGatewayBearer', 'PorticoGatewayKey'], 'a name of the document is not taken');
  assert.equal('security' in served.paths['/cities']!['get']!, false);
});

test('where tokens are taken it says where they come from, and that one may be wrong', () => {
  const served = serve('3.1.0', { policies: ['tokens'], tokens: { url: 'http://portal.example/oauth/token' } });
  assert.deepEqual(served.security, [{ PorticoGatewayBearer: [] }, { PorticoGatewayKey: [] }, { PorticoGatewayToken: [] }]);
  assert.match(JSON.stringify(served.components['securitySchemes']!['PorticoGatewayToken']), /"clientCredentials":\{"tokenUrl":"http:\/\/portal.example\/oauth\/token","scopes":\{\}\}/);
  assert.match(JSON.stringify(served.components['responses']!['PorticoGateway401']), /token_invalid/);
  assert.doesNotMatch(JSON.stringify(serve('3.1.0')), /oauth2|token_invalid/);
});

test("an operation has the gateway's refusals beside its own answers", () => {
  const { paths } = serve('3.1.0');
  const [get, post] = [paths['/cities']!['get']!.responses, paths['/cities']!['post']!.responses];
  assert.deepEqual(Object.keys(get), ['200', '400', '401', '403', '404', '429', '431', '502', '503', '504'].toSorted());
  assert.equal(get['404']!.$ref, '#/components/responses/Missing');
  assert.equal(get['429']!.$ref, '#/components/responses/PorticoGateway429');
  assert.ok('413' in post, 'a body may be too large');
  assert.deepEqual(Object.keys(post['403']!.content!), ['application/json', 'application/problem+json']);
});

test("answers carry the gateway's header fields once", () => {
  const { paths, components } = serve('3.1.0', { status: 'deprecated' });
  assert.deepEqual(Object.keys(paths['/cities']!['get']!.responses['200']!.headers!), ['x-request-id', 'RateLimit-Policy', 'RateLimit', 'Deprecation', 'Sunset']);
  assert.deepEqual(Object.keys((components['responses']!['Missing'] as { headers: object }).headers), ['X-Request-Id', 'RateLimit-Policy', 'RateLimit', 'Deprecation', 'Sunset']);
  assert.equal(paths['/cities']!['get']!.deprecated, true);
});

test('it says which plans open what', () => {
  const served = serve('3.1.0');
  assert.deepEqual(served['x-portico-plans'].map(({ slug }) => slug), ['free', 'basic']);
  assert.deepEqual(served.paths['/cities']!['post']!['x-portico-plans'], ['free']);
  assert.equal(served.paths['/cities']!['get']!['x-portico-plans'], undefined);
});

test('the document itself stays as it was', () => {
  const document = documentOf('3.1.0');
  serveDocument(document, facts);
  assert.deepEqual(document, documentOf('3.1.0'));
});
