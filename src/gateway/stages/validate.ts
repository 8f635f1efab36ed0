// In: the request head. Out: nothing, or a refusal of what the product does not accept.
import type { Call, Refusal } from '../call.ts';
import type { RequestRules } from '../routing/compile-policies.ts';
import { requestCheckOf } from '../routing/request-checks.ts';
import type { RequestCheck } from '../../snapshot/request-check.ts';
import type { PolicyFaults } from '../own-policy/policy-faults.ts';
import { checkHead, readsBody } from './check-request.ts';

export function validate(deps: { faults: PolicyFaults }, call: Call): Refusal | undefined {
  const { product, policies } = call.product!;
  const most = product.bodyBytesMax;
  const sent = call.head.contentLength;
  if (sent !== null && sent > most) return bodyTooLarge(most, sent);
  return policies.validate === null ? undefined : checkAgainstContract(deps, policies.validate, call, sent);
}

function checkAgainstContract({ faults }: { faults: PolicyFaults }, rules: RequestRules, call: Call, sent: number | null): Refusal | undefined {
  const check = checkOf(rules, call);
  if (check === null) return undefined;
  if (check instanceof Error) {
    const { operation, product, version } = call;
    faults.add({ product: product!.product.slug, file: `contract of ${version!.version.name}`, function: operation!.operation.id, requestId: call.id }, check, call.at);
    return { code: 'policy_failed', detail: 'What the contract says of this operation could not be prepared, so the call could not be checked and was not served. Tell the producer the request id.' };
  }
  if (sent !== null && sent > rules.bodyBytesMax && rules.body && readsBody(check, call)) return bodyTooLarge(rules.bodyBytesMax, sent);
  return checkHead(check, call, rules);
}

/** What the call's body is to be checked with; null when nothing of it is. */
export function bodyCheckOf(rules: RequestRules, call: Call): RequestCheck | null {
  const check = rules.body ? checkOf(rules, call) : null;
  return check !== null && !(check instanceof Error) && readsBody(check, call) ? check : null;
}

function checkOf(rules: RequestRules, call: Call): RequestCheck | Error | null {
  const { id } = call.operation!.operation;
  const { requests } = call.version!.version;
  return requests === undefined || rules.except.has(id) ? null : requestCheckOf(requests, id);
}

export function bodyTooLarge(most: number, sent: number | null): Refusal {
  const said = sent === null ? 'The body went past' : `The body has ${sent} bytes; the most that this product accepts is`;
  return { code: 'body_too_large', detail: `${said} ${most} bytes. Send less, or in parts.`, members: { limit: most } };
}
