// In: subscription and plan. Out: one pass of every rate and one of every quota, or a refusal that took nothing.
import { quotaPeriods, unverifiedLimit } from '../../domain/limit.ts';
import type { Window } from '../../domain/window.ts';
import type { Call, PolicyState, Refusal } from '../call.ts';
import type { CompiledSpendCap } from '../routing/compile-spend-cap.ts';
import { compileQuota, policyRule, type CompiledQuota, type CompiledRate } from '../routing/compile-plan.ts';
import type { LimitCounters, RateState } from '../shared/limit-counters.ts';
import type { QuotaWindowCache, QuotaWindows } from '../shared/quota-windows.ts';
import type { Reservations } from '../shared/reservations.ts';
import type { SpendCounters } from '../shared/spend-counters.ts';
import { monthPeriod, requestsInMonth } from './spend-cap.ts';

export interface LimitDeps {
  counters: LimitCounters;
  spending: SpendCounters;
  reservations: Reservations;
  windows: QuotaWindowCache;
  /** Monotonic ns since a moment that all threads share. */
  elapsedNs(): number;
}

interface Violation {
  policy: PolicyState;
  retrySeconds: number;
  /** ms UTC, for quotas. */
  resetsAt: number | null;
}

const unverifiedQuota = compileQuota(unverifiedLimit);

/** Rates come first; what they gave is taken back when a quota refuses. Quotas are reserved here and settled when the call is answered. */
export function limit(deps: LimitDeps, call: Call): Refusal | undefined {
  if (call.credential!.origin === 'sample') return undefined;
  const plan = call.plan!;
  const nowNs = deps.elapsedNs();
  const rates: { rate: CompiledRate; state: RateState }[] = [];
  for (const rate of plan.rates) {
    const state = deps.counters.passRate(call.subscriptionSlot, rate, nowNs, deps.elapsedNs);
    if (!state.passed) {
      for (const taken of rates) deps.counters.giveBackRate(call.subscriptionSlot, taken.rate);
      return refuse(deps, call, nowNs);
    }
    rates.push({ rate, state });
  }
  const windows = deps.windows.at(call.at, call.subscription!.anchorAt);
  const consumerSlot = call.credential!.unverified ? call.credential!.consumerSlot : null;
  const most = call.spendCap === null ? plan.most : capped(plan.most, requestsInMonth(deps, call, call.spendCap, windows));
  const counts = takeQuotas(deps.counters, call, most, windows, consumerSlot);
  if (!counts) {
    for (const taken of rates) deps.counters.giveBackRate(call.subscriptionSlot, taken.rate);
    return refuse(deps, call, nowNs);
  }
  call.reservation = deps.reservations.hold(call.subscriptionSlot, consumerSlot, windows);
  const policies: PolicyState[] = [];
  for (const { rate, state } of rates) policies.push(ratePolicy(rate, state));
  for (const quota of plan.quotas) policies.push(quotaPolicy(quota, counts.periods[quota.period]!, windows[quota.period]!, call.at));
  if (consumerSlot !== null) policies.push(quotaPolicy(unverifiedQuota, counts.consumer, windows[unverifiedQuota.period]!, call.at));
  call.policies = policies;
  return undefined;
}

/** What the plan lets through, and no more than the consumer's own cap does. */
function capped(most: readonly number[], requests: number): number[] {
  return most.map((count, period) => (period === monthPeriod ? Math.min(count, requests) : count));
}

/** Every period is counted; those that the plan limits also decide. Answers the counts after, or undefined having taken nothing. */
function takeQuotas(counters: LimitCounters, call: Call, most: readonly number[], windows: QuotaWindows, consumerSlot: number | null): { periods: number[]; consumer: number } | undefined {
  const periods: number[] = [];
  const undo = (): undefined => {
    for (let period = 0; period < periods.length; period++) counters.giveBack(call.subscriptionSlot, period, windows[period]!.ordinal);
  };
  for (let period = 0; period < quotaPeriods.length; period++) {
    const count = counters.take(call.subscriptionSlot, period, windows[period]!.ordinal, most[period]!);
    if (count < 0) return undo();
    periods.push(count);
  }
  if (consumerSlot === null) return { periods, consumer: 0 };
  const consumer = counters.take(consumerSlot, unverifiedQuota.period, windows[unverifiedQuota.period]!.ordinal, unverifiedQuota.requests);
  return consumer < 0 ? undo() : { periods, consumer };
}

