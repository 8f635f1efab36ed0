// Messages that are right by construction, and ways to spoil them. Everything follows from the seed.
import { Buffer } from 'node:buffer';

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1 (mulberry32). */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  text(characters: string, most: number): string {
    let text = '';
    for (let left = this.below(most + 1); left > 0; left--) text += characters[this.below(characters.length)]!;
    return text;
  }
}

const token = "!#$%&'*+-.^_`|~019AZaz";
const path = "/azAZ09-._~!$&'()*+,;=:@%41?[]{}|\\^`\"<>";
const value = 'aZ09 \t,;="()/\\\xe4\xff\x80-_.:';
const names = ['Host', 'Accept', 'User-Agent', 'X-Custom', 'cookie', 'X-API-KEY', 'Authorization', 'ETag', 'Via', 'TE', 'Expect', 'Trailer', 'Keep-Alive', 'Date', 'Content-Type', 'X', '_', 'If-None-Match'];

/** One to three requests on one connection. */
export function makeRequests(chance: Chance): string {
  let text = '';
  for (let left = 1 + chance.below(3); left > 0; left--) text += `${chance.below(12) === 0 ? '\r\n' : ''}${makeRequest(chance)}`;
  return text;
}

function makeRequest(chance: Chance): string {
  const method = chance.one(['GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'M-SEARCH', 'QUERY', 'SOURCE']);
  const target = method === 'OPTIONS' && chance.below(3) === 0 ? '*' : `${chance.one(['', '', '', 'http://example.com', 'HTTPS://a.b:80', 'http://[::1]:8080'])}/${chance.text(path, 12)}`;
  const { fields, body } = makeFraming(chance, 'request');
  return `${method} ${target} HTTP/1.1\r\n${joined(chance, [`Host: ${chance.one(['a', 'example.com:80', '[::1]', ''])}`, ...fields])}\r\n${body}`;
}

/** Answers on one connection. */
export function makeResponses(chance: Chance, method: string): string {
  let text = '';
  for (let left = 1 + chance.below(3); left > 0; left--) {
    const status = chance.one([200, 200, 200, 201, 204, 304, 404, 500, 100, 102, 103, 104, 199, 999]);
    const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304;
    const { fields, body } = bodiless ? { fields: method === 'HEAD' && status >= 200 && status !== 204 && chance.below(2) === 0 ? ['Content-Length: 7'] : [], body: '' } : makeFraming(chance, left === 1 ? 'last response' : 'response');
    text += `HTTP/1.${chance.below(8) === 0 && fields[0] !== 'Transfer-Encoding: chunked' ? 0 : 1} ${status}${chance.one([' OK', ' ', ' Not\xe4 \tFine', ''])}\r\n${joined(chance, fields)}\r\n${body}`;
  }
  return text;
}

function makeFraming(chance: Chance, kind: 'request' | 'response' | 'last response'): { fields: string[]; body: string } {
  const data = chance.text('abc\r\n0 :', 20);
  switch (chance.below(kind === 'last response' ? 4 : 3)) {
    case 0:
      return { fields: [`${chance.one(['Content-Length', 'content-length', 'CONTENT-length'])}:${chance.one(['', ' ', '\t '])}${chance.one(['', '', '000'])}${data.length}${chance.one(['', ' ', '\t'])}`], body: data };
    case 1:
      return { fields: ['Transfer-Encoding: chunked'], body: makeChunks(chance) };
    case 2:
      return { fields: kind === 'request' ? [] : ['Content-Length: 0'], body: '' };
    default:
      return { fields: [], body: data };
  }
}

export function makeChunks(chance: Chance): string {
  let text = '';
  for (let left = chance.below(4); left > 0; left--) {
    const data = chance.text('abc\r\n0;', 30);
    if (data !== '') text += `${sizeOf(chance, data.length)}${makeExtensions(chance)}\r\n${data}\r\n`;
  }
  const trailers = Array.from({ length: chance.below(3) }, () => `X-${chance.text(token, 5)}: ${chance.text(value, 8)}\r\n`).join('');
  return `${sizeOf(chance, 0)}${makeExtensions(chance)}\r\n${trailers}\r\n`;
}

function sizeOf(chance: Chance, length: number): string {
  const size = `${chance.one(['', '', '0', '000'])}${length.toString(16)}`;
  return chance.below(2) === 0 ? size : size.toUpperCase();
}

function makeExtensions(chance: Chance): string {
  if (chance.below(3) > 0) return '';
  return `;${chance.one(['a', 'name', '!'])}${chance.one(['', '=b', '="q ; \\" x"', '=""'])}${chance.below(4) === 0 ? ';z' : ''}`;
}

function joined(chance: Chance, fields: string[]): string {
  const all = [...fields];
  for (let left = chance.below(5); left > 0; left--) {
    const name = chance.below(3) === 0 ? `X-${chance.text(token, 8)}` : chance.one(names.slice(1));
    all.splice(chance.below(all.length + 1), 0, `${name}:${chance.one(['', ' ', '  ', '\t'])}${chance.text(value, 16)}`);
  }
  if (chance.below(6) === 0) all.push(`Connection: ${chance.one(['close', 'keep-alive', 'Keep-Alive, X-Custom', 'close, te'])}`);
  return all.map((field) => `${field}\r\n`).join('');
}

const spoilers = [
  '\r', '\n', '\r\n', '\r\n\r\n', '\n\n', ' ', '\t', '\0', '\x0b', '\x7f', '\x80', '\xa0', '\xff', ':', ';', ',', '=', '"', '\\', '+', '-', '0', '1', 'f', '0x', '%', '#', '@', '*', '/',
  'Content-Length: 5\r\n', 'Content-Length: 5, 5\r\n', 'Content-Length:\r\n', 'content-length: +5\r\n', 'Content-Length: 0x5\r\n', 'Content-Length: 99999999999999999999\r\n', 'Content-Length : 5\r\n', 'Content_Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: chunked, chunked\r\n', 'Transfer-Encoding: identity\r\n', 'Transfer-Encoding: gzip, chunked\r\n', 'Transfer-Encoding: xchunked\r\n', 'Transfer-Encoding:\x0bchunked\r\n',
  'Transfer-Encoding : chunked\r\n', ' Transfer-Encoding: chunked\r\n', 'transfer-encoding: CHUNKED\r\n', 'Transfer-Encoding: "chunked"\r\n', 'Transfer-Encoding:\r\n chunked\r\n', 'Transfer-Encoding: chunked\t\r\n', 'X: y\r\n z\r\n', 'Host: b\r\n',
  '0\r\n\r\n', 'ffffffffffffffff\r\n', '10000000000000000\r\n', ';a', ';a=b', ';a="', '; a', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1', 'HTTP/1.0', ' HTTP/1.1\r\n', 'HTTP/2.0', 'Connection: close\r\n', 'Connection: \xa0keep-alive\r\n', 'Connection: close\xa0, te\r\n', 'Connection:\tkeep-alive \t\r\n', 'Connection: upgrade\r\nUpgrade: h2c\r\n', 'HTTP/1.1 200 OK\r\n\r\n',
];

const framingSpoilers = spoilers.filter((spoiler) => /^(?:content-length|transfer-encoding|connection):.*\r\n$/i.test(spoiler));

/** Spoils a message in one to three places. */
export function spoil(chance: Chance, text: string): string {
  let spoiled = text;
  for (let left = 1 + chance.below(3); left > 0; left--) {
    const at = chance.below(spoiled.length + 1);
    const to = Math.min(spoiled.length, at + 1 + chance.below(chance.below(4) === 0 ? 20 : 2));
    const kind = chance.below(7);
    if (kind === 0) spoiled = spoiled.slice(0, at) + spoiled.slice(to);
    else if (kind === 1) spoiled = spoiled.slice(0, at) + String.fromCharCode(chance.below(256)) + spoiled.slice(to);
    else if (kind === 2) spoiled = spoiled.slice(0, to) + spoiled.slice(at, to) + spoiled.slice(to);
    else if (kind === 3) spoiled = atLineStart(chance, spoiled, chance.one(spoilers));
    else if (kind === 4) spoiled = behindStartLine(chance, spoiled, chance.one(framingSpoilers));
    else spoiled = spoiled.slice(0, at) + chance.one(spoilers) + spoiled.slice(kind === 5 ? to : at);
  }
  return spoiled;
}

/** Says something about the length of a message that may have none. */
function behindStartLine(chance: Chance, text: string, spoiler: string): string {
  const starts = [...text.matchAll(/^(?:HTTP\/1\.[01] .*|.* HTTP\/1\.[01])\r\n/gm)];
  const start = starts.length === 0 ? undefined : chance.one(starts);
  const at = start === undefined ? 0 : start.index + start[0].length;
  return text.slice(0, at) + spoiler + text.slice(at);
}

/** Where most of the spoilers have their meaning. */
function atLineStart(chance: Chance, text: string, spoiler: string): string {
  const lines = text.split('\r\n');
  const line = chance.below(lines.length);
  const at = lines.slice(0, line).reduce((length, before) => length + before.length + 2, 0);
  return text.slice(0, at) + spoiler + text.slice(at);
}

/** Where to cut octets into pieces: often nowhere, sometimes everywhere. */
export function makeCuts(chance: Chance, octets: Buffer): number[] {
  const kind = chance.below(8);
  if (kind < 4) return [];
  if (kind === 7 && octets.length < 200) return Array.from({ length: Math.max(0, octets.length - 1) }, (_, i) => i + 1);
  return Array.from({ length: 1 + chance.below(4) }, () => chance.below(octets.length + 1)).sort((a, b) => a - b);
}
