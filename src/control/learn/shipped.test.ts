import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeYaml } from '../configuration/yaml.ts';
import { readLearn } from './read-learn.ts';
import { shippedSets } from './shipped-sets.ts';
import { shippedTerms } from './shipped-terms.ts';
import { writtenSet, writtenTerm } from './written-learn.ts';

test('what every portal teaches keeps the rules of a producer\'s own files', () => {
  const text = writeYaml({ terms: shippedTerms.map(writtenTerm), sets: shippedSets.map(writtenSet) });
  const read = readLearn([{ path: 'shipped.yaml', text }], { shipped: false });
  assert.deepEqual(read.problems, []);
  assert.deepEqual(read.terms.map(({ term }) => term), shippedTerms);
  assert.deepEqual(read.sets.map(({ set }) => set), shippedSets);
});

for (const set of shippedSets) {
  for (const item of set.items) {
    test(`the right choice of ${set.id} ${item.id} cannot be told by its length`, () => {
      assert.ok(item.kind === 'question' && item.choices.length === 4);
      const lengths = item.choices.map(({ text }) => text.length);
      const right = item.choices.find((choice) => choice.right)!.text.length;
      assert.ok(right < Math.max(...lengths), `${right} of ${lengths.join(', ')}`);
      assert.ok(Math.max(...lengths) <= Math.min(...lengths) * 1.35, lengths.join(', '));
    });
  }
}
