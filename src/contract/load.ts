// In: the text of an OpenAPI document and of the files that it refers to. Out: one bundled document and its operations.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AppError } from '../errors.ts';
import type { ErrorPlace } from '../errors.ts';
import type { ContractSource, LoadedContract } from './contract.ts';
import { explain } from './explain.ts';
import { locator } from './locate.ts';
import type { Locate } from './locate.ts';
import { listOperations, placedOperations } from './operations.ts';
import type { Parsed } from './parse-text.ts';
import { parseText } from './parse-text.ts';
import { splitDocument } from './parts.ts';
import { checkAndBundle } from './redocly.ts';
import type { Finding } from './redocly.ts';
import { escapePointer, findReferences, isObject, isUrl, normalFile } from './reference.ts';
import { exampleResponse } from './sample.ts';
import { versionProblem } from './version-problem.ts';

/** How many mistakes an error lists. */
export const placesMax = 20;
/** Values in one file after YAML aliases are unfolded; GitHub's document has 0.6 million. */
const valuesMax = 5_000_000;

interface File { name: string; text: string; parsed: Parsed; locate: Locate }

/**
 * Loads OpenAPI 3.0, 3.1 or 3.2 in JSON or YAML. Reads no file and no network: all text comes with the source.
 * @throws AppError `contract_invalid`, whose `errors` name file, line and column
 */
export async function loadContract(source: ContractSource): Promise<LoadedContract> {
  const files = new Map<string, Promise<File>>();
  const texts = new Map(source.files.map(({ path, text }) => [normalFile(path), { name: path, text }]));
  const rootName = normalFile(source.file);
  texts.set(rootName, { name: source.file, text: source.text });
  const read = (name: string): Promise<File> | undefined => {
    const found = texts.get(name);
    if (found !== undefined && !files.has(name)) files.set(name, openFile(found.name, found.text));
    return files.get(name);
  };

  const root = (await read(rootName))!;
  refuse(source.file, rootProblems(root));
  const value = (root.parsed as { value: Record<string, unknown> }).value;
  const references = findReferences(value, valuesMax);
  if (references === undefined) throw new AppError('contract_invalid', `${source.file} unfolds to more than ${valuesMax} values.`, { errors: [{ file: source.file, line: 1, column: 1, detail: 'The document unfolds to too many values: YAML aliases repeat or contain themselves. Use $ref instead of aliases.' }] });

  const needsBundling = references.some(({ reference }) => !reference.startsWith('#'));
  const { findings, document } = await guardDepth(source.file, checkAndBundle({ file: rootName, text: root.text, value }, async (name) => read(name), needsBundling));
  const opened = new Map(await Promise.all([...files].map(async ([name, file]) => [name, await file] as const)));
  refuse(source.file, places(findings, opened));
  const bundled = document as Record<string, unknown>;
  refuse(source.file, documentProblems(bundled, root));

  const info = bundled['info'] as Record<string, unknown>;
  return {
    document: bundled,
    json: JSON.stringify(bundled),
    parts: splitDocument(bundled),
    openapi: String(bundled['openapi']),
    title: String(info['title']),
    description: typeof info['description'] === 'string' ? info['description'] : '',
    operations: listOperations(bundled).map((operation) => ({ ...operation, example: exampleResponse(bundled, operation) })),
    sourceHash: hash(rootName, opened),
  };
}

async function openFile(name: string, raw: string): Promise<File> {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  const parsed = await parseText(name, text);
  return { name, text, parsed, locate: locator(text, parsed.problem === undefined ? parsed.syntax : 'yaml') };
}

function rootProblems({ name, parsed, locate }: File): ErrorPlace[] {
  if (parsed.problem !== undefined) return [parsed.problem];
  const problem = versionProblem(parsed.value);
  return problem === undefined ? [] : [{ file: name, ...locate(problem.pointer, false), ...problem }];
}

