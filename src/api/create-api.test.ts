import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { loadContract } from '../contract/load.ts';
import type { Actor, Person, Services } from '../control/services.ts';
import { AppError } from '../errors.ts';
import { createApi } from './create-api.ts';

const adminToken = 'padm_0123456789';
const webUrl = 'https://portal.example';
const member: Person = { userId: 'usr_1', email: 'pm@example.com', name: 'Mika', verified: true, member: { memberId: 'mem_1', role: 'engineer', rights: [] }, developer: null };

interface Problem { type: string; title: string; status: number; detail: string; code: string; requestId: string; errors?: { detail: string; pointer?: string; line?: number; column?: number }[] }

/** The transport alone: services that remember who asked, and fail on demand. */
function transport(person?: Person) {
  const actors: Actor[] = [];
  const logged: object[] = [];
  const services = {
    accounts: { findPerson: async () => person },
    products: { list: async (actor: Actor) => { actors.push(actor); return []; } },
    configuration: {
      apply: async (actor: Actor, input: unknown) => { actors.push(actor); return { changes: [], drift: [], applied: true, snapshotVersion: (input as { bundle: { text: string } }).bundle.text.length, unconfirmed: [] }; },
      export: async () => { throw new Error('the disk is on fire'); },
    },
    usage: {},
    consumers: { get: async () => { throw new AppError('not_found', 'There is no consumer con_1.'); } },
    keys: { update: async (actor: Actor) => { actors.push(actor); throw new AppError('conflict', 'There is another key of this name.'); } },
  } as unknown as Services;
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(JSON.parse(line) as object) });
  const app = createApi({ services, adminToken, log, version: '1.2.3', webUrl });
  const send = async (method: string, path: string, options: { token?: string | null; headers?: Record<string, string>; body?: string } = {}) => {
    const token = options.token === undefined ? adminToken : options.token;
    const response = await app.request(path, {
      method, headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    return { response, problem: response.ok ? undefined : await response.clone().json() as Problem };
  };
  return { send, actors, logged };
}

describe('who acts', () => {
  test('the holder of the admin token', async () => {
    const { send, actors } = transport();
    assert.equal((await send('GET', '/api/v1/products')).response.status, 200);
    assert.deepEqual(actors, [{ kind: 'admin-token' }]);
  });

  test('a member by the session', async () => {
    const { send, actors } = transport(member);
    assert.equal((await send('GET', '/api/v1/products', { token: null })).response.status, 200);
    assert.deepEqual(actors, [{ kind: 'member', memberId: 'mem_1', email: 'pm@example.com', role: 'engineer' }]);
  });

  const refused: { name: string; person?: Person; token?: string | null; headers?: Record<string, string>; code: string; says: RegExp }[] = [
    { name: 'nobody', token: null, code: 'not_signed_in', says: /neither an Authorization header nor a valid session/ },
    { name: 'another token', token: 'padm_0123456788', code: 'not_signed_in', says: /not the admin token/ },
    { name: 'a token that begins like the right one', token: 'padm_01234567890', code: 'not_signed_in', says: /not the admin token/ },
    { name: 'another scheme', token: null, headers: { authorization: 'Basic cGFkbTo=' }, code: 'not_signed_in', says: /not of the form/ },
    { name: 'a wrong token beside a good session', person: member, token: 'wrong', code: 'not_signed_in', says: /not the admin token/ },
    { name: 'a developer', person: { ...member, member: null, developer: { developerId: 'dev_1', consumerId: 'con_1', consumerName: 'Northwind', blocked: false } }, token: null, code: 'role_forbids', says: /developer/ },
  ];
  for (const { name, person, token, headers, code, says } of refused) {
    test(`not ${name}`, async () => {
      const { send, actors } = transport(person);
      const { response, problem } = await send('GET', '/api/v1/products', { ...(token === undefined ? {} : { token }), ...(headers ? { headers } : {}) });
      assert.equal(problem!.code, code);
      assert.match(problem!.detail, says);
      assert.equal(response.headers.get('www-authenticate')?.startsWith('Bearer') ?? false, code === 'not_signed_in');
      assert.deepEqual(actors, []);
    });
  }
});

describe('writes on a session', () => {
  const rows: { name: string; headers: Record<string, string>; status: number }[] = [
    { name: 'from the portal', headers: { origin: webUrl }, status: 409 },
    { name: 'from the host that was asked', headers: { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, status: 409 },
    { name: 'of the same origin by the browser’s word', headers: { 'sec-fetch-site': 'same-origin' }, status: 409 },
    { name: 'from another site', headers: { origin: 'https://evil.example' }, status: 403 },
    { name: 'from a name that only begins like the portal', headers: { origin: 'https://portal.example.evil.example' }, status: 403 },
    { name: 'from a sandboxed page', headers: { origin: 'null' }, status: 403 },
    { name: 'from another site by the browser’s word', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
    { name: 'without an origin', headers: {}, status: 403 },
  ];
  for (const { name, headers, status } of rows) {
    test(`${name}: ${status}`, async () => {
      const { send, actors } = transport(member);
      const { response, problem } = await send('PATCH', '/api/v1/keys/key_1', { token: null, headers, body: '{"name":"x"}' });
      assert.equal(response.status, status);
      assert.equal(problem!.code, status === 403 ? 'csrf_refused' : 'conflict');
      assert.equal(actors.length, status === 403 ? 0 : 1);
    });
  }

  test('the admin token needs no origin', async () => {
    const { send } = transport();
    assert.equal((await send('PATCH', '/api/v1/keys/key_1', { headers: { origin: 'https://evil.example' }, body: '{"name":"x"}' })).response.status, 409);
  });
});

describe('bad input', () => {
  const rows: { name: string; method: string; path: string; body?: string; headers?: Record<string, string>; status: number; code: string; says: RegExp; places?: object[] }[] = [
    { name: 'JSON that breaks off', method: 'POST', path: '/api/v1/keys', body: '{"email":\n  "a@example.com",', status: 400, code: 'input_invalid', says: /line 2, column/ },
    { name: 'JSON with a stray word', method: 'POST', path: '/api/v1/keys', body: '{"email":\n  x}', status: 400, code: 'input_invalid', says: /line 2, column 3/ },
    { name: 'an empty body', method: 'POST', path: '/api/v1/keys', body: '', status: 400, code: 'input_invalid', says: /empty/ },
    { name: 'a body of another type', method: 'POST', path: '/api/v1/keys', body: 'email=a', headers: { 'content-type': 'application/x-www-form-urlencoded' }, status: 400, code: 'input_invalid', says: /takes JSON/ },
    { name: 'fields that are missing, wrong or unknown', method: 'POST', path: '/api/v1/keys', body: '{"email":"nobody","mode":"prod","colour":1}', status: 400, code: 'input_invalid', says: /`email`.*and 3 more/,
      places: [{ pointer: '/email', detail: 'not a valid email address' }, { pointer: '/product', detail: 'it is missing' }, { pointer: '/mode', detail: 'expected one of "live"|"test"' }, { pointer: '/colour', detail: 'there is no such field' }] },
    { name: 'a query parameter that does not exist', method: 'GET', path: '/api/v1/usage?sinse=24h', status: 400, code: 'input_invalid', says: /`sinse`.*no such query parameter/ },
    { name: 'a duration without a unit', method: 'GET', path: '/api/v1/usage?since=24', status: 400, code: 'input_invalid', says: /24h/ },
    { name: 'an impossible time', method: 'GET', path: '/api/v1/usage?from=2026-13-01', status: 400, code: 'input_invalid', says: /RFC 3339/ },
    { name: 'a period that ends before it begins', method: 'GET', path: '/api/v1/usage?from=2026-02-01&to=2026-01-01', status: 400, code: 'input_invalid', says: /before `to`/ },
    { name: 'a period named twice', method: 'GET', path: '/api/v1/usage?from=2026-02-01&since=24h', status: 400, code: 'input_invalid', says: /not both/ },
    { name: 'a status that is none', method: 'GET', path: '/api/v1/requests?status=4x', status: 400, code: 'input_invalid', says: /4xx/ },
    { name: 'a page of nothing', method: 'GET', path: '/api/v1/requests?limit=0', status: 400, code: 'input_invalid', says: /limit/ },
    { name: 'an address that does not exist', method: 'GET', path: '/api/v1/kees', status: 404, code: 'not_found', says: /\/api\/v1\/kees/ },
    { name: 'a method that an address does not take', method: 'DELETE', path: '/api/v1/keys/key_1', status: 405, code: 'method_not_allowed', says: /PATCH/ },
    { name: 'a body beyond 1 MB', method: 'POST', path: '/api/v1/keys', body: JSON.stringify({ email: 'x'.repeat(1_100_000) }), status: 413, code: 'body_too_large', says: /1048576/ },
  ];
  for (const { name, method, path, body, headers, status, code, says, places } of rows) {
    test(name, async () => {
      const { send } = transport();
      const { response, problem } = await send(method, path, { ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) });
      assert.equal(response.status, status);
      assert.match(response.headers.get('content-type')!, /^application\/problem\+json/);
      assert.equal(problem!.code, code);
      assert.equal(problem!.status, status);
      assert.equal(problem!.type, `${webUrl}/errors/${code}`);
      assert.equal(problem!.requestId, response.headers.get('x-request-id'));
      assert.match(problem!.detail, says);
      if (places) assert.deepEqual(problem!.errors, places);
      if (status === 405) assert.equal(response.headers.get('allow'), 'PATCH');
    });
  }

  test('a chunked body is bounded too', async () => {
    const chunk = 'x'.repeat(262_144);
    let sent = 0;
    const body = new ReadableStream({ pull: (controller) => { controller.enqueue(new TextEncoder().encode(chunk)); if (++sent > 1_000) controller.close(); } });
    const app = createApi({ services: { accounts: {} } as unknown as Services, adminToken, log: pino({ level: 'silent' }), version: '1', webUrl });
    const response = await app.request(new Request(`${webUrl}/api/v1/keys`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }, body, duplex: 'half' } as RequestInit));
    assert.equal(response.status, 413);
    assert.ok(sent < 20, `${sent} chunks were read of a body that was too large after 5`);
  });

  test('a configuration may be larger', async () => {
    const { send } = transport();
    const text = 'x'.repeat(3_000_000);
    const { response } = await send('POST', '/api/v1/configuration', { body: JSON.stringify({ bundle: { file: 'portico.yaml', text, files: [] } }) });
    assert.equal((await response.json() as { snapshotVersion: number }).snapshotVersion, text.length);
  });

  test('a refusal of a service keeps its code and words', async () => {
    const { problem } = await transport().send('GET', '/api/v1/consumers/con_1');
    assert.equal(problem!.code, 'not_found');
    assert.equal(problem!.detail, 'There is no consumer con_1.');
  });

  test('a fault is logged with the request id and its words stay inside', async () => {
    const { send, logged } = transport();
    const { response, problem } = await send('GET', '/api/v1/configuration');
    assert.equal(response.status, 500);
    assert.doesNotMatch(JSON.stringify(problem), /fire/);
    assert.equal((logged[0] as { requestId: string }).requestId, problem!.requestId);
    assert.match(JSON.stringify(logged[0]), /the disk is on fire/);
  });
});

