// Lint and types: `npm run check`. The boundaries between folders are a test, test/architecture.test.ts.
import { install, run } from './prepare.js';

await install();
let failed = false;
for (const [title, command, args] of [
  ['lint', 'oxlint', ['--deny-warnings', 'src', 'test', 'demo', 'bench', 'scripts', 'bin']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the pages', 'tsc', ['-p', 'src/web']],
]) {
  const code = await run(command, args);
  process.stdout.write(`${title}: ${code === 0 ? 'clean' : 'failed'}\n`);
  if (code !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
