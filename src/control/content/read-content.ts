// Enters: the bundle and which of its files are brand, pages, guides and what is taught. Leaves: their entries and bytes, or each mistake with its place.
import { Buffer } from 'node:buffer';
import { posix } from 'node:path';
import type { ErrorPlace } from '../../errors.ts';
import { learnLimits } from '../../domain/learn.ts';
import { setEntry, termEntry, type LearnState } from '../learn/learn-rows.ts';
import { readLearn, type LearnFile, type ReadLearn } from '../learn/read-learn.ts';
import { refuse, type ParsedConfig } from '../configuration/parse-config.ts';
import type { BundledFile, ConfigBundle } from '../services.ts';
import { findImages } from './article-images.ts';
import { checkAsset, mediaTypeOf } from './asset-bytes.ts';
import { contentLimits, type AssetName, type ContentFile } from './content-files.ts';
import { contentHash, imageName, type ArticleEntry, type AssetEntry, type ContentState } from './content-rows.ts';
import { readArticleText } from './front-matter.ts';

/** By content hash: an article's text, an asset's bytes. */
export type ContentBytes = Map<string, { bytes: Buffer; source: string }>;

interface Reading { parsed: ParsedConfig; bundle: ConfigBundle; find(path: string): BundledFile | undefined; assets: AssetEntry[]; articles: ArticleEntry[]; bytes: ContentBytes; problems: ErrorPlace[] }

/** @throws AppError `config_invalid` with file and line of every mistake. */
export function readContent(bundle: ConfigBundle, parsed: ParsedConfig): { content: ContentState; bytes: ContentBytes; learn: ReadLearn; learnFiles: string[] } {
  const files = new Map(bundle.files.map((file) => [normalPath(file.path), file]));
  const base = posix.dirname(bundle.file.replaceAll('\\', '/'));
  const find = (path: string): BundledFile | undefined => files.get(normalPath(path)) ?? files.get(normalPath(posix.join(base, path)));
  const reading: Reading = { parsed, bundle, find, assets: [], articles: [], bytes: new Map(), problems: [] };
  for (const file of parsed.contentFiles) {
    if (file.kind === 'asset') readAsset(reading, file);
    else if (file.kind !== 'learn') for (const found of filesOf(reading, file)) readArticle(reading, file, found);
  }
  const learn = readLearnFolder(reading);
  const perProduct = Map.groupBy(reading.articles, ({ product }) => product);
  for (const [product, list] of perProduct) {
    const first = parsed.contentFiles.find((file) => file.kind === 'guides' && file.product === product);
    if (first && list.length > contentLimits.guidesMax) reading.problems.push(parsed.place({ pointer: first.pointer, at: 'value', detail: `These are ${list.length} guides; a product has at most ${contentLimits.guidesMax}.` }));
  }
  refuse(reading.problems);
  return { content: { assets: reading.assets.toSorted((a, b) => (a.name < b.name ? -1 : 1)), articles: reading.articles, learn: learn.state }, bytes: reading.bytes, learn: learn.read, learnFiles: learn.files };
}

/** Terms and sets stand in `bytes` as JSON. */
function readLearnFolder(reading: Reading): { state: LearnState; read: ReadLearn; files: string[] } {
  const { parsed, bytes, problems } = reading;
  const shipped = parsed.learnShipped;
  const named = parsed.contentFiles.find(({ kind }) => kind === 'learn');
  const files = named === undefined ? [] : learnFiles(reading, named);
  const read = readLearn(files, { shipped });
  problems.push(...read.problems);
  const keep = (value: object, source: string): string => {
    const json = JSON.stringify(value);
    const hash = contentHash(json);
    bytes.set(hash, { bytes: Buffer.from(json), source });
    return hash;
  };
  return {
    state: { shipped, entries: [...read.terms.map(({ term, source }) => termEntry(term, keep(term, source))), ...read.sets.map(({ set, source }) => setEntry(set, keep(set, source)))] },
    read, files: files.map(({ path }) => path),
  };
}

function learnFiles({ parsed, bundle, find, problems }: Reading, { path, pointer }: ContentFile): LearnFile[] {
  const file = find(path);
  if (file) return [file];
  const base = posix.dirname(bundle.file.replaceAll('\\', '/'));
  const folders = [normalPath(path), normalPath(posix.join(base, path))].map((folder) => folder.replace(/\/$/, ''));
  const inside = bundle.files.filter((candidate) => folders.includes(posix.dirname(normalPath(candidate.path))) && /\.ya?ml$/i.test(candidate.path) && candidate.encoding !== 'base64');
  if (inside.length > 0 && inside.length <= learnLimits.filesMax) return inside.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  problems.push(parsed.place({ pointer, at: 'value', detail: inside.length === 0 ? `There is no file ${path}, and no folder of that name with YAML files.` : `These are ${inside.length} files; at most ${learnLimits.filesMax} are read.` }));
  return [];
}

