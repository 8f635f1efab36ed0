import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerptOf } from './excerpt.ts';

const text = 'one\r\ntwo\nthree\nfour\nfive\nsix';
const cases: [string, number | undefined, number[], string][] = [
  ['a line in the middle', 3, [1, 2, 3, 4, 5], 'three'],
  ['the first line', 1, [1, 2, 3], 'one'],
  ['the last line', 6, [4, 5, 6], 'six'],
  ['no line', undefined, [], ''],
  ['a line beyond the end', 9, [], ''],
];
for (const [what, line, numbers, wrong] of cases) {
  test(`an excerpt of ${what}`, () => {
    const excerpt = excerptOf(text, line, 1);
    assert.deepEqual(excerpt.map(({ number }) => number), numbers);
    assert.equal(excerpt.find((one) => one.wrong)?.text ?? '', wrong);
  });
}

test('a long line is cut around the mistake', () => {
  const [line] = excerptOf(`${'x'.repeat(5_000)}!${'y'.repeat(5_000)}`, 1, 5_001);
  assert.equal(line!.text.length, 160);
  assert.ok(line!.text.includes('!'));
});
