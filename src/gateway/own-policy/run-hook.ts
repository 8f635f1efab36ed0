// Runs one function of a producer's own policy, within its time.
import type { Call, Refusal } from '../call.ts';
import type { OwnRules } from '../routing/own-policies.ts';
import type { ThreadPulse } from '../shared/thread-pulse.ts';
import { watched } from '../../snapshot/watched.ts';
import type { PolicyFaults } from './policy-faults.ts';

/** What a thread runs policies with. */
export interface PolicyDeps {
  clock: { now(): number };
  pulse: ThreadPulse;
  /** Marks of policies that have hung a thread: each of their functions is watched, at a price. */
  guarded: Set<number>;
  faults: PolicyFaults;
}

/** For what a watched function does before its first `await`. */
const guardMs = 250;

/** @param done is called at once where `run` answers no promise; undefined for a value: the policy failed, and the refusal says so */
export function runHook<T>(deps: PolicyDeps, { call, own, name, run }: { call: Call; own: OwnRules; name: 'onRequest' | 'onResponse'; run: () => T | Promise<T> }, done: (failed: Refusal | null, value: T | undefined) => void): void {
  const fail = (error: unknown): void => {
    deps.faults.add({ product: call.product!.product.slug, file: own.file, function: name, requestId: call.id }, error, deps.clock.now());
    done(policyFailed, undefined);
  };
  let value: T | Promise<T>;
  deps.pulse.enter(own.mark);
  try {
    value = deps.guarded.has(own.mark) ? runGuarded(run) : run();
  } catch (error) {
    deps.pulse.enter(0);
    fail(error);
    return;
  }
  deps.pulse.enter(0);
  if (isPromise(value)) within(value, own.timeLimitMs, done, fail);
  else done(null, value);
}

function runGuarded<T>(run: () => T): T {
  const answered = watched(() => ({ value: run() }), guardMs);
  if (answered === undefined) throw new Error(`it did not return within ${guardMs} ms`);
  return answered.value;
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function within<T>(promise: Promise<T>, ms: number, done: (failed: null, value: T) => void, fail: (error: unknown) => void): void {
  let over = false;
  const once = (finish: () => void): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    finish();
  };
  const timer = setTimeout(() => once(() => fail(new Error(`its promise was not settled within ${ms} ms`))), ms);
  promise.then((value) => once(() => done(null, value)), (error: unknown) => once(() => fail(error)));
}

/** Nothing of the fault itself: that is the producer's business, who finds it in the log. */
const policyFailed: Refusal = { code: 'policy_failed', detail: 'A policy of this API\'s own failed, so the call was not served. Repeat it after a short while; if this stays, tell the producer the request id.' };
