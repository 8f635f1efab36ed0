import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { SpoolRecord } from '../domain/request-event.ts';
import { requestRecord } from './sample-records.testkit.ts';
import { listSegments, recordBytesMax } from './spool-segment.ts';
import { openTestWriter, readSegment, temporaryFolder, writeAll } from './testkit.ts';

describe('spool writer', () => {
  it('calls back when the record is in the file, in the order of writing', async () => {
    const folder = await temporaryFolder();
    const writer = openTestWriter(folder);
    const records = [requestRecord(), requestRecord({ userAgent: 'München \u{1F30D}\n' }), requestRecord()];
    const seen: number[] = [];
    await Promise.all(records.map((record, index) => new Promise<void>((resolve, reject) => writer.write(record, (error) => {
      if (error) return reject(error);
      seen.push(index);
      if (!readFileSync(join(folder, '00000001-00-000001.spool'), 'utf8').includes(record.id)) reject(new Error('not in the file yet'));
      resolve();
    }))));
    assert.deepEqual(seen, [0, 1, 2]);
    await writer.close();
    assert.deepEqual((await readSegment(folder, '00000001-00-000001.spool')).records, records);
  });

  it('writes what follows from a record that is written while it closes', async () => {
    const folder = await temporaryFolder();
    const writer = openTestWriter(folder);
    const records = [requestRecord(), requestRecord(), requestRecord()];
    const failed: (Error | undefined)[] = [];
    const writeNext = (place: number): void => {
      if (place < records.length) writer.write(records[place]!, (error) => {
        failed.push(error);
        writeNext(place + 1);
      });
    };
    writeNext(0);
    await writer.close();
    assert.deepEqual(failed, [undefined, undefined, undefined]);
    const { records: read, finished } = await readSegment(folder, '00000001-00-000001.spool');
    assert.deepEqual([read, finished], [records, true]);
  });

  it('can be searched with grep while it is written', async () => {
    const folder = await temporaryFolder();
    const writer = openTestWriter(folder);
    const record = requestRecord();
    await writeAll(writer, [record]);
    assert.match(execFileSync('grep', ['--text', record.id, join(folder, '00000001-00-000001.spool')], { encoding: 'utf8' }), /^[0-9a-f]{8} r\treq_/);
    await writer.close();
  });

  it('goes on in the next segment, marks the end of the last and gives its reserve back', async () => {
    const folder = await temporaryFolder();
    const writer = openTestWriter(folder, { segmentBytes: 800 });
    const records: SpoolRecord[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const record = requestRecord();
      records.push(record);
      await writeAll(writer, [record]);
    }
    await writer.close();
    const segments = await listSegments(folder);
    assert.ok(segments.length >= 3);
    const read = await Promise.all(segments.map((segment) => readSegment(folder, segment)));
    assert.deepEqual(read.flatMap((segment) => segment.records), records);
    for (const [index, { finished, corrupt }] of read.entries()) {
      assert.deepEqual({ finished, corrupt }, { finished: true, corrupt: 0 });
      assert.ok((await stat(join(folder, segments[index]!))).size < 4_000);
    }
  });

  it('numbers on after the segments of a thread that died', async () => {
    const folder = await temporaryFolder();
    await openTestWriter(folder, { thread: 1 }).close();
    await openTestWriter(folder, { thread: 0 }).close();
    await openTestWriter(folder, { thread: 1 }).close();
    await openTestWriter(folder, { epoch: 2, thread: 1 }).close();
    assert.deepEqual(await listSegments(folder), ['00000001-00-000001.spool', '00000001-01-000001.spool', '00000001-01-000002.spool', '00000002-01-000001.spool']);
  });

  it('writes what is pending before it closes, and nothing after', async () => {
    const folder = await temporaryFolder();
    const writer = openTestWriter(folder);
    const last = requestRecord();
    const pending = writeAll(writer, [last]);
    await writer.close();
    await pending;
    await assert.rejects(writeAll(writer, [requestRecord()]), /closed/);
    assert.equal(writer.lost, 1);
    assert.deepEqual((await readSegment(folder, '00000001-00-000001.spool')).records, [last]);
  });

  it('refuses a record that no reader would take, and no other', async () => {
    const folder = await temporaryFolder();
    const writer = openTestWriter(folder);
    await assert.rejects(writeAll(writer, [requestRecord({ userAgent: 'ü'.repeat(recordBytesMax / 2) })]), /more than/);
    const long = requestRecord({ userAgent: 'x'.repeat(recordBytesMax - 2_000) });
    await writeAll(writer, [long]);
    await writer.close();
    assert.deepEqual((await readSegment(folder, '00000001-00-000001.spool')).records, [long]);
  });

  it('cannot be opened where no file can be made', async () => {
    await assert.rejects(async () => openTestWriter(join(await temporaryFolder(), 'missing')), { code: 'ENOENT' });
  });
});

