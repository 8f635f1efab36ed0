import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { pointerSegments } from './reference.ts';

/** 1-based. */
export interface Position { line: number; column: number }
export type Locate = (pointer: string, onKey: boolean) => Position;

/**
 * Finds where in a text the value of a JSON Pointer (or, with `onKey`, its key) begins.
 * Where the pointer leads nowhere, the last value on the way is named. Nothing is parsed before the first question.
 */
export function locator(text: string, syntax: 'json' | 'yaml'): Locate {
  let offsetOf: ((segments: string[], onKey: boolean) => number) | undefined;
  const lines = new LineCounter();
  return (pointer, onKey) => {
    offsetOf ??= syntax === 'json' ? (segments, key) => jsonOffset(text, segments, key) : yamlOffsets(text);
    if (lines.lineStarts.length === 0) addLines(text, lines);
    const { line, col } = lines.linePos(offsetOf(pointerSegments(pointer), onKey));
    return { line, column: col };
  };
}

function addLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
}

function yamlOffsets(text: string): (segments: string[], onKey: boolean) => number {
  const document: Document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', strict: false, merge: false });
  return (segments, onKey) => {
    let node: Node | null = document.contents as Node | null;
    let key: Node | null = null;
    for (const segment of segments) {
      if (isAlias(node)) node = node.resolve(document) ?? null;
      let value: unknown;
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === segment);
        if (pair === undefined) break;
        key = pair.key as Node;
        value = pair.value;
      } else if (isSeq(node)) {
        value = node.items[Number(segment)];
        if (value === undefined) break;
        key = null;
      } else break;
      node = isNode(value) ? value : key;
    }
    const found = onKey && key !== null ? key : node;
    return found?.range?.[0] ?? 0;
  };
}

/** Walks JSON text that JSON.parse has accepted, skipping all that is not on the way: nothing is built. */
function jsonOffset(text: string, segments: string[], onKey: boolean): number {
  const space = /[\s\uFEFF]*/y;
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s{}[\]",:]+|[,:]/gy;
  let at = skip(space, 0);
  let keyAt = at;
  for (const segment of segments) {
    const open = text[at];
    if (open !== '{' && open !== '[') break;
    const member = open === '{' ? findMember(segment) : findItem(Number(segment));
    if (member === undefined) break;
    ({ valueAt: at, keyAt } = member);
  }
  return onKey ? keyAt : at;

  function skip(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    pattern.exec(text);
    return Math.max(pattern.lastIndex, from);
  }

  function findMember(name: string): { keyAt: number; valueAt: number } | undefined {
    let found: { keyAt: number; valueAt: number } | undefined;
    for (let here = skip(space, at + 1); text[here] === '"';) {
      const keyEnd = skip(token, here);
      const value = skip(space, skip(space, keyEnd) + 1);
      // JSON.parse keeps the last of equal keys, so the search goes on.
      if (JSON.parse(text.slice(here, keyEnd)) === name) found = { keyAt: here, valueAt: value };
      here = skip(space, skipValue(value));
      if (text[here] !== ',') break;
      here = skip(space, here + 1);
    }
    return found;
  }

  function findItem(index: number): { keyAt: number; valueAt: number } | undefined {
    let here = skip(space, at + 1);
    for (let i = 0; text[here] !== ']'; i++) {
      if (i === index) return { keyAt: here, valueAt: here };
      here = skip(space, skipValue(here));
      if (text[here] !== ',') return undefined;
      here = skip(space, here + 1);
    }
    return undefined;
  }

  function skipValue(from: number): number {
    let depth = 0;
    let here = from;
    do {
      here = skip(space, here);
      const first = text[here];
      here = skip(token, here);
      if (first === '{' || first === '[') depth++;
      else if (first === '}' || first === ']') depth--;
    } while (depth > 0);
    return here;
  }
}