function readAsset({ parsed, find, assets, bytes, problems }: Reading, file: ContentFile & { kind: 'asset'; name: AssetName }): void {
  const complain = (detail: string): void => void problems.push(parsed.place({ pointer: file.pointer, at: 'value', detail }));
  const found = find(file.path);
  if (!found) return complain(`There is no file ${file.path}. Write a path relative to the configuration.`);
  const content = bytesOf(found);
  const problem = checkAsset(file.name.startsWith('font') ? 'font' : 'logo', found.path, content);
  if (problem) return complain(problem);
  const hash = contentHash(content);
  assets.push({ name: file.name, mediaType: mediaTypeOf(found.path)!, hash });
  bytes.set(hash, { bytes: content, source: found.path });
}

/** A page's file, a guide, or the Markdown files of a folder in the order of their names. */
function filesOf({ parsed, bundle, find, problems }: Reading, { kind, path, pointer }: ContentFile): BundledFile[] {
  const file = find(path);
  if (file) return [file];
  const base = posix.dirname(bundle.file.replaceAll('\\', '/'));
  const folders = [normalPath(path), normalPath(posix.join(base, path))].map((folder) => folder.replace(/\/$/, ''));
  const inside = bundle.files.filter((candidate) => folders.includes(posix.dirname(normalPath(candidate.path))) && /\.md$/i.test(candidate.path));
  if (kind === 'guides' && inside.length > 0) return inside.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  problems.push(parsed.place({ pointer, at: 'value', detail: kind === 'guides' ? `There is no file ${path}, and no folder of that name with Markdown files.` : `There is no file ${path}. Write a path relative to the configuration.` }));
  return [];
}

function readArticle(reading: Reading, file: ContentFile & { kind: 'page' | 'guides' }, found: BundledFile): void {
  const { articles, bytes, problems } = reading;
  const complain = (detail: string, line = 1): void => void problems.push({ file: found.path, line, column: 1, detail });
  if (found.encoding === 'base64' || !/\.md$/i.test(found.path)) return complain('A guide or page is a Markdown file whose name ends in .md.');
  const product = file.kind === 'guides' ? file.product : null;
  const slug = file.kind === 'page' ? file.slug : slugOfFile(found.path);
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(slug)) return complain(`The name of this file makes the address of the guide, and "${slug}" cannot: use lower-case letters, digits and hyphens, such as \`first-steps.md\`.`);
  if (articles.some((other) => other.product === product && other.slug === slug)) return complain(`Another ${product === null ? 'page' : 'guide'} has the address "${slug}" already. Rename this file.`);
  if (found.text.length > contentLimits.markdownCharactersMax) return complain(`This file has ${found.text.length} characters; at most ${contentLimits.markdownCharactersMax} are shown on one page.`);
  const { title, description, problems: mistakes } = readArticleText(found.path, found.text);
  problems.push(...mistakes);
  const shownTitle = file.kind === 'page' && file.title !== undefined ? file.title : title;
  // Front matter that cannot be read may hold the title.
  if (shownTitle === '' && mistakes.length > 0) return;
  if (shownTitle === '') return complain('This page has no title. Begin it with a heading such as `# First steps`, or write `title:` in its front matter.');
  const hash = contentHash(found.text);
  articles.push({ product, slug, title: shownTitle, description, hash });
  bytes.set(hash, { bytes: Buffer.from(found.text), source: found.path });
  readImages(reading, found, product);
}

function readImages({ assets, bytes, problems, find }: Reading, article: BundledFile, product: string | null): void {
  for (const { path, line } of findImages(article.text)) {
    const complain = (detail: string): void => void problems.push({ file: article.path, line, column: 1, detail });
    const inside = posix.normalize(path);
    if (inside.startsWith('..')) { complain(`The image ${path} lies outside the folder of this file. Put it beside the file or below.`); continue; }
    const found = find(posix.join(posix.dirname(article.path.replaceAll('\\', '/')), inside));
    if (!found) { complain(`There is no image ${path}. Write a path relative to this file.`); continue; }
    const content = bytesOf(found);
    const problem = checkAsset('image', found.path, content);
    if (problem) { complain(problem); continue; }
    const name = imageName(product, inside);
    const hash = contentHash(content);
    const known = assets.find((asset) => asset.name === name);
    if (known && known.hash !== hash) { complain(`Two different images are called ${inside}. Rename one.`); continue; }
    if (known) continue;
    if (assets.length >= contentLimits.imagesMax) { complain(`Pages and guides show more than ${contentLimits.imagesMax} images.`); return; }
    assets.push({ name, mediaType: mediaTypeOf(found.path)!, hash });
    bytes.set(hash, { bytes: content, source: found.path });
  }
}

/** `01-first-steps.md` is `first-steps`: the number is for the order in the folder. */
function slugOfFile(path: string): string {
  return posix.basename(path.replaceAll('\\', '/')).replace(/\.md$/i, '').replace(/^\d{1,4}[-_.](?=.)/, '');
}

function bytesOf({ text, encoding }: BundledFile): Buffer {
  return Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}

function normalPath(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/'));
}
