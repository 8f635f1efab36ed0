import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { LoadedContract } from '../src/contract/contract.ts';
import { loadContract } from '../src/contract/load.ts';
import { findOperation, parametersOf } from '../src/contract/operations.ts';
import { follow, isObject, valueAt } from '../src/contract/reference.ts';
import { sampleRequest } from '../src/contract/sample.ts';
import { startAtlas } from './upstream/server.ts';

let atlas: Awaited<ReturnType<typeof startAtlas>>;
before(async () => { atlas = await startAtlas({ port: 0 }); });
after(() => atlas.close());

const contracts = Object.fromEntries(await Promise.all(['v1', 'v2'].map(async (version) => {
  const file = fileURLToPath(new URL(`openapi/atlas-${version}.yaml`, import.meta.url));
  return [version, await loadContract({ file, text: await readFile(file, 'utf8'), files: [] })] as const;
}))) as Record<'v1' | 'v2', LoadedContract>;

function call(version: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${atlas.port}/${version}${path}`, init);
}

/** Validates by a pointer into the document, so that its own $refs resolve. */
function validator(document: Record<string, unknown>): (pointer: string, value: unknown) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'atlas', ...document });
  return (pointer, value) => {
    const validate = ajv.compile({ $ref: `atlas#${pointer}` });
    assert.ok(validate(value), JSON.stringify(validate.errors, null, 1));
  };
}

/** An array at the top of an example may be cut short; the rest is the server's true answer. */
function assertTrueExample(example: unknown, answer: unknown): void {
  assert.deepEqual(example, Array.isArray(example) && Array.isArray(answer) ? answer.slice(0, Math.max(1, example.length)) : answer);
}

