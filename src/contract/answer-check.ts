import { answerProblem, type GivenAnswer } from './check-answer.ts';
import { requestProblem, type GivenRequest } from './check-request.ts';

interface Named { document: Record<string, unknown>; named: { method: string; path: string } }
export type ContractQuestion = Named & ({ answer: GivenAnswer } | { request: GivenRequest });

/** Checks answers and requests against their contract, one by one, until it is closed. Compiling a large schema takes a fifth of a second: a server has it done on a thread. */
export interface AnswerCheck {
  /** In plain words what differs first. */
  check(question: ContractQuestion): Promise<string | undefined>;
  close(): Promise<void>;
}

/** On the thread of the caller. */
export function openAnswerCheckHere(): AnswerCheck {
  return { check: async (question) => answerQuestion(question), close: async () => undefined };
}

export function answerQuestion(question: ContractQuestion): string | undefined {
  return 'answer' in question ? answerProblem(question.document, question.named, question.answer) : requestProblem(question.document, question.named, question.request);
}
