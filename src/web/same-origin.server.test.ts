import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameOrigin } from './same-origin.server.ts';

const origins = ['https://portal.example', 'http://127.0.0.1:3000'];
const cases: [string, Record<string, string>, boolean][] = [
  ['a form of the public address', { origin: 'https://portal.example', 'sec-fetch-site': 'same-origin' }, true],
  ['a form of the address that the server is reached at', { origin: 'http://127.0.0.1:3000' }, true],
  ['a form of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
  ['a form of a sibling subdomain', { origin: 'https://blog.portal.example', 'sec-fetch-site': 'same-site' }, false],
  ['a form of a sandboxed frame', { origin: 'null' }, false],
  ['another scheme of the same host', { origin: 'http://portal.example' }, false],
  ['no origin, but the browser vouches', { 'sec-fetch-site': 'same-origin' }, true],
  ['no origin, from another site', { 'sec-fetch-site': 'cross-site' }, false],
  ['neither header', {}, false],
];

for (const [name, headers, expected] of cases) {
  test(`${name} is ${expected ? 'accepted' : 'refused'}`, () => {
    assert.equal(isSameOrigin(new Request('https://portal.example/sign-out', { method: 'POST', headers }), { origins }), expected);
  });
}
