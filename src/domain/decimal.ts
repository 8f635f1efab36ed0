// Exact decimals as text: `0`, `49.00`, `0.000002`, `-3.5`. Never a float.

/** Below 0 when a < b, 0 when they are equal (`49.00` and `49`), above 0 when a > b. */
export function compareDecimals(a: string, b: string): number {
  const [first, second] = aligned(a, b);
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The sum, with as many places as the longer of the two. */
export function addDecimals(a: string, b: string): string {
  const [first, second, places] = aligned(a, b);
  return decimalText(first + second, places);
}

/** a - b, with as many places as the longer of the two. */
export function subtractDecimals(a: string, b: string): string {
  const [first, second, places] = aligned(a, b);
  return decimalText(first - second, places);
}

/** The value times 10^places, whole. @throws RangeError when the text has more places than that: nothing is cut off in silence. */
export function scaleDecimal(text: string, places: number): bigint {
  if (placesOf(text) > places) throw new RangeError(`${text} has more than ${places} decimal places.`);
  return scaled(text, places);
}

/** The text of `value` / 10^places, with exactly so many places: (4734n, 2) is `47.34`. */
export function decimalText(value: bigint, places: number): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return value < 0n ? `-${text}` : text;
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const places = Math.max(placesOf(a), placesOf(b));
  return [scaled(a, places), scaled(b, places), places];
}

function placesOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

function scaled(text: string, places: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(places - placesOf(text)));
}
