import { BlockList, isIP } from 'node:net';

/** Compiles addresses and CIDR ranges. @throws RangeError that names the first entry that is neither. */
export function addressRanges(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) throw new RangeError(`"${entry}" is neither an address nor a CIDR range`);
    list.addSubnet(address, bits === undefined ? most : Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

export function inRanges(ranges: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  return family !== 0 && ranges.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The client's address: the peer's own, or, where the peer is a trusted proxy, the right-most entry of X-Forwarded-For
 * that is not itself a trusted proxy (entries further left are the client's to forge).
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trusted: BlockList): string {
  let address = plainAddress(peer);
  if (!inRanges(trusted, address)) return address;
  const hops = (forwardedFor ?? '').split(',').map((hop) => plainAddress(hop.trim())).filter((hop) => hop !== '');
  while (inRanges(trusted, address)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** `::ffff:127.0.0.1` is how a dual-stack socket writes 127.0.0.1. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
