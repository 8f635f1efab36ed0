// One line per test file when it ends, at last the whole of each failure, and `N passed, N failed`.
import { relative, resolve } from 'node:path';

export default async function* report(source) {
  const total = { passed: 0, failed: 0 };
  const failures = [];
  const skips = [];
  // Of the file whose results are coming in: a result says where its test is written, which may be a suite that several files share.
  let results = [];
  const ended = function* (file, ms) {
    const name = relative(process.cwd(), file);
    const count = { passed: 0, failed: 0 };
    for (const { type, data } of results) {
      if (data.skip !== undefined) skips.push(`${name}: ${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`);
      else if (type === 'test:pass') count.passed += 1;
      else {
        count.failed += 1;
        failures.push({ name, data });
        yield `FAILED ${name}: ${data.name}\n`;
      }
    }
    results = [];
    total.passed += count.passed;
    total.failed += count.failed;
    yield `${count.failed > 0 ? 'x' : ' '} ${name}: ${count.passed} passed${count.failed > 0 ? `, ${count.failed} failed` : ''} (${(ms / 1000).toFixed(1)} s)\n`;
  };
  for await (const { type, data } of source) {
    if (type === 'test:stderr') yield data.message;
    if (type === 'test:summary' && data.file !== undefined) yield* ended(data.file, data.duration_ms);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const counts = type === 'test:pass' ? data.details?.type !== 'suite' || data.skip !== undefined : data.details?.error?.failureType !== 'subtestsFailed';
    if (counts) results.push({ type, data });
    // A file that could not be run to its end has no summary.
    if (data.nesting === 0 && resolve(data.name) === data.file) yield* ended(data.file, data.details?.duration_ms ?? 0);
  }
  for (const { name, data } of failures) {
    const error = data.details.error?.cause ?? data.details.error;
    yield `\n${name}:${data.line ?? ''} ${data.name}\n${error?.stack ?? error}\n`;
  }
  for (const skip of skips) yield `skipped ${skip}\n`;
  yield `\n${total.passed} passed, ${total.failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}\n`;
}
