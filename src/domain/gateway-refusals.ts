import type { GatewayErrorCode } from '../errors.ts';
import { isRate, type Limit } from './limit.ts';
import type { PolicyName } from './policies.ts';

export interface RefusalFacts {
  operation: string;
  hasBody: boolean;
  /** Names of the product's policies that are on. */
  policies: readonly PolicyName[];
  status: 'draft' | 'published' | 'deprecated' | 'retired';
  /** The plans on offer. */
  plans: { limits: Limit[]; operations: string[] | null }[];
}

/** The refusals that a well-addressed call of an operation may meet, in the order in which the gateway checks. Quotas are always among them: accounts without a proven address have one. */
export function refusalsOf({ operation, hasBody, policies, status, plans }: RefusalFacts): GatewayErrorCode[] {
  if (status === 'retired') return ['version_retired'];
  const of = (policy: PolicyName, ...codes: GatewayErrorCode[]): GatewayErrorCode[] => (policies.includes(policy) ? codes : []);
  return [
    'request_malformed',
    'key_missing', 'key_malformed', 'key_unknown', 'key_revoked', 'key_expired',
    ...of('tokens', 'token_invalid'),
    ...(plans.some(({ operations }) => operations !== null && !operations.includes(operation)) ? (['plan_forbids'] as const) : []),
    'key_wrong_product', 'mode_forbidden', 'scope_forbids', 'address_forbids', 'consumer_blocked', ...of('clientCertificate', 'certificate_forbids'), 'subscription_inactive',
    ...(plans.some(({ limits }) => limits.some(isRate)) ? (['rate_limited'] as const) : []),
    'quota_exhausted',
    ...of('validate', 'request_invalid'), ...of('own', 'policy_refused', 'policy_failed'),
    ...(hasBody ? (['body_too_large'] as const) : []),
    'head_too_large', 'upstream_unreachable', 'upstream_invalid', 'metering_unavailable', ...of('cache', 'not_cached'), 'upstream_timeout',
  ];
}
