import assert from 'node:assert/strict';
import { test } from 'node:test';
import { termLinker } from '../../article/link-terms.server.ts';
import { describe, describeTree } from './describe-tree.server.ts';

const node = (name: string, description: string) => ({ name, types: ['string'], description }) as unknown as Parameters<typeof describeTree>[0];

test('a term is linked where the fields of a tree use it first, and never inside code', () => {
  const link = termLinker([{ id: 'quota', name: 'Quota', also: [], short: 'How much may be used.' }]);
  const tree = { ...node('plan', 'What `quota` says.'), children: [node('most', 'The quota of a month.'), node('left', 'What the quota leaves.')] };
  const told = describeTree(tree, (markdown) => link(describe(markdown)));
  assert.deepEqual([told, ...told.children!].map(({ description }) => description!.includes('class="term"')), [false, true, false]);
});
