import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAppError } from '../errors.ts';
import type { ErrorPlace } from '../errors.ts';
import type { ContractSource } from './contract.ts';
import { loadContract, placesMax } from './load.ts';

const ok = `openapi: 3.1.0
info:
  title: Pets
  version: 1.0.0
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        '200': { description: A pet. }
`;

async function refusal(text: string, options: { file?: string; files?: ContractSource['files'] } = {}): Promise<{ message: string; errors: ErrorPlace[] }> {
  try {
    await loadContract({ file: options.file ?? 'api.yaml', text, files: options.files ?? [] });
  } catch (error) {
    assert.ok(isAppError(error), String((error as Error).stack));
    assert.equal(error.code, 'contract_invalid');
    return error;
  }
  throw new assert.AssertionError({ message: 'the document was accepted' });
}

interface Row { name: string; text: string; file?: string; line: number; column: number; says: RegExp; pointer?: string }

/** `ok` with one thing changed. */
function changed(from: string, to: string): string {
  assert.ok(ok.includes(from));
  return ok.replace(from, to);
}

const rows: Row[] = [
  { name: 'an empty file', text: ' \n', line: 1, column: 1, says: /file is empty/ },
  { name: 'a binary file', text: 'PK\u0003\u0004\u0000\u0000', line: 1, column: 1, says: /binary file/ },
  { name: 'an HTML page', text: '<!doctype html><title>Docs</title>', line: 1, column: 1, says: /HTML or XML page/ },
  { name: 'plain text', text: 'hello', line: 1, column: 1, says: /holds plain text\. An object/ },
  { name: 'a list', text: '- a\n- b\n', line: 1, column: 1, says: /holds a list/ },
  { name: 'an object that is no OpenAPI', text: 'a: 1\n', line: 1, column: 1, says: /`openapi` is missing/ },
  { name: 'Swagger 2.0', text: 'info: {}\nswagger: "2.0"\npaths: {}\n', line: 2, column: 10, says: /This is Swagger 2\.0\..*convert it to 3\.x/ },
  { name: 'AsyncAPI', text: 'asyncapi: 3.0.0\n', line: 1, column: 11, says: /AsyncAPI/ },
  { name: 'OpenAPI 4', text: changed('3.1.0', '4.0.0'), line: 1, column: 10, says: /`openapi` is `4\.0\.0`; Portico reads 3\.0, 3\.1 and 3\.2/ },
  { name: 'a version that is a number', text: changed('3.1.0', '3.1'), line: 1, column: 10, says: /is the number 3\.1; the full version as text/ },
  { name: 'a short version', text: changed('3.1.0', '"3.1"'), line: 1, column: 10, says: /such as `openapi: 3\.1\.0`/ },
  { name: 'YAML out of line', text: changed('  version: 1.0.0', ' version: 1.0.0'), line: 4, column: 1, says: /not valid YAML: this line does not line up/ },
  { name: 'YAML with a tab', text: changed('    get:', '\tget:'), line: 7, column: 1, says: /a tab indents this line/ },
  { name: 'YAML with a second colon', text: changed('title: Pets', 'title: Pets: the API'), line: 3, column: 10, says: /second `: ` in this line/ },
  { name: 'YAML with a key twice', text: changed('  version: 1.0.0', '  version: 1.0.0\n  title: Dogs'), line: 5, column: 3, says: /this key stands twice/ },
  { name: 'YAML with an open quote', text: 'openapi: "3.1.0\ninfo: {}\n', line: 1, column: 10, says: /quote or bracket that opens here is never closed/ },
  { name: 'YAML with an unknown alias', text: changed('title: Pets', 'title: *pets'), line: 3, column: 10, says: /An alias \(`\*name`\) needs its anchor/ },
  { name: 'two YAML documents', text: `${ok}---\na: 1\n`, line: 13, column: 1, says: /a second document begins here/ },
  { name: 'JSON with a comma too many', file: 'api.json', text: '{\n  "openapi": "3.1.0",\n  "info": {"title": "A", }\n}', line: 3, column: 26, says: /not valid JSON: `}` cannot stand here\. Remove the comma/ },
  { name: 'JSON with a comma missing', file: 'api.json', text: '{\n  "openapi": "3.1.0"\n  "info": {}\n}', line: 3, column: 3, says: /A comma is missing before it/ },
  { name: 'JSON with a comment', file: 'api.json', text: '{\n  // hello\n}', line: 2, column: 3, says: /JSON has no comments/ },
  { name: 'JSON cut off', file: 'api.json', text: '{\n  "openapi": "3.1.0",\n  "info": {', line: 3, column: 12, says: /the file ends too early/ },
  { name: 'no info', text: changed('info:\n  title: Pets\n  version: 1.0.0\n', ''), line: 1, column: 1, says: /The document lacks the field `info`/ },
  { name: 'no paths in 3.0', text: 'openapi: 3.0.3\ninfo: { title: A, version: "1" }\n', line: 1, column: 1, says: /The document lacks the field `paths`/ },
  { name: 'no paths in 3.1', text: 'openapi: 3.1.0\ninfo: { title: A, version: "1" }\n', line: 1, column: 1, says: /at least one of the fields `paths`/ },
  { name: 'no operation', text: 'openapi: 3.1.0\ninfo: { title: A, version: "1" }\npaths: {}\n', line: 3, column: 1, says: /The document has no operation/ },
  { name: 'info without a title', text: changed('  title: Pets\n', ''), line: 2, column: 1, says: /`info` lacks the field `title`/, pointer: '/info' },
  { name: 'an unknown field', text: changed('operationId: getPet', 'operationid: getPet'), line: 8, column: 7, says: /`operationid` is not a field that OpenAPI has here\. Did you mean `operationId`\?/, pointer: '/paths/~1pets~1{id}/get/operationid' },
  { name: 'a wrong place of a parameter', text: changed('in: path', 'in: url'), line: 10, column: 27, says: /`in` is the text `url`; it must be one of .*`path`/ },
  { name: 'a wrong type', text: changed('operationId: getPet', 'operationId: 7'), line: 8, column: 20, says: /Here stands the number `7`; text \(in quotes\) was expected/ },
  { name: 'text where an object belongs', text: changed("{ description: A pet. }", 'A pet.'), line: 12, column: 16, says: /Here stands the text `A pet\.`; an object \(Response\) was expected/ },
  { name: 'a list where an object belongs', text: changed('    get:\n', '    post: []\n    get:\n'), line: 7, column: 11, says: /Here stands a list; an object \(Operation\) was expected/ },
  { name: 'a path parameter that is not declared', text: changed('/pets/{id}:', '/pets/{id}/{other}:'), line: 9, column: 7, says: /has `\{other\}`, but no parameter with `name: other` and `in: path` is declared/ },
  { name: 'a path parameter that the template lacks', text: changed('/pets/{id}:', '/pets:'), line: 10, column: 19, says: /`id` says `in: path`, but the path `\/pets` has no `\{id\}`/ },
  { name: 'a parameter twice', text: changed("type: string } }\n", "type: string } }\n        - { name: id, in: path, required: true, schema: { type: string } }\n"), line: 11, column: 11, says: /The path parameter `id` is declared twice/ },
  { name: 'an operationId twice', text: `${ok}  /dogs:\n    get:\n      operationId: getPet\n      responses: { '200': { description: Dogs. } }\n`, line: 15, column: 20, says: /`getPet` is already that of GET \/pets\/\{id\}/ },
  { name: 'paths that differ by parameter name only', text: `${ok}  /pets/{name}:\n    get:\n      parameters: [{ name: name, in: path, required: true, schema: {} }]\n      responses: { '200': { description: A pet. } }\n`, line: 13, column: 3, says: /GET `\/pets\/\{name\}` and GET `\/pets\/\{id\}` differ only in the names/ },
  { name: 'a path without a slash', text: changed('/pets/{id}:', 'pets/{id}:'), line: 6, column: 3, says: /Write `\/pets\/\{id\}`/ },
  { name: 'a $ref that leads nowhere', text: changed('{ description: A pet. }', "{ $ref: '#/components/responses/Pet' }"), line: 12, column: 16, says: /`\$ref: #\/components\/responses\/Pet` leads nowhere/ },
  { name: 'a $ref to a file that is not there', text: changed('{ description: A pet. }', '{ $ref: ./pet.yaml }'), line: 12, column: 16, says: /`\$ref: \.\/pet\.yaml` points to the file \.\/pet\.yaml, which was not found/ },
];