describe('the OpenAPI document', () => {
  interface Operation { operationId: string; summary: string; description: string; tags: string[]; responses: Record<string, { description: string; content?: Record<string, { schema?: unknown; example?: unknown }> }>; requestBody?: { content: Record<string, { schema?: unknown; example?: unknown }> } }
  interface Document { info: { version: string }; tags: { name: string }[]; paths: Record<string, Record<string, Operation>> }

  test('is valid by the loader that products go through, and needs no token', async () => {
    const { response } = await transport().send('GET', '/api/openapi.json', { token: null });
    const contract = await loadContract({ file: 'openapi.json', text: await response.text(), files: [] });
    assert.equal(contract.openapi, '3.1.0');
    assert.equal(contract.title, 'Portico management API');
    assert.ok(contract.operations.length >= 40, `${contract.operations.length} operations`);
    assert.equal(new Set(contract.operations.map(({ operation }) => operation)).size, contract.operations.length);
  });

  test('explains and exemplifies every operation', async () => {
    const document = await (await transport().send('GET', '/api/openapi.json')).response.json() as Document;
    const named = new Set(document.tags.map(({ name }) => name));
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const name = `${method.toUpperCase()} ${path}`;
        assert.ok(operation.summary && operation.description && operation.operationId, `${name} has summary, description and operationId`);
        assert.ok(operation.tags.every((tag) => named.has(tag)), `${name} has described tags`);
        for (const [status, { content }] of Object.entries(operation.responses)) {
          if (status === '204') continue;
          for (const media of Object.values(content ?? {})) assert.ok(media.schema && media.example !== undefined, `${name} ${status} has schema and example`);
          assert.ok(content, `${name} ${status} has content`);
        }
        for (const media of Object.values(operation.requestBody?.content ?? {})) assert.ok(media.schema && media.example, `${name} has a schema and an example of its body`);
        assert.ok('401' in operation.responses && '500' in operation.responses, `${name} describes refusals`);
      }
    }
  });

  test('beside it lies the JSON Schema of portico.yaml', async () => {
    const { response } = await transport().send('GET', '/schema/portico.json', { token: null });
    assert.equal(response.headers.get('content-type'), 'application/schema+json');
    assert.equal((await response.json() as { title: string }).title, 'portico.yaml');
  });
});
