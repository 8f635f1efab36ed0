// The text of a producer's own policy enters a thread of its own, where it runs once; its JavaScript, or the refusal with its place, leaves it.
import { parentPort } from 'node:worker_threads';
import { AppError, isAppError, type ErrorCode, type ErrorPlace } from '../errors.ts';
import { compileOwnPolicy } from '../snapshot/compile-own-policy.ts';
import type { StartThread } from './threads.ts';

type Source = { file: string; text: string };
type Answer = { code: string } | { refused: ErrorCode; detail: string; errors: ErrorPlace[] };

/** The file itself has half of it. */
const usualCompileMs = 10_000;
const memoryMb = 256;

/** What a file does when it is read cannot hold control up. */
export function policyCompiler(startThread: StartThread, compileMs = usualCompileMs): (source: Source) => Promise<{ code: string }> {
  return (source) => new Promise((resolve, reject) => {
    const wrong = (detail: string): AppError => new AppError('config_invalid', `${source.file}: ${detail}`, { errors: [{ file: source.file, line: 1, column: 1, detail }] });
    const worker = startThread('policy', source, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    const late = setTimeout(() => {
      reject(wrong(`The file did not come to its end within ${compileMs / 1000} s.`));
      void worker.terminate();
    }, compileMs);
    worker.once('message', (answer: Answer) => {
      if ('code' in answer) resolve(answer);
      else reject(new AppError(answer.refused, answer.detail, { errors: answer.errors }));
      void worker.terminate();
    });
    worker.once('error', (error) => reject(wrong(`${error.message}.`)));
    worker.once('exit', () => {
      clearTimeout(late);
      reject(wrong('The file ended the thread that it was tried in.'));
    });
  });
}

export async function runPolicyCompile(source: Source): Promise<void> {
  try {
    parentPort!.postMessage((await compileOwnPolicy(source)) satisfies Answer);
  } catch (error) {
    if (!isAppError(error)) throw error;
    parentPort!.postMessage({ refused: error.code, detail: error.message, errors: error.errors } satisfies Answer);
  }
}
