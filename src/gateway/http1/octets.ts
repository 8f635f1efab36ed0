// Classes of octets by table, and the few octets that HTTP/1.1 gives a meaning.

export const tab = 0x09;
export const lf = 0x0a;
export const cr = 0x0d;
export const space = 0x20;
export const colon = 0x3a;

/** 1 for the octets of a token (RFC 9110 section 5.6.2). */
export const tokenOctets = octetsOf("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
/** 1 for what may stand in a field value: VCHAR, obs-text, space and tab (RFC 9110 section 5.5). */
export const valueOctets = octetsWhere((octet) => octet === tab || (octet >= space && octet !== 0x7f));
/** 1 for what may stand in a request target: visible ASCII. Anything else has to be percent-encoded (RFC 3986 section 2). */
export const targetOctets = octetsWhere((octet) => octet > space && octet < 0x7f);
/** 1 for what may stand in Host or in the authority of a target, without user information (RFC 3986 section 3.2). */
export const authorityOctets = octetsOf("-._~%!$&'()*+,;=:[]0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
/** Value of a hexadecimal digit, 255 for everything else. */
export const hexValues = Uint8Array.from({ length: 256 }, (_, octet) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(octet).toLowerCase());
  return digit < 0 ? 255 : digit;
});

/** An octet as a person reads it. */
export function showOctet(octet: number): string {
  if (octet === space) return 'a space';
  if (octet === tab) return 'a tab';
  if (octet === cr) return 'a CR without its LF';
  if (octet === lf) return 'an LF without its CR';
  if (octet > space && octet < 0x7f) return `"${String.fromCharCode(octet)}"`;
  return `the octet 0x${octet.toString(16).padStart(2, '0')}`;
}

function octetsOf(characters: string): Uint8Array {
  return octetsWhere((octet) => characters.includes(String.fromCharCode(octet)));
}

function octetsWhere(holds: (octet: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => (holds(octet) ? 1 : 0));
}
