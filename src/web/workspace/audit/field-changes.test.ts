import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldChanges } from './field-changes.ts';

const rows: [string, Parameters<typeof fieldChanges>, string[]][] = [
  ['a changed field, and not its neighbours', [{ name: 'a', role: 'viewer' }, { name: 'a', role: 'owner' }], ['role: viewer > owner']],
  ['what was made', [null, { name: 'a', scopes: null }], ['name: undefined > a']],
  ['what was removed', [{ email: 'a@x' }, null], ['email: a@x > undefined']],
  ['a limit by its name, whatever its place', [{ limits: [{ name: 'burst', requests: 5 }, { name: 'monthly', requests: 9 }] }, { limits: [{ name: 'monthly', requests: 10 }, { name: 'burst', requests: 5 }] }], ['limits monthly requests: 9 > 10']],
  ['a list of plain values as one place', [{ scopes: ['a'] }, { scopes: ['a', 'b'] }], ['scopes: a > a, b']],
  ['falsehood, and nothing', [{ blocked: false, note: '' }, { blocked: true, note: null }], ['blocked: false > true']],
];
for (const [what, [before, after], expected] of rows) test(`a difference shows ${what}`, () => assert.deepEqual(fieldChanges(before, after).map((change) => `${change.field}: ${change.before} > ${change.after}`), expected));
