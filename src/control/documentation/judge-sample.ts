// In: what came back for a sample. Out: whether it worked, and if not, why in plain words.
import type { Buffer } from 'node:buffer';
import type { GivenAnswer } from '../../contract/check-answer.ts';
import { findOperation } from '../../contract/operations.ts';
import { isObject } from '../../contract/reference.ts';
import { gatewayErrors, type GatewayErrorCode } from '../../errors.ts';
import type { SampleAnswer } from '../services.ts';
import { SampleTimeout, type SentSample } from './send-sample.ts';

export interface Judgement { worked: boolean; status: number | null; durationMs: number | null; reason: string | null; answer: SampleAnswer | null }

export const answerBytesMax = 16_384;
/** Answers of the gateway that say nothing about the sample: it is sent again later. */
const passing: ReadonlySet<string> = new Set<GatewayErrorCode>(['overloaded', 'metering_unavailable']);
const textTypes = /^(text\/|application\/(.*\+)?(json|xml|yaml|x-yaml|x-www-form-urlencoded|javascript|x-ndjson|graphql)|.*\+(json|xml))/i;

/** Undefined when the gateway was too busy to say anything. */
export async function judgeSample(document: Record<string, unknown>, named: { method: string; path: string }, sent: SentSample, check: (answer: GivenAnswer) => Promise<string | undefined>): Promise<Judgement | undefined> {
  const text = sent.body?.toString('utf8') ?? null;
  const refusal = text === null ? undefined : refusalOf(sent, text);
  if (refusal && passing.has(refusal.code)) return undefined;
  const reason = refusal ? refusedWords(sent.status, refusal)
    : sent.status >= 400 ? `The test upstream answered ${sent.status}${promised(document, named)}.`
    : ((await check({ status: sent.status, contentType: sent.contentType, body: text })) ?? null);
  return { worked: reason === null, status: sent.status, durationMs: sent.durationMs, reason, answer: answerOf(sent.status, sent.contentType, sent.body) };
}

export function judgeFailure(error: Error, timeoutMs: number): Judgement {
  const reason = error instanceof SampleTimeout ? `No whole answer came within ${timeoutMs / 1000} seconds.` : `The sample could not be sent: ${error.message}.`;
  return { worked: false, status: null, durationMs: null, reason, answer: null };
}

interface GatewayRefusal { code: GatewayErrorCode; detail: string }

/** The gateway's own problem names the request that the response's header names. */
function refusalOf({ status, contentType, requestId }: SentSample, text: string): GatewayRefusal | undefined {
  if (status < 400 || !/^application\/problem\+json/i.test(contentType)) return undefined;
  try {
    const problem: unknown = JSON.parse(text);
    if (!isObject(problem) || requestId === null || problem['requestId'] !== requestId || typeof problem['code'] !== 'string' || !(problem['code'] in gatewayErrors)) return undefined;
    return { code: problem['code'] as GatewayErrorCode, detail: String(problem['detail'] ?? '') };
  } catch {
    return undefined;
  }
}

function refusedWords(status: number, { code, detail }: GatewayRefusal): string {
  if (code === 'upstream_unreachable') return `The test upstream could not be reached (${status} ${code}).`;
  if (code === 'upstream_timeout') return `The test upstream did not answer in time (${status} ${code}).`;
  return `The gateway refused it with ${status} ${code}: ${detail}`;
}

function promised(document: Record<string, unknown>, named: { method: string; path: string }): string {
  const responses = findOperation(document, named)?.operation['responses'];
  const success = isObject(responses) ? Object.keys(responses).filter((status) => /^[23]/.test(status)) : [];
  return success.length === 0 ? '' : `; the contract promises ${success.join(' or ')}`;
}

/** The beginning of a text is kept; of anything else only what it was. */
function answerOf(status: number, contentType: string, body: Buffer | null): SampleAnswer {
  if (body === null || !textTypes.test(contentType)) return { status, contentType, body: '', whole: body !== null && body.length === 0 };
  return { status, contentType, body: body.subarray(0, answerBytesMax).toString('utf8').replaceAll('\u0000', '').replace(/\ufffd+$/, ''), whole: body.length <= answerBytesMax };
}