describe('loadContract refuses', () => {
  for (const { name, text, file, line, column, says, pointer } of rows) {
    it(name, async () => {
      const { errors, message } = await refusal(text, file === undefined ? {} : { file });
      const [place] = errors;
      assert.ok(place);
      assert.match(place.detail, says);
      assert.deepEqual({ file: place.file, line: place.line, column: place.column }, { file: file ?? 'api.yaml', line, column });
      if (pointer !== undefined) assert.equal(place.pointer, pointer);
      assert.match(message, /^The OpenAPI document api\.\w+ has (one mistake|\d+ mistakes)\.$/);
    });
  }

  it('mistakes in another file, named with that file', async () => {
    const text = changed('{ description: A pet. }', '{ $ref: ./parts/responses.yaml#/pet }');
    const { errors } = await refusal(text, { files: [{ path: 'parts/responses.yaml', text: 'pet:\n  descripton: A pet.\n' }] });
    assert.deepEqual(errors.map(({ file, line, column }) => ({ file, line, column })), [{ file: 'parts/responses.yaml', line: 1, column: 1 }, { file: 'parts/responses.yaml', line: 2, column: 3 }]);
    assert.match(errors[1]!.detail, /Did you mean `description`/);
  });

  it('broken syntax in another file', async () => {
    const text = changed('{ description: A pet. }', '{ $ref: ./parts/responses.yaml#/pet }');
    const { errors } = await refusal(text, { files: [{ path: 'parts/responses.yaml', text: 'pet:\n\tdescription: A pet.\n' }] });
    assert.equal(errors[0]!.file, 'parts/responses.yaml');
    assert.deepEqual([errors[0]!.line, errors[0]!.column], [2, 1]);
  });

  it('a $ref from another file that leads nowhere, named with the file where it stands', async () => {
    const text = changed('{ description: A pet. }', '{ $ref: ./parts/responses.yaml#/pet }');
    const { errors } = await refusal(text, { files: [{ path: 'parts/responses.yaml', text: "pet:\n  description: A pet.\n  content:\n    text/plain:\n      schema: { $ref: '../missing.yaml#/Pet' }\n" }] });
    assert.deepEqual(errors.map(({ file, line, column }) => ({ file, line, column })), [{ file: 'parts/responses.yaml', line: 5, column: 15 }]);
    assert.match(errors[0]!.detail, /\.\.\/missing\.yaml/);
  });

  it('a hundred mistakes, listing twenty and counting the rest', async () => {
    const responses = Array.from({ length: 100 }, (_, n) => `        '${n + 400}': { descripton: x, description: y }`).join('\n');
    const { errors, message } = await refusal(changed("        '200': { description: A pet. }", responses));
    assert.equal(errors.length, placesMax);
    assert.equal(message, 'The OpenAPI document api.yaml has 100 mistakes. The first 20 are listed; there are 80 more.');
    assert.deepEqual([errors[0]!.line, errors[19]!.line], [12, 31]);
  });

  it('YAML aliases that unfold without end', async () => {
    const levels = Array.from({ length: 12 }, (_, n) => `  x-l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`).join('\n');
    const { errors } = await refusal(`openapi: 3.1.0\ninfo:\n  x-l0: &l0 [1, 2, 3]\n${levels}\n`);
    assert.match(errors[0]!.detail, /YAML aliases repeat/);
  });

  it('a document nested beyond measure', async () => {
    const { errors } = await refusal(`{"openapi":"3.1.0","info":{"title":"A","version":"1"},"paths":{},"components":{"schemas":{"A":${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}}}}`, { file: 'api.json' });
    assert.match(errors[0]!.detail, /nested too deeply/);
  });

  it('the same place in JSON as in YAML', async () => {
    const text = '{\n  "openapi": "3.0.3",\n  "info": {"title": "A", "version": "1"},\n  "paths": {\n    "/a": {"get": {"responses": {"200": {"description": 5}}}},\n    "/b\\"c": {"gett": {}}\n  }\n}';
    const { errors } = await refusal(text, { file: 'api.json' });
    assert.deepEqual(errors.map(({ line, column, pointer }) => ({ line, column, pointer })), [
      { line: 5, column: 57, pointer: '/paths/~1a/get/responses/200/description' },
      { line: 6, column: 15, pointer: '/paths/~1b"c/gett' },
    ]);
  });
});

