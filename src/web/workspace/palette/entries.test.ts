import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchingEntries } from './entries.ts';

const found = [{ kind: 'consumer', to: '/workspace/consumers/con_1', title: 'Northwind', note: 'Free' }] as const;
const rows: [string, Parameters<typeof matchingEntries>, string[]][] = [
  ['every word must match', ['invite mem', ['members.change'], []], ['Invite a member']],
  ['what the role may not is not offered', ['invite', [], []], []],
  ['a page of a right is for who has it', ['audit', ['audit.read'], []], ['Audit trail']],
  ['what the server found follows', ['settings', [], [...found]], ['Settings', 'Northwind']],
  ['themes are actions', ['dark', [], []], ['Use the dark theme']],
];
for (const [what, [query, rights, more], titles] of rows) test(`the palette: ${what}`, () => assert.deepEqual(matchingEntries(query, rights, more).map(({ title }) => title), titles));
