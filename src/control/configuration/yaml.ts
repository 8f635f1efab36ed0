// The one place that knows the yaml package. Enters: text. Leaves: plain values, and where in the text each stands.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Document, type Node, type Pair } from 'yaml';
import { AppError, type ErrorPlace } from '../../errors.ts';

export interface YamlText {
  value: unknown;
  /** Line and column, 1-based, of what stands at a JSON Pointer; of its key when `at` is `key`. Falls back to the nearest parent. */
  locate(pointer: string, at?: 'key' | 'value'): { line: number; column: number };
}

/** All nodes with every alias followed: aliases of aliases grow without bound. */
const nodesMax = 200_000;
const depthMax = 64;

/** Fields whose number keeps the text it was written with: a float would round it. */
const exactFields = new Set(['fee', 'unitPrice', 'packageSize', 'packagePrice', 'flatFee', 'minimum', 'maximum', 'included', 'upTo']);

/** @throws AppError `config_invalid` with every mistake of syntax. */
export function readYaml(file: string, text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2', logLevel: 'silent' });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = [...document.errors, ...document.warnings].map((fault): ErrorPlace => ({ file, ...place(fault.pos[0]), detail: explain(fault.code, fault.message) }));
  if (faults.length > 0) throw new AppError('config_invalid', `${file} is not valid YAML: ${faults[0]!.detail}`, { errors: firstPerLine(faults).slice(0, 50) });

  const offsets = new Map<string, { key: number; value: number }>();
  const value = plainValue(document, offsets, (offset, detail) => {
    throw new AppError('config_invalid', `${file}: ${detail}`, { errors: [{ file, ...place(offset), detail }] });
  });
  return {
    value,
    locate(pointer, at = 'value') {
      for (let path = pointer; ; path = path.slice(0, path.lastIndexOf('/'))) {
        const found = offsets.get(path);
        if (found) return place(at === 'key' && path === pointer ? found.key : found.value);
        if (path === '') return { line: 1, column: 1 };
      }
    },
  };
}

export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 120, version: '1.2', aliasDuplicateObjects: false });
}

export function pointerOf(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function plainValue(document: Document.Parsed, offsets: Map<string, { key: number; value: number }>, refuse: (offset: number, detail: string) => never): unknown {
  let nodes = 0;
  const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

  function walk(node: unknown, pointer: string, keyOffset: number, field: string | undefined, path: readonly unknown[]): unknown {
    offsets.set(pointer, { key: keyOffset, value: node === null ? keyOffset : offsetOf(node) });
    if (++nodes > nodesMax) refuse(offsetOf(node), `With every alias followed, this file has more than ${nodesMax} values. Write fewer aliases.`);
    if (path.length > depthMax) refuse(offsetOf(node), `This is nested deeper than ${depthMax} levels.`);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) refuse(offsetOf(node), `There is no anchor "&${node.source}" before this alias.`);
      if (path.includes(target)) refuse(offsetOf(node), `The alias "*${node.source}" contains itself.`);
      return walk(target, pointer, offsetOf(node), field, path);
    }
    if (isSeq(node)) return node.items.map((item, index) => walk(item, `${pointer}/${index}`, offsetOf(item), field, [...path, node]));
    if (isMap(node)) {
      const result: Record<string, unknown> = {};
      for (const pair of node.items) addPair(result, pair, pointer, [...path, node]);
      return result;
    }
    if (isScalar(node)) return typeof node.value === 'number' && field !== undefined && exactFields.has(field) ? (node.source ?? String(node.value)) : node.value;
    return null;
  }

  function addPair(result: Record<string, unknown>, pair: Pair, pointer: string, path: readonly unknown[]): void {
    if (!isScalar(pair.key)) return refuse(offsetOf(pair.key), 'A key must be plain text.');
    const key = String(pair.key.value);
    if (key === '<<') return merge(result, pair, pointer, path);
    // An own property also for `__proto__`, so that it is reported like any unknown key.
    Object.defineProperty(result, key, { value: walk(pair.value, pointerOf(pointer, key), offsetOf(pair.key), key, path), enumerable: true, configurable: true, writable: true });
  }

  /** YAML's merge key: what the map itself says wins. */
  function merge(result: Record<string, unknown>, pair: Pair, pointer: string, path: readonly unknown[]): void {
    const merged = walk(pair.value, pointer, offsetOf(pair.key), undefined, path);
    for (const source of Array.isArray(merged) ? merged : [merged]) {
      if (typeof source !== 'object' || source === null) refuse(offsetOf(pair.value), '`<<` merges a map, such as an alias of one.');
      for (const [key, value] of Object.entries(source)) if (!Object.hasOwn(result, key)) result[key] = value;
    }
  }

  return walk(document.contents, '', 0, undefined, []);
}

function explain(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY': return 'This key stands twice in the same map. Keep one of them.';
    case 'TAB_AS_INDENT': return 'A tab indents this line; YAML indents with spaces only.';
    case 'MULTIPLE_DOCS': return 'The file holds more than one document (`---`). Keep one.';
    case 'BAD_INDENT': return 'This line is indented differently from its neighbours.';
    case 'TAG_RESOLVE_FAILED': return 'Tags such as `!name` are not used here. Remove it.';
    default: return message.endsWith('.') ? message : `${message}.`;
  }
}

function firstPerLine(places: ErrorPlace[]): ErrorPlace[] {
  return places.filter((place, index) => places.findIndex((other) => other.line === place.line) === index);
}
