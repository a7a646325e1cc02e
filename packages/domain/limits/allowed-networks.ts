// Networks from which anything is accepted at all (K13). Checked at sign-in and at every request.

import { BlockList, isIPv6 } from 'node:net';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';

/** @param networks CIDR blocks; null allows every address, an empty list none */
export function isAllowed(networks: readonly string[] | null, address: string): boolean {
  if (networks === null) return true;
  const blocks = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    blocks.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4');
  }
  return blocks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** @throws Problem `network_not_allowed`, whoever asks: it tells nothing of an account */
export function checkNetwork({ allowedNetworks }: Pick<Settings, 'allowedNetworks'>, address: string): void {
  if (isAllowed(allowedNetworks, address)) return;
  throw new Problem('network_not_allowed', {
    detail: `${address} is not in a network that this tenant allows`,
    rule: 'K13',
    because: address,
    remedy: 'Come from an allowed network, or ask an administrator to add this one',
  });
}
