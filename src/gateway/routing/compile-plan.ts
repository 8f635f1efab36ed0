import { isRate, ratePeriodMs, ratesPerPlanMax, type Limit } from '../../domain/limit.ts';
import type { SnapshotPlan } from '../../snapshot/snapshot.ts';
import type { Rate } from '../shared/limit-counters.ts';
import { periodIndex } from '../shared/quota-windows.ts';

export interface CompiledRate extends Rate {
  name: string;
  windowSeconds: number;
}

export interface CompiledQuota {
  name: string;
  requests: number;
  period: number;
}

export interface CompiledPlan {
  plan: SnapshotPlan;
  rates: CompiledRate[];
  quotas: CompiledQuota[];
  /** Null opens all. */
  operations: Set<string> | null;
}

/** @throws RangeError when the plan has more rates than a slot of the shared counters holds */
export function compilePlan(plan: SnapshotPlan): CompiledPlan {
  const rates = plan.limits.filter(isRate);
  if (rates.length > ratesPerPlanMax) throw new RangeError(`plan ${plan.slug} has ${rates.length} rates, but at most ${ratesPerPlanMax} are possible`);
  return {
    plan,
    rates: rates.map((limit, index) => compileRate(limit, ratePeriodMs[limit.per], index)),
    quotas: plan.limits.flatMap((limit) => (isRate(limit) ? [] : [compileQuota(limit)])),
    operations: plan.operations === null ? null : new Set(plan.operations),
  };
}

export function compileQuota(limit: Limit): CompiledQuota {
  if (isRate(limit)) throw new TypeError(`${limit.name} is a rate`);
  return { name: limit.name, requests: limit.requests, period: periodIndex(limit.per as Exclude<Limit['per'], 'second' | 'minute' | 'hour'>) };
}

function compileRate(limit: Limit, windowMs: number, index: number): CompiledRate {
  const tag = 1 + ((limit.requests * 31 + windowMs) % 255);
  return { name: limit.name, index, tag, requests: limit.requests, intervalNs: Math.ceil((windowMs * 1e6) / limit.requests), windowSeconds: windowMs / 1000 };
}
