import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine, csvResponse, type CsvCell } from './csv.server.ts';

const cases: [string, CsvCell[], string][] = [
  ['plain text and numbers stand as they are', ['a', 12.5, null, ''], 'a,12.5,,'],
  ['quotes, commas and lines are quoted', ['say "hi"', 'a,b', 'one\ntwo'], '"say ""hi""","a,b","one\ntwo"'],
  ['formulas stay text', ['=1+1', '+1', '-x', '@SUM(A1)', '\tx', '=cmd|"/c calc"!A1'], `'=1+1,'+1,'-x,'@SUM(A1),'\tx,"'=cmd|""/c calc""!A1"`],
  ['numbers below zero are no formulas', ['-12.5', -3], '-12.5,-3'],
];
for (const [name, cells, expected] of cases) test(name, () => assert.equal(csvLine(cells), `${expected}\r\n`));

test('a file is sent line by line, and stops when nobody reads on', async () => {
  let ended = false;
  async function* lines() {
    try {
      for (let i = 0; ; i++) yield csvLine([i]);
    } finally {
      ended = true;
    }
  }
  const response = csvResponse('requests.csv', lines());
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="requests.csv"');
  const reader = response.body!.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), '0\r\n');
  await reader.cancel();
  assert.equal(ended, true);
});
