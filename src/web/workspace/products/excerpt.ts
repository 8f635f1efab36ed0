export interface ExcerptLine { number: number; text: string; wrong: boolean }

const around = 2;
const widthMax = 160;

/** The line that a mistake is in, with two before and after it; long ones are cut around the column. Empty without a line. */
export function excerptOf(text: string, line: number | undefined, column: number | undefined): ExcerptLine[] {
  if (line === undefined) return [];
  const lines = text.split(/\r\n|\r|\n/);
  const from = Math.max(1, line - around);
  const start = Math.max(0, (column ?? 1) - 1 - widthMax / 2);
  return lines.slice(from - 1, line + around).map((one, index) => ({ number: from + index, text: one.length > widthMax ? one.slice(start, start + widthMax) : one, wrong: from + index === line }));
}
