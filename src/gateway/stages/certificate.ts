import type { Call, Refusal } from '../call.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { CertificateRules } from '../routing/compile-policies.ts';

/** A product may want a client certificate beside the key. */
export function admitCertificate({ product, head, at, credential }: Call): Refusal | undefined {
  const rules = product!.policies.clientCertificate;
  // Portico's own samples have a key that nobody else knows.
  if (rules === null || credential!.origin === 'sample') return undefined;
  const problem = problemOf(rules, head.certificate, at);
  return problem === null ? undefined : { code: 'certificate_forbids', detail: `${product!.product.name} ${problem}` };
}

function problemOf({ subjects, fingerprints }: CertificateRules, shown: ClientCertificate | null, now: number): string | null {
  if (shown === null) return 'is called with a client certificate beside the key, and this connection came without one. Give your HTTP client the certificate and its private key.';
  const of = `the one shown, ${shown.subject.slice(0, 200)},`;
  if (shown.problem !== null) return `is called with a client certificate that the gateway can verify, but ${of} ${shown.problem}. Connect with one that your provider's authority has issued.`;
  if (now > shown.validTo) return `is called with a valid client certificate, but ${of} expired while the connection was open. Connect again with a newer one.`;
  if (subjects === null && fingerprints === null) return null;
  if (fingerprints?.has(shown.fingerprint) || subjects?.some((parts) => parts.every((part) => shown.subjectParts.includes(part)))) return null;
  return `is open to certain client certificates, and ${of} with the SHA-256 fingerprint ${shown.fingerprint}, is not among them. Ask its producer to add it.`;
}