for (const version of ['v1', 'v2'] as const) {
  const { document, operations } = contracts[version];
  const validate = validator(document);
  describe(`Atlas ${version}`, () => {
    it('has at least twelve operations, each with summary, description and tag', () => {
      assert.ok(operations.length >= 12, String(operations.length));
      for (const named of operations) {
        const operation = findOperation(document, named)!.operation;
        assert.ok(named.summary !== '' && named.tag !== null && typeof operation['description'] === 'string', named.operation);
      }
    });

    for (const named of operations) {
      const base = `/paths/${named.path.replaceAll('~', '~0').replaceAll('/', '~1')}/${named.method.toLowerCase()}/responses/200/content`;
      const [mediaType, media] = Object.entries(valueAt(document, base) as Record<string, Record<string, unknown>>)[0]!;

      it(`answers the sample of ${named.operation} as its schema says`, async () => {
        const sample = sampleRequest(document, named);
        const response = await call(version, sample.path, { method: sample.method, headers: sample.headers, body: sample.body });
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('content-type'), mediaType);
        validate(`${base}/${encodeURIComponent(mediaType.replaceAll('/', '~1'))}/schema`, mediaType === 'application/json' ? await response.json() : await response.text());
      });

      it(`shows the true answer of ${named.operation} as its example`, async () => {
        const sample = sampleRequest(document, named);
        const url = new URL(sample.path, 'http://atlas');
        for (const parameter of parametersOf(document, findOperation(document, named)!)) {
          if (parameter['in'] === 'query' && parameter['example'] !== undefined) url.searchParams.set(String(parameter['name']), String(parameter['example']));
        }
        const response = await call(version, url.pathname + url.search, { method: sample.method, headers: sample.headers, body: sample.body });
        assert.ok(media['example'] !== undefined, 'every success has an example');
        assertTrueExample(media['example'], mediaType === 'application/json' ? await response.json() : await response.text());
      });
    }

    it('answers errors as described', async () => {
      const rows = version === 'v1'
        ? [{ path: '/cities', response: 'BadRequest' }, { path: '/countries/XX', response: 'NotFound' }]
        : [{ path: '/cities/largest?limit=500', response: 'BadRequest' }, { path: '/countries/XXX', response: 'NotFound' }];
      for (const { path, response: name } of rows) {
        const described = follow(document, { $ref: `#/components/responses/${name}` });
        assert.ok(isObject(described) && isObject(described['content']));
        const [mediaType, found] = Object.entries(described['content'])[0]!;
        const response = await call(version, path);
        assert.equal(response.status, name === 'NotFound' ? 404 : 400);
        assert.equal(response.headers.get('content-type'), mediaType);
        assert.deepEqual(await response.json(), (found as Record<string, unknown>)['example']);
      }
    });

    it('answers HEAD with the head of GET and no body', async () => {
      const [head, get] = [await call(version, '/countries', { method: 'HEAD' }), await call(version, '/countries')];
      for (const name of ['content-length', 'content-type', 'etag', 'cache-control', 'link']) assert.equal(head.headers.get(name), get.headers.get(name), name);
      assert.equal(await head.text(), '');
    });

    it('answers 304 to a known ETag, and 200 to another', async () => {
      const etag = (await call(version, '/regions')).headers.get('etag')!;
      for (const [condition, status] of [[etag, 304], [`W/${etag}`, 304], [`"other", ${etag}`, 304], ['*', 304], ['"other"', 200]] as const) {
        const response = await call(version, '/regions', { headers: { 'If-None-Match': condition } });
        assert.equal(response.status, status, condition);
        assert.equal(response.headers.get('etag'), etag);
        await response.arrayBuffer();
      }
    });

    it('names the methods that a path has', async () => {
      const refused = await call(version, '/countries', { method: 'DELETE' });
      assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
      const asked = await call(version, '/distances', { method: 'OPTIONS' });
      assert.deepEqual([asked.status, asked.headers.get('allow')], [204, 'POST, OPTIONS']);
    });

    it('refuses what it cannot read', async () => {
      const post = (body: string, type = 'application/json'): Promise<Response> => call(version, '/distances', { method: 'POST', headers: { 'Content-Type': type }, body });
      assert.deepEqual([(await post('{')).status, (await post('{}')).status, (await post('null')).status, (await post('a=1', 'text/plain')).status, (await post(`"${'x'.repeat(70_000)}"`)).status], [400, 400, 400, 415, 413]);
      assert.equal((await call(version, '/cities/%E0%A4%A')).status, 400);
      assert.equal((await call(version, '/nothing')).status, 404);
    });

    it('leads through all pages by Link', async () => {
      const names: string[] = [];
      const size = version === 'v1' ? 'per_page' : 'limit';
      let url: string | undefined = `http://127.0.0.1:${atlas.port}/${version}/countries?${size}=50`;
      while (url !== undefined) {
        const response: Response = await fetch(url);
        const body = (await response.json()) as { name: string }[] & { items?: { name: string }[] };
        names.push(...(body.items ?? body).map(({ name }) => name));
        const next: string | undefined = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
        url = next === undefined ? undefined : new URL(next, url).href;
      }
      assert.equal(names.length, 250);
      assert.equal(new Set(names).size, 250);
    });
  });
}

describe('Atlas from v1 to v2', () => {
  it('keeps the ids of operations, but for one that ended and those that are new', () => {
    const [old, now] = [contracts.v1, contracts.v2].map(({ operations }) => new Set(operations.map(({ operation }) => operation))) as [Set<string>, Set<string>];
    assert.deepEqual([...old.difference(now)], ['listCapitals']);
    assert.deepEqual([...now.difference(old)].sort(), ['exportCities', 'getRegion']);
  });

  it('clamps in v1 what v2 refuses', async () => {
    assert.equal(((await (await call('v1', '/countries?per_page=5000')).json()) as unknown[]).length, 100);
    assert.equal((await call('v2', '/countries?limit=51')).status, 400);
    assert.equal((await call('v1', '/countries/che')).status, 200);
    assert.equal((await call('v2', '/countries/che')).status, 400);
    assert.equal((await call('v1', '/countries?colour=red')).status, 200);
    assert.equal((await call('v2', '/countries?colour=red')).status, 400);
  });
});
