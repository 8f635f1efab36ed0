import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consumerNameOf, ownPath, parseName } from './account-input.ts';

test('only own paths are gone on to', () => {
  const rows: [string | undefined, string][] = [
    ['/dashboard', '/dashboard'], ['/a/b?x=1&y=%2F#z', '/a/b?x=1&y=%2F#z'], [undefined, '/home'], ['', '/home'], ['dashboard', '/home'], ['//evil.example', '/home'], ['/\\evil.example', '/home'],
    ['/a\\b', '/home'], ['https://evil.example', '/home'], ['javascript:alert(1)', '/home'], ['/\tevil', '/home'], ['/a\nb', '/home'], [' /a', '/home'], ['/.//evil.example', '/home'],
  ];
  for (const [next, kept] of rows) assert.equal(ownPath(next, '/home'), kept, String(next));
});

test('a consumer is named after the company, or after the person where the address is a mail provider’s', () => {
  assert.deepEqual(['ada@acme.example', 'ada.l@gmail.com'].map(consumerNameOf), ['acme.example', 'ada.l']);
});

test('names lose control characters and surrounding blanks', () => {
  assert.deepEqual([parseName(undefined), parseName('  '), parseName(' Ada\u0000\r\nL ')], [undefined, undefined, 'Ada   L']);
});
