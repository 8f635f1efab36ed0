import { LineCounter, parseDocument, visit } from 'yaml';
import type { Document, ErrorCode } from 'yaml';
import { jsonMistakeAt } from '../domain/json-mistake.ts';

/** 1-based. */
export interface SyntaxProblem { line: number; column: number; detail: string }

/** Where and why JSON.parse refused a text. */
export function jsonProblem(text: string, error: Error): SyntaxProblem {
  const offset = jsonMistakeAt(text, error);
  const before = text.slice(0, offset);
  const found = text[offset];
  const what = found === undefined ? 'the file ends too early' : `\`${/\s/.test(found) ? 'a line break or space' : found}\` cannot stand here`;
  return {
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
    detail: `This is not valid JSON: ${what}. ${jsonHint(before.trimEnd().at(-1), found)}`,
  };
}

function jsonHint(before: string | undefined, found: string | undefined): string {
  if (found === undefined) return 'A closing bracket or quote is missing.';
  if ((found === '}' || found === ']') && before === ',') return 'Remove the comma before it.';
  if (found === "'") return 'JSON writes text in double quotes.';
  if (found === '/') return 'JSON has no comments.';
  if (found === '"' && before !== undefined && !'{[,:'.includes(before)) return 'A comma is missing before it.';
  return 'Check the commas, quotes and brackets around it.';
}

/** Above this the slower parser that knows exact places is not asked. */
const exactCharactersMax = 4 * 1024 * 1024;

/** Where and why YAML was refused. `error` is what the fast parser threw: it is right that there is a mistake, the exact parser is better at saying which. */
export function yamlProblem(text: string, error: Error): SyntaxProblem {
  const lines = new LineCounter();
  const document = text.length > exactCharactersMax ? undefined : parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const exact = document?.errors[0];
  if (document !== undefined && exact !== undefined) {
    const { line, col } = lines.linePos(/closing ['"]/.test(exact.message) ? openedAt(document, exact.pos[0]) : exact.pos[0]);
    return { line, column: col, detail: `This is not valid YAML: ${yamlWords[exact.code] ?? exact.message}.` };
  }
  const { reason, mark } = error as Error & { reason?: string; mark?: { line: number; column: number } };
  // The mark of an alias stands behind its `*`.
  const alias = /unidentified alias/.test(reason ?? '');
  const hint = alias ? ' An alias (`*name`) needs its anchor (`&name`) before it; put text that begins with `*` in quotes.' : '';
  return { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + (alias ? 0 : 1), detail: `This is not valid YAML: ${reason ?? error.message}.${hint}` };
}

/** A quote that is never closed ends with the file; where it opened says more. */
function openedAt(document: Document.Parsed, end: number): number {
  let start = end;
  visit(document, {
    Scalar: (_, { range }) => {
      if (range && range[0] < end && range[1] >= end) start = range[0];
    },
  });
  return start;
}

const yamlWords: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'this line does not line up with its neighbours; all fields of one object start in the same column, and a list or object in brackets needs its closing bracket',
  BLOCK_AS_IMPLICIT_KEY: 'there is a second `: ` in this line; put text that holds `: ` in quotes, or move the inner object to lines of its own',
  DUPLICATE_KEY: 'this key stands twice in the same object; keep one',
  TAB_AS_INDENT: 'a tab indents this line; indent with spaces',
  MISSING_CHAR: 'a quote or bracket that opens here is never closed, or a space is missing',
  MULTILINE_IMPLICIT_KEY: 'a key and its colon must stand on one line; a `:` is missing after the key',
  MULTIPLE_DOCS: 'a second document begins here with `---`; a file holds one document',
  BAD_SCALAR_START: 'text cannot begin with this character; put the text in quotes',
};
