// In: an answered call. Out: a request event in the spool, or one more in the count of strangers' refusals.
import type { Buffer } from 'node:buffer';
import type { CallHint } from '../../domain/call-hint.ts';
import { isMetered, type Completion, type SpoolRecord } from '../../domain/request-event.ts';
import type { Call } from '../call.ts';
import type { StrangerCount } from '../stranger-count.ts';
import type { UncountedCount } from '../uncounted-count.ts';
import { elapsedMs } from '../timing.ts';
import type { Clock } from '../../clock.ts';
import { fieldNames } from './field-names.ts';
import type { SpendCounters } from '../shared/spend-counters.ts';
import { addSpending } from './spend-cap.ts';
import { fieldIds, valueOf } from '../http1/field-section.ts';

/** What a thread writes its records with. */
export interface Spool {
  /** Calls back once the record is in the file. */
  write(record: SpoolRecord, onWritten: (error?: Error) => void): void;
  readonly unmeterable: boolean;
  close(): Promise<void>;
}

export interface RecordDeps {
  clock: Clock;
  uncounted: UncountedCount;
  spool: Spool;
  strangers: StrangerCount;
  spending: SpendCounters;
}

export interface Outcome {
  status: number;
  code: string | null;
  upstreamStatus: number | null;
  upstreamMs: number | null;
  requestBytes: number;
  responseBytes: number;
  units: Record<string, string>;
  /** A small JSON request body, for the names of its fields. */
  body: Buffer[] | null;
  open: boolean;
  /** Only refusals have one. */
  hint?: CallHint | null;
}

export function record(deps: RecordDeps, call: Call, outcome: Outcome, done: (error?: Error) => void): void {
  if (call.credential === null) {
    deps.strangers.add(call, outcome);
    done();
    return;
  }
  if (isOwnSample(call)) {
    done();
    return;
  }
  if (outcome.hint) deps.strangers.hint(call, outcome.hint);
  deps.spool.write(eventOf(deps.clock, call, outcome), call.spendCap === null ? done : spent(deps, call, outcome, false, done));
}

/** Ends what was recorded open at its head. */
export function recordCompletion(deps: RecordDeps, call: Call, outcome: Pick<Outcome, 'upstreamStatus' | 'requestBytes' | 'responseBytes' | 'units'>, done: (error?: Error) => void): void {
  if (isOwnSample(call)) {
    done();
    return;
  }
  const { upstreamStatus, requestBytes, responseBytes, units } = outcome;
  const subject = subjectOf(call);
  const completion: Completion = { ...subject, metered: isMetered({ upstreamStatus, subscriptionId: subject.subscriptionId }), requestBytes, responseBytes, durationMs: elapsedMs(deps.clock, call.startedNs), units };
  deps.spool.write({ kind: 'completion', ...completion }, call.spendCap === null ? done : spent(deps, call, { upstreamStatus, requestBytes, responseBytes, units }, true, done));
}

/** What is recorded counts for the consumer's own cap. */
function spent(deps: RecordDeps, call: Call, outcome: Parameters<typeof addSpending>[2], isCompletion: boolean, done: (error?: Error) => void): (error?: Error) => void {
  return (error) => {
    if (error === undefined) addSpending(deps, call, outcome, isCompletion);
    done(error);
  };
}

/** What was served though its record, or the one that completes it, is lost. */
export function countUnrecorded(deps: RecordDeps, call: Call, { upstreamStatus, responseBytes }: Pick<Outcome, 'upstreamStatus' | 'responseBytes'>, calls: 0 | 1): void {
  if (!isMetered({ upstreamStatus, subscriptionId: call.subscription?.subscriptionId ?? null })) return;
  deps.uncounted.add({ productId: call.product!.product.id, calls, bytes: responseBytes, from: call.at, to: call.at });
}

/** Portico's own calls are nobody's usage: control keeps what came of each. */
function isOwnSample(call: Call): boolean {
  return call.credential!.origin === 'sample';
}

function eventOf(clock: Clock, call: Call, outcome: Outcome): Extract<SpoolRecord, { kind: 'request' }> {
  const { head, subscription } = call;
  const credential = call.credential!;
  return {
    kind: 'request',
    id: call.id,
    at: call.at,
    productId: call.product?.product.id ?? '',
    version: call.version?.version.name ?? null,
    operation: call.operation?.operation.id ?? null,
    method: head.method,
    status: outcome.status,
    code: outcome.code,
    upstreamStatus: outcome.upstreamStatus,
    keyId: credential.keyId,
    consumerId: credential.consumerId,
    developerId: credential.developerId,
    subscriptionId: subscription?.subscriptionId ?? null,
    planRevisionId: subscription?.planRevisionId ?? null,
    mode: credential.mode,
    origin: credential.origin,
    requestBytes: outcome.requestBytes,
    responseBytes: outcome.responseBytes,
    durationMs: elapsedMs(clock, call.startedNs),
    upstreamMs: outcome.upstreamMs,
    userAgent: valueOf(head, fieldIds['user-agent'])?.slice(0, 256) ?? null,
    fields: fieldNames(call, outcome.body),
    units: outcome.units,
    open: outcome.open,
  };
}

function subjectOf(call: Call) {
  return {
    id: call.id,
    at: call.at,
    productId: call.product?.product.id ?? '',
    version: call.version?.version.name ?? null,
    operation: call.operation?.operation.id ?? null,
    consumerId: call.credential!.consumerId,
    subscriptionId: call.subscription?.subscriptionId ?? null,
    mode: call.credential!.mode,
  };
}
