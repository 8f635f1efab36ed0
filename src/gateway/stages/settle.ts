import type { Call } from '../call.ts';
import type { LimitCounters } from '../shared/limit-counters.ts';
import type { Reservations } from '../shared/reservations.ts';

/** Ends the call's reservation: kept when the call counts, given back when it does not. */
export function settle(deps: { reservations: Reservations; counters: LimitCounters }, call: Call, counts: boolean): void {
  if (call.reservation === null) return;
  if (counts) {
    deps.reservations.keep(call.reservation);
  } else {
    deps.reservations.giveBack(call.reservation, deps.counters);
    for (const policy of call.policies) if (policy.isQuota) policy.remaining = Math.min(policy.quota, policy.remaining + 1);
  }
  call.reservation = null;
}
