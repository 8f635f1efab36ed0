// A gateway's last good copy on disk: the snapshot whole, and the credentials as a base with the changes that came after it.
// What is in it was confirmed before control heard of it, so a key that was revoked stays revoked when control is away.
import { Buffer } from 'node:buffer';
import { appendFileSync, closeSync, existsSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialEntry, Snapshot } from './snapshot.ts';

/** The change log may outgrow its base by this before both are written anew. */
const slackBytes = 8 * 1024 * 1024;

/** One line of the credentials file. */
type CredentialLine = { seq: number; entries: CredentialEntry[] };

export interface LastGood {
  snapshot: Snapshot | null;
  /** 0 without credentials. */
  credentialSeq: number;
  credentials: Map<string, CredentialEntry>;
}

export class LastGoodCopy {
  readonly #folder: string;
  #baseBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** What was kept. A file that cannot be read counts as absent: control sends it again. */
  load(): LastGood {
    const snapshot = this.#readJson<Snapshot>(this.#snapshotFile);
    const { seq, credentials } = this.#readCredentials();
    return { snapshot, credentialSeq: seq, credentials };
  }

  saveSnapshot(snapshot: Snapshot): void {
    replaceFile(this.#snapshotFile, JSON.stringify(snapshot));
  }

  /** Parts of a new base go to a file of their own, which takes the place of the old one with its last part. */
  saveBase(part: { seq: number; first: boolean; last: boolean; entries: CredentialEntry[] }): void {
    const next = `${this.#credentialsFile}.next`;
    if (part.first) rmSync(next, { force: true });
    // Until the last part arrives, the position stays 0: half a base is none.
    appendFileSync(next, credentialLine({ seq: part.last ? part.seq : 0, entries: part.entries }), { mode: 0o600 });
    if (!part.last) return;
    syncFile(next);
    renameSync(next, this.#credentialsFile);
    syncFile(this.#folder);
    this.#baseBytes = statSync(this.#credentialsFile).size;
  }

  appendChanges(seq: number, entries: CredentialEntry[]): void {
    const file = openSync(this.#credentialsFile, 'a', 0o600);
    try {
      writeSync(file, credentialLine({ seq, entries }));
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
    if (statSync(this.#credentialsFile).size > 2 * this.#baseBytes + slackBytes) this.#compact();
  }

  #compact(): void {
    const { seq, credentials } = this.#readCredentials();
    replaceFile(this.#credentialsFile, credentialLine({ seq, entries: [...credentials.values()] }));
    this.#baseBytes = statSync(this.#credentialsFile).size;
  }

  #readCredentials(): { seq: number; credentials: Map<string, CredentialEntry> } {
    const credentials = new Map<string, CredentialEntry>();
    const gone = new Set<string>();
    let seq = 0;
    if (!existsSync(this.#credentialsFile)) return { seq, credentials };
    const text = readFileSync(this.#credentialsFile, 'utf8');
    let whole = 0;
    for (const line of text.split('\n')) {
      const change = parseLine(line);
      if (!change) break;
      for (const entry of change.entries) {
        // What control tells of a key that is gone holds its id alone; ids never come back.
        if (entry.state === 'deleted') gone.add(entry.keyId);
        else credentials.set(entry.hash, entry);
      }
      seq = change.seq;
      whole += line.length + 1;
    }
    if (gone.size > 0) for (const [hash, { keyId }] of credentials) if (gone.has(keyId)) credentials.delete(hash);
    // A torn last line was never confirmed, and must not swallow the next.
    if (whole !== text.length) truncateSync(this.#credentialsFile, Buffer.byteLength(text.slice(0, whole)));
    this.#baseBytes ||= statSync(this.#credentialsFile).size;
    return { seq, credentials };
  }

  #readJson<T>(file: string): T | null {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    } catch {
      return null;
    }
  }

  get #snapshotFile(): string {
    return join(this.#folder, 'snapshot.json');
  }

  get #credentialsFile(): string {
    return join(this.#folder, 'credentials.ndjson');
  }
}

function credentialLine(line: CredentialLine): string {
  return `${JSON.stringify(line)}\n`;
}

function parseLine(line: string): CredentialLine | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as CredentialLine;
  } catch {
    return undefined;
  }
}

function replaceFile(file: string, text: string): void {
  const next = `${file}.next`;
  rmSync(next, { force: true });
  appendFileSync(next, text, { mode: 0o600 });
  syncFile(next);
  renameSync(next, file);
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
