import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SpoolRecord } from '../domain/request-event.ts';
import { requestRecord } from './sample-records.testkit.ts';
import { parseChunk } from './spool-reader.ts';
import { readRequestLine } from './request-line.ts';
import { endMark, findClosedSegments, formatSegmentName, frame, newline, parseSegmentName, recordText } from './spool-segment.ts';

const records = Array.from({ length: 4 }, (_, index) => requestRecord({ id: `req_${index}`, userAgent: index === 2 ? 'Zürich' : 'curl' }));
// Both forms, in turn.
const lines = records.map((record, index) => Buffer.from(frame(index === 1 ? JSON.stringify(record) : recordText(record))));
const zeros = Buffer.alloc(200);

function read(data: Buffer, { closed, offset = 0, recordsMax = 100, skipSuspect = false }: { closed: boolean; offset?: number; recordsMax?: number; skipSuspect?: boolean }) {
  const options = { offset, recordsMax, closed, skipSuspect };
  const { records: found, lines: none, runs: noRuns, ...chunk } = parseChunk(data.subarray(offset), true, options);
  assert.deepEqual([none, noRuns], [[], []]);
  const { records: others, lines: unread, runs, ...same } = parseChunk(data.subarray(offset), true, { ...options, asLines: true });
  assert.deepEqual(same, chunk);
  assert.deepEqual([...others, ...unread.map((line) => ({ kind: 'request' as const, ...readRequestLine(line) }))].map(idOf).sort(), found.map(idOf));
  assert.equal(Buffer.concat(runs).toString('latin1').replace(/^.{9}/gm, ''), unread.map((line) => `${line}\n`).join(''));
  return { ...chunk, ids: found.map(idOf) };
}

function idOf(record: SpoolRecord): number {
  return Number((record as SpoolRecord & { id: string }).id.slice(4));
}

function damaged(line: Buffer, at = 20): Buffer {
  const copy = Buffer.from(line);
  copy[at] = copy[at]! ^ 0x01;
  return copy;
}

