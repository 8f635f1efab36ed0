import type { GatewayErrorCode } from '../errors.ts';
import { isRate, type Limit } from './limit.ts';

export interface RefusalFacts {
  operation: string;
  hasBody: boolean;
  /** The product takes tokens beside keys. */
  tokens: boolean;
  status: 'draft' | 'published' | 'deprecated' | 'retired';
  /** The plans on offer. */
  plans: { limits: Limit[]; operations: string[] | null }[];
}

/** The refusals that a well-addressed call of an operation may meet, in the order in which the gateway checks. Quotas are always among them: accounts without a proven address have one. */
export function refusalsOf({ operation, hasBody, tokens, status, plans }: RefusalFacts): GatewayErrorCode[] {
  if (status === 'retired') return ['version_retired'];
  return [
    'request_malformed',
    'key_missing', 'key_malformed', 'key_unknown', 'key_revoked', 'key_expired',
    ...(tokens ? (['token_invalid'] as const) : []),
    ...(plans.some(({ operations }) => operations !== null && !operations.includes(operation)) ? (['plan_forbids'] as const) : []),
    'key_wrong_product', 'mode_forbidden', 'scope_forbids', 'address_forbids', 'consumer_blocked', 'subscription_inactive',
    ...(plans.some(({ limits }) => limits.some(isRate)) ? (['rate_limited'] as const) : []),
    'quota_exhausted',
    ...(hasBody ? (['body_too_large'] as const) : []),
    'head_too_large', 'upstream_unreachable', 'upstream_invalid', 'metering_unavailable', 'upstream_timeout',
  ];
}