describe('a full disk under the spool', { skip: whyNoMount() }, () => {
  const withSmallDisk = async (test: (folder: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
    try {
      await test(folder);
    } finally {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    }
  };
  const until = async (condition: () => boolean): Promise<void> => {
    for (const deadline = Date.now() + 5_000; !condition(); await delay(20)) assert.ok(Date.now() < deadline, 'the condition did not come true in 5 s');
  };

  it('says so while requests in flight are still metered from the reserve, and recovers when there is space', () => withSmallDisk(async (folder) => {
    const writer = openTestWriter(folder, { reserveBytes: 65_536 });
    const acknowledged: SpoolRecord[] = [];
    const write = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        const record = requestRecord();
        await writeAll(writer, [record]);
        acknowledged.push(record);
      }
    };
    await write(10);
    const filler = join(folder, 'filler');
    assert.throws(() => writeFileSync(filler, Buffer.alloc(1_000_000)), { code: 'ENOSPC' });
    while (!writer.unmeterable) await write(1);
    await write(50);
    assert.equal(writer.lost, 0);

    const refused: SpoolRecord[] = [];
    while (refused.length < 3) {
      const record = requestRecord();
      await writeAll(writer, [record]).then(() => acknowledged.push(record), (error: NodeJS.ErrnoException) => {
        assert.equal(error.code, 'ENOSPC');
        refused.push(record);
      });
    }
    assert.equal(writer.lost, 3);

    rmSync(filler);
    await until(() => !writer.unmeterable);
    await write(5);
    await writer.close();
    const { records, corrupt, finished } = await readSegment(folder, (await readdir(folder))[0]!);
    assert.deepEqual({ corrupt, finished }, { corrupt: 0, finished: true });
    assert.deepEqual(records, acknowledged);
  }));

  it('keeps the whole records of a batch that did not fit, and tells which', () => withSmallDisk(async (folder) => {
    const writer = openTestWriter(folder, { reserveBytes: 8_192 });
    assert.throws(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(1_000_000)), { code: 'ENOSPC' });
    const batch = Array.from({ length: 120 }, () => requestRecord());
    const results = await Promise.allSettled(batch.map((record) => writeAll(writer, [record])));
    const acknowledged = batch.filter((_, index) => results[index]!.status === 'fulfilled');
    assert.ok(acknowledged.length > 0 && acknowledged.length < batch.length);
    assert.deepEqual(acknowledged, batch.slice(0, acknowledged.length));
    assert.equal(writer.lost, batch.length - acknowledged.length);
    const segment = '00000001-00-000001.spool';
    assert.ok(statSync(join(folder, segment)).size > 0);
    const { records, corrupt } = await readSegment(folder, segment);
    assert.deepEqual(records, acknowledged);
    assert.equal(corrupt, 0, 'nothing torn is left behind them');
    await writer.close();
  }));
});

function whyNoMount(): string | false {
  return process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root on Linux to mount a small tmpfs';
}
