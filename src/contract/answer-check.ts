import { answerProblem, type GivenAnswer } from './check-answer.ts';

export interface AnswerQuestion { document: Record<string, unknown>; named: { method: string; path: string }; answer: GivenAnswer }

/** Checks answers one by one until it is closed. Compiling a large schema takes a fifth of a second: a server has it done on a thread. */
export interface AnswerCheck {
  check(question: AnswerQuestion): Promise<string | undefined>;
  close(): Promise<void>;
}

/** On the thread of the caller. */
export function openAnswerCheckHere(): AnswerCheck {
  return { check: async ({ document, named, answer }) => answerProblem(document, named, answer), close: async () => undefined };
}
