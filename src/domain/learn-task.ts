// Enters: what a task asks for, and calls. Leaves: whether they carry it out, or how far they do and what was almost right. Pure.
import type { ExpectedCall, TaskCheck } from './learn.ts';

/** A call as the request log tells of it, or a refusal of a caller without a valid key. */
export interface PractisedCall {
  id: string;
  /** ms UTC */
  at: number;
  product: string | null;
  version: string | null;
  operation: string | null;
  status: number;
  code: string | null;
  /** Null where no key says. */
  mode: 'live' | 'test' | null;
  /** Names of query parameters, `name` or `name=value`. */
  fields: string[];
}

export type TaskState =
  | { done: true; at: number; met: string[] }
  /** `met`: ids of calls that carry out the first steps. `almost`: the newest call after them that missed the next step, and by what. */
  | { done: false; met: string[]; almost: Almost | null };

/** What a call missed; `sent` is what it had there. */
export interface Almost { callId: string; at: number; step: number; miss: 'product' | 'version' | 'mode' | 'operation' | 'status' | 'code' | 'query' | 'time' | 'order'; expected: string; sent: string | null }

/** Each call may begin the task anew, so that a first try that went wrong does not stand in the way. `calls` may be in any order. */
export function judgeTask(check: TaskCheck, calls: readonly PractisedCall[]): TaskState {
  const inOrder = calls.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  let best: PractisedCall[] = [];
  for (const [index, call] of inOrder.entries()) {
    if (missOf(check, 0, call) !== null) continue;
    const met = walk(check, inOrder.slice(index));
    if (met.length === check.calls.length) return { done: true, at: met.at(-1)!.at, met: met.map(({ id }) => id) };
    // Of equally long ways the oldest counts: what came after it tells what was missed.
    if (met.length > best.length) best = met;
  }
  return { done: false, met: best.map(({ id }) => id), almost: almostOf(check, inOrder, best) };
}

/** The steps that these calls carry out one after the other, beginning with the first. */
function walk(check: TaskCheck, calls: PractisedCall[]): PractisedCall[] {
  const met: PractisedCall[] = [];
  for (const call of calls) {
    if (met.length === check.calls.length) break;
    if (check.withinMs !== null && met.length > 0 && call.at - met[0]!.at > check.withinMs) break;
    if (missOf(check, met.length, call) === null) met.push(call);
  }
  return met;
}

function almostOf(check: TaskCheck, calls: PractisedCall[], met: PractisedCall[]): Almost | null {
  const step = met.length;
  const last = met.at(-1);
  for (const call of calls.toReversed()) {
    if (last !== undefined && (call.at < last.at || call.id === last.id)) break;
    const miss = missOf(check, step, call);
    if (miss === null) return { callId: call.id, at: call.at, step, miss: 'time', expected: String(check.withinMs ?? 0), sent: String(call.at - (met[0]?.at ?? call.at)) };
    const later = check.calls.findIndex((_, index) => index > step && missOf(check, index, call) === null);
    if (later >= 0) return { callId: call.id, at: call.at, step, miss: 'order', expected: String(step + 1), sent: String(later + 1) };
    return { callId: call.id, at: call.at, step, ...miss };
  }
  return null;
}

/** The first thing in which a call differs from what a step asks for, the coarsest first. */
function missOf({ product, version, mode, calls }: TaskCheck, step: number, call: PractisedCall): Pick<Almost, 'miss' | 'expected' | 'sent'> | null {
  const expected = calls[step]!;
  if (call.product !== product) return { miss: 'product', expected: product, sent: call.product };
  if (version !== null && call.version !== version) return { miss: 'version', expected: version, sent: call.version };
  if (mode !== null && call.mode !== mode) return { miss: 'mode', expected: mode, sent: call.mode };
  if (expected.operation !== null && call.operation !== expected.operation) return { miss: 'operation', expected: expected.operation, sent: call.operation };
  if (!hasStatus(expected, call.status)) return { miss: 'status', expected: expected.status, sent: String(call.status) };
  if (expected.code !== null && call.code !== expected.code) return { miss: 'code', expected: expected.code, sent: call.code };
  const absent = expected.query.find((name) => !call.fields.some((field) => field === name || field.startsWith(`${name}=`)));
  return absent === undefined ? null : { miss: 'query', expected: absent, sent: null };
}

function hasStatus({ status }: ExpectedCall, sent: number): boolean {
  return status.endsWith('xx') ? Math.floor(sent / 100) === Number(status[0]) : sent === Number(status);
}
