// A contract source enters a thread of its own; the loaded contract, or the refusal with its places, leaves it.
import { parentPort } from 'node:worker_threads';
import { loadContract } from '../contract/load.ts';
import type { ContractSource, LoadedContract } from '../contract/contract.ts';
import { AppError, isAppError } from '../errors.ts';
import type { ErrorCode, ErrorPlace } from '../errors.ts';
import type { StartThread } from './threads.ts';

type Answer = { contract: Omit<LoadedContract, 'document'> } | { code: ErrorCode; detail: string; errors: ErrorPlace[] };

/** Loads documents one after the other, each on a fresh thread, so that a large one neither blocks the web nor keeps its memory. */
export function contractLoader(startThread: StartThread): (source: ContractSource) => Promise<LoadedContract> {
  let last: Promise<unknown> = Promise.resolve();
  return (source) => {
    const result = last.then(() => loadOnThread(startThread, source));
    last = result.catch(() => undefined);
    return result;
  };
}

function loadOnThread(startThread: StartThread, source: ContractSource): Promise<LoadedContract> {
  return new Promise((resolve, reject) => {
    const worker = startThread('contract', source, { resourceLimits: { maxOldGenerationSizeMb: 2_048 } });
    worker.once('message', (answer: Answer) => {
      if ('contract' in answer) resolve(withDocument(answer.contract));
      else reject(new AppError(answer.code, answer.detail, { errors: answer.errors }));
      void worker.terminate();
    });
    worker.once('error', (cause) => {
      const tooLarge = (cause as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(tooLarge ? new AppError('contract_invalid', `${source.file} is too large to load in 2 GB of memory.`, { cause }) : cause);
    });
    worker.once('exit', () => reject(new AppError('internal', `Loading ${source.file} ended without an answer.`)));
  });
}

/** Unpacking the objects of a large document would block this thread; its text does not, and hardly anyone asks for more. */
function withDocument(contract: Omit<LoadedContract, 'document'>): LoadedContract {
  let document: Record<string, unknown> | undefined;
  return { ...contract, get document() { return (document ??= JSON.parse(contract.json) as Record<string, unknown>); } };
}

/** @throws what is not an expected refusal: it ends the thread with an error. */
export async function runContractLoad(source: ContractSource): Promise<void> {
  try {
    const { document: _, ...contract } = await loadContract(source);
    parentPort!.postMessage({ contract } satisfies Answer);
  } catch (error) {
    if (!isAppError(error)) throw error;
    parentPort!.postMessage({ code: error.code, detail: error.message, errors: error.errors } satisfies Answer);
  }
}
