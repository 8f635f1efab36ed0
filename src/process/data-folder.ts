import { randomBytes, createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../errors.ts';

/** Where everything lies in the data folder. */
export interface DataFolder {
  root: string;
  database: string;
  events: string;
  spool: string;
  gateway: string;
  bridge: string;
  adminToken: string;
  secret: string;
}

/** Makes the folder, for its owner alone. @throws AppError `start_refused` when it cannot be written. */
export function openDataFolder(root: string): DataFolder {
  const folder = dataFolderAt(root);
  try {
    for (const path of [root, folder.spool, folder.gateway]) mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError('start_refused', `The data folder ${root} cannot be made or written: ${(cause as Error).message}. Set PORTICO_DATA to a folder that you own.`, { cause });
  }
  return folder;
}

export function dataFolderAt(root: string): DataFolder {
  return {
    root,
    database: join(root, 'portico.db'),
    events: join(root, 'events.duckdb'),
    spool: join(root, 'spool'),
    gateway: join(root, 'gateway'),
    bridge: bridgePath(root),
    adminToken: join(root, 'admin-token'),
    secret: join(root, 'secret'),
  };
}

/** A Unix socket's path has at most 107 bytes, so a deep data folder gets its socket in the temporary folder. */
function bridgePath(root: string): string {
  const path = join(root, 'bridge.sock');
  if (Buffer.byteLength(path) <= 100) return path;
  return join(tmpdir(), `portico-${createHash('sha256').update(root).digest('hex').slice(0, 24)}.sock`);
}

export interface Secrets {
  adminToken: string;
  /** True when this start made it: it is printed once. */
  adminTokenIsNew: boolean;
  secret: string;
}

/** The settings where given, else what the data folder keeps in 0600 files, made at the first start. */
export function settleSecrets(folder: DataFolder, given: { adminToken: string | null; secret: string | null }): Secrets {
  const isNew = !given.adminToken && !existsSync(folder.adminToken);
  return {
    adminToken: given.adminToken ?? readOrMake(folder.adminToken, () => `padm_${randomBytes(24).toString('base64url')}`),
    adminTokenIsNew: isNew,
    secret: given.secret ?? readOrMake(folder.secret, () => randomBytes(32).toString('base64url')),
  };
}

function readOrMake(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, `${make()}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  const value = readFileSync(file, 'utf8').trim();
  if (value === '') throw new AppError('start_refused', `${file} is empty. Delete it, and the next start makes a new one.`);
  return value;
}

/** The highest epoch that names a spool segment: the next gateway must go past it, also after a restore. */
export function highestSpoolEpoch(spoolFolder: string): number {
  return readdirSync(spoolFolder).reduce((highest, name) => Math.max(highest, Number(/^(\d{8})-/.exec(name)?.[1] ?? 0)), 0);
}
