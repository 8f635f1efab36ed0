// In: the path or address of an OpenAPI document. Out: its text and that of every file it refers to.
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import type { ErrorPlace } from '../errors.ts';
import type { ContractSource } from './contract.ts';
import { locator } from './locate.ts';
import { parseText } from './parse-text.ts';
import { findReferences, isUrl, normalFile, resolveFile } from './reference.ts';

export interface ReadLimits {
  /** Bytes of one file. */
  bytesMax: number;
  /** Files besides the root. */
  filesMax: number;
  /** One download, ms. */
  timeoutMs: number;
}

const standardLimits: ReadLimits = { bytesMax: 64 * 1024 * 1024, filesMax: 1000, timeoutMs: 30_000 };
const valuesMax = 5_000_000;

/**
 * Reads a document from a path or an http(s) address, with all that it reaches by `$ref`. Whether it is valid is for loadContract to say.
 * @throws AppError `contract_invalid` that names the file which cannot be read and the place that refers to it
 */
export async function readContractSource(file: string, limits: Partial<ReadLimits> = {}): Promise<ContractSource> {
  const bounds = { ...standardLimits, ...limits };
  const root = await readOne(file, bounds).catch((error: Error) => {
    throw new AppError('contract_invalid', `${file} cannot be read: ${error.message}.`, { cause: error, errors: [{ file, detail: `The document cannot be read: ${error.message}.` }] });
  });
  const texts = new Map<string, string>([[normalFile(file), root]]);
  const problems: ErrorPlace[] = [];
  // Files are read in the order in which they are found; the map grows while it is walked.
  for (const [name, text] of texts) {
    for (const found of await readReferred(name === normalFile(file) ? file : name, text, texts, bounds)) {
      if ('detail' in found) problems.push(found);
      else texts.set(found.path, found.text);
    }
  }
  if (problems.length > 0) throw new AppError('contract_invalid', `${file} refers to ${problems.length === 1 ? 'a file' : `${problems.length} files`} that cannot be read.`, { errors: problems });
  texts.delete(normalFile(file));
  return { file, text: root, files: [...texts].map(([path, text]) => ({ path, text })) };
}

/** Anything but a quoted `#...` after `$ref`, or escapes that could spell it: most documents have none and need not be parsed here. */
const mayReferElsewhere = /\$ref["']?\s*:\s*(?!\s|["']#)|\\[uUx]0/;

/** The files that one file refers to and that were not read before, each as text or as the reason why not. */
async function readReferred(name: string, raw: string, known: Map<string, string>, bounds: ReadLimits): Promise<({ path: string; text: string } | ErrorPlace)[]> {
  if (!mayReferElsewhere.test(raw)) return [];
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  const parsed = /\.(ya?ml|json)$/i.test(name.split(/[?#]/, 1)[0]!) || known.size === 1 ? await parseText(name, text) : undefined;
  if (parsed === undefined || parsed.problem !== undefined) return [];
  const references = findReferences(parsed.value, valuesMax) ?? [];
  const locate = locator(text, parsed.syntax);
  const wanted = new Map<string, { pointer: string; reference: string }>();
  for (const found of references) {
    const path = resolveReference(name, found.reference);
    if (path !== undefined && !known.has(path) && !(wanted.has(path) && mayBeData(found.pointer))) wanted.set(path, found);
  }
  if (known.size + wanted.size > bounds.filesMax) throw new AppError('contract_invalid', `The document refers to more than ${bounds.filesMax} files.`, { errors: [{ file: name, detail: `With this file, more than ${bounds.filesMax} files would be read.` }] });
  const results = await Promise.all([...wanted].map(async ([path, { pointer, reference }]): Promise<{ path: string; text: string } | ErrorPlace | undefined> => {
    try {
      if (isUrl(name) && !isUrl(path)) throw new Error('a document from the web may refer to http and https addresses only');
      return { path, text: await readOne(path, bounds) };
    } catch (error) {
      if (mayBeData(pointer)) return undefined;
      return { file: name, pointer, ...locate(pointer, false), detail: `\`$ref: ${reference}\` points to ${path}, which cannot be read: ${(error as Error).message}.` };
    }
  }));
  return results.filter((result) => result !== undefined);
}

function resolveReference(base: string, reference: string): string | undefined {
  if (reference.startsWith('#') || reference === '') return undefined;
  try {
    return resolveFile(base, reference);
  } catch {
    return undefined; // Not an address at all: loadContract says so, with its place.
  }
}

/** An example may hold anything, also something that looks like a reference. */
function mayBeData(pointer: string): boolean {
  return /\/(example|default|const|enum|value|x-[^/]*)\//.test(pointer);
}

async function readOne(file: string, { bytesMax, timeoutMs }: ReadLimits): Promise<string> {
  return isUrl(file) ? download(file, bytesMax, timeoutMs) : readLocal(file, bytesMax);
}

async function readLocal(file: string, bytesMax: number): Promise<string> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new Error('it is a folder');
    if (found.size > bytesMax) throw new Error(`it has ${found.size} bytes; at most ${bytesMax} are read`);
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new Error('there is no such file', { cause: error });
    if (code === 'EACCES') throw new Error('reading it is not permitted', { cause: error });
    throw error;
  }
}

async function download(address: string, bytesMax: number, timeoutMs: number): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, { signal, headers: { Accept: 'application/yaml, application/json, text/yaml, */*;q=0.5' } });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new Error(`it has more than ${bytesMax} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${timeoutMs} ms`, { cause: error });
    const { cause } = error as Error;
    throw cause instanceof Error ? new Error(`no connection (${cause.message || (cause as NodeJS.ErrnoException).code})`, { cause: error }) : error;
  }
}
