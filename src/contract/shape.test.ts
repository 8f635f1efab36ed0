import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadContract } from './load.ts';
import { operationPage } from './shape.ts';
import { shapeSchema } from './schema-shape.ts';

const text = `openapi: 3.1.0
info: { title: A, version: '1' }
paths:
  /trees/{id}:
    description: All trees.
    parameters:
      - { name: id, in: path, required: true, description: Which., schema: { $ref: '#/components/schemas/Id' }, example: oak }
      - { name: depth, in: query, schema: { type: integer } }
    post:
      operationId: graft
      parameters:
        - { name: depth, in: query, description: How deep., schema: { type: integer, default: 3 } }
        - { name: X-Mode, in: header, deprecated: true, schema: { enum: [fast, slow] } }
        - { name: filter, in: query, content: { application/json: { schema: { type: object }, example: { a: 1 } } } }
      requestBody:
        $ref: '#/components/requestBodies/Branch'
      responses:
        '200':
          description: The tree.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Tree' }
              examples: { small: { $ref: '#/components/examples/Small' } }
        default: { $ref: '#/components/responses/Problem' }
components:
  schemas:
    Id: { type: string, minLength: 2 }
    Tree:
      type: object
      properties:
        id: { $ref: '#/components/schemas/Id', description: Of the tree. }
        branches: { type: array, items: { $ref: '#/components/schemas/Tree' } }
  examples:
    Small: { value: { id: oak, branches: [] } }
  requestBodies:
    Branch: { required: true, description: What to graft., content: { text/plain: { schema: { type: string }, example: twig } } }
  responses:
    Problem: { description: Something else. }
`;

describe('operationPage', () => {
  it('gives parameters, body and responses with references resolved and recursion ended', async () => {
    const { document, operations } = await loadContract({ file: 'a.yaml', text, files: [] });
    assert.deepEqual(operationPage(document, operations[0]!), {
      description: 'All trees.',
      parameters: [
        { name: 'depth', in: 'query', required: false, deprecated: false, description: 'How deep.', schema: { type: 'integer', default: 3 }, example: 3 },
        { name: 'X-Mode', in: 'header', required: false, deprecated: true, description: '', schema: { enum: ['fast', 'slow'] }, example: 'fast' },
        { name: 'filter', in: 'query', required: false, deprecated: false, description: '', schema: { type: 'object' }, example: '{"a":1}' },
        { name: 'id', in: 'path', required: true, deprecated: false, description: 'Which.', schema: { type: 'string', minLength: 2 }, example: 'oak' },
      ],
      requestBody: { required: true, description: 'What to graft.', content: [{ mediaType: 'text/plain', schema: { type: 'string' }, example: 'twig' }] },
      responses: [
        {
          status: '200', description: 'The tree.', content: [{
            mediaType: 'application/json',
            schema: { type: 'object', properties: { id: { type: 'string', minLength: 2, description: 'Of the tree.' }, branches: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
            example: { id: 'oak', branches: [] },
          }],
        },
        { status: 'default', description: 'Something else.', content: [] },
      ],
    });
  });

  it('gives an empty page for an operation that the document does not have', () => {
    assert.deepEqual(operationPage({ openapi: '3.1.0', paths: {} }, { method: 'GET', path: '/' }), { description: '', parameters: [], requestBody: null, responses: [] });
  });
});

describe('shapeSchema', () => {
  const rows: { name: string; from: unknown; to: unknown }[] = [
    { name: 'nullable beside a type', from: { type: 'string', nullable: true }, to: { type: ['string', 'null'] } },
    { name: 'nullable beside an enum', from: { type: 'string', enum: ['a'], nullable: true }, to: { type: ['string', 'null'], enum: ['a', null] } },
    { name: 'nullable beside oneOf', from: { oneOf: [{ type: 'string' }], nullable: true }, to: { oneOf: [{ type: 'string' }, { type: 'null' }] } },
    { name: 'nullable beside allOf', from: { description: 'd', allOf: [{ type: 'string' }], nullable: true }, to: { description: 'd', anyOf: [{ allOf: [{ type: 'string' }] }, { type: 'null' }] } },
    { name: 'nullable: false', from: { type: 'string', nullable: false }, to: { type: 'string' } },
    { name: 'exclusiveMinimum: true', from: { minimum: 3, exclusiveMinimum: true }, to: { exclusiveMinimum: 3 } },
    { name: 'exclusiveMaximum: false', from: { maximum: 3, exclusiveMaximum: false }, to: { maximum: 3 } },
    { name: 'an example', from: { type: 'integer', example: 7 }, to: { type: 'integer', examples: [7] } },
    { name: 'what stands beside a $ref', from: { $ref: '#/components/schemas/A', description: 'ignored' }, to: { type: ['string', 'null'] } },
    { name: 'schemas inside schemas', from: { properties: { a: { items: { type: 'string', nullable: true } } } }, to: { properties: { a: { items: { type: ['string', 'null'] } } } } },
    { name: 'data that looks like a schema', from: { enum: [{ nullable: true }], default: { $ref: '#/x' } }, to: { enum: [{ nullable: true }], default: { $ref: '#/x' } } },
    { name: 'a property that is called items', from: { properties: { items: { type: 'integer', nullable: true } } }, to: { properties: { items: { type: ['integer', 'null'] } } } },
    { name: 'a $ref that leads nowhere', from: { not: { $ref: '#/nowhere' } }, to: { not: { $ref: '#/nowhere' } } },
  ];
  for (const { name, from, to } of rows) {
    it(`says in the words of 3.1: ${name}`, () => {
      assert.deepEqual(shapeSchema({ openapi: '3.0.3', components: { schemas: { A: { type: 'string', nullable: true } } } }, from), to);
    });
  }

  it('keeps its size within bounds when every schema refers to many others', () => {
    const names = Array.from({ length: 30 }, (_, n) => `S${n}`);
    const schemas = Object.fromEntries(names.map((name) => [name, { properties: Object.fromEntries(names.map((other) => [other, { $ref: `#/components/schemas/${other}` }])) }]));
    const shaped = shapeSchema({ openapi: '3.1.0', components: { schemas } }, { $ref: '#/components/schemas/S0' });
    assert.ok(JSON.stringify(shaped).length < 300_000);
  });
});
