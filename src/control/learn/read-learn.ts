// Enters: YAML files of the folder that `learn` names. Leaves: terms and sets, or each mistake with its place.
import { learnLimits, type LearnSet, type LearnTerm } from '../../domain/learn.ts';
import { isAppError, type ErrorPlace } from '../../errors.ts';
import { schemaCheck, type ConfigProblem } from '../configuration/schema-problems.ts';
import { readYaml } from '../configuration/yaml.ts';
import schema from './learn.schema.json' with { type: 'json' };
import { findLinks } from './find-links.ts';
import { learnProblems } from './learn-problems.ts';
import { shippedSets } from './shipped-sets.ts';
import { shippedTerms } from './shipped-terms.ts';
import { setOf, termOf, type WrittenLearn } from './written-learn.ts';

/** The published JSON Schema of these files. */
export const learnSchema: Record<string, unknown> = schema;

export interface LearnFile { path: string; text: string }
/** What a task's check names, and where it is written. */
export interface CheckedTask { product: string; version: string | null; operations: { name: string; place(detail: string): ErrorPlace }[]; place(field: 'product' | 'version', detail: string): ErrorPlace }
/** A link to this site. */
export interface CheckedLink { to: string; place(detail: string): ErrorPlace }
export interface ReadLearn { terms: { term: LearnTerm; source: string }[]; sets: { set: LearnSet; source: string }[]; tasks: CheckedTask[]; links: CheckedLink[]; /** Of all that the portal will teach. */ ids: { terms: ReadonlySet<string>; sets: ReadonlySet<string> }; problems: ErrorPlace[] }

interface ParsedFile { path: string; written: WrittenLearn; place(problem: ConfigProblem): ErrorPlace }

const fileCharactersMax = 4_194_304;
const checkSchema = schemaCheck(schema);

/** With `shipped`, terms of Portico's own may be named. Nothing is answered beside problems. */
export function readLearn(files: readonly LearnFile[], { shipped }: { shipped: boolean }): ReadLearn {
  const problems: ErrorPlace[] = [];
  const parsed = files.flatMap((file): ParsedFile[] => {
    try {
      return parseFile(file, problems);
    } catch (error) {
      if (!isAppError(error)) throw error;
      problems.push(...error.errors);
      return [];
    }
  });
  problems.push(...countProblems(parsed), ...repeatedIds(parsed, 'terms'), ...repeatedIds(parsed, 'sets'), ...repeatedNames(parsed));
  const idsOf = (field: 'terms' | 'sets', brought: readonly { id: string }[]): Set<string> => new Set([...(shipped ? brought : []), ...parsed.flatMap(({ written }): { id: string }[] => written[field] ?? [])].map(({ id }) => id));
  const ids = { terms: idsOf('terms', shippedTerms), sets: idsOf('sets', shippedSets) };
  // A file that cannot be read may hold the terms that others name.
  if (parsed.length === files.length) problems.push(...parsed.flatMap(({ written, place }) => learnProblems(written, ids.terms).map(place)));
  if (problems.length > 0) return { terms: [], sets: [], tasks: [], links: [], ids, problems };
  return {
    terms: parsed.flatMap(({ path, written }) => (written.terms ?? []).map((term) => ({ term: termOf(term), source: path }))),
    sets: parsed.flatMap(({ path, written }) => (written.sets ?? []).map((set) => ({ set: setOf(set), source: path }))),
    tasks: parsed.flatMap(checkedTasks),
    links: parsed.flatMap(({ written, place }) => findLinks(written).map(({ to, pointer }): CheckedLink => ({ to, place: (detail) => place({ pointer, at: 'value', detail }) }))), ids, problems,
  };
}

function parseFile({ path, text }: LearnFile, problems: ErrorPlace[]): ParsedFile[] {
  if (text.length > fileCharactersMax) {
    problems.push({ file: path, line: 1, column: 1, detail: `This file has ${text.length} characters; at most ${fileCharactersMax} are read.` });
    return [];
  }
  const yaml = readYaml(path, text.replace(/^\uFEFF/, ''));
  const place = ({ pointer, at, detail }: ConfigProblem): ErrorPlace => ({ file: path, ...yaml.locate(pointer, at), pointer, detail });
  if (yaml.value === null) {
    problems.push(place({ pointer: '', at: 'value', detail: 'The file is empty. Begin with `terms:` or `sets:`.' }));
    return [];
  }
  const shape = checkSchema(yaml.value, yaml.commentAt);
  problems.push(...shape.map(place));
  return shape.length > 0 ? [] : [{ path, written: yaml.value as WrittenLearn, place }];
}

function countProblems(parsed: ParsedFile[]): ErrorPlace[] {
  return ([['terms', learnLimits.termsMax], ['sets', learnLimits.setsMax]] as const).flatMap(([field, most]) => {
    const count = parsed.reduce((sum, { written }) => sum + (written[field]?.length ?? 0), 0);
    const last = parsed.findLast(({ written }) => written[field] !== undefined);
    return count > most && last ? [last.place({ pointer: `/${field}`, at: 'key', detail: `These are ${count} ${field}; a portal teaches at most ${most}.` })] : [];
  });
}

function repeatedIds(parsed: ParsedFile[], field: 'terms' | 'sets'): ErrorPlace[] {
  const seen = new Map<string, ErrorPlace>();
  return parsed.flatMap(({ written, place }) => (written[field] ?? []).flatMap(({ id }, index) => {
    const here = place({ pointer: `/${field}/${index}/id`, at: 'value', detail: '' });
    const before = seen.get(id);
    if (before) return [{ ...here, detail: `The ${field === 'terms' ? 'term' : 'set'} "${id}" stands in ${before.file}, line ${before.line}, already. Give each its own id.` }];
    seen.set(id, here);
    return [];
  }));
}

/** Of two terms with one name a reader would find the wrong one. */
function repeatedNames(parsed: ParsedFile[]): ErrorPlace[] {
  const seen = new Map<string, string>();
  return parsed.flatMap(({ written, place }) => (written.terms ?? []).flatMap(({ id, name, also = [] }, t) => [name, ...also].flatMap((spelling, index) => {
    const plain = spelling.trim().toLowerCase();
    const before = seen.get(plain);
    seen.set(plain, before ?? id);
    return before === undefined || before === id ? [] : [place({ pointer: index === 0 ? `/terms/${t}/name` : `/terms/${t}/also/${index - 1}`, at: 'value', detail: `The term "${before}" is called "${spelling.trim()}" already. One of the two needs another name.` })];
  })));
}

function checkedTasks({ written, place }: ParsedFile): CheckedTask[] {
  return (written.sets ?? []).flatMap(({ items }, s) => items.flatMap(({ check }, i): CheckedTask[] => {
    if (!check) return [];
    const at = (pointer: string, detail: string): ErrorPlace => place({ pointer: `/sets/${s}/items/${i}/check${pointer}`, at: 'value', detail });
    return [{
      product: check.product, version: check.version ?? null, place: (field, detail) => at(`/${field}`, detail),
      operations: check.calls.flatMap(({ operation }, c) => (operation === undefined ? [] : [{ name: operation, place: (detail: string) => at(`/calls/${c}/operation`, detail) }])),
    }];
  }));
}
