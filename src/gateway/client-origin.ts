// Who really calls, and what the upstream is told about it. X-Forwarded-* of a peer that is no trusted proxy is discarded.
import type { BlockList } from 'node:net';
import { addressRanges, clientAddress, inRanges, plainAddress } from '../domain/client-address.ts';
import type { ClientOrigin, RequestHead } from './call.ts';
import { findFields } from './fields.ts';
import { fieldIds, valueOf } from './http1/field-section.ts';

const peersMax = 1_000;

/** Which peers are trusted proxies, remembered: clients call more than once. */
export class TrustedProxies {
  readonly ranges: BlockList;
  readonly #known = new Map<string, { plain: string; trusted: boolean }>();

  constructor(entries: readonly string[]) {
    this.ranges = addressRanges(entries);
  }

  /** The peer's address without an IPv4 mapping, and whether its X-Forwarded-* fields stand. */
  peer(address: string): { plain: string; trusted: boolean } {
    const known = this.#known.get(address);
    if (known) return known;
    const peer = { plain: plainAddress(address), trusted: inRanges(this.ranges, address) };
    if (this.#known.size >= peersMax) this.#known.clear();
    this.#known.set(address, peer);
    return peer;
  }
}

export function originOf(head: RequestHead, proxies: TrustedProxies): ClientOrigin {
  const host = valueOf(head, fieldIds.host) ?? '';
  const proto = head.encrypted ? 'https' : 'http';
  const { plain, trusted } = proxies.peer(head.remoteAddress);
  if (!trusted) return { address: plain, peer: plain, proto, host, viaTrustedProxy: false };
  const said = valueOf(head, fieldIds['x-forwarded-proto'])?.trim().toLowerCase();
  return {
    address: clientAddress(head.remoteAddress, forwardedFor(head), proxies.ranges), peer: plain,
    proto: said === 'https' || said === 'http' ? said : proto, host: valueOf(head, fieldIds['x-forwarded-host']) ?? host, viaTrustedProxy: true,
  };
}

/** Fields that tell the upstream about the client, in place of those that were dropped. */
export function addForwardedFields(fields: string[], head: RequestHead, origin: ClientOrigin): void {
  const before = origin.viaTrustedProxy ? forwardedFor(head) : undefined;
  fields.push('X-Forwarded-For', before === undefined ? origin.peer : `${before}, ${origin.peer}`, 'X-Forwarded-Proto', origin.proto);
  if (origin.host !== '') fields.push('X-Forwarded-Host', origin.host);
}

/** True for a field without a number that speaks about the client: a gateway passes on only its own word. @param name in lower case */
export function isForwardedField(name: string): boolean {
  return name.startsWith('x-forwarded-');
}

function forwardedFor(head: RequestHead): string | undefined {
  const values = findFields(head, 'x-forwarded-for');
  return values.length === 0 ? undefined : values.join(', ');
}
