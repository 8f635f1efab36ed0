import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { curlOf } from './curl.ts';

test('the shell reads the line back as the same arguments, whatever stands in the sample', () => {
  const body = '{"name":"O\'Brien $(id) `id` \\n \\"x\\""}';
  const line = curlOf('http://gateway/atlas/v2/', { method: 'POST', path: '/cities?name=a b&x=$HOME', headers: { 'Content-Type': 'application/json' }, body }, 'atlas_test_KEY');
  const read = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${line}`], { encoding: 'utf8' }).split('\0').slice(0, -1);
  assert.deepEqual(read, ['-X', 'POST', 'http://gateway/atlas/v2/cities?name=a b&x=$HOME', '-H', 'Authorization: Bearer atlas_test_KEY', '-H', 'Content-Type: application/json', '-d', body]);
});
