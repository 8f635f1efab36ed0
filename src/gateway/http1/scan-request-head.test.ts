import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { fieldIds, hasField, isRepeated, needsMore, valueOf, wrong } from './field-section.ts';
import { readStrictly, readWithLlhttp } from './read-messages.testkit.ts';
import { requestFraming } from './request-framing.ts';
import { RequestHeadScanner } from './scan-request-head.ts';

const side = { request: true } as const;
const rest = 'Host: a\r\n\r\n';
const post = 'POST / HTTP/1.1\r\nHost: a\r\n';
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;

/** name, octets, what is said */
const refused: [string, string, RegExp][] = [
  ['no HTTP', 'hello\r\n\r\n', /method that begins with "hello"/],
  ['an unknown method', `FETCH / HTTP/1.1\r\n${rest}`, /"FETCH" is no method/],
  ['a method in lower case', `get / HTTP/1.1\r\n${rest}`, /"get" is no method/],
  ['a method without end', 'G'.repeat(40), /"GGGGGGGGGGGGGGGG" is no method/],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\n', /CONNECT is not served/],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /request target is "\*"/],
  ['TLS', '\x16\x03\x01', /octet 0x16/],
  ['two spaces before the target', `GET  / HTTP/1.1\r\n${rest}`, /more than one space/],
  ['two spaces behind the target', `GET /  HTTP/1.1\r\n${rest}`, /must end with "HTTP\/1\.1"/],
  ['a tab behind the method', `GET\t/ HTTP/1.1\r\n${rest}`, /follow the method, not a tab/],
  ['no version', 'GET /\r\n', /CR without its LF|percent-encoded/],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${rest}`, /must end with/],
  ['HTTP/2.0 in words', `GET / HTTP/2.0\r\n${rest}`, /must end with/],
  ['a small http', `GET / http/1.1\r\n${rest}`, /must end with/],
  ['a bare LF behind the request line', `GET / HTTP/1.1\n${rest}`, /CRLF/],
  ['a target without a slash', `GET foo HTTP/1.1\r\n${rest}`, /target is "foo"/],
  ['an asterisk for GET', `GET * HTTP/1.1\r\n${rest}`, /target is "\*"/],
  ['an address of another scheme', `GET ftp://a/ HTTP/1.1\r\n${rest}`, /target is "ftp:/],
  ['user information', `GET http://u@a/ HTTP/1.1\r\n${rest}`, /target is "http:/],
  ['NUL in the target', `GET /\0 HTTP/1.1\r\n${rest}`, /octet 0x00/],
  ['an octet beyond ASCII in the target', `GET /\xe4 HTTP/1.1\r\n${rest}`, /0xe4, which must be percent-encoded/],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', /"Host", before its colon/],
  ['a space in a name', 'GET / HTTP/1.1\r\nHo st: a\r\n\r\n', /"Ho", before its colon/],
  ['a line without a colon', 'GET / HTTP/1.1\r\nHost\r\n\r\n', /line 1 \("Host"\) has no colon/],
  ['an empty name', 'GET / HTTP/1.1\r\n: a\r\n\r\n', /begins with ":"/],
  ['a folded field', 'GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n', /line 3 begins with a space.*obs-fold/],
  ['a space before the first field', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n', /first field line begins with a space/],
  ['NUL in a value', 'GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n', /value of the field "X" has the octet 0x00/],
  ['DEL in a value', 'GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n', /"X" has the octet 0x7f/],
  ['a bare LF in a value', 'GET / HTTP/1.1\r\nX: b\nHost: a\r\n\r\n', /"X" has an LF without its CR/],
  ['a bare CR in a value', 'GET / HTTP/1.1\r\nX: b\rHost: a\r\n\r\n', /CR without its LF stands after field line 1/],
  ['a bare CR at the end', 'GET / HTTP/1.1\r\nHost: a\r\n\rX', /CR without its LF stands after field line 1/],
  ['an octet beyond ASCII in a name', 'GET / HTTP/1.1\r\nH\xf6st: a\r\n\r\n', /"H" has the octet 0xf6/],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', /no Host field/],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n', /has 2 Host fields/],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', /Host field has "\/"/],
  ['a Host with a space', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', /Host field has a space/],
  ['two lengths', `${post}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`, /more than one Content-Length/],
  ['a list of lengths', `${post}Content-Length: 1, 1\r\n\r\na`, /Content-Length is "1, 1"/],
  ['a signed length', `${post}Content-Length: +1\r\n\r\na`, /Content-Length is "\+1"/],
  ['a negative length', `${post}Content-Length: -1\r\n\r\na`, /Content-Length is "-1"/],
  ['a length in hexadecimal', `${post}Content-Length: 0x1\r\n\r\na`, /Content-Length is "0x1"/],
  ['an empty length', `${post}Content-Length:\r\n\r\na`, /Content-Length is ""/],
  ['a length beyond counting', `${post}Content-Length: 18446744073709551617\r\n\r\na`, /Content-Length is "184/],
  ['length and chunks', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, /both a Content-Length and a Transfer-Encoding/],
  ['chunks and length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`, /both a Content-Length and a Transfer-Encoding/],
  ['another transfer coding', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n`, /"gzip, chunked", but only "chunked"/],
  ['chunked twice in one field', `${post}Transfer-Encoding: chunked, chunked\r\n\r\n`, /only "chunked"/],
  ['chunked in two fields', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`, /more than one Transfer-Encoding/],
  ['identity', `${post}Transfer-Encoding: identity\r\n\r\n`, /"identity"/],
  ['an empty coding', `${post}Transfer-Encoding:\r\n\r\n`, /is ""/],
  ['a quoted coding', `${post}Transfer-Encoding: "chunked"\r\n\r\n`, /only "chunked"/],
  ['a coding with a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n`, /"Transfer-Encoding" has the octet 0x0b/],
  ['a coding with a tab behind it', `${post}Transfer-Encoding: chunked\t\r\n\r\n`, /only "chunked"/],
  ['a coding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /HTTP\/1\.0 has no Transfer-Encoding/],
  ['a chunk size that is none', `${chunked}zz\r\n`, /"z" stands where a chunk size must begin/],
  ['a chunk size in another way', `${chunked}0x1\r\na\r\n`, /"x" stands in a chunk size/],
  ['a signed chunk size', `${chunked}+1\r\na\r\n`, /"\+" stands/],
  ['a space behind a chunk size', `${chunked}1 \r\na\r\n`, /a space stands in a chunk size/],
  ['a chunk size beyond counting', `${chunked}10000000000000000\r\n`, /too many digits/],
  ['no end of chunk sizes', `${chunked}${'0'.repeat(40)}`, /too many digits/],
  ['a bare LF behind a chunk size', `${chunked}1\na\r\n`, /an LF without its CR stands in a chunk size/],
  ['a chunk longer than its size', `${chunked}1\r\nab\r\n`, /"b" stands where a chunk must end/],
  ['a chunk with a bare LF', `${chunked}1\r\na\n0\r\n\r\n`, /where a chunk must end/],
  ['a chunk extension with a CR in it', `${chunked}1;a\rb\r\n`, /"b" stands behind a chunk size/],
  ['a chunk extension without end', `${chunked}1;${'a'.repeat(2_000)}`, /extension has more than 1024 bytes/],
  ['chunks that are all extension', `${chunked}${`1;${'a'.repeat(500)}\r\na\r\n`.repeat(40)}`, /much longer than its data/],
  ['a length in the trailers', `${chunked}0\r\nContent-Length: 5\r\n\r\n`, /trailer speaks of the length/],
  ['a broken trailer', `${chunked}0\r\nX : 5\r\n\r\n`, /in the trailers, a space/],
  ['trailers without end', `${chunked}0\r\nX: ${'x'.repeat(20_000)}`, /trailers have more than 16384 bytes/],
];

test('what is wrong is refused with its place, however it arrives, and llhttp accepts no more of it', () => {
  for (const [name, text, said] of refused) {
    const octets = Buffer.from(text, 'latin1');
    for (const cuts of [[], Array.from({ length: Math.min(200, octets.length - 1) }, (_, i) => i + 1)]) {
      const reading = readStrictly(side, octets, cuts);
      assert.match(reading.problem, said, name);
      assert.ok(!reading.messages.some((message) => message.complete), name);
    }
  }
  const smuggled = Buffer.from(`${chunked}0\r\n\r\nGET /smuggled HTTP/1.1\r\n${rest}`);
  assert.deepEqual(readStrictly(side, smuggled).messages.map((message) => message.head.split(' ')[1]), readWithLlhttp(side, smuggled).messages.map((message) => message.head.split(' ')[1]));
});

test('heads and fields have a most', () => {
  const ofBytes = (bytes: number): string => `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(bytes - 32)}\r\n\r\n`;
  const scan = (text: string): { result: number; scanner: RequestHeadScanner } => {
    const scanner = new RequestHeadScanner(16_384);
    scanner.begin();
    const octets = Buffer.from(text);
    return { result: scanner.scan(octets, 0, octets.length), scanner };
  };
  assert.equal(scan(ofBytes(16_384)).result, 16_384);
  for (const [name, text, said] of [
    ['one byte more', ofBytes(16_385), /more than 16384 bytes/],
    ['no end in sight', `GET /${'a'.repeat(16_384)}`, /more than 16384 bytes/],
    ['empty lines without end', '\r\n'.repeat(8_193), /more than 16384 bytes/],
    ['many fields', `GET / HTTP/1.1\r\n${'a:\r\n'.repeat(257)}\r\n`, /more than 256 fields/],
  ] as const) {
    const { result, scanner } = scan(text);
    assert.deepEqual([result, scanner.tooLarge], [wrong, true], name);
    assert.match(scanner.problem, said, name);
  }
});

test('a head that arrives octet by octet is read once', () => {
  const octets = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(16_000)}\r\n\r\n`);
  const scanner = new RequestHeadScanner(16_384);
  scanner.begin();
  let reads = 0;
  const counted = new Proxy(octets, { get: (target, name) => {
    if (typeof name === 'string' && /^\d+$/.test(name)) reads++;
    const value = Reflect.get(target, name) as unknown;
    return typeof value === 'function' ? value.bind(target) as unknown : value;
  } });
  for (let end = 1; end < octets.length; end++) assert.equal(scanner.scan(counted, 0, end), needsMore);
  assert.equal(scanner.scan(counted, 0, octets.length), octets.length);
  assert.ok(reads < 5 * octets.length, `${reads} octets were read`);
});

test('fields keep their spelling, and are found by name and number', () => {
  const text = '\r\nGET http://a.test/p?q HTTP/1.0\r\nhOsT: a\r\nX-API-Key:\tk \t\r\nX-Mine: 1\r\nx-mine: \r\nVia: 1.0 a\r\nvia: 1.0 b\r\nConnection: Keep-Alive\r\n\r\nrest';
  const octets = Buffer.from(text);
  const scanner = new RequestHeadScanner(16_384);
  scanner.begin();
  const length = scanner.scan(octets, 0, octets.length);
  const head = scanner.take(octets, 0, length);
  assert.equal(text.slice(length), 'rest');
  assert.deepEqual([head.method, head.target, head.minor], ['GET', 'http://a.test/p?q', 0]);
  assert.deepEqual(head.fields, ['hOsT', 'a', 'X-API-Key', 'k', 'X-Mine', '1', 'x-mine', '', 'Via', '1.0 a', 'via', '1.0 b', 'Connection', 'Keep-Alive']);
  assert.deepEqual(head.names, ['host', 'x-api-key', 'x-mine', 'x-mine', 'via', 'via', 'connection']);
  assert.deepEqual([valueOf(head, fieldIds.host), valueOf(head, fieldIds['x-api-key']), valueOf(head, fieldIds.via), valueOf(head, fieldIds.expect)], ['a', 'k', '1.0 a', undefined]);
  assert.deepEqual([isRepeated(head, fieldIds.via), isRepeated(head, fieldIds.host), hasField(head, fieldIds.te)], [true, false, false]);
  assert.deepEqual(requestFraming(head), { chunked: false, length: null, persistent: true });
});
