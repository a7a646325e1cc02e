// Networks from which anything is accepted at all (K13). Checked at sign-in and at every request.

import { BlockList } from 'node:net';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { groupOf, type Known } from '../inheritance/inheritance.ts';
import type { User } from '../users/user.ts';
import { type Address, addressOf } from './address.ts';

/** What precedes an IPv4 address in IPv6: ::ffff:0:0/96. */
const MAPPED_BITS = 96;

/**
 * @param networks CIDR blocks; null allows every address, an empty list none. An IPv4 address is let in by IPv4 blocks only,
 * also when it comes as IPv6: `::/0` does not mean everybody.
 */
export function isAllowed(networks: readonly string[] | null, given: string): boolean {
  if (networks === null) return true;
  const address = addressOf(given);
  if (!address) return false;
  const blocks = new BlockList();
  for (const network of networks) {
    const { base, bits } = blockOf(network);
    if (base?.family === address.family) blocks.addSubnet(base.text, bits, base.family);
  }
  return blocks.check(address.text, address.family);
}

/** A block of IPv4 written as IPv6 is one of IPv4, as long as all of it is. */
function blockOf(network: string): { base: Address | undefined; bits: number } {
  const [text = '', length] = network.split('/');
  const base = addressOf(text);
  const isMapped = base?.family === 'ipv4' && text.includes(':');
  const bits = Number(length) - (isMapped ? MAPPED_BITS : 0);
  return bits < 0 ? { base: undefined, bits } : { base, bits };
}

/**
 * The tenant's networks, which hold for whoever asks. @throws Problem `network_not_allowed`; it tells nothing of an account
 */
export function checkNetwork({ allowedNetworks }: Pick<Settings, 'allowedNetworks'>, address: string): void {
  if (!isAllowed(allowedNetworks, address)) throw refused(address, 'this tenant allows');
}

/**
 * The networks of tenant, user group and user, once it is known who asks: all three must let the address in (C23).
 * @throws Problem `network_not_allowed`
 */
export function checkNetworkOf(
  user: Pick<User, 'allowedNetworks' | 'userGroup'>,
  address: string,
  known: { settings: Pick<Settings, 'allowedNetworks'>; userGroups: Known['userGroups'] },
): void {
  checkNetwork(known.settings, address);
  const group = groupOf(user, known);
  if (!isAllowed(group?.allowedNetworks ?? null, address)) throw refused(address, 'is allowed to this user group');
  if (!isAllowed(user.allowedNetworks ?? null, address)) throw refused(address, 'is allowed to this user');
}

/** The same with the definitions of this moment. @throws Problem `network_not_allowed` */
export async function checkNetworkNow(
  deps: Deps,
  user: Pick<User, 'allowedNetworks' | 'userGroup'>,
  address: string,
): Promise<void> {
  checkNetworkOf(user, address, await definitions.currentFor(deps, user));
}

function refused(address: string, which: string): Problem {
  return new Problem('network_not_allowed', {
    detail: `${address} is not in a network that ${which}`,
    rule: 'K13',
    because: address,
    remedy: 'Come from an allowed network, or ask an administrator to add this one',
  });
}

/** Nobody shuts the door behind themselves by oversight. @throws Problem `would_lock_yourself_out` (K13) */
export function checkStaysAllowed(networks: readonly string[] | null, by: { address: string; force: boolean }): void {
  if (by.force || isAllowed(networks, by.address)) return;
  throw new Problem('would_lock_yourself_out', {
    detail: `Your own address ${by.address} would not be allowed any more; add its network, or repeat with ?force=true`,
    rule: 'K13',
    because: by.address,
    remedy: 'Add your own network, or repeat with ?force=true',
  });
}
