/** An example as it is shown: JSON in lines, cut after `linesMax` lines. Null where there is none. */
export function exampleText(example: unknown, linesMax = 120): string | null {
  if (example === undefined || example === null) return null;
  const lines = (typeof example === 'string' ? example : JSON.stringify(example, null, 2)).split('\n');
  return lines.length > linesMax ? [...lines.slice(0, linesMax), `... ${lines.length - linesMax} more lines`].join('\n') : lines.join('\n');
}
