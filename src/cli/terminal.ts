// What commands print through: one JSON document, or text for people.
import { createColors } from 'picocolors';
import type { CliContext, Output } from './context.ts';

export type Colours = Pick<ReturnType<typeof createColors>, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

export interface Terminal {
  json: boolean;
  colours: Colours;
  /** A line for people: nothing when JSON is asked for. */
  print(line?: string): void;
  /** The one document of `--json`: nothing otherwise. */
  printJson(document: unknown): void;
  /** A line beside the output, on standard error. */
  note(line: string): void;
  /** Shows that work is going on once it takes longer than a second. `label` may change meanwhile. */
  progress<T>(label: string | (() => string), work: () => Promise<T>): Promise<T>;
}

export function createTerminal(context: Pick<CliContext, 'environment' | 'stdout' | 'stderr'>, json: boolean): Terminal {
  const { environment, stdout, stderr } = context;
  const coloured = (output: Output): boolean => output.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return {
    json,
    colours: createColors(coloured(stdout)),
    print: (line = '') => void (json || stdout.write(`${line}\n`)),
    printJson: (document) => void (json && stdout.write(`${JSON.stringify(document, null, 2)}\n`)),
    note: (line) => void stderr.write(`${line}\n`),
    progress: (label, work) => showProgress(stderr, typeof label === 'string' ? () => label : label, work),
  };
}

const quietMs = 1_000;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** On a terminal a spinner with the elapsed time; elsewhere a line at first, then every ten seconds. */
async function showProgress<T>(stderr: Output, label: () => string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const elapsed = (): string => `${((performance.now() - begun) / 1000).toFixed(stderr.isTTY ? 1 : 0)} s`;
  let frame = 0;
  let timer: NodeJS.Timeout;
  const show = (): void => {
    if (stderr.isTTY) stderr.write(`\r\u001b[2K${frames[frame++ % frames.length]} ${label()} ${elapsed()}`);
    else stderr.write(`${label()} (${elapsed()})\n`);
    timer = setTimeout(show, stderr.isTTY ? 100 : 10_000);
  };
  timer = setTimeout(show, quietMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (stderr.isTTY && frame > 0) stderr.write('\r\u001b[2K');
  }
}

export interface Column<Row> {
  title: string;
  value(row: Row): string;
  align?: 'right';
  colour?(row: Row): (text: string) => string;
}

/** Rows under a head, columns as wide as their widest cell. */
export function table<Row>(colours: Colours, columns: Column<Row>[], rows: Row[]): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.value(row))));
  const widths = columns.map((column, i) => Math.max(column.title.length, ...cells.map((row) => row[i]!.length)));
  const pad = (text: string, i: number): string => (columns[i]!.align === 'right' ? text.padStart(widths[i]!) : i === columns.length - 1 ? text : text.padEnd(widths[i]!));
  return [
    colours.bold(columns.map((column, i) => pad(column.title, i)).join('  ').trimEnd()),
    ...cells.map((row, r) => row.map((text, i) => (columns[i]!.colour?.(rows[r]!) ?? String)(pad(text, i))).join('  ').trimEnd()),
  ];
}

/** What a command answered although not every gateway has confirmed it. */
export function warnUnconfirmed(terminal: Pick<Terminal, 'note'>, gateways: string[]): void {
  if (gateways.length > 0) terminal.note(`warning: not confirmed by ${gateways.join(', ')}: cut off, or slow. It follows once the connection is back.`);
}

/** Names come from strangers: their control characters must not reach a terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A stretch of time for people: `850 ms`, `12 s`, `4 min`, `2.5 h`, `3 d`. */
export function durationText(ms: number): string {
  const rounded = (value: number): string => String(Math.round(value * 10) / 10);
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${rounded(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${rounded(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${rounded(ms / 3_600_000)} h` : `${rounded(ms / 86_400_000)} d`;
}

/** `2026-08-01 09:34:00Z` */
export function timeText(rfc3339: string | null): string {
  return rfc3339 === null ? '-' : `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 19)}Z`;
}
