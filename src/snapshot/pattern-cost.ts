/** A quantifier with a higher bound is taken for one without. */
const repetitionMax = 16;

/**
 * How the time to match grows with the length of a text: with its power of this number, at most; Infinity when nothing is known.
 * A pattern whose groups are not repeated backtracks over its unbounded quantifiers, each of which tries at most every length,
 * from every start unless it is anchored.
 */
export function patternDegree(pattern: string): number {
  if (/\\[1-9k]|\(\?[=!<]/.test(pattern.replace(/\\\\/g, ''))) return Infinity;
  const plain = pattern.replace(/\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\./g, 'x').replace(/\[[^\]]*\]/g, 'x').replace(/\(\?:/g, '(');
  let degree = plain.startsWith('^') && !plain.includes('|') ? 0 : 1;
  for (const [whole, before, quantifier] of plain.matchAll(/(.?)([*+]|\{\d*,?\d*\})\??/g)) {
    const bounds = /^\{(\d*)(,?)(\d*)\}/.exec(quantifier!);
    const most = bounds === null ? Infinity : bounds[2] === '' ? Number(bounds[1]) : bounds[3] === '' ? Infinity : Number(bounds[3]);
    if (before === ')' && most > 1) return Infinity;
    if (most > repetitionMax && whole !== '') degree++;
  }
  return degree;
}
