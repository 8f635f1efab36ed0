import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { slugOf, versionNameOf } from '../first-configuration.ts';
import { readConfigBundle } from '../read-bundle.ts';
import { run } from '../testkit.ts';

let folder: string;
before(async () => { folder = await mkdtemp(join(tmpdir(), 'portico-init-')); });
after(() => rm(folder, { recursive: true, force: true }));

const document = `openapi: 3.1.0
info: { title: 'Pet Store: "the" API', version: 2.3.1 }
servers: [ { url: https://pets.example.com/base/ } ]
paths:
  /pets:
    get: { operationId: listPets, responses: { '200': { $ref: './parts/responses.yaml#/Pets' } } }
  /pets/{id}:
    get: { operationId: getPet, parameters: [ { name: id, in: path, required: true, schema: { type: string } } ], responses: { '200': { description: One pet } } }
`;

async function petStore(name: string): Promise<string> {
  const root = join(folder, name);
  await mkdir(join(root, 'contracts/parts'), { recursive: true });
  await writeFile(join(root, 'contracts/openapi.yaml'), document);
  await writeFile(join(root, 'contracts/parts/responses.yaml'), 'Pets: { description: All pets }\n');
  return root;
}

describe('init', () => {
  test('writes a configuration whose bundle holds every file', async () => {
    const root = await petStore('plain');
    const out = join(root, 'portico.yaml');
    const { code, stdout } = await run(['init', '--openapi', join(root, 'contracts/openapi.yaml'), '--upstream', 'http://127.0.0.1:4010', '--out', out]);
    assert.equal(code, 0);
    assert.match(stdout, /2 operations as version v2, one free plan/);
    assert.match(stdout, /portico keys create --product pet-store --plan free/);
    assert.match(stdout, /8080\/pet-store\/v2\/pets\n/);
    const bundle = await readConfigBundle(out);
    assert.match(bundle.text, /openapi: \.\/contracts\/openapi\.yaml/);
    assert.deepEqual(bundle.files.map(({ path }) => path.slice(root.length + 1)), ['contracts/openapi.yaml', 'contracts/parts/responses.yaml']);
  });

  test('--json prints one document', async () => {
    const root = await petStore('json');
    const out = join(root, 'portico.yaml');
    const { code, stdout } = await run(['init', '--json', '--openapi', join(root, 'contracts/openapi.yaml'), '--upstream', 'http://127.0.0.1:4010', '--out', out, '--slug', 'pets']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { file: out, product: 'pets', name: 'Pet Store: "the" API', version: 'v2', operations: 2, upstream: 'http://127.0.0.1:4010' });
  });

  test('keeps a URL as it is', async (t) => {
    const server = createServer((_, response) => response.end('{"openapi":"3.0.3","info":{"title":"Tiny","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"A"}}}}}}')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`;
    const out = join(folder, 'from-url.yaml');
    const { code, stderr } = await run(['init', '--openapi', url, '--upstream', 'https://tiny.example', '--out', out]);
    assert.equal(code, 0, stderr);
    const bundle = await readConfigBundle(out);
    assert.deepEqual(bundle.files.map(({ path }) => path), [url]);
  });

  test('overwrites only with --force', async () => {
    const root = await petStore('force');
    const out = join(root, 'portico.yaml');
    await writeFile(out, 'mine');
    const args = ['init', '--openapi', join(root, 'contracts/openapi.yaml'), '--upstream', 'http://127.0.0.1:4010', '--out', out];
    const { code, stderr } = await run(args);
    assert.equal(code, 1);
    assert.match(stderr, /exists.*--force/);
    assert.equal(await readFile(out, 'utf8'), 'mine');
    assert.equal((await run([...args, '--force'])).code, 0);
  });

  test('proposes the server of the document, and never takes it silently', async () => {
    const root = await petStore('propose');
    const args = ['init', '--openapi', join(root, 'contracts/openapi.yaml'), '--out', join(root, 'portico.yaml')];
    const silent = await run(args);
    assert.equal(silent.code, 2);
    assert.match(silent.stderr, /--upstream is missing\. The document names https:\/\/pets\.example\.com\/base\./);
    const asked = await run(args, { terminal: true, answers: '\n', environment: { NO_COLOR: '1' } });
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stderr, /Address of your API \[https:\/\/pets\.example\.com\/base\]/);
    assert.match(await readFile(join(root, 'portico.yaml'), 'utf8'), /upstream: https:\/\/pets\.example\.com\/base\n/);
  });

  const refused: { name: string; text: string; args?: string[]; code: number; says: RegExp }[] = [
    { name: 'a document with a mistake', text: 'openapi: 3.1.0\ninfo: { title: A }\npaths: {}\n', code: 1, says: /\.yaml:2:/ },
    { name: 'YAML that is broken', text: 'openapi: 3.1.0\ninfo: {\n', code: 1, says: /\.yaml:\d+:\d+: .*YAML/ },
    { name: 'an upstream that is no address', text: document.replace("{ $ref: './parts/responses.yaml#/Pets' }", '{ description: Pets }'), args: ['--upstream', 'localhost:4010'], code: 2, says: /--upstream is "localhost:4010"/ },
    { name: 'a slug that is none', text: document.replace("{ $ref: './parts/responses.yaml#/Pets' }", '{ description: Pets }'), args: ['--upstream', 'http://127.0.0.1:1', '--slug', 'Pets!'], code: 2, says: /--slug is "Pets!"/ },
  ];
  for (const [i, { name, text, args, code, says }] of refused.entries()) {
    test(`refuses ${name}, and writes nothing`, async () => {
      const file = join(folder, `refused-${i}.yaml`);
      await writeFile(file, text);
      const out = join(folder, `refused-${i}-portico.yaml`);
      const ran = await run(['init', '--openapi', file, '--out', out, ...(args ?? ['--upstream', 'http://127.0.0.1:4010'])]);
      assert.equal(ran.code, code);
      assert.match(ran.stderr, says);
      await assert.rejects(readFile(out));
    });
  }
});

test('a slug is made of what the title tells', () => {
  const rows = [['Atlas API', 'atlas'], ['Pet Store API (v2)', 'pet-store'], ['GitHub v3 REST API', 'github'], ['API', 'api'], ['Ünïcode Café', 'unicode-cafe'], ['地図', 'api'], ['  ', 'api'], ['A'.repeat(80), 'a'.repeat(40)]];
  for (const [title, slug] of rows) assert.equal(slugOf(title!), slug, title);
});

test('a version is named by its major number', () => {
  const rows: [unknown, string][] = [['2.3.1', 'v2'], ['v3', 'v3'], ['1', 'v1'], ['0.9.0', 'v1'], ['2026-01-01', 'v2026'], ['latest', 'v1'], [undefined, 'v1'], [2, 'v2']];
  for (const [version, name] of rows) assert.equal(versionNameOf({ info: { version } }), name, String(version));
});

describe('reading portico.yaml', () => {
  test('names the line of a document that cannot be read', async () => {
    const file = join(folder, 'missing-document.yaml');
    await writeFile(file, 'products:\n  - slug: a\n    versions:\n      - { name: v1, openapi: ./nowhere.yaml }\n');
    const { code, stderr } = await run(['apply', '-f', file], { environment: { PORTICO_ADMIN_TOKEN: 'x', PORTICO_URL: 'http://127.0.0.1:1' } });
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`${file}:4:30: .*nowhere\\.yaml cannot be read`));
  });

  test('leaves broken YAML and wrong shapes to whoever applies them', async () => {
    for (const text of ['products: [', 'products: 3', '- a', '', 'products: [ { versions: [ { openapi: [1] }, 7 ] } ]']) {
      const file = join(folder, 'broken.yaml');
      await writeFile(file, text);
      assert.deepEqual(await readConfigBundle(file), { file, text, files: [] });
    }
  });

  test('a file that does not exist', async () => {
    const { code, stderr } = await run(['apply', '-f', join(folder, 'none.yaml')], { environment: { PORTICO_ADMIN_TOKEN: 'x' } });
    assert.equal(code, 1);
    assert.match(stderr, /none\.yaml does not exist\. `portico init` makes one/);
  });
});
