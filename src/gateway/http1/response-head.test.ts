import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerHead, interimHead, type AnswerContext } from './response-head.ts';

const usual: AnswerContext = { minor: 1, isHead: false, closes: false, keepAliveSeconds: 65, date: 'Thu, 01 Jan 1970 00:00:00 GMT' };

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
    assert.ok(head.text.endsWith(`\r\n${last}\r\n\r\n`), `${name}: ${head.text}`);
    assert.match(head.text, /\r\nDate: Thu/);
  }
  assert.equal(answerHead(200, 'Fine', ['Date', 'theirs'], usual).text.match(/Date/g)?.length, 1);
});

test('nobody can put a line into an answer', () => {
  for (const [name, text] of [['CRLF', 'a\r\nSet-Cookie: b'], ['LF', 'a\nb'], ['CR', 'a\rb'], ['NUL', 'a\0b'], ['a letter that is written as LF', 'a\u010ab'], ['a line before the end', 'a\r\n\r\n']] as const) {
    for (const head of [interimHead(200, text, ['A', 'b']), interimHead(200, '', ['A', text]), interimHead(200, '', [text, 'b'])]) {
      assert.match(head, /^HTTP\/1\.1 200 [ -~]*\r\n[ -~]*\r\n$/, name);
    }
  }
  assert.equal(interimHead(200, '', ['A', 'b\xe4\tc']), 'HTTP/1.1 200 OK\r\nA: b\xe4\tc\r\n');
});
