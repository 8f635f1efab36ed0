import type { GatewayErrorCode } from '../../../errors.ts';

/** The refusals that a caller of an operation may meet, in the order in which the gateway checks. */
export function gatewayErrorsOf({ hasBody }: { hasBody: boolean }): GatewayErrorCode[] {
  return [
    'key_missing', 'key_malformed', 'key_unknown', 'key_revoked', 'key_expired', 'plan_forbids', 'rate_limited', 'quota_exhausted',
    ...(hasBody ? (['body_too_large'] as const) : []),
    'upstream_unreachable', 'upstream_timeout',
  ];
}
