/** One Content-Length (RFC 9110 section 8.6): digits alone, and no more than can be counted exactly. Null when it is anything else. */
export function parseContentLength(value: string): number | null {
  if (value.length === 0 || value.length > 15) return null;
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return null;
    length = length * 10 + digit;
  }
  return length;
}
