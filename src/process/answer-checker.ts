// Questions whether an answer or a request is what its contract says enter a thread of their own; what differs leaves it.
import { parentPort, type Worker } from 'node:worker_threads';
import { answerQuestion, type AnswerCheck, type ContractQuestion } from '../contract/answer-check.ts';
import type { StartThread } from './threads.ts';

type Answer = { id: number; problem: string | undefined } | { id: number; fault: string };

/** The thread starts with the first question, and ends when the check is closed. */
export function answerChecks(startThread: StartThread): () => AnswerCheck {
  return () => {
    const waiting = new Map<number, { resolve(problem: string | undefined): void; reject(error: Error): void }>();
    let worker: Worker | undefined;
    let count = 0;
    const failAll = (error: Error): void => {
      worker = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    const begin = (): Worker => {
      const begun = startThread('answers', null, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
      begun.on('message', (answer: Answer) => {
        const asked = waiting.get(answer.id);
        waiting.delete(answer.id);
        if ('fault' in answer) asked?.reject(new Error(answer.fault));
        else asked?.resolve(answer.problem);
      });
      begun.once('error', failAll);
      begun.once('exit', () => failAll(new Error('the check of answers ended')));
      return begun;
    };
    return {
      check: (question) => new Promise((resolve, reject) => {
        const id = count++;
        waiting.set(id, { resolve, reject });
        (worker ??= begin()).postMessage({ id, question });
      }),
      close: async () => { await worker?.terminate(); },
    };
  };
}

export function runAnswerChecks(): void {
  parentPort!.on('message', ({ id, question }: { id: number; question: ContractQuestion }) => {
    try {
      parentPort!.postMessage({ id, problem: answerQuestion(question) } satisfies Answer);
    } catch (error) {
      parentPort!.postMessage({ id, fault: (error as Error).message } satisfies Answer);
    }
  });
}