function size(...parts: Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

describe('reading a segment', () => {
  const [a, b, c] = lines as [Buffer, Buffer, Buffer];
  const torn = b.subarray(0, b.length - 5);
  const cases: [string, { data: Buffer[]; closed: boolean; offset?: number; recordsMax?: number; skipSuspect?: boolean }, { ids: number[]; offset: number; finished?: boolean; corrupt?: number; suspect?: boolean }][] = [
    ['an empty live segment has nothing yet', { data: [zeros], closed: false }, { ids: [], offset: 0 }],
    ['an empty closed segment is finished', { data: [zeros], closed: true }, { ids: [], offset: 200, finished: true }],
    ['zeros after a record mean that no more is written yet', { data: [a, b, zeros], closed: false }, { ids: [0, 1], offset: size(a, b) }],
    ['reading goes on at an offset', { data: [a, b, c, zeros], closed: false, offset: a.length }, { ids: [1, 2], offset: size(a, b, c) }],
    ['at most so many records', { data: [a, b, c], closed: false, recordsMax: 2 }, { ids: [0, 1], offset: size(a, b) }],
    ['the end mark finishes a live segment', { data: [a, endMark], closed: false }, { ids: [0], offset: size(a, endMark), finished: true }],
    ['the end mark finishes before the reserve', { data: [a, endMark, zeros], closed: true }, { ids: [0], offset: size(a, endMark), finished: true }],
    ['a record half written is left for later', { data: [a, torn, zeros], closed: false }, { ids: [0], offset: a.length }],
    ['a record half written at the end of the file is left for later', { data: [a, torn], closed: false }, { ids: [0], offset: a.length }],
    ['a torn last record of a closed segment is skipped and counted', { data: [a, torn], closed: true }, { ids: [0], offset: size(a, torn), finished: true, corrupt: 1 }],
    ['a torn last record before the reserve is counted once', { data: [a, torn, zeros], closed: true }, { ids: [0], offset: size(a, torn, zeros), finished: true, corrupt: 1 }],
    ['a corrupt last record is skipped and counted', { data: [a, damaged(b), zeros], closed: true }, { ids: [0], offset: size(a, b, zeros), finished: true, corrupt: 1 }],
    ['a corrupt record in the middle costs itself alone', { data: [a, damaged(b), c, endMark], closed: true }, { ids: [0, 2], offset: size(a, b, c, endMark), finished: true, corrupt: 1 }],
    ['a lost newline costs two records', { data: [a, damaged(b, b.length - 1), c, lines[3]!], closed: true }, { ids: [0, 3], offset: size(...lines), finished: true, corrupt: 1 }],
    ['a hole of zeros costs what it covered', { data: [a, Buffer.alloc(b.length), c], closed: true }, { ids: [0, 2], offset: size(a, b, c), finished: true, corrupt: 1 }],
    ['a corrupt line of a live segment is looked at again first', { data: [a, damaged(b), c, zeros], closed: false }, { ids: [0], offset: a.length, suspect: true }],
    ['a line that stays corrupt is skipped, but not the next', { data: [damaged(a), damaged(b), c, zeros], closed: false, skipSuspect: true }, { ids: [], offset: a.length, corrupt: 1, suspect: true }],
  ];
  for (const [title, { data, ...options }, expected] of cases) {
    it(title, () => assert.deepEqual(read(Buffer.concat(data), options), { finished: false, corrupt: 0, suspect: false, ...expected }));
  }

  it('finds exactly the whole records when the file is cut at any byte', () => {
    const data = Buffer.concat(lines);
    for (let cut = 0; cut <= data.length; cut++) {
      const whole = lines.filter((_, index) => size(...lines.slice(0, index + 1)) <= cut).length;
      const read1 = read(data.subarray(0, cut), { closed: true });
      assert.deepEqual(read1.ids, [0, 1, 2, 3].slice(0, whole), `cut at ${cut}`);
      assert.deepEqual({ finished: read1.finished, offset: read1.offset }, { finished: true, offset: cut });
    }
  });

  it('reads the same in whatever pieces the writer lets it see', () => {
    const data = Buffer.concat([...lines, endMark]);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: data.length }), { maxLength: 20 }), (cuts) => {
      const seen: number[] = [];
      let offset = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), data.length]) {
        // The reserve's zeros stand where nothing is written yet.
        const live = Buffer.concat([data.subarray(0, cut), Buffer.alloc(300)]);
        const chunk = read(live, { closed: false, offset });
        assert.equal(chunk.suspect, false);
        assert.equal(chunk.corrupt, 0);
        offset = chunk.offset;
        seen.push(...chunk.ids);
      }
      assert.deepEqual(seen, [0, 1, 2, 3]);
    }));
  });

  it('loses only records that a damaged stretch touches', () => {
    const data = Buffer.concat([...lines, endMark]);
    fc.assert(fc.property(fc.integer({ min: 0, max: data.length - 1 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 255 }), (from, length, value) => {
      const copy = Buffer.from(data);
      copy.fill(value, from, Math.min(from + length, copy.length));
      if (copy.equals(data)) return;
      let start = 0;
      const touched = new Set<number>();
      lines.forEach((line, index) => {
        const end = start + line.length;
        if (from < end && from + length > start) touched.add(index);
        // Without its newline a line takes the next one with it.
        if (copy[end - 1] !== newline) touched.add(index + 1);
        start = end;
      });
      const chunk = read(copy, { closed: true });
      for (const id of [0, 1, 2, 3]) if (!touched.has(id)) assert.ok(chunk.ids.includes(id), `record ${id} is lost`);
      assert.equal(new Set(chunk.ids).size, chunk.ids.length);
    }));
  });
});

describe('segment names', () => {
  it('sort in the order of writing and are read back', () => {
    const name = { epoch: 12, thread: 3, number: 456 };
    assert.equal(formatSegmentName(name), '00000012-03-000456.spool');
    assert.deepEqual(parseSegmentName('00000012-03-000456.spool'), name);
    for (const other of ['00000012-03-000456.spool.tmp', '12-03-000456.spool', 'epoch', '']) assert.equal(parseSegmentName(other), undefined);
  });

  it('tell which segments nobody writes to any more', () => {
    const segments = ['00000001-00-000001.spool', '00000001-01-000009.spool', '00000002-00-000001.spool', '00000002-00-000002.spool', '00000002-01-000001.spool'];
    assert.deepEqual([...findClosedSegments(segments)], ['00000001-00-000001.spool', '00000001-01-000009.spool', '00000002-00-000001.spool']);
    assert.deepEqual([...findClosedSegments([])], []);
  });
});
