// One line per test file, the whole of each failure, and at last `N passed, N failed`.
import { relative } from 'node:path';

export default async function* report(source) {
  const files = new Map();
  const failures = [];
  const skips = [];
  let skipped = 0;
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') {
      if (type === 'test:stderr') yield data.message;
      continue;
    }
    const name = relative(process.cwd(), data.file ?? data.name);
    const file = files.get(name) ?? { passed: 0, failed: 0, ms: 0 };
    files.set(name, file);
    if (data.nesting === 0) file.ms += data.details?.duration_ms ?? 0;
    if (data.details?.type === 'suite' && type === 'test:pass') continue;
    if (data.skip !== undefined) {
      skipped += 1;
      skips.push(`${name}: ${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`);
    } else if (type === 'test:pass') {
      file.passed += 1;
    } else if (data.details?.error?.failureType !== 'subtestsFailed') {
      file.failed += 1;
      failures.push({ name, data });
      yield `FAILED ${name}: ${data.name}\n`;
    }
  }
  for (const [name, { passed, failed, ms }] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    yield `${failed > 0 ? 'x' : ' '} ${name}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} (${(ms / 1000).toFixed(1)} s)\n`;
  }
  for (const { name, data } of failures) {
    const error = data.details.error?.cause ?? data.details.error;
    yield `\n${name}:${data.line ?? ''} ${data.name}\n${error?.stack ?? error}\n`;
  }
  for (const skip of skips) yield `skipped ${skip}\n`;
  const passed = [...files.values()].reduce((sum, file) => sum + file.passed, 0);
  const failed = [...files.values()].reduce((sum, file) => sum + file.failed, 0);
  yield `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
}
