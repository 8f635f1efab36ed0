import type { CallFact } from '../../domain/header-changes.ts';
import type { Call } from '../call.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { FieldChanges } from '../routing/compile-policies.ts';

/** Takes fields out, in place. @param drops names in lower case */
export function dropFields(fields: string[], drops: ReadonlySet<string>): void {
  keepFields(fields, (name) => !drops.has(name));
}

/** Where the product has rules of its own, the upstream has no word about other origins. */
export function dropCorsFields(fields: string[]): void {
  keepFields(fields, (name) => !name.startsWith('access-control-'));
}

function keepFields(fields: string[], keeps: (name: string) => boolean): void {
  let kept = 0;
  for (let i = 0; i < fields.length; i += 2) {
    if (!keeps(fields[i]!.toLowerCase())) continue;
    fields[kept++] = fields[i]!;
    fields[kept++] = fields[i + 1]!;
  }
  fields.length = kept;
}

/** Adds the fields that a policy sets. Those of the same names were left out before. */
export function addSetFields(fields: string[], changes: FieldChanges, call: Call): void {
  for (const { name, parts } of changes.set) {
    let value = '';
    for (const part of parts) value += typeof part === 'string' ? part : factOf(call, part.fact);
    fields.push(name, value);
  }
}

/** Empty where the call has no such thing, as Portico's own samples have no subscription. */
function factOf(call: Call, fact: CallFact): string {
  switch (fact) {
    case 'certificate.fingerprint': return verified(call)?.fingerprint ?? '';
    case 'certificate.issuer': return fieldText(verified(call)?.issuer ?? '');
    case 'certificate.serial': return verified(call)?.serial ?? '';
    case 'certificate.subject': return fieldText(verified(call)?.subject ?? '');
    case 'consumer': return call.credential?.consumerId ?? '';
    case 'developer': return call.credential?.developerId ?? '';
    case 'key': return call.credential?.keyId ?? '';
    case 'mode': return call.credential?.mode ?? '';
    case 'operation': return fieldText(call.operation?.operation.id ?? '');
    case 'plan': return call.plan?.plan.slug ?? '';
    case 'product': return call.product?.product.slug ?? '';
    case 'request': return call.id;
    case 'subscription': return call.subscription?.subscriptionId ?? '';
    case 'version': return call.version?.version.name ?? '';
  }
}

/** Nothing is said of a certificate that nobody vouches for. */
function verified({ head: { certificate } }: Call): ClientCertificate | null {
  return certificate === null || certificate.problem !== null ? null : certificate;
}

/** Whatever a document calls an operation: beyond visible ASCII it is percent-encoded. */
function fieldText(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]+/gu, encodeURIComponent);
}
