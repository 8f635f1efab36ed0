import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { answerHead, headText, interimHead, writeHead, type AnswerContext, type AnswerHead } from './response-head.ts';

const usual: AnswerContext = { minor: 1, isHead: false, closes: false, keepAlive: 'Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n', date: 'Thu, 01 Jan 1970 00:00:00 GMT' };

function written(head: AnswerHead): string {
  const buffer = Buffer.alloc(4096);
  return buffer.toString('latin1', 0, writeHead(head, buffer));
}

test('an answer is framed by what its maker said and whom it goes to', () => {
  for (const [name, status, fields, context, body, last] of [
    ['a length', 200, ['content-length', '5'], {}, 'length', 'Keep-Alive: timeout=65'],
    ['no length', 200, [], {}, 'chunked', 'Transfer-Encoding: chunked'],
    ['no length for HTTP/1.0', 200, [], { minor: 0 }, 'until-close', 'Connection: close'],
    ['to HEAD', 200, ['Content-Length', '5'], { isHead: true }, 'none', 'Keep-Alive: timeout=65'],
    ['no content', 204, [], {}, 'none', 'Keep-Alive: timeout=65'],
    ['not modified', 304, ['Content-Length', '5'], {}, 'none', 'Keep-Alive: timeout=65'],
    ['the last one', 200, ['Content-Length', '0'], { closes: true }, 'length', 'Connection: close'],
  ] as [string, number, string[], Partial<AnswerContext>, string, string][]) {
    const head = answerHead(status, '', fields, { ...usual, ...context });
    assert.equal(head.body, body, name);
    for (const text of [headText(head), written(head)]) {
      assert.ok(text.endsWith(`\r\n${last}\r\n\r\n`), `${name}: ${text}`);
      assert.match(text, /\r\nDate: Thu/);
    }
  }
  assert.equal(written(answerHead(200, 'Fine', ['Date', 'theirs'], usual)).match(/^HTTP\/1\.1 200 Fine\r\nDate/g)?.length, 1);
});

test('nobody can put a line into an answer', () => {
  for (const [name, text] of [['CRLF', 'a\r\nSet-Cookie: b'], ['LF', 'a\nb'], ['CR', 'a\rb'], ['NUL', 'a\0b'], ['a letter that is written as LF', 'a\u010ab'], ['a line before the end', 'a\r\n\r\n']] as const) {
    for (const [reason, fields] of [[text, ['A', 'b']], ['', ['A', text]], ['', [text, 'b']]] as const) {
      assert.match(interimHead(200, reason, fields), /^HTTP\/1\.1 200 [ -~]*\r\n[ -~]*\r\n$/, name);
      assert.match(written(answerHead(200, reason, fields, { ...usual, closes: true })), /^HTTP\/1\.1 200 [ -~]*\r\n[ -~]*\r\nDate: [^\r]*\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n$/, name);
    }
  }
  assert.equal(interimHead(200, '', ['A', 'b\xe4\tc']), 'HTTP/1.1 200 OK\r\nA: b\xe4\tc\r\n');
});

test('a head that does not fit is not written', () => {
  const head = answerHead(200, '', ['A', 'b'.repeat(200)], usual);
  assert.equal(writeHead(head, Buffer.alloc(200)), -1);
  assert.equal(writeHead(head, Buffer.alloc(4096)), headText(head).length);
});