/** Looks at every limit without taking, so that the answer names all that are reached and the latest moment. */
function refuse(deps: LimitDeps, call: Call, nowNs: number): Refusal {
  const { counters } = deps;
  const plan = call.plan!;
  const windows = deps.windows.at(call.at, call.subscription!.anchorAt);
  const reached: Violation[] = [];
  const policies: PolicyState[] = [];
  for (const rate of plan.rates) {
    const state = counters.readRate(call.subscriptionSlot, rate, nowNs);
    const policy = ratePolicy(rate, state);
    policies.push(policy);
    if (state.retryNs > 0) reached.push({ policy, retrySeconds: Math.ceil(state.retryNs / 1e9), resetsAt: null });
  }
  const quotas = plan.quotas.map((quota) => ({ quota, slot: call.subscriptionSlot }));
  if (call.credential!.unverified) quotas.push({ quota: unverifiedQuota, slot: call.credential!.consumerSlot });
  for (const { quota, slot } of quotas) {
    const window = windows[quota.period]!;
    const policy = quotaPolicy(quota, counters.count(slot, quota.period, window.ordinal), window, call.at);
    policies.push(policy);
    if (policy.remaining === 0) reached.push({ policy, retrySeconds: policy.resetSeconds, resetsAt: window.to });
  }
  call.policies = policies;
  const cap = call.spendCap;
  if (cap !== null && counters.count(call.subscriptionSlot, monthPeriod, windows[monthPeriod]!.ordinal) >= requestsInMonth(deps, call, cap, windows)) return tellCap(call, cap, reached, windows[monthPeriod]!);
  return tell(call, reached);
}

function tell(call: Call, reached: Violation[]): Refusal {
  // Another thread may have given one back since the refusal: then the next try passes.
  const longest = reached.reduce<Violation | null>((worst, next) => (worst === null || next.retrySeconds > worst.retrySeconds ? next : worst), null);
  const quota = reached.findLast((violation) => violation.resetsAt !== null);
  const named = quota ?? longest;
  const retrySeconds = Math.max(1, longest?.retrySeconds ?? 1);
  const { upgradeUrl, name } = call.plan!.plan;
  const members = { 'violated-policies': reached.map((violation) => violation.policy.name), upgradeUrl };
  const fields = ['Retry-After', String(retrySeconds)];
  if (!named || named.resetsAt === null) {
    const said = named ? `The plan ${name} passes ${named.policy.quota} requests per ${spanOf(named.policy.windowSeconds)}, and they are used.` : 'The limit was reached a moment ago.';
    return { code: 'rate_limited', detail: `${said} The next one passes in ${retrySeconds} s.`, fields, members: { ...members, ...(named && { limit: named.policy.quota }) } };
  }
  const resetsAt = new Date(named.resetsAt).toISOString();
  const ofUnverified = named.policy.name === unverifiedLimit.name && call.credential!.unverified;
  const next = ofUnverified ? 'Confirm your e-mail address to lift this limit, or wait' : `Upgrade at ${upgradeUrl}, or wait`;
  return { code: 'quota_exhausted', detail: `All ${named.policy.quota} requests of the limit "${named.policy.name}" are used. ${next} until ${resetsAt}.`, fields, members: { ...members, limit: named.policy.quota, resetsAt } };
}

/** The longest of what is reached decides when the next call is worth trying. */
function tellCap(call: Call, { cap }: CompiledSpendCap, reached: Violation[], month: Window): Refusal {
  const resetsAt = call.at < cap.to ? cap.to : month.to;
  const retrySeconds = Math.max(1, Math.ceil((resetsAt - call.at) / 1000), ...reached.map((violation) => violation.retrySeconds));
  const until = new Date(resetsAt).toISOString();
  const { upgradeUrl } = call.plan!.plan;
  return {
    code: 'spend_cap_reached', detail: `This account set a spend cap of ${cap.amount} ${cap.currency.toUpperCase()} for the period, and another call could take the bill above it. Raise the cap in the portal, or wait until ${until}.`,
    fields: ['Retry-After', String(retrySeconds)], members: { 'violated-policies': reached.map((violation) => violation.policy.name), upgradeUrl, limit: cap.amount, currency: cap.currency, resetsAt: until },
  };
}

function ratePolicy(rate: CompiledRate, state: RateState): PolicyState {
  return { name: rate.name, label: rate.label, rule: rate.rule, quota: rate.requests, windowSeconds: rate.windowSeconds, remaining: Math.max(0, state.remaining), resetSeconds: Math.ceil(state.resetNs / 1e9), isQuota: false };
}

function quotaPolicy(quota: CompiledQuota, count: number, window: Window, nowMs: number): PolicyState {
  const windowSeconds = (window.to - window.from) / 1000;
  return { name: quota.name, label: quota.label, rule: policyRule(quota.label, quota.requests, windowSeconds), quota: quota.requests, windowSeconds, remaining: Math.max(0, quota.requests - count), resetSeconds: Math.ceil((window.to - nowMs) / 1000), isQuota: true };
}

function spanOf(seconds: number): string {
  return seconds === 1 ? 'second' : seconds === 60 ? 'minute' : seconds === 3600 ? 'hour' : `${seconds} s`;
}
