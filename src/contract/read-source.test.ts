import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isAppError } from '../errors.ts';
import { loadContract } from './load.ts';
import { readContractSource } from './read-source.ts';

const files: Record<string, string> = {
  'api/root.yaml': "openapi: 3.1.0\ninfo: { title: Pets, version: '1', description: { $ref: ./notes.md } }\npaths:\n  /pets: { $ref: paths/pets.yaml }\n",
  'api/paths/pets.yaml': "get:\n  responses:\n    '200':\n      description: Pets.\n      content:\n        application/json:\n          schema: { $ref: '../../shared/schemas.json#/Pet' }\n          example: { sample: { $ref: nowhere.yaml } }\n",
  'shared/schemas.json': '{"Pet": {"type": "object", "properties": {"self": {"$ref": "#/Pet"}, "back": {"$ref": "../api/paths/pets.yaml#/get/responses/200/content/application~1json/schema"}}}}',
  'api/notes.md': 'Not YAML: [',
  'broken/root.yaml': "openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths:\n  /a: { $ref: paths/a.yaml }\n",
  'broken/paths/a.yaml': "get:\n  responses:\n    '200': { $ref: '../missing.yaml#/ok' }\n",
  'web/escape.yaml': "openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths:\n  /a: { $ref: 'file:///etc/hostname' }\n",
};

let folder: string;
let server: Server;
let address: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-source-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  server = createServer((request, response) => {
    const text = files[(request.url ?? '').slice(1)];
    if (request.url === '/slow.yaml') return;
    if (request.url === '/large.yaml') response.write('x'.repeat(5000));
    if (text === undefined) response.statusCode = 404;
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function refusal(work: Promise<unknown>): Promise<{ message: string; errors: { file?: string; line?: number; column?: number; detail: string }[] }> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(isAppError(error), String(error));
  return error;
}

describe('readContractSource', () => {
  it('gathers every file that is reached, and nothing else', async () => {
    const source = await readContractSource(join(folder, 'api/root.yaml'));
    assert.deepEqual(source.files.map(({ path }) => path).sort(), ['api/notes.md', 'api/paths/pets.yaml', 'shared/schemas.json'].map((path) => join(folder, path)));
  });

  it('gathers over http what loads like the same files from disk', async () => {
    const text = files['api/root.yaml']!.replace(', description: { $ref: ./notes.md }', '');
    files['api/plain.yaml'] = text;
    await writeFile(join(folder, 'api/plain.yaml'), text);
    const web = await loadContract(await readContractSource(`${address}/api/plain.yaml`));
    const disk = await loadContract(await readContractSource(join(folder, 'api/plain.yaml')));
    assert.deepEqual(web.document, disk.document);
  });

  it('names the file, line and column that refer to a file which is not there', async () => {
    const { errors } = await refusal(readContractSource(join(folder, 'broken/root.yaml')));
    assert.equal(errors.length, 1);
    assert.deepEqual({ file: errors[0]!.file, line: errors[0]!.line, column: errors[0]!.column }, { file: join(folder, 'broken/paths/a.yaml'), line: 3, column: 20 });
    assert.match(errors[0]!.detail, /`\$ref: \.\.\/missing\.yaml#\/ok` points to .*missing\.yaml, which cannot be read: there is no such file\./);
  });

  it('lets a document from the web read no local file', async () => {
    const { errors } = await refusal(readContractSource(`${address}/web/escape.yaml`));
    assert.match(errors[0]!.detail, /http and https addresses only/);
  });

  const rows: { name: string; source(): Promise<unknown>; says: RegExp }[] = [
    { name: 'a file that is not there', source: () => readContractSource(join(folder, 'none.yaml')), says: /cannot be read: there is no such file/ },
    { name: 'a folder', source: () => readContractSource(folder), says: /it is a folder/ },
    { name: 'a file that is too large', source: () => readContractSource(join(folder, 'api/root.yaml'), { bytesMax: 10 }), says: /at most 10 are read/ },
    { name: 'too many files', source: () => readContractSource(join(folder, 'api/root.yaml'), { filesMax: 1 }), says: /more than 1 files/ },
    { name: 'an address that answers 404', source: () => readContractSource(`${address}/none.yaml`), says: /the server answered 404 Not Found/ },
    { name: 'an address that answers too much', source: () => readContractSource(`${address}/large.yaml`, { bytesMax: 1000 }), says: /more than 1000 bytes/ },
    { name: 'an address that never answers', source: () => readContractSource(`${address}/slow.yaml`, { timeoutMs: 50 }), says: /no answer within 50 ms/ },
    { name: 'a host that nobody listens on', source: () => readContractSource('http://127.0.0.1:1/a.yaml'), says: /no connection|bad port/ },
  ];
  for (const { name, source, says } of rows) {
    it(`refuses ${name}`, async () => {
      const { message, errors } = await refusal(source());
      assert.match(`${message} ${errors[0]?.detail}`, says);
    });
  }
});
