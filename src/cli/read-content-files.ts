// Logo, fonts, pages and guides that portico.yaml names, with the images of pages and guides: binary ones as base64.
import { readdir, readFile, stat } from 'node:fs/promises';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Document } from 'yaml';
import { normalFile, resolveFile } from '../contract/reference.ts';
import { AppError } from '../errors.ts';
import type { BundledFile } from './read-bundle.ts';

/** Far above what one of them may have: whoever applies says what is too large, with the place. */
const bytesMax = 8 * 1024 * 1024;
const filesMax = 2_000;

/** Those that exist. @throws AppError `config_invalid` for one that is too large to send */
export async function readContentFiles(file: string, document: Document.Parsed): Promise<BundledFile[]> {
  const read = new Map<string, BundledFile>();
  for (const path of await listContentPaths(file, document)) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile() || read.has(path)) continue;
    if (found.size > bytesMax) throw new AppError('config_invalid', `${path} has ${found.size} bytes. A logo, font, image, page or guide has at most 1 MiB.`, { errors: [{ file: path, detail: `This file has ${found.size} bytes; at most 1 MiB can be shown.` }] });
    const text = isText(path);
    read.set(path, text ? { path, text: await readFile(path, 'utf8') } : { path, text: await readFile(path, 'base64'), encoding: 'base64' });
  }
  return [...read.values()];
}

/** Also those that are named and missing; and the folders of guides, where a new file may appear. */
export async function listContentPaths(file: string, document: Document.Parsed): Promise<string[]> {
  const paths = new Set<string>();
  for (const reference of contentReferences(document)) {
    const path = resolveFile(file, reference);
    paths.add(path);
    const inside = await readdir(path).catch(() => []);
    const articles = /\.md$/i.test(path) ? [path] : inside.filter((name) => /\.md$/i.test(name)).toSorted().map((name) => normalFile(`${path}/${name}`));
    for (const article of articles) {
      paths.add(article);
      for (const image of await imagesOf(article)) paths.add(image);
    }
    if (paths.size > filesMax) throw new AppError('config_invalid', `${file} leads to more than ${filesMax} guides, pages and images.`);
  }
  return [...paths];
}

async function imagesOf(article: string): Promise<string[]> {
  const markdown = await readFile(article, 'utf8').catch(() => '');
  return [...markdown.matchAll(/!\[[^\]]*\]\(<?([^)\s>]+)>?/g)].flatMap(([, path]) => (/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(path!) ? [] : [resolveFile(article, path!)]));
}

/** Only what has the right shape: the rest is refused, with its place, by whoever applies the file. */
function contentReferences(document: Document.Parsed): string[] {
  if (document.errors.length > 0 || !isMap(document.contents)) return [];
  const portal = document.contents.get('portal', true);
  const fonts = isMap(portal) ? portal.get('fonts', true) : undefined;
  const fields = (node: unknown, ...names: string[]): unknown[] => (isMap(node) ? names.map((name) => node.get(name, true)) : []);
  const pages = items(fields(portal, 'pages')[0]).flatMap((page) => fields(page, 'file'));
  const guides = items(document.contents.get('products', true)).flatMap((product) => fields(product, 'guides')).flatMap((node) => (isSeq(node) ? node.items : [node]));
  return [...fields(portal, 'logo', 'logoDark'), ...fields(fonts, 'text', 'code'), ...pages, ...guides].flatMap((node) => (isScalar(node) && typeof node.value === 'string' && node.value !== '' ? [node.value] : []));
}

function items(node: unknown): unknown[] {
  return isSeq(node) ? node.items : [];
}

function isText(path: string): boolean {
  return /\.(md|svg)$/i.test(path);
}