/** Documents nested some thousand levels deep exhaust the stack of whoever walks them. */
async function guardDepth<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('contract_invalid', `${file} is nested too deeply.`, { cause: error, errors: [{ file, line: 1, column: 1, detail: 'The document is nested too deeply to be read, or its schemas refer to one another in a chain of a thousand or more.' }] });
  }
}

function places(findings: Finding[], files: Map<string, File>): ErrorPlace[] {
  const syntax = [...files.values()].flatMap(({ parsed }) => (parsed.problem === undefined ? [] : [parsed.problem]));
  const found = new Map<string, ErrorPlace>();
  for (const finding of findings.filter((one) => !isConsequence(one, findings))) {
    const file = files.get(finding.file);
    if (file === undefined || file.parsed.problem !== undefined) continue;
    const place = { file: file.name, ...file.locate(finding.pointer, finding.onKey), pointer: finding.pointer, detail: explain(finding, file.parsed.value) };
    // A component that is used twice is visited twice.
    found.set(`${place.file}\n${place.pointer}\n${place.detail}`, place);
  }
  return [...syntax, ...[...found.values()].sort(byPlace)];
}

/** A parameter that is itself wrong is not found by its path either: one mistake, told once. */
function isConsequence(finding: Finding, findings: Finding[]): boolean {
  if (finding.rule !== 'path-parameters-defined') return false;
  const operation = finding.pointer.split('/').slice(0, 4).join('/');
  return findings.some((other) => other.rule !== finding.rule && other.file === finding.file && other.pointer.startsWith(`${operation}/parameters`));
}

function byPlace(a: ErrorPlace, b: ErrorPlace): number {
  return a.file === b.file ? a.line! - b.line! || a.column! - b.column! : a.file! < b.file! ? -1 : 1;
}

/** What only the whole shows: operations that no request could tell apart, and none at all. */
function documentProblems(document: Record<string, unknown>, { name, locate }: File): ErrorPlace[] {
  const problems: ErrorPlace[] = [];
  const add = (pointer: string, detail: string): void => { problems.push({ file: name, ...locate(pointer, true), pointer, detail }); };
  const paths = isObject(document['paths']) ? document['paths'] : {};
  for (const path of Object.keys(paths)) {
    const pointer = `/paths/${escapePointer(path)}`;
    if (/[?#]/.test(path)) add(pointer, `The path \`${path}\` contains a query or fragment. Declare query parameters under \`parameters\` with \`in: query\`.`);
  }
  const operations = placedOperations(document);
  if (operations.length === 0) add('/paths', 'The document has no operation. `paths` must hold at least one path with a method such as `get`.');
  const taken = new Map<string, string>();
  for (const { method, path } of operations) {
    const template = `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
    const other = taken.get(template);
    if (other !== undefined) add(`/paths/${escapePointer(path)}`, `${method} \`${path}\` and ${method} \`${other}\` differ only in the names of their parameters, so that no request could tell them apart.`);
    else taken.set(template, path);
  }
  return problems;
}

function refuse(file: string, problems: ErrorPlace[]): void {
  if (problems.length === 0) return;
  const more = problems.length - placesMax;
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
  const rest = more > 0 ? ` The first ${placesMax} are listed; there ${more === 1 ? 'is 1 more' : `are ${more} more`}.` : '';
  throw new AppError('contract_invalid', `The OpenAPI document ${file} has ${count}.${rest}`, { errors: problems.slice(0, placesMax) });
}

/** Over the root and every file that was read, named from the root's folder: the same wherever they lie. */
function hash(rootName: string, files: Map<string, File>): string {
  const sum = createHash('sha256');
  const folder = posix.dirname(rootName);
  const named = [...files].map(([name, { text }]) => ({ name: name === rootName ? '' : isUrl(name) ? name : posix.relative(folder, name), text }));
  for (const { name, text } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) sum.update(`${name.length} ${name} ${text.length} `).update(text);
  return sum.digest('hex');
}
