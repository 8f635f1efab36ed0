// The certificate that a client showed in its handshake: read once for each connection.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { subjectParts } from '../domain/certificate-subject.ts';

export interface ClientCertificate {
  /** As RFC 4514 writes names: `CN=partner,O=Acme`. */
  readonly subject: string;
  readonly subjectParts: readonly string[];
  readonly issuer: string;
  /** Hex. */
  readonly serial: string;
  /** SHA-256 of the certificate, hex in lower case. */
  readonly fingerprint: string;
  /** ms UTC; a connection may outlive it. */
  readonly validTo: number;
  /** Why it is not verified, as the end of a sentence; null when it is. */
  readonly problem: string | null;
}

const certificate = Symbol('client certificate');
type Certified = Socket & { [certificate]?: ClientCertificate };

/** Reads what a handshake has brought, for `certificateOf`. */
export function readCertificate(socket: TLSSocket): void {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return;
  const subject = distinguishedName(shown.subject);
  (socket as Certified)[certificate] = {
    subject, subjectParts: subjectParts(subject), issuer: distinguishedName(shown.issuer), serial: shown.serialNumber,
    fingerprint: shown.fingerprint256.replaceAll(':', '').toLowerCase(), validTo: Date.parse(shown.validTo),
    problem: socket.authorized ? null : problemOf(String(socket.authorizationError)),
  };
}

/** Null for a client that showed none, or was not asked. */
export function certificateOf(socket: Socket): ClientCertificate | null {
  return (socket as Certified)[certificate] ?? null;
}

/** Node has a line for each part, the last of RFC 4514 first. */
function distinguishedName(lines: string | undefined): string {
  return (lines ?? '').split('\n').reverse().join(',');
}

const problems: Record<string, string> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'vouches for itself alone',
  INVALID_PURPOSE: 'was not issued for clients',
};

function problemOf(code: string): string {
  return problems[code] ?? `was issued by none of the authorities that this gateway trusts (${code.slice(0, 60)})`;
}
