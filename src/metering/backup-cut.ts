// Both stores and the spool that they have not read enter; what leaves is one folder from which a Portico starts where this one stood.
import { constants } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import type { Ingest } from './ingest.ts';
import { endMark, formatSegmentName, listSegments, parseSegmentName } from './spool-segment.ts';

export interface BackupManifest {
  format: 1;
  /** ms UTC */
  takenAt: number;
  engine: Database['engine'];
  /** Highest epoch that had begun. */
  epoch: number;
}

interface BackupDeps { database: Database; events: EventStore; ingest: Ingest; spoolFolder: string; clock: Clock }

const files = { manifest: 'backup.json', database: { sqlite: 'portico.db', postgres: 'portico.dump' }, events: 'events.duckdb', spool: 'spool' } as const;

/**
 * Writes one cut of stores, positions and unread spool into `folder`, which is made when it is missing. Calls go on meanwhile.
 * @throws AppError `conflict` when the folder holds anything.
 */
export async function createBackup({ database, events, ingest, spoolFolder, clock }: BackupDeps, { folder }: { folder: string }): Promise<BackupManifest> {
  await mustBeEmpty(folder, 'The folder for the backup');
  return ingest.whilePaused(async () => {
    await database.backup(join(folder, files.database[database.engine]));
    await events.backup(join(folder, files.events));
    await mkdir(join(folder, files.spool));
    // Listed after the stores are copied: whatever their positions leave unread is in one of these.
    const segments = await listSegments(spoolFolder);
    for (const segment of segments) {
      if (!ingest.isRead(segment)) await copyFile(join(spoolFolder, segment), join(folder, files.spool, segment));
    }
    const known = (await events.positions()).map((position) => position.segment);
    const epoch = Math.max(0, ...[...segments, ...known].map((segment) => parseSegmentName(segment)?.epoch ?? 0));
    await markEpoch(join(folder, files.spool), epoch);
    const manifest: BackupManifest = { format: 1, takenAt: clock.now(), engine: database.engine, epoch };
    await writeFile(join(folder, files.manifest), `${JSON.stringify(manifest)}\n`);
    return manifest;
  });
}

/**
 * Copies a backup into a data folder that is empty or missing. A Postgres dump is left to `restoreDatabase`; SQLite is a copy like the rest.
 * @throws AppError `conflict` when the data folder holds anything, `input_invalid` when `folder` holds no backup of a known format.
 */
export async function restoreBackup({ folder, dataFolder, restoreDatabase }: { folder: string; dataFolder: string; restoreDatabase?(dump: string): Promise<void> }): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  await mustBeEmpty(dataFolder, 'The data folder');
  const database = join(folder, files.database[manifest.engine]);
  if (restoreDatabase) await restoreDatabase(database);
  else if (manifest.engine === 'sqlite') await copyFile(database, join(dataFolder, files.database.sqlite), constants.COPYFILE_EXCL);
  else throw new AppError('input_invalid', 'The backup is of a Postgres store: set PORTICO_DATABASE_URL to the empty database that it goes to.');
  await copyFile(join(folder, files.events), join(dataFolder, files.events), constants.COPYFILE_EXCL);
  const spool = join(dataFolder, files.spool);
  await mkdir(spool, { mode: 0o700 });
  for (const segment of await listSegments(join(folder, files.spool))) await copyFile(join(folder, files.spool, segment), join(spool, segment), constants.COPYFILE_EXCL);
  return manifest;
}

/**
 * An empty, ended segment that says how far epochs have come, for a spool whose other segments are gone:
 * the next gateway goes past it, so that no new segment takes the name of one that the positions know.
 */
export async function markEpoch(spoolFolder: string, epoch: number): Promise<void> {
  if (epoch > 0) await writeFile(join(spoolFolder, formatSegmentName({ epoch, thread: 0, number: 0 })), endMark, { mode: 0o600 });
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, files.manifest), 'utf8').catch((cause: unknown) => {
    throw new AppError('input_invalid', `${folder} holds no backup: there is no ${files.manifest} in it.`, { cause });
  });
  const manifest = JSON.parse(text) as { format?: unknown };
  if (manifest.format !== 1) throw new AppError('input_invalid', `The backup has format ${String(manifest.format)}; this Portico reads format 1.`);
  return manifest as BackupManifest;
}

async function mustBeEmpty(folder: string, what: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new AppError('conflict', `${what} ${folder} is not empty. Name an empty one, or move away what is in it.`);
}
