import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { restoreBackup } from '../metering/backup-cut.ts';
import { unpackBackup } from './backup-archive.ts';
import { dataFolderAt } from './data-folder.ts';

/** Unpacks a backup into the empty data folder of a stopped Portico. @throws AppError with what prevents it */
export async function restoreInto({ file, config }: { file: string; config: Config }): Promise<void> {
  const folder = dataFolderAt(config.dataFolder);
  await mkdir(dirname(folder.root), { recursive: true });
  // Beside the data folder, so that it lies on the same disk and is private.
  const staging = await mkdtemp(join(dirname(folder.root), '.portico-restore-'));
  try {
    await unpackBackup({ file, staging });
    const secrets = [folder.adminToken, folder.secret].map((secret) => ({ from: join(staging, basename(secret)), to: secret }));
    await restoreBackup({ folder: staging, dataFolder: folder.root, ...(config.databaseUrl === null ? {} : { restoreDatabase: (dump: string) => restoreInPostgres(config.databaseUrl!, dump) }) });
    for (const { from, to } of secrets) if (existsSync(from)) await copyFile(from, to);
  } finally {
    // An archive that breaks off is refused while its last files are still being written.
    await rm(staging, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function restoreInPostgres(url: string, dump: string): Promise<void> {
  const { restorePostgres } = await import('../store/postgres.ts');
  await restorePostgres({ url, file: dump });
}
