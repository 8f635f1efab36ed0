// The path of portico.yaml enters; its text and that of every file it leads to leave, since the server reads no files of this machine.
import { readFile } from 'node:fs/promises';
import { listContentPaths, readContentFiles } from './read-content-files.ts';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { readContractSource } from '../contract/read-source.ts';
import { isUrl, resolveFile } from '../contract/reference.ts';
import { AppError, isAppError } from '../errors.ts';
import type { ErrorPlace } from '../errors.ts';

export interface ConfigBundle { file: string; text: string; files: BundledFile[] }
export interface BundledFile { path: string; text: string; encoding?: 'base64' | undefined }

/**
 * Reads portico.yaml and each document under `products[].versions[].openapi`, relative to it, with all files that those refer to; and its
 * own policies, logo, fonts, pages, guides and lessons, with their images, and files of public keys. A missing one of these is left to whoever applies it.
 * Mistakes in the YAML itself are left to whoever applies it, which has the one set of rules.
 * @throws AppError `config_invalid` with the place that names a file which cannot be read
 */
export async function readConfigBundle(file: string): Promise<ConfigBundle> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('config_invalid', cause.code === 'ENOENT' ? `${file} does not exist. \`portico init\` makes one.` : `${file} cannot be read: ${cause.message}.`, { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const files = new Map<string, string>();
  const problems: ErrorPlace[] = [];
  let unreadable = 0;
  for (const openapi of openapiScalars(document)) {
    const path = resolveFile(file, openapi.value);
    if (files.has(path)) continue;
    try {
      const source = await readContractSource(path);
      files.set(path, source.text);
      for (const referred of source.files) files.set(referred.path, referred.text);
    } catch (error) {
      if (!isAppError(error)) throw error;
      const { line, col } = lines.linePos(openapi.range?.[0] ?? 0);
      unreadable++;
      problems.push({ file, line, column: col, detail: error.message }, ...error.errors.filter((place) => place.line !== undefined));
    }
  }
  if (problems.length > 0) throw new AppError('config_invalid', `${file} names ${unreadable === 1 ? 'a document' : `${unreadable} documents`} that cannot be read. Nothing was changed.`, { errors: problems });
  const content = (await readContentFiles(file, contentReferences(document), learnReference(document))).filter(({ path }) => !files.has(path));
  return { file, text, files: [...[...files].map(([path, read]) => ({ path, text: read })), ...content] };
}

/** portico.yaml and the files of this machine that it leads to, as far as they can be read; one that is named and missing is among them. */
export async function listConfigurationFiles(file: string): Promise<string[]> {
  const paths = new Set([file]);
  const document = parseDocument(await readFile(file, 'utf8').catch(() => ''), { logLevel: 'silent' });
  for (const openapi of openapiScalars(document)) {
    const path = resolveFile(file, openapi.value);
    if (isUrl(path) || paths.has(path)) continue;
    paths.add(path);
    const source = await readContractSource(path).catch(() => undefined);
    for (const referred of source?.files ?? []) if (!isUrl(referred.path)) paths.add(referred.path);
  }
  for (const path of await listContentPaths(file, contentReferences(document), learnReference(document))) paths.add(path);
  return [...paths];
}

/** Only what has the right shape: the rest is refused, with its place, by whoever applies the file. */
function openapiScalars(document: Document.Parsed): Scalar<string>[] {
  const products = document.errors.length === 0 && isMap(document.contents) ? document.contents.get('products', true) : undefined;
  return items(products).flatMap((product) => (isMap(product) ? items(product.get('versions', true)) : [])).flatMap((version) => {
    const openapi = isMap(version) ? version.get('openapi', true) : undefined;
    return isScalar(openapi) && typeof openapi.value === 'string' ? [openapi as Scalar<string>] : [];
  });
}

function items(node: unknown): unknown[] {
  return isSeq(node) ? node.items : [];
}

/** Own policies, logo, fonts, pages, guides and files of public keys, as written. */
function contentReferences(document: Document.Parsed): string[] {
  if (document.errors.length > 0 || !isMap(document.contents)) return [];
  const portal = document.contents.get('portal', true);
  const fonts = isMap(portal) ? portal.get('fonts', true) : undefined;
  const fields = (node: unknown, ...names: string[]): unknown[] => (isMap(node) ? names.map((name) => node.get(name, true)) : []);
  const pages = items(fields(portal, 'pages')[0]).flatMap((page) => fields(page, 'file'));
  const guides = items(document.contents.get('products', true)).flatMap((product) => fields(product, 'guides')).flatMap((node) => (isSeq(node) ? node.items : [node]));
  const policies = items(document.contents.get('products', true)).flatMap((product) => fields(product, 'policies')).flatMap((node) => fields(node, 'own')).flatMap((own) => fields(own, 'file'));
  const named = [...policies, ...fields(portal, 'logo', 'logoDark'), ...fields(fonts, 'text', 'code'), ...pages, ...guides, ...keySets(document.contents.get('products', true))];
  return named.flatMap((node) => (isScalar(node) && typeof node.value === 'string' && node.value !== '' && !isUrl(node.value) ? [node.value] : []));
}

/** `learn`, or `learn.folder`. */
function learnReference(document: Document.Parsed): string | undefined {
  const learn = document.errors.length === 0 && isMap(document.contents) ? document.contents.get('learn', true) : undefined;
  const folder = isMap(learn) ? learn.get('folder', true) : learn;
  return isScalar(folder) && typeof folder.value === 'string' && folder.value !== '' && !isUrl(folder.value) ? folder.value : undefined;
}

/** `products[].policies.tokens.issuers[].jwks` */
function keySets(products: unknown): unknown[] {
  const inside = (node: unknown, name: string): unknown => (isMap(node) ? node.get(name, true) : undefined);
  return items(products).flatMap((product) => items(inside(inside(inside(product, 'policies'), 'tokens'), 'issuers'))).map((issuer) => inside(issuer, 'jwks'));
}
