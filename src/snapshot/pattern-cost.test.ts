import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternDegree } from './pattern-cost.ts';

const rows: [string, number][] = [
  ['^[a-z]{3}$', 0], ['^[a-z]+$', 1], ['[a-z]', 1], ['^(?:a|b)c?$', 1], ['^\\d{4}-\\d{2}$', 0], ['^[\\w-]+\\.[\\w-]+$', 2], ['\\s+$', 2], ['^[^]]*$', 1],
  ['^(a+)+$', Infinity], ['^(x+x+)+y$', Infinity], ['^([a-z]+\\s?)*$', Infinity], ['^(a|a){2,}$', Infinity], ['^(?=a)b$', Infinity], ['^(a)\\1$', Infinity], ['^(?<a>b)\\k<a>$', Infinity], ['^[a-z]{1,1000}[a-z]{1,1000}$', 2], ['^(abc)?d*$', 1],
];
for (const [pattern, degree] of rows) test(`${pattern} grows with the power ${degree}`, () => assert.equal(patternDegree(pattern), degree));
