// Whatever a policy file does when it is tried, control goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '../errors.ts';
import { policyCompiler } from './policy-compiler.ts';
import { threadStarter } from './threads.ts';

const startThread = threadStarter(new URL('../main.ts', import.meta.url));
const policy = 'export default { onRequest() {} };';

test('a policy comes back as JavaScript', async () => {
  const { code } = await policyCompiler(startThread)({ file: 'own.ts', text: `const a: number = 1;\n${policy}` });
  assert.equal(code, `const a         = 1;\n${policy}`);
});

const refused: [string, string, RegExp, number?][] = [
  ['a mistake', 'export default {\n  onReqest() {},\n};', /^own\.ts, line 2: A policy has no "onReqest"/],
  ['a loop without an end', `for (;;);\n${policy}`, /^own\.ts: The file did not come to its end within 2 s\.$/, 2_000],
  ['an end of the thread', `process.exit(0);\n${policy}`, /^own\.ts: The file ended the thread that it was tried in\.$/],
  ['more memory than it may have', `const kept = []; for (;;) kept.push(new Array(1e6).fill({}));\n${policy}`, /^own\.ts: .*memory/],
  ['an error that nobody waits for', `setTimeout(() => { throw new Error('late'); }); await new Promise(() => {});\n${policy}`, /^own\.ts: late\.$/],
];

for (const [name, text, message, compileMs] of refused) {
  test(`refused, and nothing else happens: ${name}`, async () => {
    let turned = false;
    setImmediate(() => { turned = true; });
    const error = await policyCompiler(startThread, compileMs)({ file: 'own.ts', text }).then(() => null, (reason: unknown) => reason);
    assert.ok(isAppError(error) && turned, String(error));
    assert.match(error.message, message);
    assert.deepEqual([error.code, error.errors[0]!.file], ['config_invalid', 'own.ts']);
  });
}
