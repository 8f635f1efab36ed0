import type { Refusal } from '../call.ts';
import type { Gateway } from '../gateway.ts';

/** Calls in flight are bounded by the thread's reservations; calls that cannot be metered are refused unless the producer said otherwise. */
export function admitCapacity(gateway: Pick<Gateway, 'reservations' | 'spool' | 'whenUnmeterable'>): Refusal | undefined {
  if (gateway.reservations.full) {
    return { code: 'overloaded', detail: 'More requests are in flight than the gateway accepts at once. Repeat after a second.', fields: ['Retry-After', '1'] };
  }
  if (gateway.spool.unmeterable && gateway.whenUnmeterable === 'refuse') return unmeterable;
  return undefined;
}

export const unmeterable: Refusal = {
  code: 'metering_unavailable',
  detail: 'The gateway cannot write its meter at the moment and serves nothing uncounted. Repeat after a short while.',
  fields: ['Retry-After', '5'],
};
