import type { AppError, ErrorEntry, ErrorPlace } from '../errors.ts';
import { printable } from './terminal.ts';

/** What `--json` prints on a refusal. */
export function errorDocument(error: AppError, entry: ErrorEntry): object {
  return { error: { code: error.code, title: entry.title, detail: error.message, errors: error.errors, mend: entry.mend } };
}

/** `error: ...`, then each place on a line of its own, as editors and terminals link it: `file:line:column: what is wrong`. */
export function errorLines(error: AppError): string[] {
  return [`error: ${printable(error.message)}`, ...error.errors.map((place) => `  ${printable(placeText(place))}`)];
}

function placeText(place: ErrorPlace): string {
  const position = place.line === undefined ? '' : `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
  const where = place.file === undefined ? (position === '' ? '' : `line ${position.slice(1)}`) : `${place.file}${position}`;
  const pointer = place.pointer === undefined || place.pointer === '' ? '' : where === '' ? place.pointer : '';
  const prefix = where || pointer;
  return prefix === '' ? place.detail : `${prefix}: ${place.detail}`;
}
