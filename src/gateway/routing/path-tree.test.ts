import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operation } from '../gateway.testkit.ts';
import { fieldListOf } from '../http1/field-section.ts';
import { buildPathTree, matchPath } from './path-tree.ts';
import { splitTarget } from './split-target.ts';

const tree = buildPathTree([
  operation('GET', '/'), operation('GET', '/cities'), operation('POST', '/cities'), operation('GET', '/cities/{id}'), operation('DELETE', '/cities/{id}'),
  operation('GET', '/cities/nearest'), operation('GET', '/cities/{id}/map'), operation('GET', '/cities/nearest/route'),
  operation('GET', '/compare/{base}...{head}'), operation('GET', '/compare/{spec}'), operation('GET', '/files/{name}.{ext}'), operation('GET', '/files/{name}.tar.gz'), operation('GET', '/files/v{n}'),
  operation('GET', '/a/{x}/c'), operation('GET', '/{x}/b/d'), operation('GET', '/slash/'), operation('HEAD', '/head'), operation('GET', '/head'), operation('GET', '/caf%C3%A9'), operation('GET', '/regex/a+b(c)'),
]);

const noFields = fieldListOf([]);

/** method, path, operation or the methods that are allowed */
const rows: [string, string, string | string[]][] = [
  ['GET', '/', 'GET /'],
  ['GET', '/cities', 'GET /cities'],
  ['GET', '/cities/42', 'GET /cities/{id}'],
  ['GET', '/cities/nearest', 'GET /cities/nearest'],
  ['DELETE', '/cities/nearest', 'DELETE /cities/{id}'],
  ['GET', '/cities/nearest/map', 'GET /cities/{id}/map'],
  ['GET', '/cities/nearest/route', 'GET /cities/nearest/route'],
  ['GET', '/cities/a%2Fb', 'GET /cities/{id}'],
  ['GET', '/cities/a%2Fmap', 'GET /cities/{id}'],
  ['GET', '/%63ities', 'GET /cities'],
  ['GET', '/compare/main...dev', 'GET /compare/{base}...{head}'],
  ['GET', '/compare/main', 'GET /compare/{spec}'],
  ['GET', '/files/readme.md', 'GET /files/{name}.{ext}'],
  ['GET', '/files/src.tar.gz', 'GET /files/{name}.tar.gz'],
  ['GET', '/files/v2', 'GET /files/v{n}'],
  ['GET', '/files/.md', []],
  ['GET', '/a/b/c', 'GET /a/{x}/c'],
  ['GET', '/a/b/d', 'GET /{x}/b/d'],
  ['GET', '/slash/', 'GET /slash/'],
  ['GET', '/slash', []],
  ['GET', '/cities/', []],
  ['GET', '//cities', []],
  ['HEAD', '/cities', 'GET /cities'],
  ['HEAD', '/head', 'HEAD /head'],
  ['GET', '/café', 'GET /caf%C3%A9'],
  ['GET', '/caf%C3%A9', 'GET /caf%C3%A9'],
  ['GET', '/regex/a+b(c)', 'GET /regex/a+b(c)'],
  ['PUT', '/cities', ['GET', 'HEAD', 'POST']],
  ['PATCH', '/cities/nearest', ['DELETE', 'GET', 'HEAD']],
];

for (const [method, path, expected] of rows) {
  test(`${method} ${path}`, () => {
    const split = splitTarget(path, noFields);
    assert.ok(!('problem' in split));
    const match = matchPath(tree, split.decoded, method);
    if (typeof expected === 'string') assert.equal(match.operation?.operation.id, expected);
    else assert.deepEqual([match.operation, match.allowed], [null, expected]);
  });
}

test('a segment never splits and never joins, whatever its octets', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/[/\\]|\0|^\.{1,2}$/.test(text)), { minLength: 1, maxLength: 5 }), (segments) => {
    const path = segments.map((segment) => `/${encodeURIComponent(segment.toWellFormed())}`).join('');
    const split = splitTarget(path, noFields);
    assert.ok(!('problem' in split));
    assert.deepEqual(split.decoded, segments.map((segment) => segment.toWellFormed()));
    assert.equal(split.raw.map((segment) => `/${segment}`).join(''), path);
  }));
});

test('dot segments are refused however they are written', () => {
  for (const path of ['/.', '/..', '/a/../b', '/a/%2e%2e/b', '/a/%2E./b', '/a/.%2e', '/a%2F..%2Fb', '/a/..%5cb', '/a\\..\\b', '/%2e']) assert.ok('problem' in splitTarget(path, noFields), path);
  for (const path of ['/...', '/a..b', '/.well-known/x', '/a.', '/%2e%2e%2e', '/x%2fy']) assert.ok(!('problem' in splitTarget(path, noFields)), path);
});
