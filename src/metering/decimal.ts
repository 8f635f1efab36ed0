const shape = /^\d{1,40}(\.\d{1,12})?$/;

/** True for the exact decimal text that quantities have: digits, perhaps a point and at most 12 more; no sign, no exponent. */
export function isQuantity(text: string): boolean {
  return shape.test(text);
}

/** The exact sum of two non-negative decimal texts, without trailing zeros behind the point. */
export function addQuantities(a: string, b: string): string {
  const scale = Math.max(decimals(a), decimals(b));
  if (scale === 0) return (BigInt(a) + BigInt(b)).toString();
  const digits = (scaled(a, scale) + scaled(b, scale)).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = digits.slice(0, -scale);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function decimals(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

function scaled(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '')) * 10n ** BigInt(scale - decimals(text));
}