describe('loadContract reads', () => {
  for (const version of ['3.0.0', '3.0.4', '3.1.0', '3.1.2', '3.2.0']) {
    it(`OpenAPI ${version}`, async () => {
      const contract = await loadContract({ file: 'api.yaml', text: changed('3.1.0', version), files: [] });
      assert.equal(contract.openapi, version);
      assert.equal(contract.title, 'Pets');
      assert.deepEqual(contract.operations.map(({ operation, slug, method, path }) => ({ operation, slug, method, path })), [{ operation: 'getPet', slug: 'get-pet', method: 'GET', path: '/pets/{id}' }]);
    });
  }

  it('the query method and additional operations of 3.2', async () => {
    const text = "openapi: 3.2.0\ninfo: { title: A, version: '1' }\npaths:\n  /a:\n    query: { operationId: search, responses: { '200': { description: x } } }\n    additionalOperations:\n      COPY: { responses: { '201': { description: x } } }\n";
    const { operations } = await loadContract({ file: 'a.yaml', text, files: [] });
    assert.deepEqual(operations.map(({ operation, method }) => [operation, method]), [['search', 'QUERY'], ['COPY /a', 'COPY']]);
  });

  it('the same document from JSON, from YAML and with a byte order mark', async () => {
    const yaml = await loadContract({ file: 'api.yaml', text: ok, files: [] });
    const json = await loadContract({ file: 'api.json', text: JSON.stringify(yaml.document), files: [] });
    const marked = await loadContract({ file: 'api.json', text: `\uFEFF${JSON.stringify(yaml.document)}`, files: [] });
    assert.deepEqual(json.document, yaml.document);
    assert.deepEqual(marked.document, yaml.document);
    assert.notEqual(json.sourceHash, yaml.sourceHash);
    assert.equal(marked.sourceHash, json.sourceHash);
  });

  it('several files into one document without outside references', async () => {
    const source: ContractSource = {
      file: './apis/pets/root.yaml',
      text: "openapi: 3.1.0\ninfo: { title: Pets, version: '1' }\npaths:\n  /pets: { $ref: ./paths/pets.yaml }\n",
      files: [
        { path: 'apis/pets/paths/pets.yaml', text: "get:\n  operationId: listPets\n  parameters: [{ $ref: '../../shared/parameters.json#/Kind' }]\n  responses:\n    '200': { description: Pets., content: { application/json: { schema: { $ref: ../schemas/pet.yaml } } } }\n" },
        { path: './apis/pets/schemas/pet.yaml', text: "type: object\nproperties:\n  parent: { $ref: pet.yaml }\n  root: { $ref: '../root.yaml#/info' }\n" },
        { path: 'apis/shared/parameters.json', text: '{"Kind": {"name": "kind", "in": "query", "schema": {"enum": ["cat", "dog"]}}}' },
        { path: 'apis/unused.yaml', text: 'a: [' },
      ],
    };
    const contract = await loadContract(source);
    assert.deepEqual(contract.operations[0]!.enumParameters, ['kind']);
    const outside = JSON.stringify(contract.document).match(/"\$ref":"[^#"][^"]*"/g);
    assert.equal(outside, null);
    const unchanged = await loadContract({ ...source, files: source.files.slice(0, 3) });
    assert.equal(unchanged.sourceHash, contract.sourceHash, 'files that are not reached do not count');
  });

  it('templates that differ by parameter name when their methods differ', async () => {
    const { operations } = await loadContract({ file: 'api.yaml', text: `${ok}  /pets/{name}:\n    delete:\n      parameters: [{ name: name, in: path, required: true, schema: {} }]\n      responses: { '204': { description: Gone. } }\n`, files: [] });
    assert.deepEqual(operations.map(({ method }) => method), ['GET', 'DELETE']);
  });

  it('schema keywords that nobody knows, from 3.1 on', async () => {
    const text = changed('schema: { type: string }', 'schema: { type: string, colour: red }');
    await loadContract({ file: 'api.yaml', text, files: [] });
    const { errors } = await refusal(text.replace('3.1.0', '3.0.3'));
    assert.match(errors[0]!.detail, /`colour` is not a field/);
  });

  it('operations without an id, under slugs that are unique', async () => {
    const text = "openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths:\n  /a-b: { get: { responses: {} } }\n  /a/b: { get: { responses: {}, tags: [one, two], deprecated: true, summary: S } }\n";
    const { operations } = await loadContract({ file: 'a.yaml', text, files: [] });
    assert.deepEqual(operations.map(({ operation, slug }) => [operation, slug]), [['GET /a-b', 'get-a-b'], ['GET /a/b', 'get-a-b-2']]);
    assert.deepEqual([operations[1]!.tag, operations[1]!.deprecated, operations[1]!.summary], ['one', true, 'S']);
  });
});
