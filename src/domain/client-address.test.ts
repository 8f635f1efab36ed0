import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressRanges, clientAddress, inRanges } from './client-address.ts';

const trusted = addressRanges(['10.0.0.0/8', '2001:db8::/32', '127.0.0.1']);

for (const [name, peer, header, expected] of [
  ['a stranger cannot name another address', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a trusted proxy names its client', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['entries left of the first untrusted one are forged', '10.0.0.1', '1.2.3.4, 198.51.100.1, 10.2.2.2', '198.51.100.1'],
  ['a trusted proxy without the header is the client', '10.0.0.1', undefined, '10.0.0.1'],
  ['rubbish in the header is not an address', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['a mapped IPv4 peer is plain IPv4', '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['IPv6 proxies', '2001:db8::1', '2001:db9::7', '2001:db9::7'],
] as const) {
  test(name, () => assert.equal(clientAddress(peer, header, trusted), expected));
}

test('ranges name what is not one', () => {
  for (const entry of ['10.0.0.0/33', 'example.com', '10.0.0', '::1/129', '10.0.0.0/']) assert.throws(() => addressRanges([entry]), new RangeError(`"${entry}" is neither an address nor a CIDR range`));
  assert.equal(inRanges(addressRanges(['::1']), '::1'), true);
  assert.equal(inRanges(addressRanges([]), '127.0.0.1'), false);
});
