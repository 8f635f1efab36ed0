import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesText, createTerminal, durationText, printable, table } from './terminal.ts';

function open(options: { tty?: boolean; environment?: Record<string, string>; json?: boolean } = {}) {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ isTTY: options.tty ?? false, write: (text: string) => void (written[name] += text) });
  return { written, terminal: createTerminal({ environment: options.environment ?? {}, stdout: output('stdout'), stderr: output('stderr') }, options.json ?? false) };
}

describe('colours', () => {
  const rows: { name: string; options: Parameters<typeof open>[0]; coloured: boolean }[] = [
    { name: 'on a terminal', options: { tty: true }, coloured: true },
    { name: 'not in a pipe', options: {}, coloured: false },
    { name: 'not with NO_COLOR', options: { tty: true, environment: { NO_COLOR: '1' } }, coloured: false },
    { name: 'not on a dumb terminal', options: { tty: true, environment: { TERM: 'dumb' } }, coloured: false },
  ];
  for (const { name, options, coloured } of rows) test(name, () => assert.equal(open(options).terminal.colours.red('x') !== 'x', coloured));
});

test('with JSON only the document reaches standard output', () => {
  const { terminal, written } = open({ json: true });
  terminal.print('for people');
  terminal.printJson({ a: 1 });
  terminal.note('beside');
  assert.deepEqual(written, { stdout: '{\n  "a": 1\n}\n', stderr: 'beside\n' });
});

describe('progress', () => {
  test('says nothing of quick work', async () => {
    const { terminal, written } = open({ tty: true });
    assert.equal(await terminal.progress('Working', async () => 7), 7);
    assert.equal(written.stderr, '');
  });

  test('spins on a terminal with the elapsed time, and cleans up after itself', async () => {
    const { terminal, written } = open({ tty: true });
    await assert.rejects(terminal.progress('Working', async () => { await wait(1_250); throw new Error('no'); }), /no/);
    assert.match(written.stderr, /⠋ Working 1\.\d s/);
    assert.ok(written.stderr.endsWith('\r\u001b[2K'));
  });
});

test('tables line up, and control characters of names do not reach the terminal', () => {
  const { terminal } = open();
  const lines = table(terminal.colours, [{ title: 'NAME', value: (row: [string, string]) => row[0] }, { title: 'N', value: (row: [string, string]) => row[1], align: 'right' }], [['Northwind', '7'], ['a\u001b[31m\n', '1204']]);
  assert.deepEqual(lines, ['NAME          N', 'Northwind     7', 'a?[31m?    1204']);
  assert.equal(printable('tab\tdel\u007fcsi\u009b'), 'tab?del?csi?');
});

test('sizes and durations read well', () => {
  assert.deepEqual([0, 999, 1_000, 29_600, 4_096_000, 2.5e12].map(bytesText), ['0 B', '999 B', '1.0 kB', '29.6 kB', '4.1 MB', '2.5 TB']);
  assert.deepEqual([0, 850, 1_000, 90_000, 7_200_000, 259_200_000].map(durationText), ['0 ms', '850 ms', '1 s', '1.5 min', '2 h', '3 d']);
});
