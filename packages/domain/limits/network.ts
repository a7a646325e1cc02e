// Which network a request comes from: the address itself, for IPv6 its /64, which one customer line holds.

import { addressOf } from './address.ts';

/** The address for IPv4; for IPv6 like `2001:db8:1:2::/64`. What is no address stands for itself. */
export function networkOf(given: string): string {
  const address = addressOf(given);
  if (address?.family !== 'ipv6') return address?.text ?? given;
  const [head = '', tail] = address.text.split('::') as [string, string?];
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const zeros = tail === undefined ? [] : Array<string>(8 - first.length - last.length).fill('0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}

/** The last 32 bits may be written as IPv4, which is two groups; what they say does not matter for the /64. */
function groupsOf(part: string): string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
