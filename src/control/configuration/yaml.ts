// The one place that knows the yaml package. Enters: text. Leaves: plain values, and where in the text each stands.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, visit, type Alias, type Document, type Node, type Pair, type Scalar } from 'yaml';
import { AppError, type ErrorPlace } from '../../errors.ts';
import { findFaults } from './yaml-faults.ts';

export interface YamlText {
  value: unknown;
  /** Line and column, 1-based, of what stands at a JSON Pointer; of its key when `at` is `key`. Falls back to the nearest parent. */
  locate(pointer: string, at?: 'key' | 'value'): { line: number; column: number };
  /** What stands as a comment where the value of this pointer was to be, such as `#c2410c`. */
  commentAt(pointer: string): string | undefined;
}

/** All nodes with every alias followed: aliases of aliases grow without bound. */
const nodesMax = 200_000;
const depthMax = 64;

/** Fields whose number keeps the text it was written with: a float would round it. */
const exactFields = new Set(['fee', 'unitPrice', 'packageSize', 'packagePrice', 'flatFee', 'minimum', 'maximum', 'included', 'upTo']);

/** @throws AppError `config_invalid` with every mistake of syntax. */
export function readYaml(file: string, text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2', logLevel: 'error' });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = findFaults([...document.errors, ...document.warnings], text, (end) => openedAt(document, end)).map(({ offset, detail }): ErrorPlace => ({ file, ...place(offset), detail }));
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
    commentAt(pointer) {
      const found = offsets.get(pointer);
      return found && /^[ \t]*(#.*)/.exec(text.slice(found.value, found.value + 200))?.[1]?.trimEnd();
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
  /** Collections that the present node stands in. */
  const open = new Set<unknown>();
  /** The last node before here that carries the anchor. */
  const anchors = new Map<string, Node>();
  let followed = 0;

  function walk(node: unknown, pointer: string, keyOffset: number, field: string | undefined): unknown {
    offsets.set(pointer, { key: keyOffset, value: node === null ? keyOffset : offsetOf(node) });
    if (++nodes > nodesMax) refuse(offsetOf(node), `With every alias followed, this file has more than ${nodesMax} values. Write fewer aliases.`);
    if (isAlias(node)) return followAlias(node, pointer, field);
    if (followed === 0 && (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return typeof node.value === 'number' && field !== undefined && exactFields.has(field) ? (node.source ?? String(node.value)) : node.value;
    if (!isSeq(node) && !isMap(node)) return null;
    if (open.has(node)) refuse(offsetOf(node), 'An alias here contains itself.');
    if (open.size >= depthMax) refuse(offsetOf(node), `This is nested deeper than ${depthMax} levels.`);
    open.add(node);
    const value = isSeq(node) ? node.items.map((item, index) => walk(item, `${pointer}/${index}`, offsetOf(item), field)) : walkMap(node.items, pointer);
    open.delete(node);
    return value;
  }

  function followAlias(alias: Alias, pointer: string, field: string | undefined): unknown {
    const target = anchors.get(alias.source) ?? refuse(offsetOf(alias), `There is no anchor "&${alias.source}" before this alias.`);
    followed++;
    const value = walk(target, pointer, offsetOf(alias), field);
    followed--;
    return value;
  }

  function walkMap(pairs: Pair[], pointer: string): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const pair of pairs) {
      if (!isScalar(pair.key)) refuse(offsetOf(pair.key), 'A key must be plain text.');
      const key = String((pair.key as Scalar).value);
      if (key === '<<') merge(result, pair, pointer);
      // An own property also for `__proto__`, so that it is reported like any unknown key.
      else Object.defineProperty(result, key, { value: walk(pair.value, pointerOf(pointer, key), offsetOf(pair.key), key), enumerable: true, configurable: true, writable: true });
    }
    return result;
  }

  /** YAML's merge key: what the map itself says wins. */
  function merge(result: Record<string, unknown>, pair: Pair, pointer: string): void {
    const merged = walk(pair.value, pointer, offsetOf(pair.key), undefined);
    for (const source of Array.isArray(merged) ? merged : [merged]) {
      if (typeof source !== 'object' || source === null) refuse(offsetOf(pair.value), '`<<` merges a map, such as an alias of one.');
      for (const [key, value] of Object.entries(source as object)) if (!Object.hasOwn(result, key)) result[key] = value;
    }
  }

  return walk(document.contents, '', 0, undefined);
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** A quote that is never closed ends with the file: where it opened is where it is mended. */
function openedAt(document: Document.Parsed, end: number): number {
  let start = end;
  visit(document, {
    Scalar: (_, { range }) => {
      if (range && range[0] < end && range[1] >= end) start = range[0];
    },
  });
  return start;
}

function firstPerLine(places: ErrorPlace[]): ErrorPlace[] {
  return places.filter((place, index) => places.findIndex((other) => other.line === place.line) === index);
}
