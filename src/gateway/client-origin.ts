// Who really calls, and what the upstream is told about it. X-Forwarded-* of a peer that is no trusted proxy is discarded.
import type { BlockList } from 'node:net';
import { clientAddress, inRanges } from '../domain/client-address.ts';
import type { ClientOrigin, RequestHead } from './call.ts';
import { findField, findFields } from './fields.ts';

export function originOf(head: RequestHead, trusted: BlockList): ClientOrigin {
  const host = findField(head.fields, 'host') ?? '';
  const proto = head.encrypted ? 'https' : 'http';
  const address = clientAddress(head.remoteAddress, forwardedFor(head), trusted);
  if (!inRanges(trusted, head.remoteAddress)) return { address, proto, host, viaTrustedProxy: false };
  const said = findField(head.fields, 'x-forwarded-proto')?.trim().toLowerCase();
  return { address, proto: said === 'https' || said === 'http' ? said : proto, host: findField(head.fields, 'x-forwarded-host') ?? host, viaTrustedProxy: true };
}

/** Fields that tell the upstream about the client, in place of those that were dropped. */
export function forwardedFields(head: RequestHead, origin: ClientOrigin): string[] {
  const before = origin.viaTrustedProxy ? forwardedFor(head) : undefined;
  const peer = head.remoteAddress.replace(/^::ffff:(?=.*\.)/, '');
  const fields = ['X-Forwarded-For', before === undefined ? peer : `${before}, ${peer}`, 'X-Forwarded-Proto', origin.proto];
  if (origin.host !== '') fields.push('X-Forwarded-Host', origin.host);
  return fields;
}

/** True for a field that speaks about the client: a gateway passes on only its own word. @param name in lower case */
export function isForwardedField(name: string): boolean {
  return name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip';
}

function forwardedFor(head: RequestHead): string | undefined {
  const values = findFields(head.fields, 'x-forwarded-for');
  return values.length === 0 ? undefined : values.join(', ');
}
