// Every refusal that Portico itself makes, with its status, its words and what to do next.
// The portal renders one page per code from this catalogue; the gateway and the management API answer with it.

export interface ErrorEntry {
  status: number;
  title: string;
  /** What it means, in one or two plain sentences. */
  meaning: string;
  /** What to do next, as steps in the reader's order. */
  mend: string[];
}

/** Codes that the gateway answers with: part of the outside contract. */
export const gatewayErrors = {
  request_malformed: { status: 400, title: 'The request is not valid HTTP', meaning: 'The gateway could not read the request line, a header field or the framing of the body.', mend: ['Send the request with an HTTP library instead of a hand-written socket.', 'Check that the path is percent-encoded and that there is exactly one Host header.'] },
  request_invalid: { status: 400, title: 'The request does not match the contract', meaning: 'A parameter or the body differs from what the OpenAPI document of this version describes. `errors` names each place.', mend: ['Read `errors`: each has a `pointer` to the place and says what was expected.', 'Compare with the example on the reference page of the operation.'] },
  key_missing: { status: 401, title: 'No key was sent', meaning: 'The request carries neither an Authorization header with a Bearer key nor an X-API-Key header.', mend: ['Add the header `Authorization: Bearer <your key>` or `X-API-Key: <your key>`.', 'No key yet? Create one on your dashboard.'] },
  key_malformed: { status: 401, title: 'This is not a whole key', meaning: 'What was sent does not have the shape of a key, or its checksum is wrong: a character is missing, added or changed.', mend: ['Copy the key again, whole, without quotes or spaces.', 'With Authorization, write `Bearer`, one space, and then the key.'] },
  key_unknown: { status: 401, title: 'This key does not exist here', meaning: 'The key is well formed, but no key like it was made on this portal.', mend: ['Check that the key belongs to this portal and not to another environment.', 'Create a new key on your dashboard.'] },
  key_revoked: { status: 401, title: 'This key was revoked', meaning: 'The key existed and was revoked. Revoked keys never work again.', mend: ['Use another key from your dashboard, or create one.'] },
  key_expired: { status: 401, title: 'This key has expired', meaning: 'The key had an end date, or its overlap after a roll is over.', mend: ['Use the key that replaced it, or create a new one on your dashboard.'] },
  token_invalid: { status: 401, title: 'This token is not valid', meaning: 'An access token was sent in place of a key. It is expired, was not issued for this product, or its signature does not match. `detail` says which.', mend: ['Request a new token and repeat the call.', 'Send the token as it came, whole, as `Authorization: Bearer <token>`, in one header.', 'Or send your key itself.'] },
  plan_forbids: { status: 403, title: 'Your plan does not include this operation', meaning: 'The key is valid, but its plan does not open this operation.', mend: ['Compare the plans on the product page and upgrade.'] },
  layer_forbids: { status: 403, title: 'This layer may not be called from here', meaning: 'The calling API belongs to a layer that may not call this one.', mend: ['Call the process or experience API that is meant for your use.'] },
  key_wrong_product: { status: 403, title: 'This key does not open this product', meaning: 'The key is valid, but it has no subscription to this product.', mend: ['Subscribe to the product in the portal, then use the same key.', 'Check the first part of the path: it names the product.'] },
  mode_forbidden: { status: 403, title: 'This mode is not allowed here', meaning: 'A test key was sent to a product without a test mode, or a mode is required that this key does not have.', mend: ['Use a live key for this product.'] },
  scope_forbids: { status: 403, title: 'The key is limited to other operations', meaning: 'The key was created with a list of operations, and this one is not in it.', mend: ['Use a key without this restriction, or change the operations of the key.'] },
  address_forbids: { status: 403, title: 'Calls from this address are not allowed', meaning: 'The key, or the whole product, is limited to certain client addresses, and this one is not among them.', mend: ['Call from an allowed address, or change the list of the key.', 'If the whole product is limited, ask its producer to allow your address.'] },
  certificate_forbids: { status: 403, title: 'The client certificate is missing or not allowed', meaning: 'This product is called with a client certificate beside the key (mutual TLS). None was shown, it could not be verified, or it is not one of those that the producer allows. `detail` says which.', mend: ['Give your HTTP client the certificate and its private key, as with `curl --cert client.pem --key client.key`.', 'If the certificate has expired, ask the producer for a new one.'] },
  policy_refused: { status: 403, title: 'The API\'s own policy refused the call', meaning: 'The producer of this API has rules of its own for calls, beside keys and plans, and this call breaks one. `detail` says which; `reason` is the producer\'s word for it. The status may be another from 400 to 599.', mend: ['Read `detail`: it is written by the producer of the API.', 'If it does not help, ask the producer and name the request id.'] },
  consumer_blocked: { status: 403, title: 'This account is blocked', meaning: 'The producer has blocked the account that this key belongs to.', mend: ['Contact the producer of the API.'] },
  subscription_inactive: { status: 403, title: 'The subscription is not active', meaning: 'The account has a subscription to this product that is paused, awaiting approval, or ended.', mend: ['Open the product in the portal to see the state of the subscription.'] },
  no_route: { status: 404, title: 'No product answers at this address', meaning: 'The first part of the path names no product, or the second names no version of it.', mend: ['Compare the address with the quickstart of the product: /<product>/<version>/<path>.'] },
  operation_unknown: { status: 404, title: 'This version has no such operation', meaning: 'The product and version exist, but no operation of the contract has this path.', mend: ['Find the operation in the reference and copy its path.', 'Check whether another version has it.'] },
  method_not_allowed: { status: 405, title: 'This path has other methods', meaning: 'The path exists, but not with this method. The Allow header lists those it has.', mend: ['Use one of the methods in the Allow header.'] },
  version_retired: { status: 410, title: 'This version is retired', meaning: 'The version was deprecated, its sunset has passed, and it no longer answers.', mend: ['Move to the successor version named in the Link header.'] },
  body_too_large: { status: 413, title: 'The body is too large', meaning: 'The request body is larger than this product accepts.', mend: ['Send less, or in parts.'] },
  rate_limited: { status: 429, title: 'Too many requests in a short time', meaning: 'A rate limit of the plan is reached. Retry-After says when the next request passes.', mend: ['Wait for Retry-After seconds and repeat.', 'Spread the calls, or choose a plan with a higher rate.'] },
  quota_exhausted: { status: 429, title: 'The quota of this period is used up', meaning: 'All requests that the plan includes for the period have been used. `resetsAt` says when it begins anew.', mend: ['Wait until `resetsAt`, or upgrade the plan.', 'Verify your e-mail address in the portal, if you have not yet: until then your keys pass 100 calls a day.'] },
  spend_cap_reached: { status: 429, title: 'Your own spend cap is reached', meaning: 'The account set a cap on what it spends in a billing period, and another call could take the bill above it. `limit` and `currency` say what the cap is, `resetsAt` when the period ends.', mend: ['Raise the cap or take it away on the dashboard, under Plan.', 'Or wait until `resetsAt`: the next period begins at nothing.'] },
  head_too_large: { status: 431, title: 'The header fields are too large', meaning: 'The request head is larger than the gateway accepts.', mend: ['Send fewer or shorter header fields and cookies.'] },
  policy_failed: { status: 500, title: 'A policy of this API failed', meaning: 'The producer of this API has a policy of its own, which threw an error or took too long, or the contract that calls are checked with could not be prepared. The call was not served, and counts for nothing.', mend: ['Repeat the call after a short while.', 'If it stays, tell the producer the request id: the gateway\'s log has the file and the line.'] },
  upstream_unreachable: { status: 502, title: 'The API behind the gateway cannot be reached', meaning: 'The gateway could not connect to the upstream, does not trust its certificate, or the connection broke before an answer. `detail` says which.', mend: ['Repeat the call after a short while.', 'If it stays, tell the producer the request id.'] },
  upstream_invalid: { status: 502, title: 'The API behind the gateway answered with broken HTTP', meaning: 'The upstream answered, but its answer is not valid HTTP.', mend: ['Tell the producer the request id.'] },
  overloaded: { status: 503, title: 'The gateway is at its limit', meaning: 'More requests are in flight than the gateway accepts at once, or than the API behind it may have.', mend: ['Repeat after Retry-After seconds.'] },
  metering_unavailable: { status: 503, title: 'The request cannot be metered', meaning: 'The gateway cannot write its meter, for example because its disk is full, and refuses rather than serve uncounted calls.', mend: ['Repeat after a short while.', 'If you run this gateway: free disk space in the data folder.'] },
  version_brownout: { status: 503, title: 'This version is in a planned brownout', meaning: 'The version is deprecated and rehearses its end for a short, announced time.', mend: ['Move to the successor version. The version works again after Retry-After.'] },
  not_cached: { status: 504, title: 'No stored answer', meaning: 'The request asked for a stored answer only (`Cache-Control: only-if-cached`), and the gateway has none that may be used now. The API behind it was not asked.', mend: ['Leave `only-if-cached` out, so that the call goes on to the API.'] },
  upstream_timeout: { status: 504, title: 'The API behind the gateway did not answer in time', meaning: 'The upstream accepted the request but did not begin its answer within the time limit.', mend: ['Repeat the call if it is safe to do so.', 'Ask for less data in one call.'] },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of the management API, the command line and the pages. */
export const controlErrors = {
  input_invalid: { status: 400, title: 'The input is not valid', meaning: 'A field is missing or has a value that is not allowed. `errors` names each place.', mend: ['Correct the named fields and send again.'] },
  config_invalid: { status: 422, title: 'The configuration is not valid', meaning: 'portico.yaml, or a file that it names, has a mistake. `errors` names file, line and column. Nothing was changed.', mend: ['Correct the named line and apply again.'] },
  contract_invalid: { status: 422, title: 'The OpenAPI document is not valid', meaning: 'The document has a mistake. `errors` names file, line and column. Nothing was changed.', mend: ['Correct the named line and publish again.'] },
  not_signed_in: { status: 401, title: 'You are not signed in', meaning: 'This needs a session or a token.', mend: ['Sign in, or send the header `Authorization: Bearer <admin token>`.'] },
  role_forbids: { status: 403, title: 'Your role does not allow this', meaning: 'You are signed in, but your role may not do this.', mend: ['Ask an owner of this workspace.'] },
  csrf_refused: { status: 403, title: 'The form came from another site', meaning: 'The request did not originate from this portal, so it was refused.', mend: ['Open the page on this portal and send the form from there.'] },
  not_found: { status: 404, title: 'There is no such thing here', meaning: 'The address or id names nothing that exists, or nothing that you may see.', mend: ['Check the address.'] },
  conflict: { status: 409, title: 'This would collide with something that exists', meaning: 'Another record already has this name or state.', mend: ['Choose another name, or change the existing record.'] },
  payment_method_missing: { status: 402, title: 'A payment method is missing', meaning: 'This plan costs money, and the account has not entered how it pays.', mend: ['Enter a payment method on the dashboard, under Payment.', 'Then choose the plan again.'] },
  has_subscriptions: { status: 409, title: 'Something with subscriptions would be removed', meaning: 'The change removes a product, version or plan that consumers use.', mend: ['Apply with --prune if you mean it.'] },
  too_many_attempts: { status: 429, title: 'Too many attempts', meaning: 'The same thing was tried too often in a short time.', mend: ['Wait for Retry-After seconds.'] },
  not_ready: { status: 503, title: 'Portico is not ready', meaning: 'A part that this needs has not started yet or is restarting.', mend: ['Repeat after a short while.'] },
  payment_provider_unavailable: { status: 503, title: 'The payment provider does not answer', meaning: 'The payment provider could not be reached, or refused this for now. Nothing was charged.', mend: ['Repeat after a short while.', 'If it stays, tell the producer: the workspace and the log say why.'] },
  unavailable: { status: 503, title: 'Portico cannot be reached', meaning: 'No running Portico answered at the address.', mend: ['Start it with `portico start`, or set PORTICO_URL.'] },
  start_refused: { status: 500, title: 'Portico did not start', meaning: 'A setting, a port, the data folder or the stores prevent the start.', mend: ['Correct what the message names and start again.'] },
  internal: { status: 500, title: 'Something went wrong in Portico', meaning: 'This is a fault of Portico itself. It was logged with the request id.', mend: ['Repeat. If it stays, report the request id.'] },
} as const satisfies Record<string, ErrorEntry>;

export const errorCatalogue = { ...gatewayErrors, ...controlErrors } as const;

export type GatewayErrorCode = keyof typeof gatewayErrors;
export type ErrorCode = keyof typeof errorCatalogue;

/** One place in an input: a file position or a field, and what is wrong with it. */
export interface ErrorPlace {
  detail: string;
  /** JSON Pointer (RFC 6901) into the input. */
  pointer?: string;
  file?: string;
  /** 1-based. */
  line?: number;
  /** 1-based. */
  column?: number;
}

/** An expected refusal. `message` is the public detail: what was sent, what was expected, what to do next. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: ErrorPlace[];

  constructor(code: ErrorCode, detail: string, options: { errors?: ErrorPlace[]; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = errorCatalogue[code].status;
    this.errors = options.errors ?? [];
  }
}

/** True for an AppError also when it crossed a bundle or a thread, where `instanceof` does not hold. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in errorCatalogue;
}
