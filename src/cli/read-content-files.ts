// Own policies, logo, fonts, pages, guides and lessons that portico.yaml names, with the images of pages and guides: binary ones as base64.
import { readdir, readFile, stat } from 'node:fs/promises';
import { normalFile, resolveFile } from '../contract/reference.ts';
import { AppError } from '../errors.ts';
import type { BundledFile } from './read-bundle.ts';

/** Far above what one of them may have: whoever applies says what is too large, with the place. */
const bytesMax = 8 * 1024 * 1024;
const filesMax = 2_000;

/** Those that exist. @throws AppError `config_invalid` for one that is too large to send */
export async function readContentFiles(file: string, references: string[], learn?: string): Promise<BundledFile[]> {
  const read = new Map<string, BundledFile>();
  for (const path of await listContentPaths(file, references, learn)) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile() || read.has(path)) continue;
    if (found.size > bytesMax) throw new AppError('config_invalid', `${path} has ${found.size} bytes. A logo, font, image, page or guide has at most 1 MiB.`, { errors: [{ file: path, detail: `This file has ${found.size} bytes; at most 1 MiB can be shown.` }] });
    const text = isText(path);
    read.set(path, text ? { path, text: await readFile(path, 'utf8') } : { path, text: await readFile(path, 'base64'), encoding: 'base64' });
  }
  return [...read.values()];
}

/** Also those that are named and missing; and the folders of guides and lessons, where a new file may appear. `learn` is the one reference whose folder holds YAML. */
export async function listContentPaths(file: string, references: string[], learn?: string): Promise<string[]> {
  const paths = new Set<string>();
  for (const reference of learn === undefined ? references : [...references, learn]) {
    const path = resolveFile(file, reference);
    paths.add(path);
    const inside = await readdir(path).catch(() => []);
    const articles = /\.md$/i.test(path) ? [path] : filesIn(path, inside, /\.md$/i);
    for (const article of articles) {
      paths.add(article);
      for (const image of await imagesOf(article)) paths.add(image);
    }
    if (reference === learn) for (const lesson of filesIn(path, inside, /\.ya?ml$/i)) paths.add(lesson);
    if (paths.size > filesMax) throw new AppError('config_invalid', `${file} leads to more than ${filesMax} guides, pages, lessons and images.`);
  }
  return [...paths];
}

function filesIn(folder: string, names: string[], kind: RegExp): string[] {
  return names.filter((name) => kind.test(name)).toSorted().map((name) => normalFile(`${folder}/${name}`));
}

async function imagesOf(article: string): Promise<string[]> {
  const markdown = await readFile(article, 'utf8').catch(() => '');
  return [...markdown.matchAll(/!\[[^\]]*\]\(<?([^)\s>]+)>?/g)].flatMap(([, path]) => (/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(path!) ? [] : [resolveFile(article, path!)]));
}

function isText(path: string): boolean {
  return /\.(md|svg|ya?ml|m?[jt]s)$/i.test(path);
}
