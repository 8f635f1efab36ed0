import { isRate, quotaPeriods, ratePeriodMs, ratesPerPlanMax, type Limit } from '../../domain/limit.ts';
import type { SnapshotPlan } from '../../snapshot/snapshot.ts';
import type { Rate } from '../shared/limit-counters.ts';
import { periodIndex } from '../shared/quota-windows.ts';

export interface CompiledRate extends Rate {
  name: string;
  /** The name as a structured string (RFC 9651). */
  label: string;
  /** Its member of RateLimit-Policy. */
  rule: string;
  windowSeconds: number;
}

export interface CompiledQuota {
  name: string;
  label: string;
  requests: number;
  period: number;
}

export interface CompiledPlan {
  plan: SnapshotPlan;
  rates: CompiledRate[];
  quotas: CompiledQuota[];
  /** For each of `quotaPeriods` the least that a quota lets through; Infinity without one. */
  most: number[];
  /** Null opens all. */
  operations: Set<string> | null;
}

/** @throws RangeError when the plan has more rates than a slot of the shared counters holds */
export function compilePlan(plan: SnapshotPlan): CompiledPlan {
  const rates = plan.limits.filter(isRate);
  if (rates.length > ratesPerPlanMax) throw new RangeError(`plan ${plan.slug} has ${rates.length} rates, but at most ${ratesPerPlanMax} are possible`);
  const quotas = plan.limits.flatMap((limit) => (isRate(limit) ? [] : [compileQuota(limit)]));
  return {
    plan,
    rates: rates.map((limit, index) => compileRate(limit, ratePeriodMs[limit.per], index)),
    quotas,
    most: quotaPeriods.map((_, period) => Math.min(Infinity, ...quotas.filter((quota) => quota.period === period).map(({ requests }) => requests))),
    operations: plan.operations === null ? null : new Set(plan.operations),
  };
}

export function compileQuota(limit: Limit): CompiledQuota {
  if (isRate(limit)) throw new TypeError(`${limit.name} is a rate`);
  return { name: limit.name, label: label(limit.name), requests: limit.requests, period: periodIndex(limit.per as Exclude<Limit['per'], 'second' | 'minute' | 'hour'>) };
}

function compileRate(limit: Limit, windowMs: number, index: number): CompiledRate {
  const tag = 1 + ((limit.requests * 31 + windowMs) % 255);
  const windowSeconds = windowMs / 1000;
  return { name: limit.name, label: label(limit.name), rule: policyRule(label(limit.name), limit.requests, windowSeconds), index, tag, requests: limit.requests, intervalNs: Math.ceil((windowMs * 1e6) / limit.requests), windowSeconds };
}

/** A member of RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers). */
export function policyRule(label: string, requests: number, windowSeconds: number): string {
  return `${label};q=${requests};w=${windowSeconds}`;
}

function label(name: string): string {
  return `"${name.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
}
