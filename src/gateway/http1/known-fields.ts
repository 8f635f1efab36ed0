// Field names that are met often: found by their octets, so that a common spelling makes no new string, and numbered where code asks for them.

/** Numbers of the fields that the gateway itself reads or replaces: bit numbers of a mask (at most 30), 0 for every other field. */
export const fieldIds = {
  'host': 1,
  'connection': 2,
  'content-length': 3,
  'transfer-encoding': 4,
  'upgrade': 5,
  'expect': 6,
  'te': 7,
  'trailer': 8,
  'keep-alive': 9,
  'proxy-connection': 10,
  'proxy-authorization': 11,
  'proxy-authenticate': 12,
  'proxy-authentication-info': 13,
  'authorization': 14,
  'x-api-key': 15,
  'x-request-id': 16,
  'via': 17,
  'forwarded': 18,
  'x-real-ip': 19,
  'x-forwarded-for': 20,
  'x-forwarded-proto': 21,
  'x-forwarded-host': 22,
  'origin': 23,
  'access-control-request-method': 24,
  'access-control-allow-origin': 25,
  'access-control-expose-headers': 26,
  'user-agent': 27,
  'content-type': 28,
  'date': 29,
  'content-encoding': 30,
} as const;

export type KnownField = keyof typeof fieldIds;
export type FieldId = (typeof fieldIds)[KnownField];

const others = [
  'accept', 'accept-encoding', 'accept-language', 'accept-ranges', 'access-control-allow-credentials', 'access-control-allow-headers', 'access-control-allow-methods',
  'access-control-max-age', 'access-control-request-headers', 'age', 'allow', 'cache-control', 'content-disposition', 'content-language', 'content-location',
  'content-range', 'content-security-policy', 'cookie', 'deprecation', 'dnt', 'etag', 'expires', 'idempotency-key', 'if-match', 'if-modified-since', 'if-none-match',
  'if-range', 'if-unmodified-since', 'last-modified', 'link', 'location', 'pragma', 'prefer', 'priority', 'range', 'ratelimit', 'ratelimit-policy', 'referer',
  'referrer-policy', 'retry-after', 'sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site', 'sec-websocket-accept', 'sec-websocket-extensions', 'sec-websocket-key',
  'sec-websocket-protocol', 'sec-websocket-version', 'server', 'set-cookie', 'strict-transport-security', 'sunset', 'traceparent', 'tracestate', 'vary',
  'www-authenticate', 'x-content-type-options', 'x-forwarded-port', 'x-frame-options', 'x-powered-by', 'x-requested-with',
];

/** One spelling of a name on the wire. */
export interface KnownName {
  readonly wire: string;
  readonly lower: string;
  readonly id: number;
  readonly octets: Uint8Array;
  /** Another spelling in the same slot. */
  readonly next: KnownName | null;
}

const slotMask = 511;
const byLower = new Map<string, { lower: string; id: number }>();
const slots: (KnownName | null)[] = Array.from({ length: slotMask + 1 }, () => null);
for (const lower of [...Object.keys(fieldIds), ...others]) {
  const id = lower in fieldIds ? fieldIds[lower as KnownField] : 0;
  byLower.set(lower, { lower, id });
  for (const wire of spellings(lower)) {
    const octets = new TextEncoder().encode(wire);
    const slot = slotOf(octets, 0, octets.length);
    slots[slot] = { wire, lower, id, octets, next: slots[slot] ?? null };
  }
}

/** A common spelling that stands between `from` and `to`, or null. */
export function findKnownName(octets: Uint8Array, from: number, to: number): KnownName | null {
  const length = to - from;
  let known = slots[slotOf(octets, from, to)] ?? null;
  while (known !== null) {
    const expected = known.octets;
    if (expected.length === length) {
      let i = 0;
      while (i < length && expected[i] === octets[from + i]) i++;
      if (i === length) return known;
    }
    known = known.next;
  }
  return null;
}

/** A known name in a rare spelling. @param lower in lower case */
export function findLowerName(lower: string): { lower: string; id: number } | undefined {
  return byLower.get(lower);
}

function slotOf(octets: Uint8Array, from: number, to: number): number {
  const length = to - from;
  return (octets[from]! + octets[from + (length >> 1)]! * 7 + octets[to - 1]! * 31 + length * 13) & slotMask;
}

function spellings(lower: string): Set<string> {
  const capital = lower.replace(/(?:^|-)[a-z]/g, (found) => found.toUpperCase());
  const trade: Record<string, string> = { 'te': 'TE', 'etag': 'ETag', 'dnt': 'DNT', 'www-authenticate': 'WWW-Authenticate', 'x-api-key': 'X-API-Key', 'x-request-id': 'X-Request-ID', 'x-real-ip': 'X-Real-IP', 'ratelimit': 'RateLimit', 'ratelimit-policy': 'RateLimit-Policy' };
  return new Set([lower, capital, trade[lower] ?? capital]);
}
