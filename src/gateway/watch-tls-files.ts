// A renewed certificate is taken up while the gateway runs: new connections get it, the others stay as they are.
import { statSync } from 'node:fs';
import { readTls, type TlsFiles, type TlsIdentity } from '../config.ts';

const lookMs = 5_000;

export interface WatchTlsFiles {
  files: TlsFiles;
  everyMs?: number;
  onRenewed(identity: TlsIdentity): void;
  /** Once for each change that cannot be used. @param problem which file is what instead */
  onBroken(problem: string): void;
}

/** Looks at the files now and then, since tools replace them in many ways. @returns how to stop */
export function watchTlsFiles({ files, everyMs = lookMs, onRenewed, onBroken }: WatchTlsFiles): () => void {
  let seen = marksOf(files);
  const timer = setInterval(() => {
    const marks = marksOf(files);
    if (marks === seen) return;
    seen = marks;
    try {
      onRenewed(readTls(files, (name, expected) => { throw new Error(`${files[placeOf[name as keyof typeof placeOf]]} must be ${expected}`); }));
    } catch (error) {
      onBroken((error as Error).message);
    }
  }, everyMs).unref();
  return () => clearInterval(timer);
}

const placeOf = { tlsCert: 'cert', tlsKey: 'key', tlsClientCa: 'clientCa' } as const;

function marksOf(files: TlsFiles): string {
  return Object.values(files as unknown as Record<string, string>).filter((path) => path !== '').map((path) => {
    try {
      const { ino, size, mtimeMs } = statSync(path);
      return `${ino} ${size} ${mtimeMs}`;
    } catch {
      return 'gone';
    }
  }).join();
}
