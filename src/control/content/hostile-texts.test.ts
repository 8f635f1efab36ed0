import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findImages } from './article-images.ts';
import { checkAsset } from './asset-bytes.ts';
import { contentLimits } from './content-files.ts';

/** Of the processor, however busy the machine is. What takes a time that its length does not bound takes minutes, or for ever. */
const secondsMax = 20;
function quick<Result>(what: string, run: () => Result): Result {
  const begun = process.cpuUsage();
  const result = run();
  assert.ok(process.cpuUsage(begun).user < secondsMax * 1_000_000, `${what} takes longer than ${secondsMax} s`);
  return result;
}

test('a logo of comments is judged at once', () => {
  const svg = (text: string) => quick('a logo', () => checkAsset('logo', 'logo.svg', Buffer.from(text)));
  assert.match(svg(`${'<!---->'.repeat(500)}x`)!, /its content is not/);
  assert.equal(svg(`<?xml version="1.0"?>\n${'<!-- a - b -> c -->\n'.repeat(100)}<svg/>`.replace('<svg/>', '<svg >')), undefined);
});

test('images are found at once in the longest text that is taken', () => {
  for (const part of ['![', '![](', '![](a', '![](a "']) {
    assert.deepEqual(quick(part, () => findImages(part.repeat(contentLimits.markdownCharactersMax / part.length))), [], part);
  }
  assert.deepEqual(findImages('![A map](./map.png "Map")\n![](<b.svg>)'), [{ path: './map.png', line: 1 }, { path: 'b.svg', line: 2 }]);
});
