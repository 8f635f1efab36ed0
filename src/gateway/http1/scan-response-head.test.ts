import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { wrong } from './field-section.ts';
import { responseFraming, type ResponseFraming } from './response-framing.ts';
import { ResponseHeadScanner, type ScannedResponse } from './scan-response-head.ts';

function scan(text: string): ScannedResponse | string {
  const octets = Buffer.from(text, 'latin1');
  const scanner = new ResponseHeadScanner(64 * 1024);
  scanner.begin();
  const length = scanner.scan(octets, 0, octets.length);
  return length === wrong ? scanner.problem : scanner.take(octets, 0, length);
}

function framing(text: string, method = 'GET'): ResponseFraming | string {
  const head = scan(text);
  if (typeof head === 'string') return head;
  const found = responseFraming(head, method);
  return 'problem' in found ? found.problem : found;
}

test('a status line is read with and without a reason', () => {
  for (const [line, status, reason, minor] of [
    ['HTTP/1.1 200 OK', 200, 'OK', 1],
    ['HTTP/1.0 404 Nicht da\xdf', 404, 'Nicht da\xdf', 0],
    ['HTTP/1.1 200 ', 200, '', 1],
    ['HTTP/1.1 200', 200, '', 1],
    ['HTTP/1.1 999 x', 999, 'x', 1],
  ] as const) {
    const head = scan(`${line}\r\nA: b\r\n\r\n`);
    assert.ok(typeof head !== 'string', line);
    assert.deepEqual([head.status, head.reason, head.minor, head.fields], [status, reason, minor, ['A', 'b']], line);
  }
});

test('what is no response is refused with its place', () => {
  for (const [name, text, said] of [
    ['no HTTP', 'hello there', /does not begin with "HTTP\/1\.1 "/],
    ['HTTP/2', 'HTTP/2.0 200 OK\r\n', /does not begin/],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n', /status has a space/],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n', /"0" behind its three digits/],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n', /below 100/],
    ['NUL in the reason', 'HTTP/1.1 200 O\0K\r\n', /reason phrase has the octet 0x00/],
    ['a bare LF', 'HTTP/1.1 200 OK\n\n', /reason phrase has an LF/],
    ['a folded field', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n', /obs-fold/],
    ['a head without end', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(70_000)}`, /more than 65536 bytes/],
  ] as const) {
    const problem = scan(text);
    assert.ok(typeof problem === 'string', name);
    assert.match(problem, said, name);
  }
});

test('the body of a response is framed in one way', () => {
  for (const [name, fields, method, expected, line = 'HTTP/1.1 200 OK'] of [
    ['a length', 'Content-Length: 5', 'GET', ['length', 5, true]],
    ['a length of nothing', 'Content-Length: 0', 'GET', ['none', 0, true]],
    ['chunks', 'Transfer-Encoding: CHUNKED', 'GET', ['chunked', 0, true]],
    ['neither', 'A: b', 'GET', ['until-close', 0, false]],
    ['to HEAD', 'Content-Length: 5', 'HEAD', ['none', 5, true]],
    ['not modified', 'Content-Length: 5', 'GET', ['none', 5, true], 'HTTP/1.1 304 x'],
    ['no content', 'A: b', 'GET', ['none', 0, true], 'HTTP/1.1 204 x'],
    ['no content, but chunks', 'Transfer-Encoding: chunked', 'GET', ['none', 0, false], 'HTTP/1.1 204 x'],
    ['an interim answer', 'A: b', 'GET', ['none', 0, true], 'HTTP/1.1 103 x'],
    ['an interim answer with a length', 'Content-Length: 2', 'GET', /interim answer that speaks of a body/, 'HTTP/1.1 104 x'],
    ['an interim answer with chunks', 'Transfer-Encoding: chunked', 'GET', /interim answer that speaks of a body/, 'HTTP/1.1 100 x'],
    ['an interim answer with a length of nothing', 'Content-Length: 0', 'GET', ['none', 0, true], 'HTTP/1.1 103 x'],
    ['an upgrade', 'Upgrade: websocket', 'GET', ['none', 0, false], 'HTTP/1.1 101 x'],
    ['to CONNECT', 'Content-Length: 5', 'CONNECT', ['none', 5, true]],
    ['a close', 'Content-Length: 5\r\nConnection: x, Close', 'GET', ['length', 5, false]],
    ['HTTP/1.0', 'Content-Length: 5', 'GET', ['length', 5, false], 'HTTP/1.0 200 OK'],
    ['HTTP/1.0 that keeps', 'Content-Length: 5\r\nConnection: keep-alive', 'GET', ['length', 5, true], 'HTTP/1.0 200 OK'],
    ['HTTP/1.0 that keeps behind an octet that is no blank', 'Content-Length: 5\r\nConnection: \xa0keep-alive', 'GET', ['length', 5, false], 'HTTP/1.0 200 OK'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 5', 'GET', /more than one Content-Length/],
    ['two lengths to HEAD', 'Content-Length: 5\r\nContent-Length: 6', 'HEAD', /more than one Content-Length/],
    ['no number', 'Content-Length: 5x', 'GET', /not one whole number/],
    ['length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked', 'GET', /both/],
    ['another coding', 'Transfer-Encoding: gzip', 'GET', /is not "chunked"/],
    ['two codings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', 'GET', /more than one Transfer-Encoding/],
    ['a coding in HTTP/1.0', 'Transfer-Encoding: chunked', 'GET', /HTTP\/1\.0 does not know/, 'HTTP/1.0 200 OK'],
  ] as [string, string, string, [string, number, boolean] | RegExp, string?][]) {
    const found = framing(`${line}\r\n${fields}\r\n\r\n`, method);
    if (expected instanceof RegExp) assert.match(String(found), expected, name);
    else if (typeof found === 'string') assert.fail(`${name}: ${found}`);
    else assert.deepEqual([found.body, found.body === 'none' ? expected[1] : found.length, found.persistent], expected, name);
  }
});
