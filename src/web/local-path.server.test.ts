import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localPath } from './local-path.server.ts';

const cases: [string, string | null, string][] = [
  ['a path with its query and anchor', '/dashboard/requests?status=4xx#top', '/dashboard/requests?status=4xx#top'],
  ['nothing', null, '/home'],
  ['an address of another host', 'https://evil.example/', '/home'],
  ['an address without a scheme', '//evil.example', '/home'],
  ['a backslash for a slash', '/\\evil.example', '/home'],
  ['a tab that browsers drop', '/\t/evil.example', '/home'],
  ['a line break that browsers drop', '/\n/evil.example', '/home'],
  ['dots that fold into two slashes', '/.//evil.example', '/home'],
  ['a script', 'javascript:alert(1)', '/home'],
];

for (const [name, value, expected] of cases) {
  test(`${name} goes to ${expected}`, () => assert.equal(localPath(value, '/home'), expected));
}
