import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { isAppError } from '../errors.ts';
import { compileOwnPolicy } from './compile-own-policy.ts';

describe('compileOwnPolicy', () => {
  test('the types are gone, and every line and column stays', async () => {
    const text = await readFile(new URL('../../docs/examples/sign-calls.ts', import.meta.url), 'utf8');
    const { code } = await compileOwnPolicy({ file: 'policies/sign-calls.ts', text });
    assert.doesNotMatch(code, /portico\/policy|satisfies/);
    for (const word of ['createHmac(', 'onResponse(']) assert.equal(code.indexOf(word), text.indexOf(word));
  });

  const policy = (body: string): string => `import type { Policy } from 'portico/policy';\n\nexport default { onRequest(call) { ${body} } } satisfies Policy;\n`;
  const refused: [string, string, number, number, RegExp][] = [
    ['a mistake of syntax', policy('const a: number = ;'), 3, 54, /Expression expected/],
    ['an enum', `enum A { B }\n${policy('')}`, 1, 1, /enum is not supported/],
    ['a name declared twice', 'let a = 1;\nlet a = 2;\nexport default { onRequest() {} };', 1, 1, /already been declared/],
    ['no default export', 'export const policy = {};', 1, 1, /no `export default`/],
    ['a default export that is no object', 'export default 4;', 1, 1, /no `export default`/],
    ['neither function', 'export default {};', 1, 1, /neither `onRequest` nor `onResponse`/],
    ['an unknown function', 'export default {\n  onReqest() {},\n};', 2, 3, /has no "onReqest"/],
    ['no function', 'export default {\n  onResponse: 4,\n};', 2, 3, /`onResponse` is no function/],
    ['another file', `import { b } from './b.ts';\n${policy('b();')}`, 1, 1, /"\.\/b\.ts" cannot be imported: a policy is one file/],
    ['another file over several lines', `import {\n  b,\n} from './b.ts';\n${policy('b();')}`, 1, 1, /"\.\/b\.ts" cannot be imported/],
    ['a package', `// Of a package.\nimport undici from 'undici';\n${policy('undici();')}`, 2, 1, /"undici" cannot be imported/],
    ['a file by its address', `import 'file:///etc/a.js';\n${policy('')}`, 1, 1, /cannot be imported/],
    ['types as if they were values', `import { Policy } from 'portico/policy';\n${policy('').slice(46)}`, 1, 1, /has only types/],
    ['a module that Node does not have', `import 'node:nothing';\n${policy('')}`, 1, 1, /node:nothing/],
    ['an error when it is run', 'const a: string = "";\n  throw new RangeError("no secret is set");', 2, 9, /^no secret is set\.$/],
  ];
  for (const [name, text, line, column, detail] of refused) {
    test(`refused with its place: ${name}`, async () => {
      const error = await compileOwnPolicy({ file: './policies/my policy.ts', text }).then(() => null, (reason: unknown) => reason);
      assert.ok(isAppError(error), String(error));
      assert.equal(error.code, 'config_invalid');
      const [place] = error.errors;
      assert.match(place!.detail, detail);
      assert.deepEqual([place!.file, place!.line, place!.column], ['./policies/my policy.ts', line, column]);
    });
  }

  test('words that look like an import are left alone', async () => {
    await compileOwnPolicy({ file: 'a.ts', text: "// import x from './x.ts'\nconst words = `\nfrom './y.ts'`;\nexport default { onRequest() { return { refuse: { detail: words + \"import './z.ts'\" } }; } };" });
  });
});
