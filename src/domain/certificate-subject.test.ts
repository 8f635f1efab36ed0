import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectParts } from './certificate-subject.ts';

test('a name is parted at its commas, but not at those that are escaped', () => {
  for (const [name, parts] of [
    ['CN=partner', ['CN=partner']],
    ['CN=partner, O=Acme,C=US', ['CN=partner', 'O=Acme', 'C=US']],
    ['CN=a\\,b\\\\,O=Acme\\, Inc.', ['CN=a\\,b\\\\', 'O=Acme\\, Inc.']],
    ['', []],
  ] as [string, string[]][]) assert.deepEqual(subjectParts(name), parts, name);
});
