// The one file that knows the archive's format: a gzipped tar of what metering/backup-cut.ts wrote, with the folder's secrets.
import { existsSync } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { create, extract } from 'tar';
import { AppError } from '../errors.ts';
import type { DataFolder } from './data-folder.ts';

export async function packBackup({ staging, folder, file }: { staging: string; folder: DataFolder; file: string }): Promise<void> {
  for (const secret of [folder.adminToken, folder.secret]) {
    if (existsSync(secret)) await copyFile(secret, join(staging, basename(secret)));
  }
  await create({ file, cwd: staging, gzip: { level: 1 }, portable: true }, await readdir(staging));
}

/** @throws AppError `input_invalid` when the file is no archive */
export async function unpackBackup({ file, staging }: { file: string; staging: string }): Promise<void> {
  await extract({ file, cwd: staging, strict: true }).catch((cause: unknown) => {
    const broken = (cause as { code?: string }).code === 'Z_BUF_ERROR' || /unexpected end|truncated/i.test((cause as Error).message);
    throw new AppError('input_invalid', broken ? `${file} breaks off before its end: copy the backup again, whole. Nothing was restored.` : `${file} is not a backup of Portico: ${(cause as Error).message}. Nothing was restored.`, { cause });
  });
}
