// Addresses as the gateway reports them, in one form each: IPv4 in IPv6's clothes is IPv4, zones are dropped.

import { isIP, isIPv4, SocketAddress } from 'node:net';

export interface Address {
  /** Dotted, or as RFC 5952 writes it. */
  text: string;
  family: 'ipv4' | 'ipv6';
}

/** Undefined for what is no address. */
export function addressOf(given: string): Address | undefined {
  if (isIPv4(given)) return { text: given, family: 'ipv4' };
  const bare = given.replace(/%.*$/s, '');
  if (isIP(bare) !== 6) return undefined;
  const text = new SocketAddress({ address: bare, family: 'ipv6' }).address.toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  return mapped === undefined ? { text, family: 'ipv6' } : { text: mapped, family: 'ipv4' };
}
